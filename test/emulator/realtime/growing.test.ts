import { describe, expect, test } from 'vitest';
import { createChance } from '../../../src/chance.js';
import { Growing } from '../../../src/emulator/realtime/growing.js';

const told = (map: Growing<number>) => [...map.entries()];

describe('a map that grows', () => {
  test('holds what was set, the newest last', () => {
    const map = Growing.of<number>(['a', 1]).set('b', 2).set('a', 3).delete('b').set('c', 4);
    expect(told(map)).toEqual([
      ['a', 3],
      ['c', 4],
    ]);
    expect([map.get('a'), map.get('b'), map.has('b'), map.has('c')]).toEqual([3, undefined, false, true]);
  });

  test('tells nothing that is held from nothing at all', () => {
    const map = Growing.of<number | undefined>().set('a', undefined);
    expect([map.has('a'), map.has('b'), [...map.values()]]).toEqual([true, false, [undefined]]);
  });

  test('stays as it was when it is changed', () => {
    const before = Growing.of<number>(['a', 1]);
    const one = before.set('a', 2);
    const other = before.delete('a');
    expect([told(before), told(one), told(other)]).toEqual([[['a', 1]], [['a', 2]], []]);
  });

  test('is what a copied one would be, whichever of its versions is changed', () => {
    const chance = createChance(1, 'growing');
    const pick = (below: number) => Math.floor(chance() * below);
    const versions: [Growing<number>, [string, number][]][] = [[Growing.of<number>(), []]];
    for (let value = 0; value < 3000; value++) {
      // Mostly the newest one, as in a conversation.
      const at = pick(4) > 0 ? versions.length - 1 : pick(versions.length);
      const [map, entries] = versions[at] as (typeof versions)[number];
      const key = `key-${pick(20)}`;
      const others = entries.filter(([each]) => each !== key);
      if (pick(3) === 0) versions.push([map.delete(key), others]);
      else versions.push([map.set(key, value), [...others, [key, value]]]);
    }
    for (const [map, entries] of versions) {
      expect(told(map)).toEqual(entries);
      for (let at = 0; at < 20; at++) {
        const held = entries.find(([key]) => key === `key-${at}`);
        expect([map.has(`key-${at}`), map.get(`key-${at}`)]).toEqual([held !== undefined, held?.[1]]);
      }
    }
  });
});
