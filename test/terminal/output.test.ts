import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.js';
import { createIo } from '../../src/terminal/io.js';
import { createOutput, type Output } from '../../src/terminal/output.js';
import { type RunOptions, testHost } from '../support/agents.js';

interface Setting extends RunOptions {
  json?: boolean;
}

/** What one way of speaking puts on each stream. */
async function said(setting: Setting, speak: (output: Output) => unknown) {
  const host = testHost(setting);
  const io = createIo(host, host.interrupts);
  await speak(createOutput(io, host.env, setting.json === true));
  await io.flushed();
  return { stdout: host.stdout.text, stderr: host.stderr.text };
}

const terminal = { tty: { stdout: true, stderr: true } };
const json = { json: true };
const silent = { stdout: '', stderr: '' };

const agent = { agent_id: 'a1', name: 'Bot' };
const name = (value: { name: string }) => value.name;

describe('the answer', () => {
  test('is rendered for people', async () => {
    expect(await said({}, (output) => output.show(agent, name))).toEqual({ ...silent, stdout: 'Bot\n' });
  });

  test('ends with one line break, its own or another', async () => {
    expect(await said({}, (output) => output.show(agent, () => 'Bot\n'))).toEqual({
      ...silent,
      stdout: 'Bot\n',
    });
  });

  test('may be nothing', async () => {
    expect(await said({}, (output) => output.show(agent, () => ''))).toEqual(silent);
  });

  test('is one indented document for programs, whatever it looks like for people', async () => {
    expect(await said(json, (output) => output.show({ agent }, () => ''))).toEqual({
      ...silent,
      stdout: '{\n  "agent": {\n    "agent_id": "a1",\n    "name": "Bot"\n  }\n}\n',
    });
  });

  test('has the same form at a terminal', async () => {
    const alone = await said(json, (output) => output.show(agent, name));
    expect(await said({ ...json, ...terminal }, (output) => output.show(agent, name))).toEqual(alone);
  });

  test('is told the width and the colours of the screen it goes to', async () => {
    const style = async (setting: Setting) => {
      const { stdout } = await said(setting, (output) =>
        output.show(agent, (_, { width, chalk }) => `${width} ${chalk.level}`),
      );
      return stdout.trim();
    };
    expect(await style({})).toBe('Infinity 0');
    expect(await style({ tty: { stdout: true, columns: 40 } })).toBe('40 2');
    expect(await style({ tty: { stderr: true, columns: 40 } })).toBe('Infinity 0');
    expect(await style({ ...terminal, env: { NO_COLOR: '1' } })).toBe('80 0');
    expect(await style({ tty: { stdout: true, columns: 3 } })).toBe('20 2');
  });
});

describe('a stream of answers', () => {
  test('is rendered as it comes, without line breaks of ours', async () => {
    const words = await said({}, (output) => {
      for (const text of ['Hel', 'lo', '', '\n']) output.emit({ text }, (value) => value.text);
    });
    expect(words).toEqual({ ...silent, stdout: 'Hello\n' });
  });

  test('is one line each for programs', async () => {
    const lines = await said(json, (output) => {
      output.emit({ text: 'a\nb' }, () => '');
      output.emit(null, () => '');
    });
    expect(lines).toEqual({ ...silent, stdout: '{"text":"a\\nb"}\nnull\n' });
  });

  test.each([
    ['for people', {}, 'ab'],
    ['for programs', json, '"a"\n"b"\n'],
  ])('may come several at once, in one write %s', async (_, setting, stdout) => {
    const writes: string[] = [];
    const onWrite = (_target: string, text: string) => writes.push(text);
    await said({ ...setting, onWrite }, (output) => output.emitAll(['a', 'b'], (value) => value));
    expect(writes).toEqual([stdout]);
  });

  test.each([[{}], [json]])('may be none %j', async (setting) => {
    expect(await said(setting, (output) => output.emitAll([], () => 'x'))).toEqual(silent);
  });
});

describe('what is told beside the answer', () => {
  const tell = (output: Output) => {
    output.note('working');
    output.remark(({ chalk }) => `${chalk.dim('a log')}\n`);
    output.remark(() => '');
  };

  test('goes to stderr', async () => {
    expect(await said({}, tell)).toEqual({ stdout: '', stderr: 'working\na log\n' });
  });

  test('is dimmed at a terminal', async () => {
    expect(await said(terminal, tell)).toEqual({
      stdout: '',
      stderr: '\u001b[2mworking\u001b[22m\n\u001b[2ma log\u001b[22m\n',
    });
  });

  test('is silent for programs', async () => {
    expect(await said(json, tell)).toEqual(silent);
    expect(await said({ ...json, ...terminal }, tell)).toEqual(silent);
  });

  test('but for what --verbose asked for', async () => {
    const trace = (output: Output) => output.trace('> GET /v1/agents');
    expect(await said({}, trace)).toEqual({ stdout: '', stderr: '> GET /v1/agents\n' });
    expect(await said(json, trace)).toEqual({ stdout: '', stderr: '> GET /v1/agents\n' });
  });
});

