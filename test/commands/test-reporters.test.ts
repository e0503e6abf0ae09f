// Who is told of a run, where that is written, and what two of them cannot both do.

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readReporters } from '../../src/commands/test/reporters.js';
import { openReporters } from '../../src/commands/test/reporting.js';
import { createContext } from '../../src/context.js';
import { hideForRecord } from '../../src/recording/hide.js';
import { eventsOf } from '../../src/scenario/report/events.js';
import type { Report } from '../../src/scenario/result.js';
import { createIo } from '../../src/terminal/io.js';
import { createOutput } from '../../src/terminal/output.js';
import { report, result, run, turn } from '../scenario/report/made.js';
import { temporaryFolder, testHost } from '../support/agents.js';

const parsed = (flags: string[] | undefined, json = false) =>
  readReporters(flags, { json }).map(({ name, path }) => (path === undefined ? name : `${name}=${path}`));

describe('--reporter', () => {
  test.each<[string[] | undefined, string[]]>([
    [undefined, ['terminal']],
    [
      ['junit=out.xml', 'html=report/'],
      ['terminal', 'junit=out.xml', 'html=report/'],
    ],
    [['junit'], ['junit']],
    [['junit=-'], ['junit']],
    [
      ['tap', 'json=a=b.json'],
      ['tap', 'json=a=b.json'],
    ],
    [['github'], ['terminal', 'github']],
    [
      ['github', 'terminal'],
      ['github', 'terminal'],
    ],
    [
      ['terminal', 'jsonl=a', 'jsonl=b'],
      ['terminal', 'jsonl=a', 'jsonl=b'],
    ],
  ])('%j is %j', (flags, reporters) => {
    expect(parsed(flags)).toEqual(reporters);
  });

  test('under --json has no terminal', () => {
    expect(parsed(undefined, true)).toEqual([]);
    expect(parsed(['junit=out.xml', 'github=s.md'], true)).toEqual(['junit=out.xml', 'github=s.md']);
  });

  test.each<[string[], boolean, string, string]>([
    [
      ['junti=x'],
      false,
      '--reporter junti is not known (did you mean "junit"?)',
      'there are terminal, junit',
    ],
    [['nothing'], false, '--reporter nothing is not known', 'there are terminal, junit'],
    [['toString'], false, '--reporter toString is not known', 'there are terminal'],
    [['junit='], false, '--reporter junit= names no file', '--reporter junit=<file>'],
    [
      ['terminal=x'],
      false,
      '--reporter terminal is for stdout, not for a file',
      'for a file there are junit',
    ],
    [['junit', 'tap'], false, '--reporter junit and --reporter tap both write to stdout', 'junit=junit.xml'],
    [
      ['terminal', 'tap'],
      false,
      '--reporter tap and --reporter terminal both write to stdout',
      'tap=out.tap',
    ],
    [
      ['github', 'json'],
      false,
      '--reporter json and --reporter github both write to stdout',
      'json=report.json',
    ],
    [['html', 'html'], false, '--reporter html and --reporter html both write to stdout', 'html=report/'],
    [['github'], true, '--reporter github and --json both write to stdout', 'github=summary.md'],
    [['terminal'], true, '--reporter terminal and --json both write to stdout', 'leave out one'],
  ])('%j (--json: %s) is refused', (flags, json, message, hint) => {
    expect(() => readReporters(flags, { json })).toThrow(
      expect.objectContaining({ code: 'usage', message, hint: expect.stringContaining(hint) }),
    );
  });
});

function world({ json = false, env = {} }: { json?: boolean; env?: Record<string, string> } = {}) {
  const cwd = temporaryFolder();
  const host = testHost({ cwd, env });
  const io = createIo(host, host.interrupts);
  const output = createOutput(io, host.env, json);
  const context = createContext({
    host,
    io,
    output,
    flags: {},
    again: async () => 0,
    describe: async () => {
      throw new Error('not asked for');
    },
  });
  return {
    cwd,
    context,
    stdout: () => host.stdout.text,
    file: (name: string) => readFileSync(join(cwd, name), 'utf8'),
    /** What `flags` make of a report. */
    write: async (flags: string[], given: Report) => {
      const reporting = await openReporters(context, readReporters(flags, { json }));
      for (const event of eventsOf(given)) reporting.onEvent(event);
      await reporting.finish(given);
    },
  };
}

const mixed = report([result('Fine', 'passed'), result('Full', 'failed'), result('Late', 'skipped')], {
  stopped: 'bail',
});

