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
  /** Those whose member is this text, in the order they were made. Costs what all of the kind cost. */
  find(member: 'phone_number' | 'agent_id', text: string): Document[];
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
  /** Does several things in one transaction: all of them happen, or none. */
  together<T>(work: () => T): T;
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

const schema: Schema = {
  create,
  upgrades: [addFingerprints, (sqlite) => sqlite.exec(knowledgeTables), linkNumbers],
};

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
  const database = nesting(await openDatabase({ ...options, schema }));
  const agents = collection(database, 'agents');
  const phoneNumbers = collection(database, 'phone_numbers');
  const knowledge = createKnowledge(database);
  return {
    agents,
    phoneNumbers,
    knowledge,
    together: (work) => database.transaction(work),
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
        linkNumbers(sqlite);
      }),
    close: () => database.close(),
  };
}

/** A database whose transactions may begin within one: what is done there is part of it. */
interface Nesting extends Database {
  isOpen(): boolean;
}

function nesting(database: Database): Nesting {
  let open: Sqlite | undefined;
  return {
    ...database,
    isOpen: () => open !== undefined,
    transaction: (work) => {
      if (open !== undefined) return work(open);
      return database.transaction((sqlite) => {
        open = sqlite;
        try {
          return work(sqlite);
        } finally {
          open = undefined;
        }
      });
    },
  };
}

/** Documents read lately, for as long as nobody has written anything. */
const mostRemembered = 1000;

function collection(database: Nesting, table: Table): Collection {
  const remembered = new Map<string, Document | undefined>();
  let rememberedVersion = -1;

  function read(sqlite: Sqlite, id: string): Document | undefined {
    const row = sqlite.get(`SELECT body FROM ${table} WHERE id = ?`, id);
    return row && documentOf(row);
  }

  function get(id: string): Document | undefined {
    // What is not committed yet is not remembered.
    if (database.isOpen()) return database.transaction((sqlite) => read(sqlite, id));
    if (database.version() !== rememberedVersion || remembered.size > mostRemembered) remembered.clear();
    if (remembered.has(id)) return remembered.get(id);
    return database.transaction((sqlite) => {
      remembered.set(id, read(sqlite, id));
      // Read inside: before it, the version may be that of a commit which was never finished.
      rememberedVersion = database.version();
      return remembered.get(id);
    });
  }

  return {
    get,
    find: (member, text) =>
      database.transaction((sqlite) => {
        const sql = `SELECT body FROM ${table} WHERE json_extract(body, '$.${member}') = ? ORDER BY seq`;
        return sqlite.all(sql, text).map(documentOf);
      }),
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
        const document = read(sqlite, id);
        if (document === undefined) return undefined;
        const changed = change(document);
        replaceIn(sqlite, table, id, changed);
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

function replaceIn(sqlite: Sqlite, table: Table, id: string, document: Document): void {
  const sql = `UPDATE ${table} SET body = ?, fingerprint = ? WHERE id = ?`;
  sqlite.run(sql, writeJson(document), fingerprint(document), id);
}

/**
 * Data from before numbers told whose they are: there only agents did, and several might name one number. The first keeps
 * it.
 */
function linkNumbers(sqlite: Sqlite): void {
  const sql =
    "SELECT body FROM agents WHERE json_extract(body, '$.phone_number_id') IS NOT NULL ORDER BY seq";
  for (const agent of sqlite.all(sql).map(documentOf)) {
    const { agent_id, phone_number_id, ...others } = agent;
    const row = sqlite.get('SELECT body FROM phone_numbers WHERE id = ?', String(phone_number_id));
    const number = row && documentOf(row);
    if (number === undefined || number.agent_id === agent_id) continue;
    if (number.agent_id === undefined && number.webhook === undefined) {
      replaceIn(sqlite, 'phone_numbers', String(phone_number_id), { ...number, agent_id });
    } else replaceIn(sqlite, 'agents', String(agent_id), { agent_id, ...others });
  }
}

function allOf(sqlite: Sqlite, table: Table): Document[] {
  return sqlite.all(`SELECT body FROM ${table} ORDER BY seq`).map(documentOf);
}

/** By which an agent is found whose instructions are exactly these. */
function fingerprint({ instructions }: Document): string | null {
  return typeof instructions === 'string' ? createHash('sha256').update(instructions).digest('base64') : null;
}
