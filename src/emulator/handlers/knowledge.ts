// Knowledge in the local API: files, collections, the documents in them, and search. A document is processed a moment
// after it is added, as at the service: by the clock, so that no process has to be there for it.

import { createHash } from 'node:crypto';
import { knowledgeLimits } from '../../protocol/knowledge.js';
import type { knowledgeRoutes } from '../../protocol/knowledge-routes.js';
import type { Handlers, Local } from '../handler.js';
import { contentOf } from '../knowledge/text.js';
import { fullTextQuery } from '../knowledge/words.js';
import { invalidArgument, notFound, Refusal } from '../refusal.js';
import type { Found, StoredDocument } from '../store/knowledge.js';
import type { Document } from '../store/store.js';
import { pageStart, pageToken } from './agents.js';

/** How long a document is being processed, in ms. */
export const processingMs = 300;

export const knowledgeHandlers: Pick<Handlers, keyof typeof knowledgeRoutes> = {
  createCollection({ body }, { store, world }) {
    const { team_id: _theirs, ...members } = body;
    const id = `collection_${world.newId()}`;
    const collection = { collection_id: id, ...members, created_at: new Date(world.nowMs()).toISOString() };
    store.knowledge.addCollection(id, collection);
    return { json: { ...collection, documents_count: 0 } };
  },

  listCollections({ query }, { store }) {
    const { documents, next } = store.knowledge.collections(...pageOf(query));
    return { json: { collections: documents, ...tokenOf(next) } };
  },

  getCollection({ params }, { store }) {
    const { collection, documents } = collectionOf(store, params.collection_id);
    return { json: { ...collection, documents_count: documents } };
  },

  deleteCollection({ params }, { store }) {
    if (!store.knowledge.removeCollection(params.collection_id)) unknownCollection(params.collection_id);
    return { json: {} };
  },

  addDocument({ params, body }, local) {
    const { collection_id, file_id } = params;
    const { collection } = collectionOf(local.store, collection_id);
    const file = fileOf(local, file_id);
    checkFields(collection, body.fields ?? {});
    if (local.store.knowledge.getDocument(collection_id, file_id) !== undefined) {
      throw new Refusal(409, {
        code: 'Some entity that we attempted to create already exists',
        error: `File ${file_id} is in collection ${collection_id} already`,
      });
    }
    addDocument(local, { collection_id, file, fields: body.fields ?? {} });
    return { json: {} };
  },

  listDocuments({ params, query }, { store, world }) {
    collectionOf(store, params.collection_id);
    const { documents, next } = store.knowledge.documents(params.collection_id, ...pageOf(query));
    const nowMs = world.nowMs();
    return { json: { documents: documents.map((each) => shown(each, nowMs)), ...tokenOf(next) } };
  },

  getDocument({ params }, { store, world }) {
    collectionOf(store, params.collection_id);
    const document = store.knowledge.getDocument(params.collection_id, params.file_id);
    return { json: shown(document ?? unknownDocument(params), world.nowMs()) };
  },

  removeDocument({ params }, { store }) {
    collectionOf(store, params.collection_id);
    if (!store.knowledge.removeDocument(params.collection_id, params.file_id)) unknownDocument(params);
    return { json: {} };
  },

  async uploadFile({ form }, { store, world }) {
    const given = form?.get('file');
    if (given === null || given === undefined || typeof given === 'string') {
      throw invalidArgument('The form has no file in a part called file');
    }
    if (given.size === 0) throw invalidArgument('The file is empty');
    if (given.size > knowledgeLimits.fileBytes) throw tooLarge();
    const bytes = new Uint8Array(await given.arrayBuffer());
    const id = `file_${world.newId()}`;
    const seconds = Math.floor(world.nowMs() / 1000);
    const file = {
      id,
      object: 'file',
      bytes: bytes.length,
      created_at: seconds,
      expires_at: expiry(form?.get('expires_after'), seconds),
      filename: nameOf(given.name),
      purpose: String(form?.get('purpose') ?? ''),
    };
    const kept = {
      ...file,
      content_type: given.type,
      hash: createHash('sha256').update(bytes).digest('hex'),
    };
    store.knowledge.addFile(id, kept, bytes);
    return { json: file };
  },

  getFile({ params }, local) {
    const { content_type: _type, hash: _hash, ...file } = fileOf(local, params.file_id);
    return { json: file };
  },

  deleteFile({ params }, local) {
    fileOf(local, params.file_id);
    local.store.knowledge.removeFile(params.file_id);
    return { json: { id: params.file_id, object: 'file', deleted: true } };
  },

  searchDocuments({ body }, { store, world }) {
    const { query, source, filter, limit = 10 } = body;
    for (const id of source.collection_ids) collectionOf(store, id);
    if (filter !== undefined) throw invalidArgument('The local API knows no filter');
    const asked = fullTextQuery(query);
    const found = asked && store.knowledge.search(asked, source.collection_ids, limit, world.nowMs());
    return { json: { matches: (found || []).map(matchOf) } };
  },
};

