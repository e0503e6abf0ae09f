// The data file: opened, locked, checked, and told apart from anything else. Knows SQL but no agents.

import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CliError, messageOf } from '../../errors.js';
import { FileLock, type ProcessTable } from './file-lock.js';
import { type Build, openSqlite, type Sqlite } from './sqlite.js';

export interface Database {
  /** One transaction, alone in it among all processes: all of `work` happens, or nothing does. */
  transaction<T>(work: (sqlite: Sqlite) => T): T;
  /** Differs after every commit of any process: what was read under the same version still holds. */
  version(): number;
  close(): void;
}

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  path: string;
  processes: ProcessTable;
  schema: string;
  /** Which build of SQLite; the one this Node has when not given. */
  build?: Build | undefined;
}

/** Marks the file as ours ("agnt"), so that no other database is ever written to. */
const applicationId = 0x61676e74;
const schemaVersion = 1;

/** Opens or creates the data file. Throws CliError `storage` naming it when that cannot be done safely. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const path = options.path === ':memory:' ? ':memory:' : resolve(options.path);
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const sqlite = await openSqlite(path, options.build);
    const database = path === ':memory:' ? inMemory(sqlite) : onDisk(sqlite, path, options.processes);
    database.transaction((inside) => prepare(inside, path, options.schema));
    return database;
  } catch (error) {
    throw storageError(error, path);
  }
}

function prepare(sqlite: Sqlite, path: string, schema: string): void {
  const value = (pragma: string) => Number(Object.values(sqlite.get(`PRAGMA ${pragma}`) ?? {})[0] ?? 0);
  const isNew = value('application_id') === 0 && sqlite.get('SELECT 1 FROM sqlite_schema') === undefined;
  if (!isNew && value('application_id') !== applicationId) {
    throw new CliError('storage', `${path} is a database of something else; it is left alone`);
  }
  if (value('user_version') > schemaVersion) {
    throw new CliError('storage', `${path} was written by a newer version of agents`, {
      hint: 'update agents, or use another folder with AGENTS_DATA_DIR',
    });
  }
  if (!isNew) return;
  sqlite.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; ${schema}`);
}

function inMemory(sqlite: Sqlite): Database {
  return {
    transaction: (work) => transact(sqlite, work),
    version: () => Number(sqlite.get('SELECT total_changes() AS changes')?.changes),
    close: () => sqlite.close(),
  };
}

function onDisk(sqlite: Sqlite, path: string, processes: ProcessTable): Database {
  const lock = new FileLock(`${path}.owner`, processes);
  lock.hold(() => {
    // Undoes what a killed process left, before anything else touches the file.
    transact(sqlite, () => {});
    // Enough for a killed process and for one cut off from its power alike.
    sqlite.exec('PRAGMA synchronous = NORMAL');
  });
  const header = new Uint8Array(4);
  let file: number | undefined;
  return {
    transaction: (work) => {
      try {
        return lock.hold(() => transact(sqlite, work));
      } catch (error) {
        throw storageError(error, path);
      }
    },
    // SQLite counts commits in the file's header, at byte 24: reading that is far cheaper than a transaction.
    version: () => {
      file ??= openSync(path, 'r');
      readSync(file, header, 0, 4, 24);
      return new DataView(header.buffer).getUint32(0);
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      sqlite.close();
    },
  };
}

function transact<T>(sqlite: Sqlite, work: (sqlite: Sqlite) => T): T {
  sqlite.begin();
  try {
    const result = work(sqlite);
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      sqlite.exec('ROLLBACK');
    } catch {
      // SQLite has already undone it, as it does when the disk is full.
    }
    throw error;
  }
}

/** What SQLite and the file system say, in the words of someone who has to act on it. */
function storageError(error: unknown, path: string): unknown {
  const message = messageOf(error);
  const refused = (what: string, hint?: string) =>
    new CliError('storage', `the data file ${path} ${what}`, { cause: error, hint });
  if (error instanceof CliError) return error;
  if (/malformed|not a database|corrupt/i.test(message)) {
    return refused(
      'is damaged',
      'nothing was changed; move it away to begin anew, or restore it from a copy',
    );
  }
  if (/full|ENOSPC/i.test(message)) return refused('cannot grow: no space left on the device');
  if (/readonly|EACCES|EPERM|EROFS/i.test(message)) return refused('cannot be written to');
  if (/unable to open|ENOTDIR|ENOENT|EISDIR/i.test(message)) return refused('cannot be opened');
  return error instanceof RangeError || error instanceof TypeError
    ? error
    : isSqliteError(error)
      ? refused(`fails: ${message}`)
      : error;
}

const isSqliteError = (error: unknown) =>
  error instanceof Error && /sqlite/i.test(`${error.name} ${(error as { code?: string }).code}`);
