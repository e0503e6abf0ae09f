// What a schema cannot say of a scenario. Values may be of any shape: faults of form are told besides.

import { orText } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { blankFaults, patternFaults } from './expect/faults.js';
import { entriesOf, expectationFaults } from './expectation-rules.js';
import type { Found, Keys } from './faults.js';

type Members = Record<string, unknown>;

/** What stands beside `scenarios`. */
export function sharedRuleFaults(shared: Members): Found[] {
  return [...expectationFaults(shared.expect, ['expect']), ...dayFaults(shared.override, ['override'])];
}

/** One scenario. What stands beside it counts with it, but is not looked at for itself. */
export function ruleFaults(entry: Members, at: Keys, shared: Members): Found[] {
  const turns: unknown[] = Array.isArray(entry.turns) ? entry.turns : [];
  const parts = ['turns', 'user', ...(at.length === 0 ? ['scenarios'] : [])];
  const isPlayed = entry.turns !== undefined || entry.user !== undefined;
  return [
    ...(isPlayed ? [] : [{ keys: at, problem: `must hold ${orText(parts)}` }]),
    ...passFaults(entry, at, shared),
    ...dayFaults(entry.override, [...at, 'override']),
    ...judgeFaults(entry, at, shared),
    ...expectationFaults(entry.expect, [...at, 'expect']),
    ...turns.flatMap((turn, index) =>
      isObject(turn) ? expectationFaults(turn.expect, [...at, 'turns', index, 'expect']) : [],
    ),
    ...(isObject(entry.user) ? personFaults(entry.user, [...at, 'user']) : []),
  ];
}

/** A day that no calendar has would become another. */
function dayFaults(override: unknown, at: Keys): Found[] {
  const today = isObject(override) ? override.today : undefined;
  if (typeof today !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(today)) return [];
  const date = new Date(`${today}T00:00:00Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(today);
  return isDay ? [] : [{ keys: [...at, 'today'], problem: `is no day of the calendar: ${today}` }];
}

function passFaults(entry: Members, at: Keys, shared: Members): Found[] {
  const { pass, runs = 1 } = { ...shared, ...entry };
  if (typeof pass !== 'number' || typeof runs !== 'number' || pass <= runs) return [];
  const holder = ['pass', 'runs'].find((name) => entry[name] !== undefined);
  const keys = holder === undefined ? ['pass'] : [...at, holder];
  return [
    holder === 'runs'
      ? { keys, problem: `must be at least ${pass}, the value of pass, got ${runs}` }
      : { keys, problem: `must be at most ${runs}, the value of runs, got ${pass}` },
  ];
}

/** A model's word is never all there is. */
function judgeFaults(entry: Members, at: Keys, shared: Members): Found[] {
  const turns: unknown[] = Array.isArray(entry.turns) ? entry.turns : [];
  const kinds = [
    ...entriesOf(shared.expect, ['expect']),
    ...turns.flatMap((turn, index) =>
      isObject(turn) ? entriesOf(turn.expect, [...at, 'turns', index, 'expect']) : [],
    ),
    ...entriesOf(entry.expect, [...at, 'expect']),
  ].flatMap((each) => Object.keys(each.entry).map((kind) => [...each.keys, kind]));
  const [first] = kinds;
  if (first === undefined || kinds.some((keys) => keys.at(-1) !== 'judge')) return [];
  return [{ keys: first, problem: 'must not be the only expectation: add another' }];
}

function personFaults(user: Members, at: Keys): Found[] {
  const rules: unknown[] = Array.isArray(user.rules) ? user.rules : [];
  return rules.flatMap((rule, index): Found[] => {
    if (!isObject(rule)) return [];
    const keys = [...at, 'rules', index];
    const isMute = rule.say === undefined && rule.done === undefined && Object.keys(rule).length > 0;
    return [
      ...(isMute ? [{ keys, problem: 'must hold say or done' }] : []),
      ...(isObject(rule.when) ? whenFaults(rule.when) : []).map(({ path, problem }) => ({
        keys: [...keys, 'when', ...path],
        problem,
      })),
    ];
  });
}

const whenFaults = ({ contains, matches }: Members) => [
  ...blankFaults(contains, ['contains']),
  ...patternFaults(matches, ['matches']),
];
