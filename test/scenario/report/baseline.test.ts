import { describe, expect, test } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { baselineOf, baselineText, parseBaseline } from '../../../src/scenario/report/baseline.js';
import { report, result, run, turn } from './made.js';

const times = (first_word_ms: number, total_ms: number, tools: number[] = []) =>
  turn('a', 'b', {
    first_word_ms,
    total_ms,
    calls: tools.map((ms) => ({ name: 't', arguments: {}, ms, at_ms: 0 })),
  });

describe('a baseline', () => {
  test('has a number a run for each measure, in order of size', () => {
    const runs = [
      run('passed', { turns: [times(300, 900, [7, 9]), times(100, 500)], cost_usd: '0.02' }),
      run('failed', { run: 2, turns: [times(120.4, 480)], cost_usd: null }),
    ];
    expect(baselineOf(report([result('x', 'failed', { runs })])).scenarios).toEqual({
      'booking.scenario.yaml › x': {
        runs: 2,
        passed: 1,
        first_word_ms: [120, 200],
        tool_ms: [8],
        total_ms: [480, 700],
        cost_usd: [0.02],
      },
    });
  });

  test('counts the first attempt of a run that came to a verdict', () => {
    const runs = [
      run('error', { turns: [times(1, 1)] }),
      run('failed', { attempt: 2, turns: [times(200, 300)] }),
      run('passed', { attempt: 3, turns: [times(900, 900)] }),
      run('passed', { run: 2 }),
      run('error', { run: 3 }),
    ];
    const [measured] = Object.values(baselineOf(report([result('x', 'passed', { runs })])).scenarios);
    expect(measured).toMatchObject({ runs: 2, passed: 1, first_word_ms: [120, 200] });
  });

  test('leaves out what came to no verdict, and keeps what was not run', () => {
    const earlier = baselineOf(report(['a', 'b', 'c'].map((name) => result(name, 'passed'))));
    const later = report([
      result('d', 'passed'),
      result('c', 'skipped'),
      result('b', 'error', { runs: [run('error')] }),
    ]);
    expect(Object.keys(baselineOf(later, earlier).scenarios)).toEqual(
      ['a', 'c', 'd'].map((name) => `booking.scenario.yaml › ${name}`),
    );
    expect(Object.keys(baselineOf(later).scenarios)).toEqual(['booking.scenario.yaml › d']);
  });

  test('of very many runs keeps a hundred, evenly', () => {
    const runs = Array.from({ length: 1000 }, (_, at) =>
      run('passed', { run: at + 1, turns: [times(1000 - at, 5)] }),
    );
    const [measured] = Object.values(baselineOf(report([result('x', 'passed', { runs })])).scenarios);
    expect(measured?.runs).toBe(1000);
    expect(measured?.first_word_ms).toHaveLength(100);
    expect(measured?.first_word_ms?.slice(0, 3)).toEqual([6, 16, 26]);
    expect(measured?.first_word_ms?.at(-1)).toBe(996);
  });

  const made = baselineOf(
    report([
      result('b "quoted"', 'passed'),
      result('a [x, y]', 'passed', { runs: [run('passed'), run('passed', { run: 2 })] }),
    ]),
  );

  test('is a file that shows what changed', () => {
    expect(baselineText(made)).toBe(`{
  "version": 1,
  "product": "agents/1.0.0 node/20.19.0",
  "started_at": "2026-07-01T12:00:00.250Z",
  "server": "local",
  "scenarios": {
    "booking.scenario.yaml › a [x, y]": {
      "runs": 2,
      "passed": 2,
      "first_word_ms": [120,120],
      "total_ms": [400,400],
      "cost_usd": [0.001,0.001]
    },
    "booking.scenario.yaml › b \\"quoted\\"": {
      "runs": 1,
      "passed": 1,
      "first_word_ms": [120],
      "total_ms": [400],
      "cost_usd": [0.001]
    }
  }
}
`);
  });

  test('comes back from its file', () => {
    expect(parseBaseline(baselineText(made), 'baseline.json')).toEqual(made);
    const empty = baselineOf(report([]));
    expect(parseBaseline(baselineText(empty), 'baseline.json')).toEqual(empty);
  });

  const one = (measured: object) => JSON.stringify({ ...made, scenarios: { x: measured } });
  test.each([
    ['{', 'baseline.json: not valid JSON: line 1, column 2'],
    ['{"results":[]}', 'baseline.json is no baseline'],
    ['{"version":2,"scenarios":{}}', 'baseline.json is of version 2; this agents reads version 1'],
    [one({ runs: 0, passed: 0 }), 'baseline.json: scenarios.x.runs must be at least 1, got 0'],
    [
      one({ runs: 1, passed: 2 }),
      'baseline.json: scenarios.x must not have more that passed than there were',
    ],
    [one({ runs: 1, passed: 1, tool_ms: ['5'] }), 'baseline.json: scenarios.x.tool_ms[0] must be a number'],
  ])('%s is refused', (text, message) => {
    const refused = expect.objectContaining({
      code: 'invalid_spec',
      message: expect.stringContaining(message),
    });
    expect(() => parseBaseline(text, 'baseline.json')).toThrow(CliError);
    expect(() => parseBaseline(text, 'baseline.json')).toThrow(refused);
  });
});
