// What a schema cannot say of expectations, with the place of each. Values may be of any shape: faults of form are told
// besides.

import { isObject } from '../protocol/json.js';
import { valueFaults } from './expect/faults.js';
import type { Found, Keys } from './faults.js';
import { type ExpectationKind, expectationKinds } from './format.js';

/** One entry, or a list of them. */
export function expectationFaults(value: unknown, at: Keys): Found[] {
  return entriesOf(value, at).flatMap(({ entry, keys }) =>
    Object.entries(entry).flatMap(([kind, expected]) =>
      isKind(kind)
        ? valueFaults(kind, expected).map(({ path, problem }) => ({
            keys: [...keys, kind, ...path],
            problem,
          }))
        : [],
    ),
  );
}

const isKind = (name: string): name is ExpectationKind => Object.hasOwn(expectationKinds, name);

/** The entries with the way to each. */
export function entriesOf(value: unknown, at: Keys): { entry: Record<string, unknown>; keys: Keys }[] {
  const entries = Array.isArray(value)
    ? value.map((entry: unknown, index) => ({ entry, keys: [...at, index] }))
    : [{ entry: value, keys: at }];
  return entries.flatMap(({ entry, keys }) => (isObject(entry) ? [{ entry, keys }] : []));
}
