// How knowledge looks: collections, their documents, what a search found.

import { oneLine } from '../one-line.js';
import type { DocumentStatus, KnownCollection, KnownDocument, Match } from '../protocol/knowledge.js';
import { sizeText } from './progress.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** `agents knowledge list`. */
export function collectionTable(collections: readonly KnownCollection[], style: Style): string {
  if (collections.length === 0) return 'No collections.';
  return table(
    collections,
    [
      { title: 'ID', value: ({ collection_id }) => collection_id },
      { title: 'NAME', value: ({ collection_name }) => plain(collection_name), shrinks: 2 },
      { title: 'DOCUMENTS', value: ({ documents_count }) => plain(documents_count) },
      { title: 'DESCRIPTION', value: (each) => plain(each.collection_description), shrinks: 1 },
    ],
    style,
  );
}

/** A document, and how far the service is with it. */
export type ShownDocument = KnownDocument & { is: DocumentStatus };

/** `agents knowledge show`: the collection, then its documents. */
export function collectionCard(
  collection: KnownCollection,
  documents: readonly ShownDocument[],
  style: Style,
): string {
  const { collection_id, collection_name, collection_description } = collection;
  const about = plain(collection_description);
  const head = [style.chalk.bold(oneLine(plain(collection_name)) || '(no name)'), collection_id];
  const parts = [head.join('\n'), about, documentTable(documents, style)];
  return parts.filter((part) => part !== '').join('\n\n');
}

function documentTable(documents: readonly ShownDocument[], style: Style): string {
  if (documents.length === 0) return 'No documents.';
  return table(
    documents,
    [
      { title: 'ID', value: ({ file_metadata }) => file_metadata.file_id },
      { title: 'NAME', value: ({ file_metadata }) => plain(file_metadata.name), shrinks: 2 },
      { title: 'SIZE', value: ({ file_metadata }) => sizeOf(file_metadata.size_bytes) },
      { title: 'STATUS', value: statusText, shrinks: 1 },
    ],
    style,
  );
}

function statusText({ is, status, error_message }: ShownDocument): string {
  const reason = plain(error_message);
  if (is === 'unknown') return plain(status) || 'unknown';
  return is === 'failed' && reason !== '' ? `failed: ${reason}` : is;
}

/** `agents knowledge search`; `names` are those of files by their ids. */
export function matchList(
  matches: readonly Match[],
  names: ReadonlyMap<string, string>,
  { chalk }: Style,
): string {
  if (matches.length === 0) return 'Nothing found.';
  return matches
    .map(({ file_id, chunk_content, file_name }) => {
      const source = chalk.bold(oneLine(names.get(file_id) ?? file_name ?? file_id));
      return `${source}\n${chunk_content.trim().replace(/^/gm, '  ')}`;
    })
    .join('\n\n');
}

function sizeOf(bytes: unknown): string {
  const size = Number(bytes);
  return bytes === undefined || bytes === '' || !Number.isFinite(size) ? '' : sizeText(size);
}

const plain = (value: unknown) => (value === undefined || value === null ? '' : String(value));
