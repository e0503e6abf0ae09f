// `agents test merge`, as the command it will stand in runs it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { register } from '../../src/commands/test/merge.js';
import { type Context, createContext } from '../../src/context.js';
import { CliError } from '../../src/errors.js';
import type { CaseResult } from '../../src/scenario/result.js';
import { createIo } from '../../src/terminal/io.js';
import { createOutput } from '../../src/terminal/output.js';
import { report, result } from '../scenario/report/made.js';
import { temporaryFolder, testHost } from '../support/agents.js';

/** Runs `merge` in a folder that holds these reports, or texts. */
async function merge(files: Record<string, unknown>, args: string[], { json = false, stdin = '' } = {}) {
  const cwd = temporaryFolder();
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
  const host = testHost({ cwd, stdin });
  const io = createIo(host, host.interrupts);
  const output = createOutput(io, host.env, json);
  const describeNothing = async () => {
    throw new Error('not asked for');
  };
  const context: Context = createContext({
    ...{ host, io, output, flags: {}, again: async () => 0 },
    describe: describeNothing,
  });
  let code = 0;
  let error: CliError | undefined;
  const command = new Command('merge');
  register(command, (work) => async (...given) => {
    code = (await work(context, ...given)) ?? 0;
  });
  await command.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    if (!(thrown instanceof CliError)) throw thrown;
    error = thrown;
  });
  return {
    code,
    error,
    stdout: host.stdout.text,
    file: (name: string) => readFileSync(join(cwd, name), 'utf8'),
  };
}

const part = (shard: string, results: CaseResult[]) => report(results, { shard });

describe('merge', () => {
  test('tells of all parts, and ends as the whole run would have', async () => {
    const files = {
      'a.json': part('1/2', [result('Full', 'failed')]),
      'b.json': part('2/2', [result('Clean', 'passed')]),
    };
    const { code, stdout, file } = await merge(files, [
      ...['b.json', 'a.json', '--reporter', 'junit=junit.xml', '--reporter', 'json=all.json'],
      ...['--reporter', 'terminal'],
    ]);
    expect(code).toBe(6);
    expect(stdout).toBe(`passed: booking.scenario.yaml › Clean
failed: booking.scenario.yaml › Full
expected  says "confirmed"  (booking.scenario.yaml:14)
     got  "Good morning."
  person  A checkup, please.
   agent  Good morning.
          first word 120 ms, total 400 ms, about $0.0010
          all turns were taken, 1.5 s, about $0.0010
  replay  agents replay a.jsonl

2 scenarios: 1 passed, 1 failed; 2.0 s, about $0.0020
`);
    expect(file('junit.xml')).toContain('tests="2"');
    expect(JSON.parse(file('all.json'))).toMatchObject({ totals: { passed: 1, failed: 1 } });
  });

  test.each<[number, CaseResult['verdict']]>([
    [0, 'passed'],
    [6, 'failed'],
    [1, 'error'],
    [1, 'skipped'],
  ])('ends with %d for one that %s', async (code, verdict) => {
    const files = { 'a.json': report([result('a', 'passed'), result('b', verdict)]) };
    expect((await merge(files, ['a.json'])).code).toBe(code);
  });

  test.each<[string, CaseResult['verdict'], object]>([
    ['all passed', 'passed', { error: { code: 'budget_reached', exit: 6 } }],
    ['some were left out for it', 'skipped', { error: { code: 'budget_reached', exit: 6 } }],
    ['some could not run', 'error', { error: undefined, code: 1 }],
  ])('where a part came to its limit of cost and %s ends as that part', async (_, verdict, ending) => {
    const over_budget = '--max-cost 0.03 is passed: about $0.05 is spent';
    const merged = await merge(
      {
        'a.json': part('1/2', [result('a', 'passed')]),
        'b.json': report([result('b', verdict)], { shard: '2/2', over_budget }),
      },
      ['a.json', 'b.json', '--reporter', 'json=all.json'],
    );
    expect(merged).toMatchObject(ending);
    expect(merged.error?.message).toBe(verdict === 'error' ? undefined : over_budget);
    expect(JSON.parse(merged.file('all.json'))).toMatchObject({ over_budget });
  });

  test('reads stdin, and may write over a part', async () => {
    const [one, two] = [part('1/2', [result('a', 'passed')]), part('2/2', [result('b', 'passed')])];
    const { code, file } = await merge({ 'a.json': one }, ['a.json', '-', '--reporter', 'json=a.json'], {
      stdin: JSON.stringify(two),
    });
    expect(code).toBe(0);
    expect(JSON.parse(file('a.json'))).toMatchObject({ totals: { scenarios: 2 } });
  });

  test('under --json prints the events', async () => {
    const { stdout } = await merge({ 'a.json': report([result('a', 'passed')]) }, ['a.json'], { json: true });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toEqual([
      'test_started',
      'scenario_started',
      'scenario_run',
      'scenario_done',
      'test_done',
    ]);
  });

  test.each<[string, Record<string, unknown>, string[], string, string]>([
    [
      'a part that is missing',
      { 'a.json': part('1/2', [result('a', 'passed')]) },
      ['a.json'],
      'usage',
      'of 2 parts, 2/2 is missing',
    ],
    ['no scenario at all', { 'a.json': report([]) }, ['a.json'], 'usage', 'there is no scenario in a.json'],
    ['a file that is not there', {}, ['a.json'], 'unreadable', 'cannot read a.json: no such file'],
    ['a file that is no report', { 'a.json': '{}' }, ['a.json'], 'invalid_spec', 'a.json is no report'],
    [
      'a text that is no JSON',
      { 'a.json': report([result('a', 'passed')]), 'b.json': '\u0000' },
      ['a.json', 'b.json'],
      'invalid_spec',
      'b.json: not valid JSON',
    ],
    ['an empty name', {}, [''], 'usage', 'an empty name is no file'],
    ['another reporter', {}, ['a.json', '--reporter', 'jnit'], 'usage', '--reporter jnit is not known'],
  ])('refuses %s, and writes nothing', async (_, files, args, code, message) => {
    const reporter = args.includes('--reporter') ? [] : ['--reporter', 'junit=junit.xml'];
    const { error, stdout, file } = await merge(files, [...args, ...reporter]);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(stdout).toBe('');
    expect(() => file('junit.xml')).toThrow('ENOENT');
  });
});
