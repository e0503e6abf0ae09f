import { describe, expect, test } from 'vitest';
import { createChance } from '../../../src/chance.js';
import { baselineOf } from '../../../src/scenario/report/baseline.js';
import { compare, unlike } from '../../../src/scenario/report/compare.js';
import type { CaseResult } from '../../../src/scenario/result.js';
import { report, result, run, turn } from './made.js';

interface Runs {
  words?: readonly number[];
  passed?: number;
  costs?: readonly string[];
}

/** As many runs as there are first words, of which so many passed. */
function scenario(name: string, { words = [100], passed = words.length, costs }: Runs): CaseResult {
  const runs = words.map((first_word_ms, at) =>
    run(at < passed ? 'passed' : 'failed', {
      run: at + 1,
      turns: [turn('a', 'b', { first_word_ms, total_ms: undefined })],
      cost_usd: costs?.[at] ?? null,
    }),
  );
  return result(name, passed === words.length ? 'passed' : 'failed', { runs });
}

const service = 'https://api.x.ai';
const compared = (before: CaseResult[], after: CaseResult[], server = service) =>
  compare(baselineOf(report(before, { server })), report(after, { server }));
const lines = (before: CaseResult[], after: CaseResult[], server = service) =>
  compared(before, after, server).map(({ id, verdict, text }) => [
    ...(id === undefined ? [] : [id.replace(/^.* › /, '')]),
    verdict,
    text,
  ]);
const times = (count: number, value: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => value(at));

describe('a run beside an earlier one', () => {
  test('that got worse in everything', () => {
    const before = scenario('x', {
      words: times(10, (at) => 100 + 5 * at),
      costs: times(10, (at) => 10 + at).map((cents) => `0.00${cents}`),
    });
    const after = scenario('x', {
      words: times(10, (at) => 280 + 7 * at),
      costs: times(10, (at) => 20 + at).map((cents) => `0.00${cents}`),
      passed: 3,
    });
    expect(lines([before], [after])).toEqual([
      ['worse', 'pass rate 100 % → 30 % (−91 … −19 points, 98.33 %)'],
      ['worse', 'first word by +189 ms (+165 … +213 ms, 98.33 %), from about 123 ms'],
      ['worse', 'cost by +$0.0010 (+$0.0006 … +$0.0014, 98.33 %), from about $0.0015'],
    ]);
    expect(compared([before], [after])[1]).toMatchObject({
      metric: 'first_word_ms',
      before: 122.5,
      after: 311.5,
      change: 189,
      low: 165,
      high: 213,
      // Three metrics share the doubt.
      confidence: 1 - 0.05 / 3,
    });
    expect(lines([after], [before])).toEqual([
      ['better', 'pass rate 30 % → 100 % (+19 … +91 points, 98.33 %)'],
      ['better', 'first word by −189 ms (−213 … −165 ms, 98.33 %), from about 312 ms'],
      ['better', 'cost by −$0.0010 (−$0.0014 … −$0.0006, 98.33 %), from about $0.0025'],
    ]);
  });

  test('with too few runs is never worse, however much it differs', () => {
    const before = scenario('x', { words: [100, 101, 102, 103], costs: ['0.01', '0.01', '0.01', '0.01'] });
    const after = scenario('x', { words: [900, 901, 902, 903], passed: 0, costs: ['9', '9', '9', '9'] });
    expect(lines([before], [after])).toEqual([
      ['unclear', 'pass rate 100 % → 0 % (too few runs to tell)'],
      ['unclear', 'first word by +800 ms (too few runs to tell), from about 102 ms'],
      ['unclear', 'cost by +$8.9900 (too few runs to tell), from about $0.0100'],
    ]);
  });

  test('that did not change is the same', () => {
    const steady = scenario('x', { words: times(40, (at) => 100 + (at % 5)) });
    expect(lines([steady], [steady]).slice(1)).toEqual([
      ['same', 'first word by +0 ms (−1 … +1 ms, 97.5 %), from about 102 ms'],
    ]);
  });

  test('of which the change is sure, and too small to matter, is the same', () => {
    const before = scenario('x', { words: times(20, () => 1000) });
    const after = scenario('x', { words: times(20, () => 1020) });
    expect(lines([before], [after])[1]).toEqual([
      'same',
      'first word by +20 ms (+20 … +20 ms, 97.5 %), from about 1000 ms',
    ]);
  });

  test('that varies a lot is unclear', () => {
    const before = scenario('x', { words: times(8, (at) => 100 + 90 * at) });
    const after = scenario('x', { words: times(8, (at) => 180 + 90 * at) });
    expect(lines([before], [after])[1]?.[0]).toBe('unclear');
  });

  test('tells the change within scenarios, whichever scenario is in the middle of them', () => {
    const suite = (more: number) =>
      [20, 26, 500].map((ms, at) =>
        scenario(`s${at}`, { words: times(6, (run) => ms + run + (at === 1 ? 3 * more : more)) }),
      );
    const [, word] = compared(suite(0), suite(60));
    // The medians say 180, and most runs 60.
    expect(word).toMatchObject({ before: 28.5, after: 208.5, verdict: 'worse' });
    const { change = 0, low = 0, high = 0 } = word ?? {};
    expect(change).toBeLessThan(70);
    expect(change).toBeGreaterThanOrEqual(low);
    expect(change).toBeLessThanOrEqual(high);
    expect(word?.text).toContain(`by +${Math.round(change)} ms (`);
  });

  test.each<[string, number, number, string]>([
    ['local', 400, 549, 'same'],
    ['local', 1000, 1400, 'same'],
    ['local', 1000, 1600, 'worse'],
    ['local', 1600, 700, 'better'],
    ['local', 100, 340, 'same'],
    ['http://127.0.0.1:9978', 400, 549, 'same'],
    ['http://localhost:9978', 100, 400, 'worse'],
    [`${service}, local`, 400, 549, 'same'],
    [service, 400, 549, 'worse'],
    ['http://192.168.0.7:9978', 400, 549, 'worse'],
  ])('with %s from %d to %d ms is %s', (server, before, after, verdict) => {
    const steady = (ms: number) => [scenario('x', { words: times(8, (at) => ms + at) })];
    expect(lines(steady(before), steady(after), server)[1]?.[0]).toBe(verdict);
  });

  test('costs what it costs on any server', () => {
    const costing = (usd: string) => [scenario('x', { costs: Array(5).fill(usd), words: [1, 1, 1, 1, 1] })];
    expect(lines(costing('0.01'), costing('0.012'), 'local')[2]?.[0]).toBe('worse');
  });

  test('of single runs is told over all scenarios', () => {
    const names = times(12, (at) => at).map((at) => `s${at}`);
    const slow = (by: number) =>
      names.map((name, at) => scenario(name, { words: [100 * (at + 1) + by + ((at * 37) % 11)] }));
    expect(lines(slow(0), slow(200))).toEqual([
      ['unclear', 'pass rate 100 % → 100 % (−30 … +30 points, 97.5 %)'],
      ['worse', 'first word by +200 ms (+200 … +200 ms, 97.5 %), from about 656 ms'],
    ]);
  });

  test('of which one scenario got worse names it, and no other', () => {
    const steady = (name: string) => scenario(name, { words: times(10, (at) => 200 + at) });
    const names = times(10, (at) => at).map((at) => `s${at}`);
    const slow = scenario('s3', { words: times(10, (at) => 500 + at) });
    const found = lines(
      names.map(steady),
      names.map((name) => (name === 's3' ? slow : steady(name))),
    );
    expect(found.map(([first]) => first)).toEqual(['same', 'same', 's3']);
    // Twenty comparisons: each is held to a twentieth of the doubt.
    expect(found[2]).toEqual([
      's3',
      'worse',
      'first word by +300 ms (+295 … +305 ms, 99.75 %), from about 205 ms',
    ]);
  });

  test('weighs pass rates by scenario, not by how often each was run', () => {
    const before = [
      scenario('a', { words: times(90, () => 5) }),
      scenario('b', { words: times(10, () => 5), passed: 0 }),
    ];
    const after = [
      scenario('a', { words: times(10, () => 5) }),
      scenario('b', { words: times(90, () => 5), passed: 0 }),
    ];
    expect(lines(before, after)[0]?.[1]).toMatch(/^pass rate 50 % → 50 % /);
  });

  test('with other scenarios says which', () => {
    const down = result('down', 'error', { runs: [run('error')] });
    const before = ['kept', 'down', 'late', 'gone'].map((name) => scenario(name, {}));
    const after = [scenario('new', {}), result('late', 'skipped'), down, scenario('kept', {})];
    expect(lines(before, after).slice(2)).toEqual([
      ['down', 'unclear', 'could not run'],
      ['late', 'unclear', 'was not run'],
      ['new', 'new', 'is not in the baseline'],
      ['gone', 'gone', 'is only in the baseline'],
    ]);
    const part = compare(baselineOf(report(before)), report(after), { isPart: true });
    expect(part.filter(({ verdict }) => verdict === 'gone')).toEqual([]);
    expect(part.filter(({ verdict }) => verdict === 'new')).toHaveLength(1);
  });

  test('is told from one with another server', () => {
    const baseline = baselineOf(report([]));
    expect(unlike(baseline, report([]))).toBeUndefined();
    expect(unlike(baseline, report([], { server: 'https://api.x.ai' }))).toBe(
      'the baseline was made with local, this run with https://api.x.ai: times and costs do not compare',
    );
  });

  test('is the same whenever it is told', () => {
    const chance = createChance(5);
    const some = (name: string) =>
      scenario(name, { words: times(10, () => 100 + Math.floor(400 * chance())) });
    const [before, after] = [['a', 'b'].map(some), ['a', 'b'].map(some)];
    expect(compared(before, after)).toEqual(compared(before, [...after].reverse()));
  });
});

