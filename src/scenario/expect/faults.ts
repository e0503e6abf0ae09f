// What is wrong with an expectation beyond its shape: matchers nobody knows, patterns that are none, entries that ask for
// nothing. The reader of the file tells it with its place; a check that has a fault cannot pass.

import { isObject } from '../../protocol/json.js';
import type { Expectation } from '../scenario.js';
import { type Fault, matcherFaults, patternProblem } from './matchers.js';

/** Faults of an expectation's value, with the path from it. */
export function expectationFaults({ kind, value }: Pick<Expectation, 'kind' | 'value'>): Fault[] {
  switch (kind) {
    case 'says':
    case 'not_says':
      return wordFaults(value);
    case 'calls':
    case 'only_calls':
    case 'not_calls':
      return Array.isArray(value)
        ? value.flatMap((call, at) => callFaults(call, [at]))
        : callFaults(value, []);
    case 'state':
      return matcherFaults(value);
    case 'latency':
      return latencyFaults(value);
    case 'questions':
    case 'words':
    case 'seconds':
    case 'silence':
    case 'cost':
      return isEmpty(value) ? [{ path: [], problem: 'must name least or most' }] : [];
    default:
      return [];
  }
}

function wordFaults(value: unknown): Fault[] {
  if (isEmpty(value)) return [{ path: [], problem: 'must name contains, any, matches or equals' }];
  if (!isObject(value) || value.matches === undefined) return [];
  const problem = patternProblem(value.matches);
  return problem === undefined ? [] : [{ path: ['matches'], problem }];
}

function callFaults(call: unknown, path: readonly PropertyKey[]): Fault[] {
  if (!isObject(call)) return [];
  return [
    ...matcherFaults(call.with, [...path, 'with']),
    ...matcherFaults(call.result, [...path, 'result']),
    ...(isEmpty(call.times) ? [{ path: [...path, 'times'], problem: 'must name least or most' }] : []),
  ];
}

function latencyFaults(value: unknown): Fault[] {
  if (isEmpty(value)) return [{ path: [], problem: 'must name first_word, first_audio, tool or total' }];
  return Object.entries(isObject(value) ? value : {}).flatMap(([name, limit]) =>
    isEmpty(limit) ? [{ path: [name], problem: 'must name most, p50 or p95' }] : [],
  );
}

const isEmpty = (value: unknown) =>
  isObject(value) && Object.values(value).every((member) => member === undefined);
