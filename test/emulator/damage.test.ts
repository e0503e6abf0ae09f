// Data files that cannot be used: told as what they are, and never written to.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../src/emulator/store/database.js';
import type { Build } from '../../src/emulator/store/sqlite.js';
import { openStore, type Store } from '../../src/emulator/store/store.js';
import { startTestApi, thisProcess } from '../support/local-api.js';
import { ask, builds, folder, refusal } from './support.js';

const filler = (at: number) => `Agent ${at} is brief. `.repeat(60);
const agent = (at: number) => ({ agent_id: `agent-${at}`, name: `Agent ${at}`, instructions: filler(at) });

async function open(path: string, build?: Build): Promise<Store> {
  const store = await openStore({ path, processes: thisProcess, build });
  onTestFinished(() => store.close());
  return store;
}

/** A sound data file of many pages. */
async function dataFile(): Promise<string> {
  const path = join(folder(), 'local.db');
  const store = await openStore({ path, processes: thisProcess });
  store.restore({ agents: Array.from({ length: 150 }, (_, at) => agent(at)), phone_numbers: [] });
  store.close();
  return path;
}

/** Overwrites bytes of a file. */
function patch(path: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, at);
  writeFileSync(path, content);
}

/** Reads and writes everything there is. */
async function useAll(path: string, build: Build): Promise<void> {
  const store = await open(path, build);
  store.snapshot();
  store.agents.insert('new', { agent_id: 'new' });
}

const damages: [string, (path: string) => void | Promise<void>][] = [
  ['is text', (path) => writeFileSync(path, 'name: Ava\ninstructions: Be brief.\n'.repeat(20))],
  ['is a few bytes', (path) => writeFileSync(path, 'SQLite')],
  ['is zeros', (path) => writeFileSync(path, Buffer.alloc(8192))],
  ['is cut off within its header', (path) => truncateSync(path, 60)],
  ['is cut off after its header', (path) => truncateSync(path, 100)],
  ['is cut off within a page', (path) => truncateSync(path, 10_000)],
  ['is cut off after a page', (path) => truncateSync(path, 8192)],
  ['has lost its last page', (path) => truncateSync(path, readFileSync(path).length - 4096)],
  ['has a page of noise in its middle', (path) => patch(path, middle(path), Buffer.alloc(4096, 0xa5))],
  ['has a page of zeros in its middle', (path) => patch(path, middle(path), Buffer.alloc(4096))],
  ['has a page from elsewhere at its beginning', (path) => patch(path, 100, Buffer.alloc(3996, 0x5a))],
  ['is text with a journal beside it', besideJournal],
];

function besideJournal(path: string): void {
  writeFileSync(path, 'no database at all '.repeat(100));
  writeFileSync(`${path}-journal`, '');
}

/** The page in the middle of a file. */
function middle(path: string): number {
  const pages = readFileSync(path).length / 4096;
  return Math.floor(pages / 2) * 4096;
}

