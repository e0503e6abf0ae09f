// Collections and documents by what a person calls them.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { KnownCollection, KnownDocument } from '../../protocol/knowledge.js';
import { didYouMean } from '../../spec/did-you-mean.js';
import { collectPages } from '../pages.js';

/** Every collection there is, or the first so many. */
export async function allCollections(context: Context, limit?: number): Promise<KnownCollection[]> {
  const api = await context.api();
  return collectPages((query) => api.listCollections({ query }), limit);
}

/** Every document of a collection. */
export async function allDocuments(context: Context, collectionId: string): Promise<KnownDocument[]> {
  const api = await context.api();
  return collectPages((query) => api.listDocuments({ collection_id: collectionId, query }));
}

/** Ids are used as they are: whether they exist, the next request tells. */
const looksLikeId = (given: string) =>
  /^collection_/.test(given) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given);

/** The ids of collections, each named by its id or exact name. Throws CliError `not_found`, or `usage` for two of a name. */
export async function collectionIds(context: Context, given: readonly string[]): Promise<string[]> {
  if (given.includes('')) throw new CliError('usage', 'an empty name is no collection');
  if (given.every(looksLikeId)) return [...new Set(given)];
  const all = await context.output.during('Looking for the collection', () => allCollections(context));
  return [...new Set(given.map((name) => (looksLikeId(name) ? name : idOf(name, all))))];
}

/** The same for one. */
export async function collectionId(context: Context, given: string): Promise<string> {
  return (await collectionIds(context, [given]))[0] as string;
}

function idOf(given: string, all: readonly KnownCollection[]): string {
  const byId = all.find(({ collection_id }) => collection_id === given);
  const named = byId ? [byId] : all.filter(({ collection_name }) => collection_name === given);
  const ids = named.map(({ collection_id }) => collection_id);
  if (ids.length > 1) throw ambiguous(`${ids.length} collections are called ${given}`, ids);
  if (ids[0] !== undefined) return ids[0];
  const names = all.flatMap(({ collection_name }) => collection_name ?? []);
  throw new CliError('not_found', `there is no collection ${given}${didYouMean(given, names)}`, {
    hint: 'agents knowledge list shows what there is',
  });
}

/** The documents that are meant, by id or exact name. Throws as `collectionIds` does. */
export function documentsCalled(
  given: readonly string[],
  all: readonly KnownDocument[],
  collection: string,
): KnownDocument[] {
  return [...new Set(given)].map((name) => {
    const byId = all.find(({ file_metadata }) => file_metadata.file_id === name);
    const named = byId ? [byId] : all.filter(({ file_metadata }) => file_metadata.name === name);
    const ids = named.map(({ file_metadata }) => file_metadata.file_id);
    if (ids.length > 1) throw ambiguous(`${ids.length} documents are called ${name}`, ids);
    if (named[0] !== undefined) return named[0];
    const names = all.flatMap(({ file_metadata }) => file_metadata.name ?? []);
    throw new CliError('not_found', `there is no document ${name}${didYouMean(name, names)}`, {
      hint: `agents knowledge show ${collection} shows what there is`,
    });
  });
}

const ambiguous = (message: string, ids: readonly string[]) =>
  new CliError('usage', `${message}: ${ids.join(', ')}`, { hint: 'name one of them by its id' });
