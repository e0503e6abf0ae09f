// Conversations as they were played, and expectations as they are written, for the tests of each kind.

import { checkOverRuns, checkRun } from '../../../src/scenario/expect/check.js';
import { ExpectationEntry } from '../../../src/scenario/format.js';
import type { Judge } from '../../../src/scenario/judge.js';
import type { Played, PlayedCall, PlayedTurn } from '../../../src/scenario/played.js';
import type { Check } from '../../../src/scenario/result.js';
import type { Case, Expectation } from '../../../src/scenario/scenario.js';
import { aCase, aTurn } from '../../support/scenarios.js';

/** Saturday, 4 July 2026, at noon where the tests run. */
export const now_ms = new Date(2026, 6, 4, 12).getTime();

export function call(
  name: string,
  given: unknown = {},
  more: Partial<PlayedCall> | unknown = {},
): PlayedCall {
  const isDetail =
    typeof more === 'object' && more !== null && ('output' in more || 'said_before' in more || 'ms' in more);
  return {
    call_id: 'call_1',
    name,
    arguments: given,
    output: isDetail ? undefined : JSON.stringify(more),
    ms: 20,
    at_ms: 0,
    said_before: 0,
    ...(isDetail ? (more as Partial<PlayedCall>) : {}),
  };
}

export function turn(answer: string, more: Partial<PlayedTurn> = {}): PlayedTurn {
  return aTurn({
    answer,
    ended_ms: 1000,
    first_word_ms: 300,
    first_audio_ms: 400,
    total_ms: 900,
    audio_seconds: 2,
    longest_silence_ms: 500,
    cost_ticks: 100_000_000n,
    ...more,
  });
}

/** Several turns, numbered in order unless they say otherwise. */
export function conversation(turns: readonly PlayedTurn[], more: Partial<Played> = {}): Played {
  return {
    turns: turns.map((each, index) => ({ ...each, index: each.index === 0 ? index : each.index })),
    notices: [],
    ending: 'script',
    total_ms: 5000,
    cost_ticks: 500_000_000n,
    now_ms,
    ...more,
  };
}

export function expectations(written: unknown): Expectation[] {
  return [written]
    .flat()
    .flatMap((entry) =>
      Object.entries(ExpectationEntry.parse(entry)).map(
        ([kind, value]) => ({ kind, value, place: { line: 3, column: 5 } }) as Expectation,
      ),
    );
}

/** A scenario with so many turns; `perTurn` expects of the first. */
export function scenario(
  { whole = [], perTurn = [] }: { whole?: unknown; perTurn?: unknown },
  turns = 1,
): Case {
  return aCase({
    turns: Array.from({ length: turns }, (_, at) => ({
      kind: 'user' as const,
      text: 'Hello',
      place: { line: 2, column: 1 },
      expect: at === 0 ? expectations(perTurn) : [],
    })),
    expect: expectations(whole),
  });
}

const shown = ({ verdict, expected, got }: Check) => [verdict, expected, got];

/** "verdict, expected, got" of what is expected of the first turn. */
export async function ofTurn(written: unknown, played: Played, judge?: Judge) {
  return (await checkRun(scenario({ perTurn: written }, played.turns.length), played, { judge })).map(shown);
}

/** The same of the whole conversation. */
export async function ofWhole(written: unknown, played: Played, judge?: Judge) {
  return (await checkRun(scenario({ whole: written }, played.turns.length), played, { judge })).map(shown);
}

/** The verdicts alone. */
export const verdicts = (checks: readonly (readonly string[])[]) => checks.map(([verdict]) => verdict);

export const overRuns = (written: unknown, runs: readonly Played[]) =>
  checkOverRuns(scenario({ whole: written }), runs).map(shown);

/** A row of a table: what is expected, what was played, and the check that comes of it. */
export type Row = [written: unknown, played: Played, check: [verdict: string, expected: string, got: string]];
