// One contract for every store: in memory and in a file, over both builds of SQLite.

import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Build } from '../../src/emulator/store/sqlite.js';
import { openStore, type Store } from '../../src/emulator/store/store.js';
import { thisProcess } from '../support/local-api.js';
import { builds, folder } from './support.js';

async function open(path: string, build: Build): Promise<Store> {
  const store = await openStore({ path, processes: thisProcess, build });
  onTestFinished(() => store.close());
  return store;
}

const places = builds.flatMap(({ build, isHere }) => [
  { name: `in memory, ${build}`, isHere, make: () => open(':memory:', build) },
  { name: `in a file, ${build}`, isHere, make: () => open(join(folder(), 'local.db'), build) },
]);

/** All pages of `limit`, as lists of ids. */
function pages({ agents }: Store, limit: number): string[][] {
  const found: string[][] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = agents.page(after, limit);
    found.push(page.documents.map(({ agent_id }) => String(agent_id)));
    after = page.next;
  }
  return found;
}

const insert = ({ agents }: Store, ...ids: string[]) => {
  for (const id of ids) agents.insert(id, { agent_id: id });
};

for (const { name, isHere, make } of places) {
  describe.skipIf(!isHere)(`the store ${name}`, () => {
    test('gives back what was inserted, and nothing for what was not', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a', tools: [{ x: null }], n: 1.5 });
      expect(agents.get('a')).toEqual({ agent_id: 'a', tools: [{ x: null }], n: 1.5 });
      expect(agents.get('b')).toBeUndefined();
    });

    test('keeps agents and phone numbers apart', async () => {
      const store = await make();
      store.agents.insert('a', { agent_id: 'a' });
      expect(store.phoneNumbers.get('a')).toBeUndefined();
      store.phoneNumbers.insert('a', { phone_number_id: 'a' });
      store.agents.remove('a');
      expect(store.phoneNumbers.get('a')).toEqual({ phone_number_id: 'a' });
    });

    test('updates a document to what the change makes of it', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a', name: 'Ava' });
      const changed = agents.update('a', ({ name, ...rest }) => ({ ...rest, was: name }));
      expect(changed).toEqual({ agent_id: 'a', was: 'Ava' });
      expect(agents.get('a')).toEqual({ agent_id: 'a', was: 'Ava' });
    });

    test('does not ask for a change of what is not there', async () => {
      const { agents } = await make();
      const asked: unknown[] = [];
      const changed = agents.update('a', (document) => {
        asked.push(document);
        return document;
      });
      expect({ changed, asked }).toEqual({ changed: undefined, asked: [] });
    });

    test('takes a change back when making it throws, and goes on', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a', name: 'Ava' });
      const mistake = new Error('no such voice');
      const change = () =>
        agents.update('a', (document) => {
          document.name = 'Bob';
          throw mistake;
        });
      expect(change).toThrow(mistake);
      expect(agents.get('a')).toEqual({ agent_id: 'a', name: 'Ava' });
      agents.update('a', () => ({ agent_id: 'a', name: 'Cy' }));
      expect(agents.get('a')).toEqual({ agent_id: 'a', name: 'Cy' });
    });

    test('removes once', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a' });
      expect([agents.remove('a'), agents.remove('a'), agents.get('a')]).toEqual([true, false, undefined]);
    });

    test('refuses a second document under one id and keeps the first', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a', name: 'Ava' });
      expect(() => agents.insert('a', { agent_id: 'a', name: 'Bob' })).toThrow(/UNIQUE/);
      expect(agents.get('a')).toEqual({ agent_id: 'a', name: 'Ava' });
    });

    test('goes on after a document it has refused', async () => {
      const store = await make();
      insert(store, 'a');
      expect(() => insert(store, 'a')).toThrow();
      insert(store, 'b', 'c');
      expect(pages(store, 10)).toEqual([['a', 'b', 'c']]);
    });

    test.each([
      { count: 0, limit: 3, expected: [[]] },
      { count: 2, limit: 3, expected: [['0', '1']] },
      { count: 3, limit: 3, expected: [['0', '1', '2']] },
      { count: 4, limit: 3, expected: [['0', '1', '2'], ['3']] },
      { count: 7, limit: 3, expected: [['0', '1', '2'], ['3', '4', '5'], ['6']] },
      { count: 3, limit: 1, expected: [['0'], ['1'], ['2']] },
    ])('pages $count documents by $limit in the order they were made', async ({ count, limit, expected }) => {
      const store = await make();
      insert(store, ...Array.from({ length: count }, (_, at) => String(at)));
      expect(pages(store, limit)).toEqual(expected);
    });

    test('keeps its place in the pages while documents are removed, changed and added', async () => {
      const store = await make();
      insert(store, 'a', 'b', 'c', 'd', 'e');
      const { documents, next = 0 } = store.agents.page(0, 2);
      expect(documents).toEqual([{ agent_id: 'a' }, { agent_id: 'b' }]);
      for (const id of ['a', 'b', 'd']) store.agents.remove(id);
      store.agents.update('c', (document) => ({ ...document, name: 'Cy' }));
      insert(store, 'f');
      expect(store.agents.page(next, 10)).toEqual({
        documents: [{ agent_id: 'c', name: 'Cy' }, { agent_id: 'e' }, { agent_id: 'f' }],
        next: undefined,
      });
    });

    test('never uses a place in the pages twice', async () => {
      const store = await make();
      insert(store, 'a', 'b', 'c');
      const { next = 0 } = store.agents.page(0, 2);
      for (const id of ['a', 'b', 'c']) store.agents.remove(id);
      insert(store, 'd');
      expect(store.agents.page(next, 2).documents).toEqual([{ agent_id: 'd' }]);
    });

    test('tells every id from every other, whatever is in it', async () => {
      const store = await make();
      const ids = ['a', 'A', 'a\0b', 'a\0c', 'a ', "it's", '"a"', '%', '_', '', "'; DROP TABLE agents; --"];
      ids.push('\u00e4', 'a\u0308', '鍵', '🔑', '\n', 'x'.repeat(10_000));
      for (const id of ids) store.agents.insert(id, { agent_id: id, says: `I am ${id}` });
      expect(ids.map((id) => store.agents.get(id))).toEqual(
        ids.map((id) => ({ agent_id: id, says: `I am ${id}` })),
      );
      expect(pages(store, 100)).toEqual([ids]);
      for (const id of ids) expect(store.agents.remove(id)).toBe(true);
      expect(pages(store, 100)).toEqual([[]]);
    });

    test('does not take what follows a NUL in an id for nothing', async () => {
      const { agents } = await make();
      agents.insert('a', { agent_id: 'a' });
      expect([agents.get('a\0'), agents.get('a\0b'), agents.remove('a\0')]).toEqual([
        undefined,
        undefined,
        false,
      ]);
    });

    test('gives a snapshot, and takes one in place of all there was', async () => {
      const store = await make();
      insert(store, 'b', 'a');
      store.phoneNumbers.insert('n', { phone_number_id: 'n', phone_number: '+14155550100' });
      store.addSecret('secret', 1000);
      const snapshot = store.snapshot();
      expect(snapshot).toEqual({
        agents: [{ agent_id: 'b' }, { agent_id: 'a' }],
        phone_numbers: [{ phone_number_id: 'n', phone_number: '+14155550100' }],
      });
      store.restore({ agents: [{ agent_id: 'z' }], phone_numbers: [] });
      expect(store.snapshot()).toEqual({ agents: [{ agent_id: 'z' }], phone_numbers: [] });
      expect([store.agents.get('a'), store.phoneNumbers.get('n')]).toEqual([undefined, undefined]);
      expect(store.isSecretValid('secret', 0)).toBe(false);
      store.restore(snapshot);
      expect(store.snapshot()).toEqual(snapshot);
    });

    test('keeps everything when a snapshot cannot be taken in whole', async () => {
      const store = await make();
      insert(store, 'a');
      const twice = { agents: [{ agent_id: 'b' }, { agent_id: 'b' }], phone_numbers: [] };
      expect(() => store.restore(twice)).toThrow();
      expect(store.snapshot()).toEqual({ agents: [{ agent_id: 'a' }], phone_numbers: [] });
    });

    test('knows a secret until the second it expires', async () => {
      const store = await make();
      store.addSecret('short', 100);
      store.addSecret('long', 200);
      const valid = (now: number) =>
        ['short', 'long', 'other'].map((value) => store.isSecretValid(value, now));
      expect([valid(99), valid(100), valid(199), valid(200)]).toEqual([
        [true, true, false],
        [false, true, false],
        [false, true, false],
        [false, false, false],
      ]);
    });

    test('has forgotten an expired secret even if the clock is set back', async () => {
      const store = await make();
      store.addSecret('secret', 100);
      expect([store.isSecretValid('secret', 100), store.isSecretValid('secret', 1)]).toEqual([false, false]);
    });

    test.each(['You are helpful.', 'It\'s "quoted"; ключ 🔑\n\ttabbed', 'with a \0 in it', ''])(
      'names the agent whose instructions are %j',
      async (instructions) => {
        const { agents, nameFor } = await make();
        agents.insert('other', { agent_id: 'other', name: 'Other', instructions: 'Something else.' });
        expect(nameFor(instructions)).toBeUndefined();
        agents.insert('a', { agent_id: 'a', name: 'Ava', instructions });
        expect(nameFor(instructions)).toBe('Ava');
      },
    );

    test('names no agent when several have the same instructions', async () => {
      const { agents, nameFor } = await make();
      for (const id of ['a', 'b', 'c']) agents.insert(id, { agent_id: id, name: id, instructions: 'Same.' });
      expect(nameFor('Same.')).toBeUndefined();
      agents.remove('c');
      agents.update('b', (document) => ({ ...document, instructions: 'Other.' }));
      expect(nameFor('Same.')).toBe('a');
    });

    test('remembers rightly however many are read', async () => {
      const store = await make();
      const ids = Array.from({ length: 1500 }, (_, at) => `agent ${at}`);
      store.restore({ agents: ids.map((id) => ({ agent_id: id })), phone_numbers: [] });
      for (let round = 0; round < 2; round++) {
        expect(ids.map((id) => store.agents.get(id)?.agent_id)).toEqual(ids);
      }
    });
  });
}

