// What is wrong with a scenario file: where it stands, and in words. All of it is told at once.

import { CliError } from '../errors.js';
import { pathText } from '../protocol/faults.js';
import type { Place } from './scenario.js';

/** A way through the value of a file: ["scenarios", 0, "turns", 2, "user"]. */
export type Keys = readonly PropertyKey[];

/** What is wrong with a part of a file's value. */
export interface Found {
  keys: Keys;
  /** "must not be empty". */
  problem: string;
}

export interface PlacedFault {
  place: Place;
  /** "turns[2].user must not be empty". */
  text: string;
}

/** Tells a fault by the way to it. */
export function placed({ keys, problem }: Found, placeOf: (keys: Keys) => Place): PlacedFault {
  return { place: placeOf(keys), text: `${pathText(keys)} ${problem}`.trim() };
}

/** All faults of a file in one `invalid_spec`, a line each: "a.scenario.yaml:3:5: turns[2].user must not be empty". */
export function refused(source: string, faults: readonly PlacedFault[]): CliError {
  const lines = [...faults]
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ place: { line, column }, text }) => `${source}:${line}:${column}: ${text}`);
  // Members that several cases share are looked at for each.
  return new CliError('invalid_spec', [...new Set(lines)].join('\n  '), {
    hint: 'agents help scenarios shows what a scenario file may hold',
  });
}
