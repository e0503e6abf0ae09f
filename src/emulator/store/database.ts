// The data file: opened, locked, checked, and told apart from anything else. Knows SQL but no agents.

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CliError, messageOf, systemCode } from '../../errors.js';
import { makeFolder } from '../../folders.js';
import { FileLock, type ProcessTable } from './file-lock.js';
import { type Build, openSqlite, type Sqlite } from './sqlite.js';

export interface Database {
  /** One transaction, alone in it among all processes: all of `work` happens, or nothing does. */
  transaction<T>(work: (sqlite: Sqlite) => T): T;
  /** Differs after every commit of any process: what was read under the same version still holds. */
  version(): number;
  close(): void;
}

export interface Schema {
  /** SQL that makes the newest version, where there is nothing yet. */
  create: string;
  /** What brings a file to the next version, from version 1 on. The newest is one more than there are. */
  upgrades: readonly ((sqlite: Sqlite) => void)[];
}

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  path: string;
  processes: ProcessTable;
  schema: Schema;
  /** Which build of SQLite; the one this Node has when not given. */
  build?: Build | undefined;
}

/** Marks the file as ours ("agnt"), so that no other database is ever written to. */
const applicationId = 0x61676e74;

const newestVersion = ({ upgrades }: Schema) => upgrades.length + 1;

/**
 * Opens or creates the data file. Throws CliError `storage` naming it when that cannot be done safely. A file that
 * is whole at its beginning is looked at further with the first transaction: the first SQL costs 40 ms.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.path === ':memory:')
    return inMemory(await openSqlite(':memory:', options.build), options.schema.create);
  const path = resolve(options.path);
  try {
    makeFolder(dirname(path));
    // With a journal beside it the file may be half written: that is undone before it is looked at.
    if (!existsSync(`${path}-journal`)) checkHeader(path, options.schema);
    return onDisk(await openSqlite(path, options.build), path, options);
  } catch (error) {
    throw storageError(error, path);
  }
}

function inMemory(sqlite: Sqlite, create: string): Database {
  sqlite.exec(create);
  return {
    transaction: (work) => transact(sqlite, work),
    version: () => Number(sqlite.get('SELECT total_changes() AS changes')?.changes),
    close: () => sqlite.close(),
  };
}

function onDisk(sqlite: Sqlite, path: string, { processes, schema }: DatabaseOptions): Database {
  const lock = new FileLock(`${path}.owner`, processes);
  let isPrepared = false;
  let file: number | undefined;

  function prepare(): void {
    transact(sqlite, () => {
      const version = checkHeader(path, schema);
      if (sqlite.get('SELECT 1 FROM sqlite_schema') === undefined) {
        sqlite.exec(`PRAGMA application_id = ${applicationId}; ${schema.create}`);
      } else if (version === newestVersion(schema)) {
        return;
      } else if (version === 0) {
        throw damaged(path);
      } else {
        // Whoever comes first does it for all: nobody else is in a transaction now.
        for (const upgrade of schema.upgrades.slice(version - 1)) upgrade(sqlite);
      }
      sqlite.exec(`PRAGMA user_version = ${newestVersion(schema)}`);
    });
    // Enough for a killed process and for one cut off from its power alike.
    sqlite.exec('PRAGMA synchronous = NORMAL');
    isPrepared = true;
  }

  return {
    transaction: (work) => {
      try {
        return lock.hold(() => {
          if (!isPrepared) prepare();
          return transact(sqlite, work);
        });
      } catch (error) {
        throw storageError(error, path);
      }
    },
    // SQLite counts commits in the file's header: reading that is far cheaper than a transaction.
    version: () => {
      try {
        // Made if it is not there: the first question may come before the first transaction.
        file ??= openSync(path, 'a+');
        return readHeader(file).commits;
      } catch (error) {
        throw storageError(error, path);
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      sqlite.close();
    },
  };
}

interface Header {
  size: number;
  magic: string;
  commits: number;
  userVersion: number;
  applicationId: number;
}

const headerBytes = 100;

/** The beginning of a file as SQLite's format describes it. */
function readHeader(file: number): Header {
  const bytes = new Uint8Array(headerBytes);
  const size = readSync(file, bytes, 0, headerBytes, 0);
  const view = new DataView(bytes.buffer);
  return {
    size,
    magic: Buffer.from(bytes.buffer, 0, 15).toString('latin1'),
    commits: view.getUint32(24),
    userVersion: view.getUint32(60),
    applicationId: view.getUint32(68),
  };
}

/**
 * The version of a file, 0 for one that is not there or empty, which is about to become one. Throws CliError for a file
 * that is no data file of ours.
 */
function checkHeader(path: string, schema: Schema): number {
  let header: Header;
  try {
    const file = openSync(path, 'r');
    try {
      header = readHeader(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
  if (header.size === 0) return 0;
  if (header.size < headerBytes || header.magic !== 'SQLite format 3') throw damaged(path);
  if (header.applicationId !== applicationId) {
    throw new CliError('storage', `${path} is a database of something else; it is left alone`);
  }
  if (header.userVersion > newestVersion(schema)) {
    throw new CliError('storage', `${path} was written by a newer version of agents`, {
      hint: 'update agents, or use another folder with AGENTS_DATA_DIR',
    });
  }
  return header.userVersion;
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

/** Damage that SQLite itself does not see. */
export class Damage extends Error {}

function damaged(path: string, cause?: unknown): CliError {
  return new CliError('storage', `the data file ${path} is damaged`, {
    hint: 'nothing was changed; move it away to begin anew, or restore it from a copy',
    cause,
  });
}

/** Other failures of SQLite and the file system, in the words of someone who has to act on them. */
const failures: [RegExp, string][] = [
  [/full|ENOSPC/i, 'cannot grow: no space left on the device'],
  [/EROFS/, 'cannot be written to: nothing can be written there'],
  [/EACCES|EPERM/, 'cannot be written to: no right to'],
  [/readonly/i, 'cannot be written to'],
  [/EISDIR/, 'cannot be opened: it is a folder'],
  [/ENOTDIR|EEXIST|is no folder/, 'cannot be opened: a part of its path is no folder'],
  [/no folder can be made/, 'cannot be opened: no folder can be made there'],
  [/unable to open|could not open/i, 'cannot be opened'],
];
const elsewhere = 'keep the data elsewhere with AGENTS_DATA_DIR; agents dev --memory keeps none';

function storageError(error: unknown, path: string): unknown {
  const message = messageOf(error);
  if (error instanceof CliError) return error;
  if (error instanceof Damage) return damaged(path, error);
  if (/malformed|not a database|corrupt/i.test(message)) return damaged(path, error);
  // Only what SQLite or the file system says: anybody else's words may be about something else that is full.
  const isTheirs = systemCode(error) !== undefined || (error instanceof Error && /sqlite/i.test(error.name));
  if (!isTheirs) return error;
  const told = failures.find(([words]) => words.test(message))?.[1];
  return new CliError('storage', `the data file ${path} ${told ?? `fails: ${message}`}`, {
    ...(told !== undefined && { hint: elsewhere }),
    cause: error,
  });
}
