// What can be said of the difference between two groups of runs, and how sure it is. Pure numbers: nothing is random, so
// the same reports always lead to the same words. Intervals are two-sided; `alpha` is 0.05 for one of 95 %.
//
// - Shares: Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), of Wilson's intervals.
// - Times and prices: the Hodges-Lehmann shift with the interval of the Mann-Whitney test, which asks nothing of how they
//   are spread and does not mind one that is far off. Groups of several scenarios are compared within each scenario
//   alone, and added up by van Elteren's weights.

/** An estimate, and the bounds between which the truth is. */
export interface Interval {
  low: number;
  high: number;
}

/** How many of how many; of groups that are weighted, neither is a whole number. */
export interface Share {
  share: number;
  of: number;
}

/** Wilson's score interval. */
export function wilson({ share, of }: Share, alpha: number): Interval {
  const z = normalQuantile(1 - alpha / 2);
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

/** Of `after.share - before.share`. */
export function newcombe(before: Share, after: Share, alpha: number): Interval {
  const difference = after.share - before.share;
  const [was, is] = [wilson(before, alpha), wilson(after, alpha)];
  return {
    low: difference - Math.hypot(after.share - is.low, was.high - before.share),
    high: difference + Math.hypot(is.high - after.share, before.share - was.low),
  };
}

/** Groups that are alike but for what is asked: of one scenario, before and after. */
export interface Stratum {
  before: readonly number[];
  after: readonly number[];
}

/** How far `after` is shifted against `before`; the interval is undefined when there are too few to say. */
export function shift(
  strata: readonly Stratum[],
  alpha: number,
): { estimate: number; interval: Interval | undefined } | undefined {
  const filled = strata.filter(({ before, after }) => before.length > 0 && after.length > 0);
  const steps = filled
    .flatMap((stratum) => {
      const weight = weightOf(stratum);
      return stratum.after.flatMap((is) => stratum.before.map((was) => ({ difference: is - was, weight })));
    })
    .sort((a, b) => a.difference - b.difference);
  if (steps.length === 0) return undefined;
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  // The middle of them, or halfway between two that share it.
  const half = total / 2 - 2 * tiny;
  const estimate = (beyond(steps, half, 1) + beyond(steps, half, -1)) / 2;
  const rejected = rejectedWeight(filled, alpha, total);
  if (rejected < 0) return { estimate, interval: undefined };
  return {
    estimate,
    interval: { low: beyond(steps, rejected, 1), high: beyond(steps, rejected, -1) },
  };
}

interface Step {
  difference: number;
  weight: number;
}

/** Sums of weights are not exact. */
const tiny = 1e-9;

/** The first difference, from below or from above, up to which there is more than so much weight. */
function beyond(steps: readonly Step[], weight: number, direction: 1 | -1): number {
  let sum = 0;
  for (let count = 0; count < steps.length; count++) {
    const step = steps.at(direction === 1 ? count : -1 - count);
    sum += step?.weight ?? 0;
    if (step !== undefined && sum > weight + tiny) return step.difference;
  }
  return steps.at(direction === 1 ? -1 : 0)?.difference ?? 0;
}

/** The most there may be on the wrong side of a shift that is refused; negative when nothing can be refused. */
function rejectedWeight(strata: readonly Stratum[], alpha: number, total: number): number {
  const [first] = strata;
  if (strata.length === 1 && first !== undefined) {
    return criticalPairs(first.before.length, first.after.length, alpha / 2) * weightOf(first);
  }
  // Many small groups add up to a normal distribution; the half step is for it being counted in whole ones.
  const variance = strata.reduce((sum, stratum) => {
    const { length: m } = stratum.before;
    const { length: n } = stratum.after;
    return sum + (weightOf(stratum) ** 2 * m * n * (m + n + 1)) / 12;
  }, 0);
  const step = Math.min(...strata.map(weightOf));
  return total / 2 - normalQuantile(1 - alpha / 2) * Math.sqrt(variance) - step / 2;
}

/** Van Elteren's: the best for a shift that all groups share. */
const weightOf = ({ before, after }: Stratum) => 1 / (before.length + after.length + 1);

/**
 * The largest Mann-Whitney U that two groups of `m` and `n`, drawn alike, stay at or below with a probability of at most
 * `tail`; -1 when there is none. Exact.
 */
export function criticalPairs(m: number, n: number, tail: number): number {
  const ways = waysUpTo(m, n);
  let all = 1;
  for (let i = 1; i <= n; i++) all *= (m + i) / i;
  let sum = 0;
  for (let u = 0; u < ways.length; u++) {
    sum += ways[u] ?? 0;
    if (sum / all > tail + 1e-12) return u - 1;
  }
  return ways.length - 1;
}

/** How many orders of two groups have each U, up to the middle: the coefficients of a Gaussian binomial. */
function waysUpTo(m: number, n: number): number[] {
  const ways = new Array<number>(Math.floor((m * n) / 2) + 1).fill(0);
  ways[0] = 1;
  const at = (u: number) => ways[u] ?? 0;
  for (let i = 1; i <= n; i++) {
    for (let u = ways.length - 1; u >= m + i; u--) ways[u] = at(u) - at(u - m - i);
    for (let u = i; u < ways.length; u++) ways[u] = at(u) + at(u - i);
  }
  return ways;
}

/** The z below which a standard normal number is with this probability, between 0 and 1. */
export function normalQuantile(probability: number): number {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** By its series, which is exact to the last digits between -8 and 8. */
function normalShare(z: number): number {
  let term = z;
  let sum = z;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The middle of numbers, or the mean of the two in the middle; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