const pairs = builds.flatMap((one) => builds.map((other) => ({ one, other })));
for (const { one, other } of pairs) {
  const areHere = one.isHere && other.isHere;
  describe.skipIf(!areHere)(`two stores on one file, ${one.build} and ${other.build}`, () => {
    async function two(): Promise<[Store, Store]> {
      const path = join(folder(), 'local.db');
      return [await open(path, one.build), await open(path, other.build)];
    }

    test('each reads what the other has just written', async () => {
      const [a, b] = await two();
      const seen: unknown[] = [];
      const read = () => seen.push([a.agents.get('x')?.name, b.agents.get('x')?.name]);
      read();
      a.agents.insert('x', { agent_id: 'x', name: 'made by one' });
      read();
      b.agents.update('x', (document) => ({ ...document, name: 'changed by the other' }));
      read();
      a.agents.update('x', (document) => ({ ...document, name: 'and by the first again' }));
      read();
      b.restore({ agents: [{ agent_id: 'x', name: 'restored' }], phone_numbers: [] });
      read();
      a.agents.remove('x');
      read();
      const both = (name: string | undefined) => [name, name];
      expect(seen).toEqual([
        both(undefined),
        both('made by one'),
        both('changed by the other'),
        both('and by the first again'),
        both('restored'),
        both(undefined),
      ]);
    });

    test('writing in turns loses nothing', async () => {
      const [a, b] = await two();
      for (let at = 0; at < 20; at++) (at % 2 === 0 ? a : b).agents.insert(`${at}`, { agent_id: `${at}` });
      const made = Array.from({ length: 20 }, (_, at) => `${at}`);
      expect([pages(a, 7).flat(), pages(b, 7).flat()]).toEqual([made, made]);
    });

    test('an id with a NUL in it is the same to both', async () => {
      const [a, b] = await two();
      insert(a, 'x\0y');
      expect([b.agents.get('x\0y'), b.agents.remove('x\0y')]).toEqual([{ agent_id: 'x\0y' }, true]);
    });

    test('a secret made by one is good with the other', async () => {
      const [a, b] = await two();
      a.addSecret('secret', 100);
      expect(b.isSecretValid('secret', 99)).toBe(true);
    });

    test('what is closed is there when it is opened again', async () => {
      const path = join(folder(), 'local.db');
      const first = await openStore({ path, processes: thisProcess, build: one.build });
      insert(first, 'a', 'b');
      first.agents.remove('b');
      first.close();
      const second = await open(path, other.build);
      expect(second.snapshot()).toEqual({ agents: [{ agent_id: 'a' }], phone_numbers: [] });
      insert(second, 'c');
      // The place of the removed one is not given to the new one.
      expect(second.agents.page(2, 10).documents).toEqual([{ agent_id: 'c' }]);
    });
  });
}
