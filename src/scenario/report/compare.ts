// A run beside an earlier one: what got worse or better, and how sure that is. A difference is told as one only when
// chance does not explain it and it is large enough to matter; with too few runs nothing is told but the numbers.

import { usdText } from '../../money.js';
import { isLoopback } from '../../protocol/address.js';
import type { Report } from '../result.js';
import { type Baseline, type Measure, type Measured, measuredOf, measures } from './baseline.js';
import { type Interval, median, newcombe, type Share, type Stratum, shift } from './statistics.js';
import { byId } from './totals.js';
import { durationText } from './words.js';

export interface Comparison {
  /** Of the scenario; absent for all of them together. */
  id?: string | undefined;
  metric?: Measure | 'pass_rate' | undefined;
  /**
   * `same`: whatever difference there may be is too small to matter. `unclear`: it may be larger, or not. `new`, `gone`:
   * only one of the two has the scenario.
   */
  verdict: 'worse' | 'better' | 'same' | 'unclear' | 'new' | 'gone';
  /** The pass rate from 0 to 1, or the median over runs: milliseconds, US dollars. */
  before?: number | undefined;
  after?: number | undefined;
  /**
   * After less before, by our best guess. Of times and costs it is that within scenarios, which the medians over all of
   * them need not show.
   */
  change?: number | undefined;
  /** Of the change; absent where there are too few runs to say. */
  low?: number | undefined;
  high?: number | undefined;
  /** How sure the interval is, from 0 to 1. */
  confidence?: number | undefined;
  /** "first word by +190 ms (+150 … +230 ms, 95 %), from about 120 ms". */
  text: string;
}

/** Of all that is told of all scenarios together, and once more of all that is told of single ones. */
const alpha = 0.05;
/** With fewer on either side nobody can tell a change from chance. */
const fewestRuns = 5;
/** Smaller differences do not matter, however sure they are: a share of what was, and the least. */
const tolerance = { share: 0.05, ms: 10, passRate: 0.05 };
/** Of times with an API on this machine: they tell how busy that is before they tell of agents. */
const localTolerance = { share: 0.5, ms: 250 };

/**
 * First each metric over all scenarios that both have; then the scenarios that got worse or better by themselves, beyond
 * what chance does to the unluckiest of so many; then those that are new, gone or could not be compared. Of a run of some
 * scenarios alone (`isPart`) none is gone.
 */
export function compare(
  baseline: Baseline,
  report: Report,
  { isPart = false }: { isPart?: boolean | undefined } = {},
): Comparison[] {
  const pairs = pairsOf(baseline, report);
  const isHere = [baseline, report].some(({ server }) => server.split(', ').some(isThisMachine));
  const metricsOf: MetricsOf = (some, doubt) =>
    [passRate(some, doubt), ...measures.map((measure) => measureOf(measure, some, { doubt, isHere }))].filter(
      (each) => each !== undefined,
    );
  return [
    ...sharing((doubt) => metricsOf(pairs, doubt)),
    ...(pairs.length > 1 ? eachByItself(pairs, metricsOf) : []),
    ...others(baseline, report),
    ...(isPart ? [] : gone(baseline, report)),
  ];
}

/** Why two runs had better not be compared: "the baseline was made with …"; undefined where nothing speaks against it. */
export function unlike(baseline: Baseline, report: Report): string | undefined {
  if (baseline.server === report.server) return undefined;
  return `the baseline was made with ${baseline.server}, this run with ${report.server}: times and costs do not compare`;
}

/** As a report names a server: its origin, or "local"; several of them where it was merged. */
function isThisMachine(server: string): boolean {
  return server === 'local' || (URL.canParse(server) && isLoopback(new URL(server)));
}

type MetricsOf = (pairs: readonly Pair[], doubt: number) => Comparison[];

interface Pair {
  id: string;
  before: Measured;
  after: Measured;
}

function pairsOf({ scenarios }: Baseline, { results }: Report): Pair[] {
  return [...results].sort(byId).flatMap((result) => {
    const before = Object.hasOwn(scenarios, result.id) ? scenarios[result.id] : undefined;
    const after = result.verdict === 'skipped' ? undefined : measuredOf(result);
    return before === undefined || after === undefined ? [] : [{ id: result.id, before, after }];
  });
}

/** Chance has as many goes as there are comparisons: each is held to its share of the doubt. */
function sharing(compared: (doubt: number) => Comparison[]): Comparison[] {
  const goes = compared(alpha).filter(({ low }) => low !== undefined).length;
  return compared(alpha / Math.max(1, goes));
}

function eachByItself(pairs: readonly Pair[], metricsOf: MetricsOf): Comparison[] {
  const compared = (doubt: number) =>
    pairs.flatMap((pair) => metricsOf([pair], doubt).map((each) => ({ ...each, id: pair.id })));
  return sharing(compared).filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
}

function passRate(pairs: readonly Pair[], doubt: number): Comparison | undefined {
  if (pairs.length === 0) return undefined;
  const [before, after] = shares(pairs);
  const interval = isEnough(pairs.map((pair) => [pair.before.runs, pair.after.runs]))
    ? newcombe(before, after, doubt)
    : undefined;
  // A lower rate is the worse one.
  const verdict = verdictOf(
    interval && { low: -interval.high, high: -interval.low },
    before.share - after.share,
    tolerance.passRate,
  );
  return {
    metric: 'pass_rate',
    verdict,
    ...{ before: before.share, after: after.share, change: after.share - before.share },
    ...sureness(interval, doubt),
    text: `pass rate ${percent(before.share)} → ${percent(after.share)} (${rangeText(interval, doubt, points)})`,
  };
}

