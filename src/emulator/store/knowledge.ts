// What the local API knows: files with their bytes, collections, documents, and their passages in SQLite's FTS5.

import { readJson, writeJson } from '../../json-text.js';
import { Damage, type Database } from './database.js';
import type { Row, Sqlite, Value } from './sqlite.js';
import type { Document, Page } from './store.js';

export const knowledgeTables = `
  CREATE TABLE files (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE collections (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL);
  CREATE TABLE documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, collection_id TEXT NOT NULL, file_id TEXT NOT NULL,
    ready_at INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (collection_id, file_id));
  CREATE INDEX documents_by_file ON documents (file_id);
  CREATE TABLE passages (seq INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL);
  CREATE INDEX passages_by_document ON passages (document);
  CREATE VIRTUAL TABLE passage_text USING fts5(content, tokenize = 'porter unicode61 remove_diacritics 2');
`;

/** A file in a collection, as it is kept. */
export interface StoredDocument {
  collection_id: string;
  file_id: string;
  /** When it is processed, Unix milliseconds. */
  ready_at: number;
  body: Document;
}

/** A passage that fits a search. */
export interface Found {
  passage: string;
  /** The better, the larger. */
  score: number;
  collection_id: string;
  file_id: string;
  chunk: number;
  document: Document;
}

export interface KnowledgeSnapshot {
  /** Each with its bytes, in base64. */
  files: (Document & { base64: string })[];
  collections: Document[];
  documents: (StoredDocument & { passages: string[] })[];
}

export interface Knowledge {
  addFile(id: string, file: Document, bytes: Uint8Array): void;
  getFile(id: string): Document | undefined;
  bytesOf(id: string): Uint8Array | undefined;
  /** With its documents. */
  removeFile(id: string): boolean;
  addCollection(id: string, collection: Document): void;
  getCollection(id: string): { collection: Document; documents: number } | undefined;
  /** Each with its `documents`; pages as those of agents. */
  collections(after: number, limit: number): Page;
  /** With its documents; the files stay. */
  removeCollection(id: string): boolean;
  /** Puts a file into a collection; what was known of it there is replaced. */
  addDocument(document: StoredDocument, passages: readonly string[]): void;
  getDocument(collectionId: string, fileId: string): StoredDocument | undefined;
  documents(
    collectionId: string,
    after: number,
    limit: number,
  ): { documents: StoredDocument[]; next: number | undefined };
  removeDocument(collectionId: string, fileId: string): boolean;
  /** The passages that fit a query of FTS5 best, of documents processed by then. */
  search(query: string, collectionIds: readonly string[], limit: number, nowMs: number): Found[];
  /** Undefined when there is nothing. */
  snapshot(sqlite: Sqlite): KnowledgeSnapshot | undefined;
  restore(sqlite: Sqlite, snapshot: KnowledgeSnapshot | undefined): void;
}

export function createKnowledge(database: Database): Knowledge {
  const use = database.transaction;
  return {
    addFile: (id, file, bytes) =>
      use((sqlite) => {
        sqlite.run('INSERT INTO files (id, body, bytes) VALUES (?, ?, ?)', id, writeJson(file), bytes);
      }),
    getFile: (id) => use((sqlite) => bodyOf(sqlite.get('SELECT body FROM files WHERE id = ?', id))),
    bytesOf: (id) =>
      use(
        (sqlite) => sqlite.get('SELECT bytes FROM files WHERE id = ?', id)?.bytes as Uint8Array | undefined,
      ),
    removeFile: (id) =>
      use((sqlite) => {
        dropDocuments(sqlite, 'file_id = ?', id);
        return sqlite.run('DELETE FROM files WHERE id = ?', id) > 0;
      }),
    addCollection: (id, collection) =>
      use((sqlite) => {
        sqlite.run('INSERT INTO collections (id, body) VALUES (?, ?)', id, writeJson(collection));
      }),
    getCollection: (id) =>
      use((sqlite) => {
        const collection = bodyOf(sqlite.get('SELECT body FROM collections WHERE id = ?', id));
        if (collection === undefined) return undefined;
        const counted = sqlite.get('SELECT COUNT(*) AS n FROM documents WHERE collection_id = ?', id);
        return { collection, documents: Number(counted?.n) };
      }),
    collections: (after, limit) =>
      use((sqlite) => {
        const rows = sqlite.all(
          'SELECT seq, body, (SELECT COUNT(*) FROM documents WHERE collection_id = id) AS n ' +
            'FROM collections WHERE seq > ? ORDER BY seq LIMIT ?',
          after,
          limit + 1,
        );
        const documents = rows.map((row) => ({ ...read(row), documents_count: Number(row.n) }));
        return { documents: documents.slice(0, limit), next: nextOf(rows, limit) };
      }),
    removeCollection: (id) =>
      use((sqlite) => {
        dropDocuments(sqlite, 'collection_id = ?', id);
        return sqlite.run('DELETE FROM collections WHERE id = ?', id) > 0;
      }),
    addDocument: (document, passages) => use((sqlite) => insertDocument(sqlite, document, passages)),
    getDocument: (collectionId, fileId) =>
      use((sqlite) => {
        const sql = 'SELECT * FROM documents WHERE collection_id = ? AND file_id = ?';
        const row = sqlite.get(sql, collectionId, fileId);
        return row && documentOf(row);
      }),
    documents: (collectionId, after, limit) =>
      use((sqlite) => {
        const sql = 'SELECT * FROM documents WHERE collection_id = ? AND seq > ? ORDER BY seq LIMIT ?';
        const rows = sqlite.all(sql, collectionId, after, limit + 1);
        return { documents: rows.slice(0, limit).map(documentOf), next: nextOf(rows, limit) };
      }),
    removeDocument: (collectionId, fileId) =>
      use((sqlite) => dropDocuments(sqlite, 'collection_id = ? AND file_id = ?', collectionId, fileId) > 0),
    search: (query, collectionIds, limit, nowMs) =>
      use((sqlite) => search(sqlite, query, collectionIds, limit, nowMs)),
    snapshot,
    restore,
  };
}

