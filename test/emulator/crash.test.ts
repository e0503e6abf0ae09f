// What a killed process leaves behind: a half-written file with its journal, lock folders, its name on the lock.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProcessTable } from '../../src/emulator/store/file-lock.js';
import { type Build, openSqlite } from '../../src/emulator/store/sqlite.js';
import { openStore, type Snapshot, type Store } from '../../src/emulator/store/store.js';
import { builds, folder, projectRoot } from './support.js';

/** Asks the system, as the program does. */
const processes: ProcessTable = {
  pid: process.pid,
  isAlive: (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  },
};

async function open(path: string, build: Build): Promise<Store> {
  const store = await openStore({ path, processes, build });
  onTestFinished(() => store.close());
  return store;
}

/** A data file of many pages. */
async function manyAgents(build: Build): Promise<{ path: string; before: Snapshot }> {
  const path = join(folder(), 'local.db');
  const store = await openStore({ path, processes, build });
  const agents = Array.from({ length: 100 }, (_, at) => ({
    agent_id: `agent ${at}`,
    name: 'Before',
    instructions: 'Be brief. '.repeat(300),
  }));
  const before = { agents, phone_numbers: [] };
  store.restore(before);
  store.close();
  return { path, before };
}

const connect = `
  const fs = require('node:fs');
  const { Database } = require('node-sqlite3-wasm');
  const path = process.argv[1];
  const die = () => process.kill(process.pid, 'SIGKILL');
  const database = new Database(path);
  // So small that changed pages go into the file before the transaction ends.
  database.exec('PRAGMA cache_size = 2');
  database.exec('BEGIN IMMEDIATE');
  database.exec("UPDATE agents SET body = json_set(body, '$.name', 'Torn')");
`;

/** The two worst moments to be killed: while pages are written, and when all of them are but for the end. */
const moments = {
  'in the middle of a transaction': `${connect} die();`,
  'at the last moment of a commit': `${connect}
    const { unlinkSync } = fs;
    fs.unlinkSync = (file) => (String(file).endsWith('-journal') ? die() : unlinkSync(file));
    database.exec('COMMIT');
  `,
};
type Moment = keyof typeof moments;
const momentNames = Object.keys(moments) as Moment[];

function killAt(moment: Moment, path: string): void {
  const { signal, stderr } = spawnSync(process.execPath, ['-e', moments[moment], path], { cwd: projectRoot });
  expect({ signal, stderr: stderr.toString() }).toEqual({ signal: 'SIGKILL', stderr: '' });
}

async function integrity(path: string, build: Build): Promise<unknown> {
  const sqlite = await openSqlite(path, build);
  onTestFinished(() => sqlite.close());
  return sqlite.get('PRAGMA integrity_check');
}

for (const { build, isHere } of builds) {
  describe.skipIf(!isHere)(`after a process was killed, SQLite ${build}`, () => {
    test.each(momentNames)('%s, the store is as it was before', async (moment) => {
      const { path, before } = await manyAgents(build);
      const whole = readFileSync(path);
      killAt(moment, path);
      // Else there would be nothing to undo, and this test could not fail.
      expect({
        isTorn: !readFileSync(path).equals(whole),
        hasJournal: statSync(`${path}-journal`).size > 0,
        hasLock: existsSync(`${path}.lock`),
      }).toEqual({ isTorn: true, hasJournal: true, hasLock: true });
      const store = await open(path, build);
      expect(store.snapshot()).toEqual(before);
      expect(existsSync(`${path}-journal`)).toBe(false);
      expect(await integrity(path, build)).toEqual({ integrity_check: 'ok' });
      store.agents.insert('next', { agent_id: 'next' });
      expect(store.agents.get('next')).toEqual({ agent_id: 'next' });
    });

    test.each(momentNames)('%s, a store that was open all along is as it was before', async (moment) => {
      const { path, before } = await manyAgents(build);
      const store = await open(path, build);
      expect(store.agents.get('agent 7')?.name).toBe('Before');
      killAt(moment, path);
      expect(store.agents.get('agent 7')?.name).toBe('Before');
      expect(store.snapshot()).toEqual(before);
    });

    test.each(momentNames)('%s, a store that was open all along sees the next change', async (moment) => {
      const { path } = await manyAgents(build);
      const [reader, writer] = [await open(path, build), await open(path, build)];
      expect(reader.agents.get('agent 7')?.name).toBe('Before');
      killAt(moment, path);
      // The reader meets the torn file first and undoes it; then the writer commits where the killed one stopped.
      expect(reader.agents.get('agent 7')?.name).toBe('Before');
      writer.agents.update('agent 7', (agent) => ({ ...agent, name: 'After' }));
      expect(reader.agents.get('agent 7')?.name).toBe('After');
    });

    test('leaving its name on the lock and the folder of SQLite, nobody waits for it', async () => {
      const { path, before } = await manyAgents(build);
      const pid = deadProcess();
      const token = `${hostname().replaceAll('~', '-')}~${pid}~1~0`;
      writeFileSync(join(`${path}.owner`, token), '');
      mkdirSync(`${path}.lock`);
      mkdirSync(`${path}.owner.${token}`);
      const store = await open(path, build);
      expect(store.snapshot()).toEqual(before);
    });

    test('before it had written anything, the file is made anew', async () => {
      const path = join(folder(), 'local.db');
      writeFileSync(path, '');
      writeFileSync(`${path}-journal`, '');
      mkdirSync(`${path}.lock`);
      const store = await open(path, build);
      expect(store.snapshot()).toEqual({ agents: [], phone_numbers: [] });
    });
  });
}

/** The id of a process that has ended. */
function deadProcess(): number {
  return Number(execFileSync(process.execPath, ['-p', 'process.pid']).toString());
}