/**
 * Both rates over the same mixture of scenarios, whichever was run more often: weighted as Mantel and Haenszel do, with
 * the number of runs that such a mean is worth.
 */
function shares(pairs: readonly Pair[]): [Share, Share] {
  const weights = pairs.map(({ before, after }) => (before.runs * after.runs) / (before.runs + after.runs));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shareOf = (side: 'before' | 'after'): Share => {
    const sum = (value: (measured: Measured, weight: number) => number) =>
      pairs.reduce((all, pair, at) => all + value(pair[side], weights[at] ?? 0), 0);
    return {
      share: sum(({ passed, runs }, weight) => (weight * passed) / runs) / total,
      of: total ** 2 / sum(({ runs }, weight) => weight ** 2 / runs),
    };
  };
  return [shareOf('before'), shareOf('after')];
}

function measureOf(
  measure: Measure,
  pairs: readonly Pair[],
  { doubt, isHere }: { doubt: number; isHere: boolean },
): Comparison | undefined {
  const strata = pairs.flatMap(({ before, after }): Stratum[] => {
    const [was, is] = [before[measure] ?? [], after[measure] ?? []];
    return was.length === 0 || is.length === 0 ? [] : [{ before: was, after: is }];
  });
  const found = shift(strata, doubt);
  if (found === undefined) return undefined;
  const middle = (side: 'before' | 'after') => median(strata.map((each) => median(each[side]) ?? 0)) ?? 0;
  const [before, after] = [middle('before'), middle('after')];
  const { name, text, range } = units[measure];
  const isTime = measure !== 'cost_usd';
  const { share, ms } = isTime && isHere ? localTolerance : tolerance;
  const enough = isEnough(strata.map((each) => [each.before.length, each.after.length]));
  const interval = enough ? found.interval : undefined;
  return {
    metric: measure,
    verdict: verdictOf(interval, found.estimate, Math.max(isTime ? ms : 0, share * before)),
    ...{ before, after, change: found.estimate },
    ...sureness(interval, doubt),
    text: `${name} by ${signed(found.estimate, text)} (${rangeText(interval, doubt, range)}), from about ${text(before)}`,
  };
}

/** How many there are on either side. */
const isEnough = (sizes: readonly [number, number][]) =>
  [0, 1].every((side) => sizes.reduce((sum, each) => sum + (each[side] ?? 0), 0) >= fewestRuns);

/** More is worse. `estimate` is how much more there is, by our best guess. */
function verdictOf(interval: Interval | undefined, estimate: number, matters: number): Comparison['verdict'] {
  if (interval === undefined) return 'unclear';
  const { low, high } = interval;
  if (low >= -matters && high <= matters) return 'same';
  if (low > 0 && estimate > matters) return 'worse';
  return high < 0 && estimate < -matters ? 'better' : 'unclear';
}

function sureness(interval: Interval | undefined, doubt: number) {
  return interval !== undefined && { ...interval, confidence: 1 - doubt };
}

type Range = (low: number, high: number) => string;

function rangeText(interval: Interval | undefined, doubt: number, range: Range): string {
  if (interval === undefined) return 'too few runs to tell';
  return `${range(interval.low, interval.high)}, ${Math.floor((1 - doubt) * 10_000) / 100} %`;
}

const signed = (value: number, text: (size: number) => string) =>
  `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
const whole = (size: number) => String(Math.round(size));
const dollars = (usd: number) => usdText(BigInt(Math.round(usd * 1e10)));
const percent = (share: number) => `${Math.round(share * 100)} %`;
const points: Range = (low, high) => `${signed(low * 100, whole)} … ${signed(high * 100, whole)} points`;
const milliseconds: Range = (low, high) => `${signed(low, whole)} … ${signed(high, whole)} ms`;

/** Rounded less than elsewhere: the two are to be told apart. */
const exactly = (ms: number) => (ms < 10_000 ? `${Math.round(ms)} ms` : durationText(ms));
const time = (name: string) => ({ name, text: exactly, range: milliseconds });
const units: Record<Measure, { name: string; text(value: number): string; range: Range }> = {
  first_word_ms: time('first word'),
  first_audio_ms: time('first audio'),
  tool_ms: time('tool'),
  total_ms: time('total'),
  cost_usd: {
    name: 'cost',
    text: dollars,
    range: (low, high) => `${signed(low, dollars)} … ${signed(high, dollars)}`,
  },
};

function others({ scenarios }: Baseline, { results }: Report): Comparison[] {
  return [...results].sort(byId).flatMap((result): Comparison[] => {
    const { id, verdict } = result;
    if (!Object.hasOwn(scenarios, id)) return [{ id, verdict: 'new', text: 'is not in the baseline' }];
    if (verdict === 'skipped') return [{ id, verdict: 'unclear', text: 'was not run' }];
    return measuredOf(result) === undefined ? [{ id, verdict: 'unclear', text: 'could not run' }] : [];
  });
}

function gone({ scenarios }: Baseline, { results }: Report): Comparison[] {
  const seen = new Set(results.map(({ id }) => id));
  return Object.keys(scenarios)
    .filter((id) => !seen.has(id))
    .map((id) => ({ id, verdict: 'gone', text: 'is only in the baseline' }));
}
