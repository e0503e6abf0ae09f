// Knowledge: collections, the documents in them, files, and what a search finds. Facts: xAI's own SDK, its collections
// guide, and clients seen to work (status as a number, `results` for `matches`, camelCase names).

import * as z from 'zod/mini';
import { isObject, rename } from './json.js';
import { listIn } from './route.js';

/** Documented: a file has at most 50 MB, a search covers at most 10 collections. */
export const knowledgeLimits = { fileBytes: 50 * 1024 * 1024, searched: 10, pageSize: 100 } as const;

const id = z.string().check(z.minLength(1));
const text = z.string();

/** `POST /v1/collections`. */
export const CollectionBody = z.strictObject({
  collection_name: z.string().check(z.minLength(1), z.maxLength(255)),
  collection_description: z.optional(text),
  index_configuration: z.optional(z.looseObject({ model_name: z.optional(text) })),
  chunk_configuration: z.optional(z.looseObject({})),
  field_definitions: z.optional(z.array(z.looseObject({ key: text }))),
  team_id: z.optional(text),
});
export type CollectionBody = z.infer<typeof CollectionBody>;

/** `POST /v1/collections/{collection_id}/documents/{file_id}`. */
export const DocumentBody = z.strictObject({
  fields: z.optional(z.record(z.string(), z.string())),
  team_id: z.optional(text),
});
export type DocumentBody = z.infer<typeof DocumentBody>;

/** `POST /v1/documents/search`. */
export const SearchBody = z.strictObject({
  query: z.string().check(z.minLength(1)),
  source: z.strictObject({
    collection_ids: z.array(id).check(z.minLength(1), z.maxLength(knowledgeLimits.searched)),
  }),
  filter: z.optional(text),
  limit: z.optional(z.int().check(z.gte(1), z.lte(100))),
  instructions: z.optional(text),
  retrieval_mode: z.optional(z.looseObject({ type: z.enum(['hybrid', 'semantic', 'keyword']) })),
});
export type SearchBody = z.infer<typeof SearchBody>;

/** A collection as the API tells of it. Members this tool does not know stay where they are. */
export interface KnownCollection {
  collection_id: string;
  collection_name?: string;
  collection_description?: string;
  /** Text where it comes as proto-JSON writes 64 bits. */
  documents_count?: number | string;
  [member: string]: unknown;
}

/** A file in a collection. `file_id` is its document's id as well. */
export interface KnownDocument {
  file_metadata: FileMetadata;
  fields?: Record<string, unknown>;
  status?: unknown;
  error_message?: string;
  [member: string]: unknown;
}

interface FileMetadata {
  file_id: string;
  name?: string;
  /** In bytes. */
  size_bytes?: string | number;
  content_type?: string;
  /** SHA-256 of the bytes, in hex, where the server tells it. */
  hash?: string;
  [member: string]: unknown;
}

/** `POST /v1/files`. */
export interface KnownFile {
  id: string;
  filename?: string;
  bytes?: number;
  [member: string]: unknown;
}

/** A passage that fits a search. */
export interface Match {
  file_id: string;
  chunk_content: string;
  score?: number;
  collection_ids?: string[];
  /** Its file's, where the server tells it. */
  file_name?: string;
  [member: string]: unknown;
}

const collectionNames = {
  collectionId: 'collection_id',
  collectionName: 'collection_name',
  collectionDescription: 'collection_description',
  documentsCount: 'documents_count',
  createdAt: 'created_at',
};
const documentNames = {
  fileMetadata: 'file_metadata',
  errorMessage: 'error_message',
  lastIndexedAt: 'last_indexed_at',
};
const metadataNames = {
  fileId: 'file_id',
  sizeBytes: 'size_bytes',
  contentType: 'content_type',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
};
const matchNames = {
  fileId: 'file_id',
  chunkId: 'chunk_id',
  chunkContent: 'chunk_content',
  collectionIds: 'collection_ids',
  fileName: 'file_name',
};

/** The collection in a reply, enveloped or bare. Undefined when there is none. */
export function readCollection(value: unknown): KnownCollection | undefined {
  const body = isObject(value) && isObject(value.collection) ? value.collection : value;
  if (!isObject(body)) return undefined;
  const collection = rename(body, collectionNames);
  const found = collection.collection_id ?? collection.id;
  if (typeof found !== 'string' || found === '') return undefined;
  return { ...collection, collection_id: found } as KnownCollection;
}

/** The document in a reply: its file's members in `file_metadata`, or beside the status. */
export function readDocument(value: unknown): KnownDocument | undefined {
  const body = isObject(value) && isObject(value.document) ? value.document : value;
  if (!isObject(body)) return undefined;
  const document = rename(body, documentNames);
  const metadata = rename(
    isObject(document.file_metadata) ? document.file_metadata : document,
    metadataNames,
  );
  const found = metadata.file_id ?? metadata.id;
  if (typeof found !== 'string' || found === '') return undefined;
  const own = isObject(document.file_metadata)
    ? metadata
    : { name: metadata.name, size_bytes: metadata.size_bytes };
  return { ...document, file_metadata: { ...own, file_id: found } } as KnownDocument;
}

/** The file in a reply. */
export function readFile(value: unknown): KnownFile | undefined {
  const body = isObject(value) && isObject(value.file) ? value.file : value;
  if (!isObject(body)) return undefined;
  const found = body.id ?? body.file_id ?? body.fileId;
  return typeof found === 'string' && found !== '' ? ({ ...body, id: found } as KnownFile) : undefined;
}

/** What a search found, under either name. */
export function readMatches(value: unknown): Match[] | undefined {
  const list = listIn(value, ['matches', 'results']);
  return list && readAll(list, readMatch);
}

function readMatch(value: unknown): Match | undefined {
  if (!isObject(value)) return undefined;
  const match = rename(value, matchNames);
  const content = match.chunk_content ?? match.content ?? match.text;
  if (typeof content !== 'string') return undefined;
  return { ...match, file_id: String(match.file_id ?? ''), chunk_content: content } as Match;
}

/** Every entry of a list read; undefined when one cannot be. */
export function readAll<T>(
  list: readonly unknown[],
  read: (value: unknown) => T | undefined,
): T[] | undefined {
  const found = list.map(read);
  return found.some((each) => each === undefined) ? undefined : (found as T[]);
}

export type DocumentStatus = 'processing' | 'processed' | 'failed' | 'unknown';

const statuses: readonly DocumentStatus[] = ['unknown', 'processing', 'processed', 'failed'];

/** How far the service is with a document: its status comes as text or as the number of its enum. */
export function statusOf({ status }: { status?: unknown }): DocumentStatus {
  if (/^\d+$/.test(String(status))) return statuses[Number(status)] ?? 'unknown';
  const word = String(status ?? '').toLowerCase();
  if (/fail|error/.test(word)) return 'failed';
  if (/processing|pending|progress|queued/.test(word)) return 'processing';
  return /(^|[^a-z])(processed|completed?|ready|indexed)/.test(word) ? 'processed' : 'unknown';
}
