// latency: how long answers and tools took. Limits for every one are looked at in each run, percentiles over all runs.

import type { ExpectationValue } from '../format.js';
import type { PlayedTurn } from '../played.js';
import { callText } from './calls.js';
import {
  type Demand,
  failed,
  inTurn,
  type Outcome,
  outcome,
  passed,
  type Read,
  type Scope,
  unknown,
} from './demand.js';
import { counted, milliseconds } from './range.js';

type Limits = ExpectationValue<'latency'>;
type Metric = keyof Limits;

interface Sample {
  ms: number;
  turn: PlayedTurn;
  /** What took so long, where that is not the turn. */
  call?: string | undefined;
}

interface Metered {
  /** What is measured. */
  name: string;
  /** What a sample is called. */
  unit: (count: number) => string;
  samples(turn: PlayedTurn): Sample[];
  /** Where there was none. */
  none: string;
}

const answers = counted('answer');
const calls = counted('call');
const sampled = (turn: PlayedTurn, ms: number | undefined): Sample[] =>
  ms === undefined ? [] : [{ ms: Math.round(ms), turn }];

const metrics: { [M in Metric]-?: Metered } = {
  first_word: {
    name: 'first word',
    unit: answers,
    samples: (turn) => sampled(turn, turn.first_word_ms),
    none: 'nothing was said',
  },
  first_audio: {
    name: 'first sound',
    unit: answers,
    samples: (turn) => sampled(turn, turn.first_audio_ms),
    none: 'nothing was to be heard',
  },
  tool: {
    name: 'every tool',
    unit: calls,
    samples: (turn) =>
      turn.calls.flatMap((call) => sampled(turn, call.ms).map((each) => ({ ...each, call: callText(call) }))),
    none: 'no tool was called',
  },
  total: {
    name: 'whole answer',
    unit: answers,
    samples: (turn) => sampled(turn, turn.total_ms),
    none: 'nothing was answered',
  },
};
const metricNames = Object.keys(metrics) as Metric[];

export const latency: Read<'latency'> = (limits, scope) =>
  metricNames.flatMap((metric): Demand[] => {
    const limit = limits[metric];
    const most = typeof limit === 'number' ? limit : limit?.most;
    if (most === undefined) return [];
    return [
      {
        expected: `${metrics[metric].name} within ${milliseconds(most)}`,
        look: () => withinLimit(metric, most, scope),
      },
    ];
  });

function withinLimit(metric: Metric, most: number, scope: Scope): Outcome {
  const { samples, none } = metrics[metric];
  const pending =
    metric === 'tool'
      ? scope.turns.flatMap((turn) => turn.calls).find(({ ms }) => ms === undefined)
      : undefined;
  if (pending !== undefined) return failed(`${callText(pending)} had no result`);
  const [slowest] = scope.turns.flatMap(samples).sort((one, other) => other.ms - one.ms);
  // Of a conversation in which no tool is called, tools kept nobody waiting; of a turn one was meant to be.
  if (slowest === undefined) return metric === 'tool' && scope.whole ? passed(none) : failed(none);
  if (slowest.ms <= most) return passed(milliseconds(slowest.ms));
  const what = slowest.call === undefined ? '' : ` for ${slowest.call}`;
  return failed(`${milliseconds(slowest.ms)}${what}${inTurn(slowest.turn, scope)}`);
}

const percentiles = { p50: 50, p95: 95 } as const;

/** What becomes of the percentiles over several runs, each with the turns that are looked at. */
export function latencyOverRuns(
  limits: Limits,
  runs: readonly (readonly PlayedTurn[])[],
): (Outcome & { expected: string })[] {
  return metricNames.flatMap((metric) => {
    const limit = limits[metric];
    if (typeof limit !== 'object') return [];
    return (['p50', 'p95'] as const).flatMap((percentile) => {
      const most = limit[percentile];
      if (most === undefined) return [];
      const expected = `${metrics[metric].name} within ${milliseconds(most)} at ${percentile}`;
      return [{ expected, ...overRuns(metrics[metric], percentiles[percentile], most, runs) }];
    });
  });
}

function overRuns(
  { samples, none, unit }: Metered,
  percent: number,
  most: number,
  runs: readonly (readonly PlayedTurn[])[],
): Outcome {
  if (runs.length === 0) return unknown('no run was played');
  const found = runs.flatMap((turns) => turns.flatMap(samples)).map(({ ms }) => ms);
  if (found.length === 0) return failed(none);
  const value = nearestRank(found, percent);
  const got = `${milliseconds(value)} over ${unit(found.length)} of ${counted('run')(runs.length)}`;
  return outcome(value <= most, got);
}

/** The smallest value that so many percent of all do not exceed. There must be one. */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}
