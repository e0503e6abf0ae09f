// What is wrong with an expectation beyond its shape: matchers nobody knows, patterns that are none, bounds that cross,
// entries that ask for nothing. The reader of the file tells it with its place; a check that has a fault cannot pass.

import { isObject } from '../../protocol/json.js';
import type { ExpectationKind } from '../format.js';
import type { Expectation } from '../scenario.js';
import { type Fault, matcherFaults, patternProblem } from './matchers.js';
import { folded } from './text.js';

/** Faults of an expectation that has the shape of its kind, with the path from its value. */
export function expectationFaults({ kind, value }: Pick<Expectation, 'kind' | 'value'>): Fault[] {
  return [...nothingAsked(kind, value), ...valueFaults(kind, value)];
}

/** What a schema cannot say of a value, whatever its shape. */
export function valueFaults(kind: ExpectationKind, value: unknown): Fault[] {
  switch (kind) {
    case 'says':
    case 'not_says':
      return [
        ...blankFaults(value, []),
        ...(isObject(value) ? patternFaults(value.matches, ['matches']) : []),
      ];
    case 'calls':
    case 'only_calls':
    case 'not_calls':
      return callsIn(value).flatMap(({ call, path }) => [
        ...matcherFaults(call.with, [...path, 'with']),
        ...matcherFaults(call.result, [...path, 'result']),
        ...crossed(call.times, [...path, 'times']),
        ...(kind === 'not_calls' ? neverFaults(call.times, [...path, 'times']) : []),
      ]);
    case 'state':
      return isEmpty(value) ? [{ path: [], problem: 'must not be empty' }] : matcherFaults(value);
    case 'questions':
    case 'words':
    case 'seconds':
    case 'silence':
    case 'cost':
      return crossed(value, []);
    default:
      return [];
  }
}

/** Blanks are everywhere and nowhere, as is what cannot be seen: words are compared without them. */
export function blankFaults(value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => blankFaults(each, [...path, at]));
  if (isObject(value)) {
    return ['contains', 'any', 'equals'].flatMap((name) => blankFaults(value[name], [...path, name]));
  }
  const isBlank = typeof value === 'string' && value !== '' && folded(value) === '';
  return isBlank ? [{ path, problem: 'must not be blank' }] : [];
}

/** A pattern at a place; none is no fault of its own. */
export function patternFaults(pattern: unknown, path: readonly PropertyKey[]): Fault[] {
  const problem = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
  return problem === undefined ? [] : [{ path, problem }];
}

function callsIn(value: unknown): { call: Record<string, unknown>; path: readonly PropertyKey[] }[] {
  const calls: { call: unknown; path: readonly PropertyKey[] }[] = Array.isArray(value)
    ? value.map((call: unknown, at) => ({ call, path: [at] }))
    : [{ call: value, path: [] }];
  return calls.flatMap(({ call, path }) => (isObject(call) ? [{ call, path }] : []));
}

/** Bounds between which there is nothing. */
function crossed(value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (!isObject(value) || typeof value.least !== 'number' || typeof value.most !== 'number') return [];
  if (value.least <= value.most) return [];
  return [
    {
      path: [...path, 'least'],
      problem: `must be at most ${value.most}, the value of most, got ${value.least}`,
    },
  ];
}

/** None is called 0 times: to forbid that would forbid nothing. */
function neverFaults(times: unknown, path: readonly PropertyKey[]): Fault[] {
  const problem = 'must be at least 1 here, got 0';
  if (times === 0) return [{ path, problem }];
  return isObject(times) && times.most === 0 ? [{ path: [...path, 'most'], problem }] : [];
}

/** An entry that looks at nothing would pass whatever happens. */
function nothingAsked(kind: ExpectationKind, value: unknown): Fault[] {
  const must = (path: readonly PropertyKey[], names: string): Fault => ({
    path,
    problem: `must name ${names}`,
  });
  switch (kind) {
    case 'says':
    case 'not_says':
      return isEmpty(value) ? [must([], 'contains, any, matches or equals')] : [];
    case 'calls':
    case 'only_calls':
    case 'not_calls':
      return callsIn(value).flatMap(({ call, path }) =>
        isEmpty(call.times) ? [must([...path, 'times'], 'least or most')] : [],
      );
    case 'latency':
      if (isEmpty(value)) return [must([], 'first_word, first_audio, tool or total')];
      return Object.entries(isObject(value) ? value : {}).flatMap(([name, limit]) =>
        isEmpty(limit) ? [must([name], 'most, p50 or p95')] : [],
      );
    default:
      return isEmpty(value) && ranges.includes(kind) ? [must([], 'least or most')] : [];
  }
}

const ranges: readonly ExpectationKind[] = ['questions', 'words', 'seconds', 'silence', 'cost'];

const isEmpty = (value: unknown) =>
  isObject(value) && Object.values(value).every((member) => member === undefined);
