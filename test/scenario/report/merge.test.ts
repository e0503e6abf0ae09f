import { describe, expect, test } from 'vitest';
import { mergeReports, type Part } from '../../../src/scenario/report/merge.js';
import type { CaseResult, Report } from '../../../src/scenario/result.js';
import { report, result } from './made.js';

const part = (shard: string | undefined, results: CaseResult[], more: Partial<Report> = {}): Part => ({
  report: report(results, { ...(shard !== undefined && { shard }), ...more }),
  source: `part-${shard?.replace('/', '-of-') ?? results.map(({ name }) => name).join('-')}.json`,
});

describe('parts of a run', () => {
  test('are joined in the order of ids, with sums made anew', () => {
    const merged = mergeReports([
      part('2/2', [result('c', 'failed'), result('a', 'passed', { cost_usd: '0.1' })], {
        started_at: '2026-07-01T12:00:05Z',
        product: 'agents/1.0.1',
        stopped: 'bail',
      }),
      part('1/2', [result('d', 'skipped'), result('b', 'error', { cost_usd: '0.2' })], {
        started_at: '2026-07-01T12:00:00Z',
        server: 'https://api.x.ai',
      }),
    ]);
    expect(merged.results.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(merged).toMatchObject({
      version: 1,
      product: 'agents/1.0.0 node/20.19.0, agents/1.0.1',
      server: 'https://api.x.ai, local',
      started_at: '2026-07-01T12:00:00.000Z',
      seed: 7,
      stopped: 'bail',
      // From the first start to the last end.
      totals: { scenarios: 4, passed: 1, failed: 1, errors: 1, skipped: 1, ms: 7000, cost_usd: '0.301' },
    });
    expect(merged).not.toHaveProperty('shard');
  });

  test('cost what they have cost, runs that were broken off included', () => {
    const one = part('1/2', [result('a', 'passed', { cost_usd: '0.1' })]);
    one.report.totals.cost_usd = '0.15';
    const other = part('2/2', [result('b', 'passed', { cost_usd: '0.2' })]);
    expect(mergeReports([one, other]).totals.cost_usd).toBe('0.35');
  });

  test('give the same whatever order they are named in', () => {
    const parts = ['3/3', '1/3', '2/3'].map((shard) => part(shard, [result(shard, 'passed')]));
    expect(mergeReports([...parts].reverse())).toEqual(mergeReports(parts));
  });

  test('may be empty, where there were fewer scenarios than machines', () => {
    const parts = [part('1/2', [result('a', 'passed')]), part('2/2', [])];
    expect(mergeReports(parts).totals).toMatchObject({ scenarios: 1, passed: 1 });
  });

  test('a single whole run stays what it is', () => {
    const whole = report([result('a', 'passed')]);
    const merged = mergeReports([{ report: whole, source: 'a.json' }]);
    expect(merged).toEqual({ ...whole, started_at: '2026-07-01T12:00:00.250Z' });
  });

  test('of one plan keep it; older ones have none', () => {
    const plan = '2 scenarios, 3f2a91c4';
    const parts = [
      part('1/2', [result('a', 'passed')], { plan }),
      part('2/2', [result('b', 'passed')], { plan }),
    ];
    expect(mergeReports(parts).plan).toBe(plan);
    const old = [part('1/2', [result('a', 'passed')]), ...parts.slice(1)];
    expect(mergeReports(old)).not.toHaveProperty('plan');
    const runs = ['a', 'b'].map((name) => part(undefined, [result(name, 'passed')], { plan: name }));
    expect(mergeReports(runs)).not.toHaveProperty('plan');
  });

  test('whole runs of different scenarios are joined', () => {
    const parts = [
      part(undefined, [result('a', 'passed')]),
      part(undefined, [result('b', 'passed')], { seed: 8 }),
    ];
    expect(mergeReports(parts)).toMatchObject({ seed: 7, results: [{ name: 'a' }, { name: 'b' }] });
  });

  test('what one skipped another may have run', () => {
    const parts = [
      part('1/2', [result('a', 'skipped'), result('b', 'failed')]),
      part('2/2', [result('a', 'passed'), result('b', 'skipped')]),
    ];
    for (const given of [parts, [...parts].reverse()]) {
      expect(mergeReports(given).results.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
    }
  });

  test.each<[string, Part[], string]>([
    ['none', [], 'there is no report to merge'],
    ['missing ones', [part('2/4', [])], 'of 4 parts, 1/4, 3/4, 4/4 are missing'],
    ['a missing one', [part('1/2', [])], 'of 2 parts, 2/2 is missing'],
    [
      'a claim to be one of very many',
      [part('7/999999999', [])],
      `of 999999999 parts, ${[1, 2, 3, 4, 5, 6, ...Array.from({ length: 14 }, (_, at) => at + 8)].map((at) => `${at}/999999999`).join(', ')} and 999999978 more are missing`,
    ],
    [
      'one twice',
      [part('1/2', []), { ...part('1/2', []), source: 'copy.json' }, part('2/2', [])],
      'part-1-of-2.json and copy.json are both part 1/2',
    ],
    [
      'those of another division',
      [part('1/2', []), part('2/3', [])],
      'part-1-of-2.json is part 1/2 and part-2-of-3.json part 2/3: they are not of one run',
    ],
    [
      'those of other scenarios',
      [
        part('1/3', []),
        part('2/3', [], { plan: '9 scenarios, 3f2a91c4' }),
        part('3/3', [], { plan: '8 scenarios, 00000000' }),
      ],
      'part-2-of-3.json is part of a run of 9 scenarios, 3f2a91c4, and part-3-of-3.json of one of 8 scenarios, 00000000: they are not of one run',
    ],
    [
      'those of another seed',
      [part('1/3', []), part('2/3', []), part('3/3', [], { seed: 8 })],
      'part-1-of-3.json is part of a run with seed 7, and part-3-of-3.json of one with seed 8: they are not of one run',
    ],
    [
      'a whole run among parts',
      [part('1/2', []), part(undefined, [result('a', 'passed')]), part('2/2', [])],
      'part-1-of-2.json is part 1/2 of a run, and part-a.json a whole one',
    ],
    [
      'a scenario that two have run',
      [part('1/2', [result('a', 'passed')]), part('2/2', [result('a', 'passed')])],
      '"booking.scenario.yaml › a" is in part-1-of-2.json and in part-2-of-2.json',
    ],
    [
      'a scenario that one has twice',
      [part(undefined, [result('a', 'passed'), result('a', 'failed')])],
      '"booking.scenario.yaml › a" is twice in part-a-a.json',
    ],
  ])('%s cannot be merged', (_, parts, message) => {
    expect(() => mergeReports(parts)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });
});
