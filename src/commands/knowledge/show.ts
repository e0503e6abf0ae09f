// Making, listing, showing and searching collections.

import type { Api } from '../../api/client.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { knowledgeLimits, type Match, statusOf } from '../../protocol/knowledge.js';
import { collectionCard, collectionTable, matchList } from '../../terminal/knowledge-view.js';
import { titled } from '../../terminal/table.js';
import { shellQuoted } from '../command.js';
import { readLimit } from '../list.js';
import { allCollections, allDocuments, collectionId, collectionIds } from './find.js';

export async function create(
  context: Context,
  name: string,
  flags: { description?: string },
): Promise<undefined> {
  if (name.trim() === '') throw new CliError('usage', 'a collection needs a name');
  const { description } = flags;
  const body = {
    collection_name: name,
    ...(description !== undefined && { collection_description: description }),
  };
  const created = await context.output.during('Creating the collection', async () =>
    (await context.api()).createCollection({ body }),
  );
  context.output.show(created, ({ collection_name = name, collection_id }) => {
    return `Created ${titled(collection_name, collection_id)}`;
  });
  context.output.note(`Add files: ${context.program} knowledge add ${shellQuoted(name)} <files>`);
}

export async function list(context: Context, flags: { limit?: string }): Promise<undefined> {
  const limit = readLimit(flags.limit);
  const collections = await context.output.during('Fetching collections', () =>
    allCollections(context, limit),
  );
  context.output.show({ collections }, (value, style) => collectionTable(value.collections, style));
}

export async function show(context: Context, given: string): Promise<undefined> {
  const id = await collectionId(context, given);
  const { collection, documents } = await context.output.during('Fetching the collection', async () => {
    const api = await context.api();
    const collection = await api.getCollection({ collection_id: id });
    return { collection, documents: await allDocuments(context, id) };
  });
  context.output.show({ collection, documents }, (value, style) => {
    const shown = value.documents.map((document) => ({ ...document, is: statusOf(document) }));
    return collectionCard(value.collection, shown, style);
  });
}

export async function search(
  context: Context,
  given: string[],
  flags: { limit?: string },
): Promise<undefined> {
  const collections = given.slice(0, -1);
  const query = given.at(-1) ?? '';
  if (collections.length === 0 || query.trim() === '') {
    throw new CliError('usage', 'a search needs a collection and what to look for', {
      hint: 'agents knowledge search faq "When do you open?"',
    });
  }
  const limit = flags.limit === undefined ? undefined : readLimit(flags.limit);
  const ids = await collectionIds(context, collections);
  if (ids.length > knowledgeLimits.searched) {
    throw new CliError('usage', `a search covers at most ${knowledgeLimits.searched} collections`);
  }
  const body = { query, source: { collection_ids: ids }, ...(limit !== undefined && { limit }) };
  const { matches, names } = await context.output.during('Searching', async () => {
    const api = await context.api();
    const matches = await api.searchDocuments({ body });
    return { matches, names: context.output.json ? new Map() : await fileNames(api, matches) };
  });
  context.output.show({ matches }, (value, style) => matchList(value.matches, names, style));
}

/** The names of the files passages are from; without one, its id is shown. */
async function fileNames(api: Api, matches: readonly Match[]): Promise<Map<string, string>> {
  const ids = [...new Set(matches.filter(({ file_name }) => !file_name).map(({ file_id }) => file_id))];
  const names = await Promise.all(
    ids.map((file_id) =>
      api
        .getFile({ file_id })
        .then(({ filename }): [string, string][] => (filename ? [[file_id, filename]] : []))
        .catch(() => []),
    ),
  );
  return new Map(names.flat());
}
