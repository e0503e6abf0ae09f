// What a schema cannot say of expectations. Values may be of any shape: faults of form are told besides.

import { isObject } from '../protocol/json.js';
import { didYouMean } from '../spec/did-you-mean.js';
import type { Found, Keys } from './faults.js';

/** One entry, or a list of them. */
export function expectationFaults(value: unknown, at: Keys): Found[] {
  return entriesOf(value, at).flatMap(({ entry, keys }) =>
    Object.entries(entry).flatMap(([kind, expected]) => rules.get(kind)?.(expected, [...keys, kind]) ?? []),
  );
}

/** The entries with the way to each. */
export function entriesOf(value: unknown, at: Keys): { entry: Record<string, unknown>; keys: Keys }[] {
  const entries = Array.isArray(value)
    ? value.map((entry: unknown, index) => ({ entry, keys: [...at, index] }))
    : [{ entry: value, keys: at }];
  return entries.flatMap(({ entry, keys }) => (isObject(entry) ? [{ entry, keys }] : []));
}

type Rule = (value: unknown, at: Keys) => Found[];

const range: Rule = (value, at) => {
  if (!isObject(value) || typeof value.least !== 'number' || typeof value.most !== 'number') return [];
  if (value.least <= value.most) return [];
  return [
    {
      keys: [...at, 'least'],
      problem: `must be at most ${value.most}, the value of most, got ${value.least}`,
    },
  ];
};

const words: Rule = (value, at) => (isObject(value) ? patternFaults(value.matches, [...at, 'matches']) : []);

const calls: Rule = (value, at) => {
  if (Array.isArray(value)) return value.flatMap((call, index) => calls(call, [...at, index]));
  if (!isObject(value)) return [];
  return [
    ...matcherFaults(value.with, [...at, 'with']),
    ...matcherFaults(value.result, [...at, 'result']),
    ...range(value.times, [...at, 'times']),
  ];
};

const rules = new Map<string, Rule>([
  ['says', words],
  ['not_says', words],
  ['calls', calls],
  ['only_calls', calls],
  ['not_calls', calls],
  ['questions', range],
  ['words', range],
  ['seconds', range],
  ['silence', range],
  ['cost', range],
  ['state', matcherFaults],
]);

const matchers = ['$matches', '$contains', '$any', '$type', '$least', '$most', '$not', '$exists'];

/** A matcher that is misspelt would be a member that is never there, and `$not` of it always right. */
function matcherFaults(value: unknown, at: Keys): Found[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => matcherFaults(entry, [...at, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const keys = [...at, name];
    if (name === '$matches' && typeof member === 'string') return patternFaults(member, keys);
    if (!name.startsWith('$') || matchers.includes(name)) return matcherFaults(member, keys);
    return [{ keys, problem: `is no matcher${didYouMean(name, matchers)}` }];
  });
}

/** A regular expression, as it is used: of characters, in capitals or not. */
export function patternFaults(pattern: unknown, keys: Keys): Found[] {
  if (typeof pattern !== 'string') return [];
  try {
    // Days are filled in when it is run.
    new RegExp(pattern.replace(/\{\{\s*today([+-]\d{1,4})?\s*\}\}/g, '2000-01-01'), 'iu');
    return [];
  } catch (error) {
    const reason = (error as Error).message.split(': ').at(-1) ?? '';
    return [
      { keys, problem: `is no regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}` },
    ];
  }
}