describe('what reporters write', () => {
  test('is JSON with a line for each member, and on one line for very many runs', async () => {
    const { write, file } = world();
    const long = report([
      result('Often', 'passed', {
        runs: Array.from({ length: 1001 }, (_, at) => run('passed', { run: at + 1 })),
      }),
    ]);
    for (const [given, lines] of [
      [mixed, /^\{\n {2}"version": 1,\n/],
      [long, /^[^\n]+\n$/],
    ] as const) {
      await write(['json=all.json'], given);
      expect(file('all.json')).toMatch(lines);
      expect(JSON.parse(file('all.json'))).toEqual(given);
    }
  });

  test('goes to files in folders that are made', async () => {
    const { write, file, stdout } = world();
    await write(
      ['junit=out/ci/junit.xml', 'tap=out/a.tap', 'json=all.json', 'jsonl=all.jsonl', 'github=sum.md'],
      mixed,
    );
    expect(file('out/ci/junit.xml')).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
    expect(file('out/a.tap')).toMatch(/^TAP version 14\n1\.\.3\n[\s\S]*Bail out! bail\n$/);
    expect(JSON.parse(file('all.json'))).toEqual(mixed);
    const events = file('all.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events).toEqual(JSON.parse(JSON.stringify([...eventsOf(mixed)])));
    expect(events.map(({ type }) => type)).toEqual([
      'test_started',
      ...['scenario_started', 'scenario_run', 'scenario_done'],
      ...['scenario_started', 'scenario_run', 'scenario_done'],
      'scenario_done',
      'test_done',
    ]);
    expect(file('sum.md')).toContain('agents test');
    expect(stdout()).toBe('');
  });

  test.each([
    ['junit', /^<\?xml[\s\S]*<\/testsuites>\n$/],
    ['tap', /^TAP version 14\n[\s\S]*Bail out! bail\n$/],
    ['json', /^\{\n {2}"version": 1,[\s\S]*\n\}\n$/],
    ['jsonl', /^\{"type":"test_started"[^\n]*\n[\s\S]*\{"type":"test_done"[^\n]*\}\n$/],
  ])('without a file is stdout: %s', async (name, form) => {
    const { write, stdout } = world();
    await write([name], mixed);
    expect(stdout()).toMatch(form);
  });

  test('holds no secret, however it would be written there', async () => {
    const key = 'xai-<secret>_*`&';
    const said = result(`Key ${key}`, 'failed', {
      runs: [run('failed', { turns: [turn(key, `It is ${key}.`)], replay: `agents run ${key}` })],
    });
    const all = ['junit', 'tap', 'json', 'jsonl', 'github'].map((name) => `${name}=out/${name}`);
    const { context, cwd, stdout } = world({ json: true });
    const reporting = await openReporters(context, readReporters(all, { json: true }), {
      hide: (value) => hideForRecord(value, { key, showNumbers: true }),
    });
    for (const event of eventsOf(report([said]))) reporting.onEvent(event);
    await reporting.finish(report([said]));
    for (const text of [
      stdout(),
      ...all.map((each) => readFileSync(join(cwd, each.replace(/.*=/, '')), 'utf8')),
    ]) {
      expect(text).toMatch(/hidden/);
      expect(text).not.toMatch(/secret(?!\w)/);
    }
  });

  test('steers no terminal', async () => {
    for (const name of ['junit', 'tap', 'json', 'jsonl', 'github']) {
      const { write, stdout } = world();
      await write([name], report([result('esc\u001b[2J\u009b1m\u202e', 'failed')]));
      expect({ name, text: stdout() }).toEqual({
        name,
        text: expect.not.stringMatching(/[\u001b\u009b\u202e]/),
      });
    }
  });

  test('under --json are events, whatever else is written', async () => {
    const { write, stdout, file } = world({ json: true });
    await write(['jsonl=all.jsonl'], mixed);
    expect(stdout()).toBe(file('all.jsonl'));
  });

  test('is streamed while the run goes on', async () => {
    const { context, file } = world();
    const reporting = await openReporters(context, readReporters(['jsonl=a.jsonl'], { json: false }));
    expect(file('a.jsonl')).toBe('');
    reporting.onEvent({ type: 'scenario_started', id: 'x' });
    await expect.poll(() => file('a.jsonl')).toBe('{"type":"scenario_started","id":"x"}\n');
    await reporting.finish(mixed);
  });

  test('takes the place of what was there, with its rights and behind links', async () => {
    const { write, cwd, file } = world();
    writeFileSync(join(cwd, 'old.xml'), 'old'.repeat(10_000), { mode: 0o640 });
    symlinkSync('old.xml', join(cwd, 'junit.xml'));
    writeFileSync(join(cwd, 'a.jsonl'), 'old\n');
    await write(['junit=junit.xml', 'jsonl=a.jsonl'], mixed);
    expect(file('old.xml')).toMatch(/<\/testsuites>\n$/);
    expect(statSync(join(cwd, 'old.xml')).mode & 0o777).toBe(0o640);
    expect(file('a.jsonl')).not.toContain('old');
  });

  test.each(['jsonl', 'junit'])('goes into a pipe, and leaves it there: %s', async (name) => {
    const { write, cwd } = world();
    const pipe = join(cwd, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const read = promisify(execFile)('cat', [pipe]);
    await write([`${name}=pipe`], mixed);
    const { stdout } = await read;
    expect(stdout).toMatch(
      name === 'jsonl' ? /^\{"type":"test_started"[\s\S]*"test_done"/ : /<\/testsuites>\n$/,
    );
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  test('is there for others to read, as new files are', async () => {
    const { write, cwd } = world();
    writeFileSync(join(cwd, 'usual'), '');
    await write(['junit=out/junit.xml', 'tap=out/a.tap'], mixed);
    const usual = statSync(join(cwd, 'usual')).mode;
    expect(statSync(join(cwd, 'out/junit.xml')).mode).toBe(usual);
    expect(statSync(join(cwd, 'out/a.tap')).mode).toBe(usual);
  });

  test.each([
    [['junit=a.xml', 'tap=./a.xml'], 'usage', '--reporter junit and --reporter tap both write to ./a.xml'],
    [['junit=out/'], 'usage', '--reporter junit=out/ names a folder, not a file'],
    [['junit=there'], 'usage', '--reporter junit=there names a folder, not a file'],
    [['junit=file/junit.xml'], 'usage', 'cannot write file/junit.xml: a part of its path is no folder'],
    [['html=page/', 'json=page/index.html'], 'usage', 'both write to page/index.html'],
  ])('%j is refused before anything is run', async (flags, code, message) => {
    const { context, cwd } = world();
    mkdirSync(join(cwd, 'there'));
    writeFileSync(join(cwd, 'file'), '');
    await expect(openReporters(context, readReporters(flags, { json: false }))).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('that cannot be written is told when the others are', async () => {
    const { context, cwd, file } = world();
    const flags = ['jsonl=gone/a.jsonl', 'tap=a.tap', 'junit=junit.xml'];
    const reporting = await openReporters(context, readReporters(flags, { json: false }));
    for (const event of eventsOf(mixed)) reporting.onEvent(event);
    mkdirSync(join(cwd, 'junit.xml'));
    await expect(reporting.finish(mixed)).rejects.toThrow(
      expect.objectContaining({
        code: 'storage',
        message: expect.stringContaining('junit.xml: it is a folder'),
      }),
    );
    expect(file('a.tap')).toMatch(/Bail out! bail\n$/);
    expect(file('gone/a.jsonl')).toMatch(/"test_done"/);
  });
});

describe('github', () => {
  test('has annotations on stdout, and the summary at the end of the file GitHub names', async () => {
    const folder = temporaryFolder();
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, 'before\n');
    const { write, stdout } = world({ env: { GITHUB_STEP_SUMMARY: summary } });
    await write(['github'], mixed);
    expect(stdout().trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^::error file=booking\.scenario\.yaml,line=14,title=failed%3A Full::expected/),
      '::warning title=stopped%3A bail::1 scenario was not run',
    ]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## ❌ agents test\n/);
  });

  test('names files from the root of the repository', async () => {
    const { context, cwd, stdout } = world();
    context.host.env.GITHUB_WORKSPACE = cwd;
    context.host.cwd = join(cwd, 'agents', 'desk');
    const reporting = await openReporters(context, [{ name: 'github' }]);
    const outside = result('Far', 'failed', { file: '../../../else.yaml' });
    await reporting.finish(report([result('Full', 'failed', { file: '../x.yaml' }), outside]));
    expect(stdout()).toMatch(/^::error file=agents\/x\.yaml,.*\n::error file=\.\.\/\.\.\/\.\.\/else\.yaml,/);
  });

  test('of a run that is fine is silent', async () => {
    const { write, stdout } = world();
    await write(['github'], report([result('Fine', 'passed')]));
    expect(stdout()).toBe('');
  });
});