function search(
  sqlite: Sqlite,
  query: string,
  collectionIds: readonly string[],
  limit: number,
  nowMs: number,
): Found[] {
  const places = collectionIds.map(() => '?').join(', ');
  const rows = sqlite.all(
    `SELECT t.content, bm25(passage_text) AS rank, t.rowid AS chunk, d.*
       FROM passage_text t JOIN passages p ON p.seq = t.rowid JOIN documents d ON d.seq = p.document
      WHERE passage_text MATCH ? AND d.collection_id IN (${places}) AND d.ready_at <= ?
      ORDER BY rank, t.rowid LIMIT ?`,
    query,
    ...collectionIds,
    nowMs,
    limit,
  );
  return rows.map((row) => ({
    passage: String(row.content),
    score: -Number(row.rank),
    chunk: Number(row.chunk),
    collection_id: String(row.collection_id),
    file_id: String(row.file_id),
    document: read(row),
  }));
}

function insertDocument(sqlite: Sqlite, document: StoredDocument, passages: readonly string[]): void {
  const { collection_id, file_id, ready_at, body } = document;
  dropDocuments(sqlite, 'collection_id = ? AND file_id = ?', collection_id, file_id);
  sqlite.run(
    'INSERT INTO documents (collection_id, file_id, ready_at, body) VALUES (?, ?, ?, ?)',
    collection_id,
    file_id,
    ready_at,
    writeJson(body),
  );
  const seq = sqlite.get('SELECT last_insert_rowid() AS seq')?.seq ?? null;
  for (const passage of passages) {
    sqlite.run('INSERT INTO passages (document) VALUES (?)', seq);
    sqlite.run('INSERT INTO passage_text (rowid, content) VALUES (last_insert_rowid(), ?)', passage);
  }
}

/** Takes documents away with their passages; returns how many there were. */
function dropDocuments(sqlite: Sqlite, where: string, ...values: Value[]): number {
  const documents = sqlite.all(`SELECT seq FROM documents WHERE ${where}`, ...values);
  for (const { seq = null } of documents) {
    sqlite.run('DELETE FROM passage_text WHERE rowid IN (SELECT seq FROM passages WHERE document = ?)', seq);
    sqlite.run('DELETE FROM passages WHERE document = ?', seq);
    sqlite.run('DELETE FROM documents WHERE seq = ?', seq);
  }
  return documents.length;
}

function snapshot(sqlite: Sqlite): KnowledgeSnapshot | undefined {
  const files = sqlite
    .all('SELECT body, bytes FROM files ORDER BY seq')
    .map((row) => ({ ...read(row), base64: Buffer.from(row.bytes as Uint8Array).toString('base64') }));
  const collections = sqlite.all('SELECT body FROM collections ORDER BY seq').map(read);
  const documents = sqlite.all('SELECT * FROM documents ORDER BY seq').map((row) => ({
    ...documentOf(row),
    passages: sqlite
      .all(
        'SELECT content FROM passage_text WHERE rowid IN (SELECT seq FROM passages WHERE document = ?) ORDER BY rowid',
        row.seq ?? null,
      )
      .map(({ content }) => String(content)),
  }));
  return files.length + collections.length === 0 ? undefined : { files, collections, documents };
}

function restore(sqlite: Sqlite, taken: KnowledgeSnapshot | undefined): void {
  sqlite.exec(
    'DELETE FROM passage_text; DELETE FROM passages; DELETE FROM documents; DELETE FROM collections; DELETE FROM files',
  );
  const { files = [], collections = [], documents = [] } = taken ?? {};
  for (const { base64, ...file } of files) {
    const bytes = Buffer.from(base64, 'base64');
    sqlite.run(
      'INSERT INTO files (id, body, bytes) VALUES (?, ?, ?)',
      String(file.id),
      writeJson(file),
      bytes,
    );
  }
  for (const collection of collections) {
    const id = String(collection.collection_id);
    sqlite.run('INSERT INTO collections (id, body) VALUES (?, ?)', id, writeJson(collection));
  }
  for (const { passages, ...document } of documents) insertDocument(sqlite, document, passages);
}

function documentOf(row: Row): StoredDocument {
  return {
    collection_id: String(row.collection_id),
    file_id: String(row.file_id),
    ready_at: Number(row.ready_at),
    body: read(row),
  };
}

const nextOf = (rows: readonly Row[], limit: number) =>
  rows.length > limit ? Number(rows[limit - 1]?.seq) : undefined;

const bodyOf = (row: Row | undefined) => row && read(row);

/** SQLite does not see damage inside a text: that it is no JSON any more is how it shows. */
export function read(row: Row): Document {
  try {
    return readJson(String(row.body)) as Document;
  } catch (cause) {
    throw new Damage('a document is no JSON', { cause });
  }
}
