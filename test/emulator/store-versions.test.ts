// Data files of earlier versions, as they were written then, and what becomes of them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Build } from '../../src/emulator/store/sqlite.js';
import { openStore } from '../../src/emulator/store/store.js';
import { thisProcess } from '../support/local-api.js';
import { builds, folder, oldDataFile, refusal } from './support.js';

async function open(path: string, build: Build) {
  const store = await openStore({ path, processes: thisProcess, build });
  onTestFinished(() => store.close());
  return store;
}

/** What SQLite says of a file. */
function ask(path: string, sql: string): unknown {
  const database = new sqlite.Database(path);
  try {
    return Object.values(database.get(sql) ?? {})[0];
  } finally {
    database.close();
  }
}

const kinds = ['without fingerprints', 'with fingerprints', 'with some fingerprints'] as const;

for (const { build, isHere } of builds) {
  describe.skipIf(!isHere).each(kinds)(`a file of version 1 %s, SQLite ${build},`, (kind) => {
    const file = () => oldDataFile(join(folder(), 'local.db'), kind);

    test('is brought to this version with all that is in it', async () => {
      const path = file();
      const store = await open(path, build);
      expect(store.snapshot()).toEqual({
        agents: [
          { agent_id: 'a', name: 'Ava', instructions: 'Be brief.' },
          { agent_id: 'b', name: 'Ben' },
        ],
        phone_numbers: [{ phone_number_id: 'p', phone_number: '+14155550100' }],
      });
      expect([store.nameFor('Be brief.'), store.nameFor('Be kind.')]).toEqual(['Ava', undefined]);
      expect(store.isSecretValid('secret', 0)).toBe(true);
      store.agents.insert('c', { agent_id: 'c', name: 'Cai', instructions: 'Be kind.' });
      store.agents.update('b', (agent) => ({ ...agent, instructions: 'Be bold.' }));
      expect([store.nameFor('Be kind.'), store.nameFor('Be bold.')]).toEqual(['Cai', 'Ben']);
      expect(ask(path, 'PRAGMA user_version')).toBe(4);
      store.knowledge.addCollection('k', { collection_id: 'k' });
      expect(store.knowledge.collections(0, 1).documents).toMatchObject([{ collection_id: 'k' }]);
      expect(ask(path, "SELECT name FROM sqlite_schema WHERE name = 'agents_by_fingerprint'")).toBeDefined();
      expect(ask(path, 'PRAGMA integrity_check')).toBe('ok');
    });

    test('is brought to it once, whoever else has it open', async () => {
      const path = file();
      const [one, other] = [await open(path, build), await open(path, 'wasm')];
      one.agents.insert('c', { agent_id: 'c', name: 'Cai', instructions: 'Be kind.' });
      expect([one, other].map((store) => store.nameFor('Be brief.'))).toEqual(['Ava', 'Ava']);
      expect(other.agents.get('c')).toMatchObject({ name: 'Cai' });
    });

    test('stays as it was where that fails', async () => {
      const path = file();
      const database = new sqlite.Database(path);
      database.exec("INSERT INTO agents (id, body) VALUES ('torn', '{')");
      database.close();
      const before = readFileSync(path);
      const store = await open(path, build);
      expect(await refusal(() => store.snapshot())).toEqual({
        code: 'storage',
        message: `the data file ${path} is damaged`,
      });
      expect(readFileSync(path).equals(before)).toBe(true);
    });
  });
}
