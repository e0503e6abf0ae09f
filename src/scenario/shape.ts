// Whether a scenario has the form of one, member by member. Turns are told apart by the key that tells their kind, so
// that what is wrong in a turn is told of that kind alone.

import * as z from 'zod/mini';
import { faultsOf, orText } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { didYouMean } from '../spec/did-you-mean.js';
import type { Found, Keys } from './faults.js';
import { expectationKinds, ScenarioEntry, shared, type TurnKind, turnKinds } from './format.js';
import { isDay } from './parameters.js';
import { holdsOptionsOnly, type Kinds, kindsOf, memberKinds, memberNames } from './schema-walk.js';

type Schema = z.ZodMiniType;

const { turns: _, each, ...members } = ScenarioEntry.shape;
const Rows = z.strictObject({ each });
/** But for turns and parameters, which are looked at one by one. */
const Entry = z.strictObject({
  ...members,
  turns: z.optional(z.array(z.unknown()).check(z.minLength(1))),
});

/** What may stand beside `scenarios`. */
export const Beside = z.strictObject(shared);

/** What stands beside `scenarios`, as it is written or filled in. */
export function sharedFaults(value: Record<string, unknown>): Found[] {
  const misplaced = Object.keys(value).filter(
    (name) => !Object.hasOwn(shared, name) && Object.hasOwn(ScenarioEntry.shape, name),
  );
  const own = Object.entries(value).filter(([name]) => !misplaced.includes(name));
  return [
    ...misplaced.map((name) => ({ keys: [name], problem: 'belongs to one of the scenarios' })),
    ...shapeFaults(Beside, Object.fromEntries(own), []),
  ];
}

/** The parameters of a scenario. */
export function eachFaults(value: unknown, at: Keys): Found[] {
  const faults = shapeFaults(Rows, { each: value }, at);
  if (faults.length > 0 || !Array.isArray(value)) return faults;
  return value.flatMap((row: object, index): Found[] => {
    const keys = [...at, 'each', index];
    const names = Object.keys(row);
    if (names.length === 0) return [{ keys, problem: 'must not be empty' }];
    return names
      .filter(isDay)
      .map((name) => ({ keys: [...keys, name], problem: 'is filled in by itself: give it another name' }));
  });
}

/** One scenario, without its parameters. */
export function entryFaults(value: Record<string, unknown>, at: Keys): Found[] {
  const turns = Array.isArray(value.turns) ? value.turns : [];
  return [
    ...shapeFaults(Entry, value, at),
    ...turns.flatMap((turn: unknown, index) => turnFaults(turn, [...at, 'turns', index])),
  ];
}

function turnFaults(turn: unknown, at: Keys): Found[] {
  const names = Object.keys(turnKinds) as TurnKind[];
  if (!isObject(turn)) return shapeFaults(z.strictObject({}), turn, at);
  const given = names.filter((name) => Object.hasOwn(turn, name));
  const [kind] = given;
  if (given.length > 1) return [{ keys: at, problem: `is one turn: make several of ${given.join(' and ')}` }];
  if (kind !== undefined) return shapeFaults(turnKinds[kind], turn, at);
  const near = Object.keys(turn).map((name) => didYouMean(name, names));
  return [{ keys: at, problem: `must hold ${orText(names)}${near.find(Boolean) ?? ''}` }];
}

function shapeFaults(schema: Schema, value: unknown, at: Keys): Found[] {
  const faults = faultsOf(schema, value).map(({ keys, unknown, problem }) =>
    unknown === undefined
      ? { keys, problem }
      : { keys: [...keys, unknown], problem: whyUnknown(schema, keys, unknown, at) },
  );
  const all = [...faults, ...emptyMembers(kindsOf(schema), value, [])];
  return all.map(({ keys, problem }) => ({ keys: [...at, ...keys], problem }));
}

function whyUnknown(schema: Schema, keys: Keys, name: string, at: Keys): string {
  const isOfFile = at.length + keys.length === 0;
  const known = memberNames(keys.reduce<Kinds>(memberKinds, kindsOf(schema)));
  const isExpectation = known.includes('expect') && Object.hasOwn(expectationKinds, name);
  return isExpectation
    ? 'belongs under expect'
    : `is not known${didYouMean(name, isOfFile ? [...known, 'scenarios'] : known)}`;
}

/** Objects of which all may be left out, and is: whoever wrote one meant to say something. */
function emptyMembers(kinds: Kinds, value: unknown, keys: Keys): Found[] {
  if (typeof value !== 'object' || value === null || kinds.length === 0) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const inner = entries.flatMap(([key, member]) =>
    emptyMembers(memberKinds(kinds, key), member, [...keys, key]),
  );
  const isEmpty = isObject(value) && entries.length === 0 && keys.length > 0;
  const meant = kinds.filter(holdsOptionsOnly);
  if (!isEmpty || meant.length === 0) return inner;
  const names = memberNames(meant);
  return [{ keys, problem: names.length > 5 ? 'must not be empty' : `must hold ${orText(names)}` }];
}
