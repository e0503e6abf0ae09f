import { describe, expect, test } from 'vitest';
import { annotations, stepSummary } from '../../../src/scenario/report/github.js';
import { check, nasty, report, result, run, turn } from './made.js';

/** As GitHub's runner reads a command: properties first, then data, each with its own escapes. */
function read(line: string) {
  const [, level, properties = '', data = ''] = /^::(\w+) ([^:]*)::(.*)$/s.exec(line) ?? [];
  const plain = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const unescaped = (text: string) => plain(text).replaceAll('%25', '%');
  const pairs = properties.split(',').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return [name, unescaped(value.replaceAll('%3A', ':').replaceAll('%2C', ','))];
  });
  return { level, message: unescaped(data), ...Object.fromEntries(pairs) };
}

const problem = { code: 'network', message: 'cannot reach x.example' };

describe('annotations', () => {
  test('stand at the lines of what was expected, the first of each scenario before the second of any', () => {
    const twice = [
      check('failed', { turn: 0 }),
      check('failed', { expected: 'asks 1 question', got: '2', place: { line: 20, column: 1 } }),
      check('failed', { expected: 'costs at most $0.01', got: '$0.02', place: undefined }),
    ];
    const lines = annotations(
      report([
        result('Fine', 'passed'),
        result('Full', 'failed', { runs: [run('failed', { checks: twice })] }),
        result('Down', 'error', { line: 40, runs: [run('error', { problem, replay: undefined })] }),
        result('Late', 'skipped'),
      ]),
    );
    expect(lines.map(read)).toEqual([
      {
        level: 'error',
        file: 'booking.scenario.yaml',
        line: '14',
        title: 'failed: Full',
        message: 'expected says "confirmed"\ngot "Good morning."\nagents replay a.jsonl',
      },
      {
        level: 'error',
        file: 'booking.scenario.yaml',
        line: '40',
        title: 'could not run: Down',
        message: 'cannot reach x.example',
      },
      expect.objectContaining({
        line: '20',
        message: 'expected asks 1 question\ngot 2\nagents replay a.jsonl',
      }),
      expect.objectContaining({ line: '3', message: expect.stringContaining('costs at most $0.01') }),
    ]);
  });

  test('warn of what is flaky and of a run that was stopped', () => {
    const flaky = result('Now and then [a, b: c]', 'passed', {
      flaky: true,
      runs: [run('failed'), run('passed', { attempt: 2 })],
    });
    const lines = annotations(report([flaky, result('Late', 'skipped')], { stopped: 'budget' }));
    expect(lines.map(read)).toEqual([
      expect.objectContaining({ level: 'warning', title: 'flaky: Now and then [a, b: c]', line: '14' }),
      { level: 'warning', title: 'stopped: budget', message: '1 scenario was not run' },
    ]);
  });

  test('name the file as the repository does', () => {
    const [line = ''] = annotations(report([result('Full', 'failed')]), (name) => `agents/${name}`);
    expect(read(line)).toMatchObject({ file: 'agents/booking.scenario.yaml' });
  });

  test('are one line each, whatever stands in them', () => {
    const given = result(nasty, 'failed', {
      file: nasty,
      runs: [run('failed', { checks: [check('failed', { expected: nasty })], replay: nasty })],
    });
    const lines = annotations(report([given]));
    expect(lines.join('\n')).not.toMatch(/[\n\r]/);
    expect(read(lines[0] ?? '')).toMatchObject({
      level: 'error',
      file: nasty,
      title: `failed: ${nasty}`,
      message: `expected ${nasty.replace(/\s+/g, ' ')}\ngot "Good morning."\n${nasty}`,
    });
  });
});

describe('the summary of a step', () => {
  test('has the sums, a table of what failed, and the story of each', () => {
    const text = stepSummary(
      report([
        result('Fine', 'passed'),
        result('Full', 'failed'),
        result('Down', 'error', { runs: [run('error', { problem })] }),
      ]),
    );
    expect(text).toContain('❌ agents test\n\n3 scenarios&#58; 1 passed, 1 failed, 1 could not run; 2.0 s');
    expect(text).toContain(
      '| failed | Full (booking.scenario.yaml&#58;3) | says "confirmed" | "Good morning." |\n',
    );
    expect(text).toContain(
      '| could not run | Down (booking.scenario.yaml&#58;3) |  | cannot reach x.example |\n',
    );
    expect(text).toContain(
      '<details><summary>failed: booking.scenario.yaml › Full</summary>\n\n<pre>\nexpected  says',
    );
    expect(text.match(/<details>/g)).toHaveLength(2);
  });

  test('of a run that is fine is short', () => {
    expect(stepSummary(report([result('Fine', 'passed')]))).toBe(
      '## ✅ agents test\n\n1 scenario&#58; 1 passed; 2.0 s, about &#36;0.0010\n',
    );
  });

  test('of a run that left something out does not look fine', () => {
    expect(stepSummary(report([result('Late', 'skipped')], { stopped: 'interrupted' }))).toMatch(/^## ⚠️/);
  });

  test('lets no text become a tag, a cell or a link', () => {
    const given = result(nasty, 'failed', {
      runs: [
        run('failed', {
          checks: [check('failed', { expected: nasty, got: nasty, turn: 0 })],
          turns: [turn(nasty, '</pre></details><img src=x>')],
        }),
      ],
    });
    const text = stepSummary(report([given]));
    expect(new Set(text.match(/<\/?[a-z]+/gi))).toEqual(
      new Set(['<details', '<summary', '</summary', '<pre', '</pre', '</details']),
    );
    expect(text.match(/<\/pre>/g)).toHaveLength(1);
    const [row = ''] = text.split('\n').filter((line) => line.startsWith('| failed'));
    expect(row.match(/\|/g)).toHaveLength(5);
    expect(row).not.toMatch(/[`*_[\]~@\\]/);
  });

  test('stays within what GitHub takes', () => {
    const long = turn('x '.repeat(1500), 'y '.repeat(1500));
    const results = Array.from({ length: 400 }, (_, at) =>
      result(`scenario ${at}`, 'failed', {
        runs: [run('failed', { turns: [long, long], checks: [check('failed', { turn: 0 })] })],
      }),
    );
    const text = stepSummary(report(results));
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('There is more than a summary can hold');
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });
});
