// SQLite by whichever build this Node has: its own from 22.13 on, else WebAssembly. One interface, one file format.

import fs from 'node:fs';
import { isBuiltin } from 'node:module';

export type Value = string | number | null | Uint8Array;
export type Row = Record<string, Value>;

export interface Sqlite {
  exec(sql: string): void;
  /** Begins a transaction, having undone what a killed process left half done. */
  begin(): void;
  get(sql: string, ...values: Value[]): Row | undefined;
  all(sql: string, ...values: Value[]): Row[];
  /** Returns the number of rows changed. */
  run(sql: string, ...values: Value[]): number;
  close(): void;
}

export type Build = 'native' | 'wasm';

/** The build this Node has. */
export const sqliteBuild = (): Build => (isBuiltin('node:sqlite') ? 'native' : 'wasm');

/** Opens a file, or `:memory:`. The caller holds the file's lock during every call. */
export async function openSqlite(path: string, build: Build | undefined): Promise<Sqlite> {
  if (build !== 'wasm') {
    const native = await openNative(path);
    if (native !== undefined) return native;
    if (build === 'native') throw new Error('this Node has no SQLite of its own');
  }
  return openWasm(path);
}

/** The part of `node:sqlite` that is used; the types of Node 20 do not know the module. */
interface NativeModule {
  DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void;
    prepare(sql: string): {
      get(...values: Value[]): Row | undefined;
      all(...values: Value[]): Row[];
      run(...values: Value[]): { changes: number | bigint };
    };
    close(): void;
  };
}

async function openNative(path: string): Promise<Sqlite | undefined> {
  const name = 'node:sqlite';
  const module = (await import(name).catch(() => undefined)) as NativeModule | undefined;
  if (module === undefined) return undefined;
  const database = new module.DatabaseSync(path);
  const use = createStatements((sql) => database.prepare(sql));
  return {
    exec: (sql) => database.exec(sql),
    begin: () => database.exec('BEGIN IMMEDIATE'),
    get: (sql, ...values) => use(sql, (statement) => statement.get(...values.map(withoutNul))),
    all: (sql, ...values) => use(sql, (statement) => statement.all(...values.map(withoutNul))),
    run: (sql, ...values) =>
      use(sql, (statement) => Number(statement.run(...values.map(withoutNul)).changes)),
    close: () => database.close(),
  };
}

async function openWasm(path: string): Promise<Sqlite> {
  const { default: sqlite } = await import('node-sqlite3-wasm');
  const database = new sqlite.Database(path);
  const use = createStatements((sql) => database.prepare(sql));
  const begin = () => database.exec('BEGIN IMMEDIATE');
  const all = (sql: string, values: Value[]) =>
    use(sql, (statement) => statement.all(values.map(withoutNul)) as Row[]);
  return {
    exec: (sql) => database.exec(sql),
    begin: () => {
      if (path === ':memory:') return begin();
      // Every use goes through the caller's lock, so this folder is left from a killed process.
      if (fs.existsSync(`${path}.lock`)) fs.rmdirSync(`${path}.lock`);
      beginAfterRecovery(path, begin);
    },
    // A statement that is not read to its end keeps its lock, so `get` reads it all as well.
    get: (sql, ...values) => all(sql, values)[0],
    all: (sql, ...values) => all(sql, values),
    run: (sql, ...values) => use(sql, (statement) => statement.run(values.map(withoutNul)).changes),
    close: () => database.close(),
  };
}

/** Text goes into WebAssembly as far as its first NUL, so an id holding one would find another's row. */
function withoutNul(value: Value): Value {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

/**
 * Lets the WebAssembly build roll back what a killed process left half written. By itself it never does: asked
 * whether another process is writing, it finds the lock folder it has just made itself, says yes, and reads the
 * torn file. For the one statement that begins a transaction it is told that there is no such folder.
 */
function beginAfterRecovery(path: string, begin: () => void): void {
  if (!fs.existsSync(`${path}-journal`)) return begin();
  const { accessSync } = fs;
  fs.accessSync = (file, mode) => {
    if (file === `${path}.lock`) throw Object.assign(new Error('hidden during recovery'), { code: 'ENOENT' });
    accessSync(file, mode);
  };
  try {
    begin();
  } finally {
    fs.accessSync = accessSync;
  }
}

/** Prepared statements, kept for the next time; one that has failed cannot be used again and is made anew. */
function createStatements<T>(prepare: (sql: string) => T): <R>(sql: string, work: (statement: T) => R) => R {
  const prepared = new Map<string, T>();
  return (sql, work) => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    try {
      return work(statement);
    } catch (error) {
      prepared.delete(sql);
      throw error;
    }
  };
}
