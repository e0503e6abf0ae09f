import { describe, expect, test } from 'vitest';
import { byId, exitCodeOf, totalsOf, totalsText } from '../../../src/scenario/report/totals.js';
import type { CaseResult } from '../../../src/scenario/result.js';
import { report, result } from './made.js';

const of = (...verdicts: CaseResult['verdict'][]) =>
  verdicts.map((verdict, at) => result(`scenario ${at}`, verdict));

describe('totals', () => {
  test('count each verdict, and add money exactly', () => {
    const results = [
      result('a', 'passed', { cost_usd: '0.1', flaky: true }),
      result('b', 'failed', { cost_usd: '0.2' }),
      result('c', 'error', { cost_usd: null }),
      result('d', 'skipped'),
    ];
    expect(totalsOf(results, 1234)).toEqual({
      scenarios: 4,
      passed: 1,
      failed: 1,
      errors: 1,
      skipped: 1,
      flaky: 1,
      ms: 1234,
      cost_usd: '0.3',
    });
  });

  test('of nothing are nothing', () => {
    expect(totalsOf([], 0)).toMatchObject({ scenarios: 0, cost_usd: '0' });
  });
});

describe('the exit code', () => {
  test.each<[number, CaseResult['verdict'][]]>([
    [0, ['passed', 'passed']],
    [0, []],
    [6, ['passed', 'failed']],
    [1, ['passed', 'error']],
    [1, ['failed', 'error', 'skipped']],
    [6, ['failed', 'skipped']],
    [1, ['passed', 'skipped']],
    [1, ['skipped']],
  ])('is %d for %j', (code, verdicts) => {
    expect(exitCodeOf(totalsOf(of(...verdicts), 0))).toBe(code);
  });
});

describe('the line of sums', () => {
  test.each([
    [of('passed'), {}, '1 scenario: 1 passed; 2.0 s, about $0.0010'],
    [
      [result('f', 'passed', { flaky: true }), ...of('failed', 'error', 'skipped')],
      { stopped: 'bail' },
      '4 scenarios: 1 passed (1 flaky), 1 failed, 1 could not run, 1 not run; 2.0 s, about $0.0030; stopped: bail',
    ],
    [[], {}, '0 scenarios; 2.0 s'],
  ])('%# tells what there is', (results, more, line) => {
    expect(totalsText(report(results, more))).toBe(line);
  });
});

test('ids are in the order of their characters', () => {
  const sorted = ['b', 'a › z', 'a › é', 'B', 'a'].map((id) => ({ id })).sort(byId);
  expect(sorted.map(({ id }) => id)).toEqual(['B', 'a', 'a › z', 'a › é', 'b']);
});
