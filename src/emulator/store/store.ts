// What the local API remembers: agents, phone numbers, ephemeral secrets, and what it knows (knowledge.ts).

import { createHash } from 'node:crypto';
import { writeJson } from '../../json-text.js';
import { type Database, type DatabaseOptions, openDatabase, type Schema } from './database.js';
import {
  createKnowledge,
  read as documentOf,
  type Knowledge,
  type KnowledgeSnapshot,
  knowledgeTables,
} from './knowledge.js';
import type { Sqlite } from './sqlite.js';

export type Document = Record<string, unknown>;

export interface Page {
  documents: Document[];
  /** Where the next page starts; undefined after the last. */
  next: number | undefined;
}

/** Things of one kind, in the order they were made. */
export interface Collection {
  insert(id: string, document: Document): void;
  get(id: string): Document | undefined;
  /** `after` is a page's `next`, 0 for the first page. Costs what the page costs, however many there are. */
  page(after: number, limit: number): Page;
  /** Replaces a document by what `change` makes of it, in one transaction. Undefined when there is none. */
  update(id: string, change: (document: Document) => Document): Document | undefined;
  remove(id: string): boolean;
}

export interface Snapshot {
  agents: Document[];
  phone_numbers: Document[];
  /** Not there when there is none, as in those from before there was any. */
  knowledge?: KnowledgeSnapshot | undefined;
}

export interface Store {
  agents: Collection;
  phoneNumbers: Collection;
  knowledge: Knowledge;
  /** Remembers an ephemeral secret until it expires (Unix seconds). */
  addSecret(value: string, expiresAt: number): void;
  /** Whether a secret exists and has not expired. */
  isSecretValid(value: string, nowSeconds: number): boolean;
  /** The name of the agent with exactly these instructions, if just one is stored. */
  nameFor(instructions: string): string | undefined;
  snapshot(): Snapshot;
  /** Replaces everything. */
  restore(snapshot: Snapshot): void;
  close(): void;
}

const create = `
  CREATE TABLE agents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL, fingerprint TEXT);
  CREATE INDEX agents_by_fingerprint ON agents (fingerprint);
  CREATE TABLE phone_numbers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL, fingerprint TEXT);
  CREATE TABLE secrets (value TEXT PRIMARY KEY, expires_at INTEGER NOT NULL);
  ${knowledgeTables}
`;

type Table = 'agents' | 'phone_numbers';
const tables: readonly Table[] = ['agents', 'phone_numbers'];

const schema: Schema = { create, upgrades: [addFingerprints, (sqlite) => sqlite.exec(knowledgeTables)] };

/** Files of version 1 have the column, have it in part, or have none: it came without a version of its own. */
function addFingerprints(sqlite: Sqlite): void {
  for (const table of tables) {
    const columns = sqlite.all('SELECT name FROM pragma_table_info(?)', table);
    if (!columns.some(({ name }) => name === 'fingerprint'))
      sqlite.exec(`ALTER TABLE ${table} ADD COLUMN fingerprint TEXT`);
    for (const row of sqlite.all(`SELECT seq, body FROM ${table} WHERE fingerprint IS NULL`)) {
      const found = fingerprint(documentOf(row));
      sqlite.run(`UPDATE ${table} SET fingerprint = ? WHERE seq = ?`, found, row.seq ?? null);
    }
  }
  sqlite.exec('CREATE INDEX IF NOT EXISTS agents_by_fingerprint ON agents (fingerprint)');
}

