// A run kept to compare later ones with: of each scenario how often it passed, and a number a run of what it took. Made
// to be committed: sorted, a line a row of numbers, and the same text for the same report.

import * as z from 'zod/mini';
import { CliError } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { parseUsd } from '../../money.js';
import { isObject } from '../../protocol/json.js';
import type { CaseResult, Report, RunResult, TurnResult } from '../result.js';
import { checked, jsonIn } from './read.js';
import { median } from './statistics.js';
import { byId } from './totals.js';

export const baselineVersion = 1;

/** What is measured of a run. */
export const measures = ['first_word_ms', 'first_audio_ms', 'tool_ms', 'total_ms', 'cost_usd'] as const;
export type Measure = (typeof measures)[number];

/**
 * A scenario's runs that came to a verdict. Of each measure there is one number a run, in order of size: of its turns or
 * calls the median, in milliseconds; of its cost the sum, in US dollars. A measure that no run has is left out.
 */
export type Measured = { runs: number; passed: number } & { [M in Measure]?: number[] | undefined };

export interface Baseline {
  version: typeof baselineVersion;
  product: string;
  started_at: string;
  server: string;
  /** By id. */
  scenarios: Record<string, Measured>;
}

/**
 * Scenarios of which no run came to a verdict are left out. Those that were not run keep what `earlier` says of them.
 */
export function baselineOf(report: Report, earlier?: Baseline): Baseline {
  const { product, started_at, server, results } = report;
  const found = new Map(Object.entries(earlier?.scenarios ?? {}));
  for (const result of results) {
    if (result.verdict === 'skipped') continue;
    const measured = measuredOf(result);
    if (measured === undefined) found.delete(result.id);
    else found.set(result.id, measured);
  }
  const sorted = [...found].sort(([a], [b]) => byId({ id: a }, { id: b }));
  return { version: baselineVersion, product, started_at, server, scenarios: Object.fromEntries(sorted) };
}

/** Undefined when no run came to a verdict. */
export function measuredOf(result: CaseResult): Measured | undefined {
  const runs = firstAttempts(result);
  if (runs.length === 0) return undefined;
  const numbers = measures.flatMap((measure) => {
    const values = runs.flatMap((run) => takes[measure](run) ?? []).sort((a, b) => a - b);
    return values.length === 0 ? [] : [[measure, thinned(values)]];
  });
  return {
    runs: runs.length,
    passed: runs.filter(({ verdict }) => verdict === 'passed').length,
    ...Object.fromEntries(numbers),
  };
}

/** A retry is had only after a failure: it says nothing of how often one happens. What could not run does not count. */
function firstAttempts({ runs }: CaseResult): RunResult[] {
  const first = new Map<number, RunResult>();
  for (const run of runs) {
    const before = first.get(run.run);
    if (run.verdict !== 'error' && (before === undefined || run.attempt < before.attempt))
      first.set(run.run, run);
  }
  return [...first.values()];
}

const ofTurns =
  (pick: (turn: TurnResult) => number | undefined | (number | undefined)[]) => (run: RunResult) => {
    const middle = median(run.turns.flatMap(pick).filter((value) => value !== undefined));
    return middle === undefined ? undefined : Math.round(middle);
  };

const takes: Record<Measure, (run: RunResult) => number | undefined> = {
  first_word_ms: ofTurns(({ first_word_ms }) => first_word_ms),
  first_audio_ms: ofTurns(({ first_audio_ms }) => first_audio_ms),
  tool_ms: ofTurns(({ calls }) => calls.map(({ ms }) => ms)),
  total_ms: ofTurns(({ total_ms }) => total_ms),
  cost_usd: ({ cost_usd }) => (parseUsd(cost_usd ?? '') === undefined ? undefined : Number(cost_usd)),
};

/** More say hardly more, and each would be compared with each. */
const mostSamples = 100;

/** So many of them, evenly over their order: what is lost is certainty, never its direction. */
function thinned(sorted: readonly number[]): number[] {
  if (sorted.length <= mostSamples) return [...sorted];
  return Array.from({ length: mostSamples }, (_, at) => {
    return sorted[Math.floor(((at + 0.5) * sorted.length) / mostSamples)] ?? 0;
  });
}

/** The text of its file. */
export function baselineText({ scenarios, ...about }: Baseline): string {
  const entries = Object.entries(scenarios).map(([id, measured]) => {
    const rows = Object.entries(measured).map(
      ([name, value]) => `      ${writeJson(name)}: ${writeJson(value)}`,
    );
    return `    ${writeJson(id)}: {\n${rows.join(',\n')}\n    }`;
  });
  const head = Object.entries(about).map(([name, value]) => `  ${writeJson(name)}: ${writeJson(value)},\n`);
  const body = entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
  return `{\n${head.join('')}  "scenarios": ${body}\n}\n`;
}

const count = z.int().check(z.gte(0));
const samples = z.optional(z.array(z.number().check(z.gte(0))));
const MeasuredShape = z
  .looseObject({
    runs: z.int().check(z.gte(1)),
    passed: count,
    first_word_ms: samples,
    first_audio_ms: samples,
    tool_ms: samples,
    total_ms: samples,
    cost_usd: samples,
  })
  .check(z.refine(({ runs, passed }) => passed <= runs, 'must not have more that passed than there were'));
const BaselineShape = z.looseObject({
  version: z.literal(baselineVersion),
  product: z.string(),
  started_at: z.string(),
  server: z.string(),
  scenarios: z.record(z.string(), MeasuredShape),
});

/** The baseline in a file's text. `source` is how the user names it. Throws CliError `invalid_spec`. */
export function parseBaseline(text: string, source: string): Baseline {
  const value = jsonIn(text, source, hint);
  if (!isObject(value) || !isObject(value.scenarios)) {
    throw new CliError('invalid_spec', `${source} is no baseline`, { hint });
  }
  return checked(BaselineShape, value, { source, version: baselineVersion, hint });
}

const hint = 'a baseline is written by agents test --update-baseline';
