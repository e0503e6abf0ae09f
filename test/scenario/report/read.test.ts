import { describe, expect, test } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { parseReport, readReport } from '../../../src/scenario/report/read.js';
import { report, result, run } from './made.js';

const whole = report(
  [
    result('A clean booking', 'passed', {
      runs: [run('passed', { sound: [{ from: 'user', at_ms: 0, mulaw_8k: 'fw==' }], state: { slots: [] } })],
    }),
    result('Down', 'error', { runs: [run('error', { problem: { code: 'network', message: 'gone' } })] }),
    result('Late', 'skipped'),
  ],
  { shard: '2/4', plan: '9 scenarios, 3f2a91c4', stopped: 'bail' },
);

function failure(read: () => unknown): CliError {
  try {
    read();
  } catch (error) {
    if (error instanceof CliError) return error;
  }
  throw new Error('it was read');
}

describe('a report from a file', () => {
  test('is what was written, with members that are not known', () => {
    const newer = { ...whole, weather: 'fine', results: [{ ...whole.results[0], mood: 1 }] };
    expect(parseReport(JSON.stringify(newer), 'part.json')).toEqual(newer);
    expect(parseReport(JSON.stringify(whole), 'part.json')).toEqual(whole);
  });

  test('keeps numbers that JavaScript would round', () => {
    const text = JSON.stringify(whole).replace('"slots":[]', '"slots":[9007199254740993]');
    expect(parseReport(text, 'part.json').results[0]?.runs[0]?.state).toEqual({ slots: [9007199254740993n] });
  });

  test.each<[string, string, string]>([
    [
      '{"results":',
      'part.json: not valid JSON: line 1, column 12: Unexpected end of JSON input',
      'json=<file>',
    ],
    ['[]', 'part.json is no report', '--reporter json=<file>'],
    ['{"type":"test_started"}', 'part.json is no report', '--reporter json=<file>'],
    ['{"results":[]}', 'part.json names no version; this agents reads version 1', 'json=<file>'],
    ['{"results":[],"version":2}', 'part.json is of version 2; this agents reads version 1', 'json=<file>'],
  ])('%s is refused with the reason', (text, message, hint) => {
    const error = failure(() => parseReport(text, 'part.json'));
    expect(error).toMatchObject({ code: 'invalid_spec', message, hint: expect.stringContaining(hint) });
  });

  test.each<[string, (value: typeof whole) => object, string]>([
    [
      'a sum of money that is none',
      (value) => ({ ...value, totals: { ...value.totals, cost_usd: 'much' } }),
      'totals.cost_usd must be an amount of dollars',
    ],
    ['a part beyond the last', (value) => ({ ...value, shard: '5/4' }), 'shard must be a part as 2/4'],
    ['part 0', (value) => ({ ...value, shard: '0/4' }), 'shard must be a part as 2/4'],
    [
      'a time that is none',
      (value) => ({ ...value, started_at: 'noon' }),
      'started_at must be a time as 2026-07-01T12:00:00Z',
    ],
    [
      'no id',
      (value) => ({ ...value, results: [{ ...value.results[0], id: '' }] }),
      'results[0].id must not be empty',
    ],
    [
      'another verdict',
      (value) => ({ ...value, results: [{ ...value.results[0], verdict: 'fine' }] }),
      'results[0].verdict must be "passed" or "failed" or "error" or "skipped", got "fine"',
    ],
    [
      'turns that are none',
      (value) => ({
        ...value,
        results: [{ ...value.results[0], runs: [{ ...run('passed'), turns: 'few' }] }],
      }),
      'results[0].runs[0].turns must be an array, got "few"',
    ],
  ])('%s is named with its place', (_, change, problem) => {
    const error = failure(() => readReport(change(whole), 'part.json'));
    expect(error).toMatchObject({ code: 'invalid_spec', exit: 2, message: `part.json: ${problem}` });
  });

  test('that is wrong all over is not told without an end', () => {
    const broken = { ...whole, results: Array.from({ length: 1000 }, () => ({})) };
    expect(failure(() => readReport(broken, 'part.json')).message.length).toBeLessThan(500);
  });
});