for (const { build, isHere } of builds) {
  describe.skipIf(!isHere)(`a data file, SQLite ${build},`, () => {
    test.each(damages)('that %s is called damaged and left as it is', async (_what, damage) => {
      const path = await dataFile();
      await damage(path);
      const before = readFileSync(path);
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: `the data file ${path} is damaged`,
      });
      expect(readFileSync(path).equals(before)).toBe(true);
    });

    test('whose documents are no longer JSON is called damaged and left as it is', async () => {
      const path = await dataFile();
      const place = readFileSync(path).indexOf('{"agent_id":"agent-7"');
      patch(path, place, Buffer.from('}'));
      const before = readFileSync(path);
      const store = await open(path, build);
      const told = { code: 'storage', message: expect.stringContaining(path) };
      expect(await refusal(() => store.agents.get('agent-7'))).toEqual(told);
      expect(await refusal(() => store.agents.page(0, 100))).toEqual(told);
      expect(await refusal(() => store.snapshot())).toEqual(told);
      expect(readFileSync(path).equals(before)).toBe(true);
    });

    test('of another program is left alone', async () => {
      const path = join(folder(), 'local.db');
      const other = new sqlite.Database(path);
      other.exec('CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES (1)');
      other.close();
      const before = readFileSync(path);
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: `${path} is a database of something else; it is left alone`,
      });
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(join(path, '..'))).toEqual(['local.db']);
    });

    test('of a newer version is left alone', async () => {
      const path = await dataFile();
      patch(path, 60, Buffer.from([0, 0, 0, 99]));
      const before = readFileSync(path);
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: `${path} was written by a newer version of agents`,
      });
      expect(readFileSync(path).equals(before)).toBe(true);
    });

    test('of this version without its tables is told and left alone', async () => {
      const path = await dataFile();
      const other = new sqlite.Database(path);
      other.exec('DROP TABLE agents');
      other.close();
      const before = readFileSync(path);
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: expect.stringContaining(path),
      });
      expect(readFileSync(path).equals(before)).toBe(true);
    });

    test('that is a folder cannot be opened, and stays one', async () => {
      const path = join(folder(), 'local.db');
      mkdirSync(join(path, 'kept'), { recursive: true });
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: `the data file ${path} cannot be opened: it is a folder`,
      });
      expect(readdirSync(path)).toEqual(['kept']);
    });

    test.each([
      ['below', 'file/local.db'],
      ['far below', 'file/deeper/and/deeper/local.db'],
    ])('%s something that is no folder cannot be opened', async (_where, name) => {
      const place = folder();
      writeFileSync(join(place, 'file'), 'kept');
      const path = join(place, name);
      expect(await refusal(() => useAll(path, build))).toEqual({
        code: 'storage',
        message: `the data file ${path} cannot be opened: a part of its path is no folder`,
      });
      expect(readFileSync(join(place, 'file'), 'utf8')).toBe('kept');
    });

    test('that is empty becomes a store', async () => {
      const path = join(folder(), 'local.db');
      writeFileSync(path, '');
      await useAll(path, build);
      expect((await open(path, build)).snapshot().agents).toEqual([{ agent_id: 'new' }]);
    });

    test('whose folder is taken away while it is open is told', async () => {
      const path = await dataFile();
      const store = await open(path, build);
      store.snapshot();
      rmSync(join(path, '..'), { recursive: true });
      expect(await refusal(() => store.agents.insert('new', { agent_id: 'new' }))).toEqual({
        code: 'storage',
        message: expect.stringContaining(path),
      });
      expect(existsSync(path)).toBe(false);
    });
  });

  describe.skipIf(!isHere)(`a data file that cannot grow, SQLite ${build},`, () => {
    const schema = {
      create: 'CREATE TABLE things (id INTEGER PRIMARY KEY, body TEXT NOT NULL)',
      upgrades: [],
    };

    async function smallDatabase(path: string): Promise<Database> {
      const database = await openDatabase({ path, processes: thisProcess, schema, build });
      onTestFinished(() => database.close());
      database.transaction((handle) => handle.exec('PRAGMA max_page_count = 12'));
      return database;
    }
    const count = (database: Database) =>
      database.transaction((handle) => handle.get('SELECT count(*) AS things FROM things')?.things);

    function fill(database: Database): number {
      for (let at = 0; ; at++) {
        try {
          database.transaction((handle) => handle.run('INSERT INTO things (body) VALUES (?)', filler(at)));
        } catch {
          return at;
        }
      }
    }

    test('is said to be without space, and keeps what it had', async () => {
      const path = join(folder(), 'local.db');
      const database = await smallDatabase(path);
      const stored = fill(database);
      expect(stored).toBeGreaterThan(8);
      const insert = () =>
        database.transaction((handle) => handle.run('INSERT INTO things (body) VALUES (?)', filler(0)));
      expect(await refusal(insert)).toEqual({
        code: 'storage',
        message: `the data file ${path} cannot grow: no space left on the device`,
      });
      expect(count(database)).toBe(stored);
    });

    test('takes back all of a change that does not fit', async () => {
      const path = join(folder(), 'local.db');
      const database = await smallDatabase(path);
      const many = () =>
        database.transaction((handle) => {
          for (let at = 0; at < 100; at++) handle.run('INSERT INTO things (body) VALUES (?)', filler(at));
        });
      expect((await refusal(many)).code).toBe('storage');
      expect(count(database)).toBe(0);
    });

    test('goes on when there is space again', async () => {
      const path = join(folder(), 'local.db');
      const database = await smallDatabase(path);
      const stored = fill(database);
      database.transaction((handle) => handle.run('DELETE FROM things WHERE id <= 8'));
      database.transaction((handle) => handle.run('INSERT INTO things (body) VALUES (?)', filler(0)));
      expect(count(database)).toBe(stored - 7);
    });
  });
}

describe('the local API over a data file that is damaged while it serves', () => {
  test('names the file with status 500 and goes on answering', async () => {
    const path = await dataFile();
    const api = await startTestApi({ path });
    expect((await ask(api, 'GET /v1/agents/agent-1')).status).toBe(200);
    patch(path, middle(path), Buffer.alloc(4096, 0xa5));
    // Any write makes what is remembered worthless.
    await ask(api, 'POST /v1/phone-numbers', { area_code: '415' });
    expect(await ask(api, 'GET /__local/snapshot')).toEqual({
      status: 500,
      body: { code: 'Internal error', error: `the data file ${path} is damaged` },
    });
    expect((await ask(api, 'GET /v1/models')).status).toBe(200);
  });
});
