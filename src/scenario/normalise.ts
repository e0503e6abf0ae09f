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

export function toolsOf(written: ScenarioEntry['tools']): ToolsOfCase | undefined {
  if (written === undefined) return undefined;
  const given = typeof written === 'string' ? { file: written } : written;
  return { ...given, fail: given.fail ?? {}, slow: given.slow ?? {} };
}

export function localOf(written: ScenarioEntry['local']): Case['local'] {
  const given = typeof written === 'string' ? { script: written } : written;
  return { ...given, faults: given?.faults ?? [] };
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
