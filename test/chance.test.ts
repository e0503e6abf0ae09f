import { describe, expect, test } from 'vitest';
import { createChance } from '../src/chance.js';

const first = (count: number, seed: number, name?: string) => {
  const next = createChance(seed, name);
  return Array.from({ length: count }, next);
};

describe('chance', () => {
  test('is the same for the same seed and name, another for another', () => {
    expect(first(20, 1, 'a')).toEqual(first(20, 1, 'a'));
    const rows = [first(5, 1, 'a'), first(5, 2, 'a'), first(5, 1, 'b'), first(5, 12, ''), first(5, 1, '2')];
    expect(new Set(rows.map(String)).size).toBe(rows.length);
  });

  test('is evenly spread from 0 up to 1', () => {
    for (const seed of [0, 1, 7, 2 ** 40]) {
      const numbers = first(10_000, seed);
      expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true);
      for (let tenth = 0; tenth < 10; tenth++) {
        const share = numbers.filter((each) => Math.floor(each * 10) === tenth).length;
        expect({ seed, tenth, fair: share > 850 && share < 1150 }).toEqual({ seed, tenth, fair: true });
      }
    }
  });
});
