// Collections and documents by what a person calls them.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { KnownCollection, KnownDocument } from '../../protocol/knowledge.js';
import { collectPages } from '../pages.js';
import { type Kind, theOneCalled } from '../pick.js';

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
  return [
    ...new Set(
      given.map((name) => (looksLikeId(name) ? name : theOneCalled(name, all, collectionKind).collection_id)),
    ),
  ];
}

/** The same for one. */
export async function collectionId(context: Context, given: string): Promise<string> {
  return (await collectionIds(context, [given]))[0] as string;
}

const collectionKind: Kind<KnownCollection> = {
  noun: 'collection',
  list: 'agents knowledge list',
  ids: ({ collection_id }) => [collection_id],
  name: ({ collection_name }) => collection_name,
};

/** The documents that are meant, by id or exact name. Throws as `collectionIds` does. */
export function documentsCalled(
  given: readonly string[],
  all: readonly KnownDocument[],
  collection: string,
): KnownDocument[] {
  const kind: Kind<KnownDocument> = {
    noun: 'document',
    list: `agents knowledge show ${collection}`,
    ids: ({ file_metadata }) => [file_metadata.file_id],
    name: ({ file_metadata }) => file_metadata.name,
  };
  return [...new Set(given)].map((name) => theOneCalled(name, all, kind));
}
