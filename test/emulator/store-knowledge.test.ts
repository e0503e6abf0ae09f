// What a store knows, in memory and in a file, over both builds of SQLite.

import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Build } from '../../src/emulator/store/sqlite.js';
import { openStore, type Store } from '../../src/emulator/store/store.js';
import { thisProcess } from '../support/local-api.js';
import { builds, folder, oldDataFile } from './support.js';

async function open(path: string, build: Build): Promise<Store> {
  const store = await openStore({ path, processes: thisProcess, build });
  onTestFinished(() => store.close());
  return store;
}

const places = builds.flatMap(({ build, isHere }) => [
  { name: `in memory, ${build}`, build, isHere, path: () => ':memory:' },
  { name: `in a file, ${build}`, build, isHere, path: () => join(folder(), 'local.db') },
]);

const found = ({ knowledge }: Store, query: string, ids = ['c'], nowMs = 1000, limit = 10) =>
  knowledge.search(query, ids, limit, nowMs).map(({ file_id, passage }) => `${file_id}: ${passage}`);

/** A collection `c` with two documents, the second processed later, and one `d` with a third. */
function stock({ knowledge }: Store): void {
  for (const id of ['c', 'd']) knowledge.addCollection(id, { collection_id: id });
  for (const id of ['f', 'g', 'h']) knowledge.addFile(id, { id }, new Uint8Array([0, 1, 255]));
  const add = (collection_id: string, file_id: string, ready_at: number, ...passages: string[]) =>
    knowledge.addDocument({ collection_id, file_id, ready_at, body: { of: file_id } }, passages);
  add('c', 'f', 0, 'Apples are red.', 'Pears are green.');
  add('c', 'g', 500, 'Apples and more apples, and an apple.');
  add('d', 'h', 0, 'Apples elsewhere.');
}

for (const { name, build, isHere, path } of places) {
  describe.skipIf(!isHere)(`a store ${name}`, () => {
    const make = () => open(path(), build);

    test('finds passages by the stems of words, the best first, in the collections and at the time asked', async () => {
      const store = await make();
      stock(store);
      const all = ['g: Apples and more apples, and an apple.', 'f: Apples are red.'];
      expect(found(store, '"apple"')).toEqual(all);
      expect(found(store, '"apple"', ['c'], 499)).toEqual(['f: Apples are red.']);
      expect(found(store, '"apple"', ['c'], 1000, 1)).toEqual(all.slice(0, 1));
      expect(found(store, '"green" OR "red"')).toHaveLength(2);
      expect(found(store, '"apples"', ['c', 'd'])).toHaveLength(3);
      expect([found(store, '"plum"'), found(store, '"apple"', [])]).toEqual([[], []]);
    });

    test('forgets what is taken away, with its passages', async () => {
      const store = await make();
      const { knowledge } = store;
      stock(store);
      expect([knowledge.removeDocument('c', 'g'), knowledge.removeDocument('c', 'g')]).toEqual([true, false]);
      expect(found(store, '"apple"')).toEqual(['f: Apples are red.']);
      knowledge.addDocument({ collection_id: 'c', file_id: 'f', ready_at: 0, body: {} }, ['Plums.']);
      expect([found(store, '"apple"'), found(store, '"plum"')]).toEqual([[], ['f: Plums.']]);
      expect(knowledge.getCollection('c')?.documents).toBe(1);
      expect(knowledge.removeFile('f')).toBe(true);
      expect([found(store, '"plum"'), knowledge.getCollection('c')?.documents]).toEqual([[], 0]);
      expect([knowledge.removeCollection('d'), knowledge.removeCollection('d')]).toEqual([true, false]);
      expect(found(store, '"apple"', ['d'])).toEqual([]);
      expect(knowledge.getFile('h')).toEqual({ id: 'h' });
      expect(knowledge.documents('c', 0, 10)).toEqual({ documents: [], next: undefined });
    });

    test('keeps bytes as they are, and gives documents by pages', async () => {
      const store = await make();
      stock(store);
      expect([...(store.knowledge.bytesOf('f') ?? [])]).toEqual([0, 1, 255]);
      expect(store.knowledge.bytesOf('nope')).toBeUndefined();
      const { documents, next } = store.knowledge.documents('c', 0, 1);
      expect(documents).toEqual([{ collection_id: 'c', file_id: 'f', ready_at: 0, body: { of: 'f' } }]);
      expect(store.knowledge.documents('c', next ?? 0, 1).documents).toMatchObject([{ file_id: 'g' }]);
    });

    test('is put back from a snapshot, and emptied by one without knowledge', async () => {
      const [store, other] = [await make(), await make()];
      stock(store);
      const snapshot = store.snapshot();
      other.restore(JSON.parse(JSON.stringify(snapshot)));
      expect(other.snapshot()).toEqual(snapshot);
      expect(found(other, '"apple"')).toEqual(found(store, '"apple"'));
      other.restore({ agents: [], phone_numbers: [] });
      expect(other.snapshot()).toEqual({ agents: [], phone_numbers: [] });
      expect(found(other, '"apple"')).toEqual([]);
    });
  });
}

for (const { build, isHere } of builds) {
  test.skipIf(!isHere)(`a file of version 2 learns to know, SQLite ${build}`, async () => {
    const path = oldDataFile(join(folder(), 'local.db'), 'with fingerprints');
    const database = new sqlite.Database(path);
    database.exec('PRAGMA user_version = 2');
    database.close();
    const store = await open(path, build);
    stock(store);
    expect(found(store, '"green"')).toEqual(['f: Pears are green.']);
    expect(store.snapshot().agents).toHaveLength(2);
    const again = await open(path, 'wasm');
    expect(found(again, '"green"')).toEqual(['f: Pears are green.']);
  });
}