export function tooLarge(): Refusal {
  return new Refusal(413, {
    code: 'Client specified an invalid argument',
    error: `A file has at most ${knowledgeLimits.fileBytes / 1024 / 1024} MB`,
  });
}

interface Addition {
  collection_id: string;
  file: Document;
  fields: Record<string, string>;
}

/** Read at once; told, and found, once it is processed. */
function addDocument({ store, world }: Local, { collection_id, file, fields }: Addition): void {
  const { id, filename, bytes, content_type, created_at, hash } = file as Record<string, string>;
  const content = contentOf(
    store.knowledge.bytesOf(String(id)) ?? new Uint8Array(),
    filename ?? '',
    content_type ?? '',
  );
  const failure = 'failure' in content ? content.failure : undefined;
  const body = {
    file_metadata: { file_id: id, name: filename, size_bytes: String(bytes), content_type, created_at, hash },
    fields,
    status: failure === undefined ? 'DOCUMENT_STATUS_PROCESSED' : 'DOCUMENT_STATUS_FAILED',
    ...(failure !== undefined && { error_message: failure }),
  };
  const document = { collection_id, file_id: String(id), ready_at: world.nowMs() + processingMs, body };
  store.knowledge.addDocument(document, 'passages' in content ? content.passages : []);
}

/** A document as the service would tell of it now. */
function shown({ body, ready_at }: StoredDocument, nowMs: number): Document {
  if (nowMs >= ready_at) return body;
  const { error_message: _notYet, ...rest } = body;
  return { ...rest, status: 'DOCUMENT_STATUS_PROCESSING' };
}

function matchOf({ file_id, chunk, passage, score, collection_id, document }: Found): Document {
  return {
    file_id,
    chunk_id: `chunk_${chunk}`,
    chunk_content: passage,
    score,
    collection_ids: [collection_id],
    fields: document.fields,
  };
}

type Store = Local['store'];

const collectionOf = ({ knowledge }: Store, id: string) =>
  knowledge.getCollection(id) ?? unknownCollection(id);

function unknownCollection(id: string): never {
  throw notFound(`Collection not found: ${id}`);
}

function unknownDocument({ collection_id, file_id }: { collection_id: string; file_id: string }): never {
  throw notFound(`Document not found: ${file_id} in ${collection_id}`);
}

/** Throws for one that has expired, too. */
function fileOf({ store, world }: Local, id: string): Document {
  const file = store.knowledge.getFile(id);
  const expires = file?.expires_at;
  if (file === undefined || (typeof expires === 'number' && expires * 1000 <= world.nowMs()))
    throw notFound(`File not found: ${id}`);
  return file;
}

function checkFields({ field_definitions }: Document, fields: Record<string, string>): void {
  const definitions = (field_definitions ?? []) as { key: string; required?: boolean }[];
  const missing = definitions.find(({ key, required }) => required && !Object.hasOwn(fields, key));
  if (missing !== undefined) throw invalidArgument(`The field ${missing.key} is required in this collection`);
}

/** Unix seconds, or null for a file that stays. */
function expiry(after: unknown, seconds: number): number | null {
  if (after === null || after === undefined) return null;
  if (!/^\d{1,9}$/.test(String(after))) throw invalidArgument('expires_after must be a number of seconds');
  return seconds + Number(after);
}

/** The last part of a path, by either kind of slash. */
const nameOf = (name: string) => name.split(/[\\/]/).at(-1) || 'file';

function pageOf({ limit, pagination_token }: Record<string, string | undefined>): [number, number] {
  const most = Math.min(Number(limit ?? knowledgeLimits.pageSize), knowledgeLimits.pageSize);
  return [pageStart(pagination_token), most || knowledgeLimits.pageSize];
}

const tokenOf = (next: number | undefined) =>
  next === undefined ? {} : { pagination_token: pageToken(next) };