describe('a failure', () => {
  const error = new CliError('not_found', 'GET /v1/agents/a1: no such agent', {
    hint: 'agents list shows what there is',
    status: 404,
    requestId: 'req-1',
    retryAfter: '5',
    cause: new Error('inner'),
  });

  test('is told with the next step', async () => {
    expect(await said({}, (output) => output.report(error))).toEqual({
      stdout: '',
      stderr: 'error: GET /v1/agents/a1: no such agent\n  agents list shows what there is\n',
    });
  });

  test('may have no next step', async () => {
    const bare = new CliError('internal', 'broken');
    expect(await said({}, (output) => output.report(bare))).toEqual({
      stdout: '',
      stderr: 'error: broken\n',
    });
    expect(await said(json, (output) => output.report(bare))).toEqual({
      stdout: '',
      stderr: '{"error":{"code":"internal","message":"broken"}}\n',
    });
  });

  test('is one line of JSON for programs', async () => {
    expect(await said(json, (output) => output.report(error))).toEqual({
      stdout: '',
      stderr:
        '{"error":{"code":"not_found","message":"GET /v1/agents/a1: no such agent",' +
        '"hint":"agents list shows what there is","status":404,"request_id":"req-1"}}\n',
    });
  });

  test('is red at a terminal, and its next step dimmed', async () => {
    expect(await said(terminal, (output) => output.report(error))).toEqual({
      stdout: '',
      stderr:
        '\u001b[31m\u001b[1merror:\u001b[22m\u001b[39m GET /v1/agents/a1: no such agent\n' +
        '\u001b[2m  agents list shows what there is\u001b[22m\n',
    });
  });
});

describe('waiting', () => {
  test.each([
    ['in a pipe', {}],
    ['for programs', { ...json, ...terminal }],
    ['at a terminal, where it is over at once', terminal],
    ['at a terminal without colour', { ...terminal, env: { NO_COLOR: '1' } }],
  ])('shows nothing %s, and gives what the work gives', async (_, setting) => {
    let result: unknown;
    const shown = await said(setting, async (output) => {
      result = await output.during('Fetching', async () => 42);
    });
    expect({ shown, result }).toEqual({ shown: silent, result: 42 });
  });

  test('shows a line that stands where somebody may be typing, and no spinner', async () => {
    let isShown = () => {};
    const shown = new Promise<void>((resolve) => {
      isShown = resolve;
    });
    const setting = { ...terminal, env: { FORCE_COLOR: '1' }, onWrite: () => isShown() };
    const { stderr } = await said(setting, (output) => output.during('Connecting', () => shown, 'line'));
    expect(stderr).toBe('\u001b[2mConnecting…\u001b[22m\n');
  });

  test.each([
    ['in a pipe', {}],
    ['at a terminal', terminal],
  ])('fails as the work fails, %s', async (_, setting) => {
    const failure = new CliError('network', 'cannot reach it');
    const speak = (output: Output) =>
      output.during('Fetching', async () => {
        throw failure;
      });
    await expect(said(setting, speak)).rejects.toBe(failure);
  });
});

describe('nothing steers a terminal', () => {
  // What a hostile server would like to send: colours, a title, going back over the line, turning it round.
  const evil = 'a\u001b[2J\u001b]0;x\u0007\rb\u009b31m\u202ec\u007f';
  const value = { name: evil, [evil]: [{ deep: evil }] };
  const ways: [string, (output: Output) => unknown][] = [
    [
      'the answer',
      (output) => output.show(value, (shown) => JSON.stringify(shown).replace(/\\\\/g, '') + shown.name),
    ],
    ['one of a stream', (output) => output.emit(value, (shown) => Object.keys(shown).join() + shown.name)],
    ['a note', (output) => output.note(evil)],
    ['a trace', (output) => output.trace(evil)],
    ['a failure', (output) => output.report(new CliError('refused', evil, { hint: evil, requestId: evil }))],
  ];
  const steering = /[\p{Cc}\p{Bidi_Control}]/gu;

  test.each(ways)('%s', async (_, speak) => {
    const streams = await said({}, speak);
    const left = `${streams.stdout}${streams.stderr}`.replace(/\n/g, '').match(steering);
    expect(left).toBeNull();
    const asJson = await said(json, speak);
    expect(`${asJson.stdout}${asJson.stderr}`.replace(/\n/g, '').match(steering)).toBeNull();
  });

  test('and nothing is lost for programs', async () => {
    const { stdout } = await said(json, (output) => output.show(value, () => ''));
    expect(JSON.parse(stdout)).toEqual(value);
  });
});