/** Opens the store. Throws CliError `storage` naming the file when it cannot be used. */
export async function openStore(options: Omit<DatabaseOptions, 'schema'>): Promise<Store> {
  const database = await openDatabase({ ...options, schema });
  const agents = collection(database, 'agents');
  const phoneNumbers = collection(database, 'phone_numbers');
  const knowledge = createKnowledge(database);
  return {
    agents,
    phoneNumbers,
    knowledge,
    addSecret: (value, expiresAt) =>
      database.transaction((sqlite) => {
        sqlite.run('INSERT INTO secrets (value, expires_at) VALUES (?, ?)', value, expiresAt);
      }),
    isSecretValid: (value, nowSeconds) =>
      database.transaction((sqlite) => {
        sqlite.run('DELETE FROM secrets WHERE expires_at <= ?', nowSeconds);
        return sqlite.get('SELECT 1 FROM secrets WHERE value = ?', value) !== undefined;
      }),
    nameFor: (instructions) =>
      database.transaction((sqlite) => {
        const sql = 'SELECT body FROM agents WHERE fingerprint = ? LIMIT 2';
        const [row, another] = sqlite.all(sql, fingerprint({ instructions }));
        if (row === undefined || another !== undefined) return undefined;
        return documentOf(row).name as string | undefined;
      }),
    snapshot: () =>
      database.transaction((sqlite) => {
        const known = knowledge.snapshot(sqlite);
        return {
          agents: allOf(sqlite, 'agents'),
          phone_numbers: allOf(sqlite, 'phone_numbers'),
          ...(known && { knowledge: known }),
        };
      }),
    restore: (snapshot) =>
      database.transaction((sqlite) => {
        sqlite.exec('DELETE FROM agents; DELETE FROM phone_numbers; DELETE FROM secrets');
        for (const agent of snapshot.agents) insertInto(sqlite, 'agents', String(agent.agent_id), agent);
        for (const number of snapshot.phone_numbers) {
          insertInto(sqlite, 'phone_numbers', String(number.phone_number_id), number);
        }
        knowledge.restore(sqlite, snapshot.knowledge);
      }),
    close: () => database.close(),
  };
}

/** Documents read lately, for as long as nobody has written anything. */
const mostRemembered = 1000;

function collection(database: Database, table: Table): Collection {
  const remembered = new Map<string, Document | undefined>();
  let rememberedVersion = -1;

  function get(id: string): Document | undefined {
    if (database.version() !== rememberedVersion || remembered.size > mostRemembered) remembered.clear();
    if (remembered.has(id)) return remembered.get(id);
    return database.transaction((sqlite) => {
      const row = sqlite.get(`SELECT body FROM ${table} WHERE id = ?`, id);
      remembered.set(id, row && documentOf(row));
      // Read inside: before it, the version may be that of a commit which was never finished.
      rememberedVersion = database.version();
      return remembered.get(id);
    });
  }

  return {
    get,
    insert: (id, document) => database.transaction((sqlite) => insertInto(sqlite, table, id, document)),
    page: (after, limit) =>
      database.transaction((sqlite) => {
        const sql = `SELECT seq, body FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ?`;
        const rows = sqlite.all(sql, after, limit + 1);
        const shown = rows.slice(0, limit);
        return {
          documents: shown.map(documentOf),
          next: rows.length > limit ? Number(shown.at(-1)?.seq) : undefined,
        };
      }),
    update: (id, change) =>
      database.transaction((sqlite) => {
        const row = sqlite.get(`SELECT body FROM ${table} WHERE id = ?`, id);
        if (row === undefined) return undefined;
        const changed = change(documentOf(row));
        sqlite.run(
          `UPDATE ${table} SET body = ?, fingerprint = ? WHERE id = ?`,
          writeJson(changed),
          fingerprint(changed),
          id,
        );
        return changed;
      }),
    remove: (id) => database.transaction((sqlite) => sqlite.run(`DELETE FROM ${table} WHERE id = ?`, id) > 0),
  };
}

function insertInto(sqlite: Sqlite, table: Table, id: string, document: Document): void {
  sqlite.run(
    `INSERT INTO ${table} (id, body, fingerprint) VALUES (?, ?, ?)`,
    id,
    writeJson(document),
    fingerprint(document),
  );
}

function allOf(sqlite: Sqlite, table: Table): Document[] {
  return sqlite.all(`SELECT body FROM ${table} ORDER BY seq`).map(documentOf);
}

/** By which an agent is found whose instructions are exactly these. */
function fingerprint({ instructions }: Document): string | null {
  return typeof instructions === 'string' ? createHash('sha256').update(instructions).digest('base64') : null;
}