describe('false alarms', () => {
  /** A suite whose agents did not change, run twice. */
  function alarms(rounds: number, seed: number, scenarios: number, runs: number) {
    const chance = createChance(seed, 'alarms');
    const suite = () =>
      times(scenarios, (at) => at).map((at) => {
        const words = times(runs, () => 100 + 60 * at - 150 * Math.log(1 - chance()));
        const passed = words.filter(() => chance() < 0.85).length;
        const costs = words.map(() => (0.01 + 0.02 * chance()).toFixed(6));
        return scenario(`s${at}`, { words, costs, passed });
      });
    const counts = { overall: 0, single: 0 };
    for (let round = 0; round < rounds; round++) {
      const found = compared(suite(), suite()).filter(
        ({ verdict }) => verdict === 'worse' || verdict === 'better',
      );
      if (found.some(({ id }) => id === undefined)) counts.overall++;
      if (found.some(({ id }) => id !== undefined)) counts.single++;
    }
    return { overall: counts.overall / rounds, single: counts.single / rounds };
  }

  test.each([
    [6, 8],
    [12, 1],
    [1, 12],
  ])(
    'over %d scenarios of %d runs are 1 in 20 at most, all metrics together, and all single lines too',
    (scenarios, runs) => {
      const { overall, single } = alarms(400, 11, scenarios, runs);
      expect(overall).toBeLessThan(0.07);
      expect(overall).toBeGreaterThan(0.005);
      expect(single).toBeLessThan(0.06);
    },
  );
});
