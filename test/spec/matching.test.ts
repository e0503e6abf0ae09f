// What fits and what does not is held by test/tools/canned.test.ts and test/scenario/expect/matchers.test.ts.

import { expect, test } from 'vitest';
import { differences, memberDifferences } from '../../src/spec/matching.js';

test('every place is told in which a value is other', () => {
  const value = { a: { b: 1, c: [1, { d: 'x' }] }, e: null };
  expect(differences({ a: { b: '1', c: [2, { d: 'y' }] }, e: 5, f: { g: 1 } }, value)).toEqual([
    { path: ['a', 'c', 0], value: 1 },
    { path: ['a', 'c', 1, 'd'], value: 'x' },
    { path: ['e'], value: null },
    { path: ['f', 'g'], value: undefined },
  ]);
});

test('types are compared where that is asked for, at any depth', () => {
  const value = { a: ['2', true, 'Yes'] };
  const wanted = { a: [2, 'true', ' yes '] };
  expect(differences(wanted, value)).toEqual([]);
  expect(memberDifferences(wanted, value, { typed: true })).toEqual([
    { path: ['a', 0], value: '2' },
    { path: ['a', 1], value: true },
  ]);
});

test('nothing is asked for by {} at the top, and emptiness by {} in a member', () => {
  expect([memberDifferences({}, { a: 1 }), memberDifferences({ a: {} }, { a: {} })]).toEqual([[], []]);
  expect(memberDifferences({ a: {} }, { a: { b: 1 } })).toEqual([{ path: ['a'], value: { b: 1 } }]);
  expect(differences({}, { a: 1 })).toHaveLength(1);
});

test('what an object inherits is not its own', () => {
  expect(memberDifferences({ constructor: null, toString: null }, {})).toEqual([]);
});

test('a matcher compares what it takes, and leaves the rest', () => {
  const matcher = (wanted: Record<string, unknown>) => ('any' in wanted ? [] : undefined);
  expect(differences({ a: { any: 1 }, b: [{ c: 1 }] }, { a: 9, b: [{ c: 2 }] }, { matcher })).toEqual([
    { path: ['b', 0, 'c'], value: 2 },
  ]);
});
