// Parts of a scenario that may be written in several ways, in the one way they are run.

import { entriesOf } from './expectation-rules.js';
import type { Keys } from './faults.js';
import type { ExpectationKind, ScenarioEntry } from './format.js';
import type { Case, Expectation, Place, ToolsOfCase, Turn } from './scenario.js';

type PlaceOf = (keys: Keys) => Place;

/** An entry with several kinds, or a list, as a list in order. */
export function expectationsOf(value: unknown, at: Keys, placeOf: PlaceOf): Expectation[] {
  return entriesOf(value, at).flatMap(({ entry, keys }) =>
    Object.entries(entry).map(
      ([kind, expected]) =>
        ({
          kind: kind as ExpectationKind,
          value: expected,
          place: placeOf([...keys, kind]),
        }) as Expectation,
    ),
  );
}

/** `turn` has been checked: it holds one of the telling keys. */
export function turnOf(
  written: NonNullable<ScenarioEntry['turns']>[number],
  at: Keys,
  placeOf: PlaceOf,
): Turn {
  const common = {
    place: placeOf(at),
    expect: expectationsOf(written.expect, [...at, 'expect'], placeOf),
    ...('interrupt' in written && written.interrupt !== undefined && { interrupt: written.interrupt }),
  };
  if ('user' in written) return { kind: 'user', text: written.user, ...common };
  if ('audio' in written) return { kind: 'audio', file: written.audio, ...common };
  if ('dtmf' in written) return { kind: 'dtmf', keys: written.dtmf, ...common };
  return { kind: 'silence', seconds: written.silence, ...common };
}

/** A scenario's own tools are added to those of its file, unless it names a file of its own. */
export function toolsOf(
  shared: ScenarioEntry['tools'],
  own: ScenarioEntry['tools'],
): ToolsOfCase | undefined {
  const [base, more] = [shared, own].map((each) => (typeof each === 'string' ? { file: each } : each));
  if (base === undefined && more === undefined) return undefined;
  const under = more?.file === undefined ? base : undefined;
  const joined = (name: 'state' | 'answers') =>
    under?.[name] === undefined && more?.[name] === undefined
      ? {}
      : { [name]: { ...under?.[name], ...more?.[name] } };
  const file = more?.file ?? under?.file;
  return {
    ...(file !== undefined && { file }),
    ...joined('state'),
    ...joined('answers'),
    fail: { ...under?.fail, ...more?.fail },
    slow: { ...under?.slow, ...more?.slow },
  };
}

/** The same for the local API. */
export function localOf(shared: ScenarioEntry['local'], own: ScenarioEntry['local']): Case['local'] {
  const [base, more] = [shared, own].map((each) => (typeof each === 'string' ? { script: each } : each));
  const script = more?.script ?? base?.script;
  return { ...(script !== undefined && { script }), faults: more?.faults ?? base?.faults ?? [] };
}

/** One program, or a list of them. */
export function programsOf(written: ScenarioEntry['setup']): string[][] {
  if (written === undefined) return [];
  const isOne = (given: string[] | string[][]): given is string[] => typeof given[0] === 'string';
  return isOne(written) ? [written] : written;
}

/** One, or a list. */
export function listOf(written: string | string[]): string[] {
  return typeof written === 'string' ? [written] : written;
}
