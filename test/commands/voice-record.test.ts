// What is kept of a conversation: recordings and transcripts, from keeping to showing again.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { keyboard, person, type RunOptions, root, words } from '../support/agents.js';
import { misbehaving, refusingHandshake } from '../support/hostile-socket.js';
import { startTestApi } from '../support/local-api.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');

async function talker() {
  const api = await startTestApi();
  const { run, home } = person({ env: { XAI_API_KEY: 'xai-very-secret-key' } });
  const inHome = (line: string | string[], options: RunOptions = {}) =>
    run(line, { cwd: home, ...options, env: { AGENTS_BASE_URL: api.base, ...options.env } });
  const file = (name: string) => readFileSync(join(home, name), 'utf8');
  return { api, home, run: inHome, file };
}
const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What was told; a result is known here before it is on the line, and may be told sooner, with its time. */
function told(stdout: string): string[] {
  return lines(stdout)
    .map(({ seq: _seq, ms: _ms, ...notice }) => JSON.stringify(notice))
    .sort();
}

describe('voice --record', () => {
  test('changes nothing of what is said, nor does sound on stdout', async () => {
    const { run, home } = await talker();
    const spec = { name: 'Concierge', instructions: 'You are Ava.' };
    writeFileSync(join(home, 'spec.json'), JSON.stringify(spec));
    await run('create spec.json');
    const talked = await run('voice spec.json -m Hello --record talk.jsonl');
    expect(talked.stdout).toContain('this is Ava');
    const sounded = await run('voice spec.json -m Hello --audio-out -');
    expect(sounded.stderr).toContain('this is Ava');
  });

  test('keeps all that passes, for nobody else to read and without the key', async () => {
    const { run, file, home } = await talker();
    const talked = await run([
      'voice',
      orderSupport,
      '-m',
      'Where is order ORD-42?',
      '--record',
      'talk.jsonl',
    ]);
    expect(talked.code).toBe(0);
    const kept = lines(file('talk.jsonl'));
    expect(kept[0]).toMatchObject({
      kind: 'header',
      version: 1,
      product: expect.stringMatching(/^agents\//),
      started_at: '2026-07-01T12:00:00.000Z',
      url: expect.stringMatching(/^ws:.*\/v1\/realtime\?model=grok-voice-latest$/),
      model: 'grok-voice-latest',
      agent: { name: expect.any(String), tools: expect.any(Array) },
    });
    const types = kept.slice(1).map(({ from, event }) => `${from} ${event?.type}`);
    expect(types).toEqual(
      expect.arrayContaining([
        'server session.created',
        'client session.update',
        'client conversation.item.create',
        'server response.output_audio.delta',
        'server response.done',
      ]),
    );
    expect(kept.at(-1)).toEqual({ kind: 'closed', from: 'client', at_ms: 0, code: 1000, reason: '' });
    expect(file('talk.jsonl')).not.toContain('very-secret');
    if (process.platform !== 'win32') expect(statSync(join(home, 'talk.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('is told again as it was, has nothing wrong in it, and serves as an API', async () => {
    const { run, file, home, api } = await talker();
    const turns = ['-m', 'Hello', '-m', 'Where is order ORD-42?'];
    const talked = await run(['--json', 'voice', orderSupport, ...turns, '--record', 'talk.jsonl']);
    const again = await run('--json replay talk.jsonl');
    expect(told(again.stdout)).toEqual(told(talked.stdout));
    expect(await run('replay --check talk.jsonl')).toMatchObject({ code: 0, stdout: '' });
    await api.close();

    const interrupts = new Interrupts();
    let used: Promise<{ stdout: string }> | undefined;
    const served = await run('dev --port 0 --memory --replay talk.jsonl', {
      interrupts,
      onWrite: (_, text) => {
        const url = /http:\/\/[^\s"]+/.exec(text)?.[0];
        if (url === undefined || used !== undefined) return;
        used = run(['--json', '--base-url', url, 'voice', orderSupport, ...turns])
          .then(async (right) => {
            await run(['--base-url', url, 'voice', orderSupport, '-m', 'Something else']);
            return right;
          })
          .finally(() => interrupts.raise('interrupted'));
      },
    });
    // The same client gets the same events: every notice is the same, ids and all.
    expect(told((await used)?.stdout ?? '')).toEqual(told(talked.stdout));
    expect(served.stdout).toMatch(/^talk\.jsonl:\d+ expected .*"Hello", got .*"Something else"$/m);
    expect(lines(file('talk.jsonl')).length).toBeGreaterThan(20);
    expect(existsSync(join(home, 'talk.jsonl'))).toBe(true);
  });

  test.each([true, false])(
    'of a line that dropped is told as it was; forgotten meanwhile: %s',
    async (forgets) => {
      const { run, file } = await talker();
      let replies = 0;
      const drop = (socket: { close(code: number, reason: string): void }) => {
        if (++replies !== 2) return true;
        socket.close(1011, 'restart');
        return false;
      };
      const service = await misbehaving('reply', drop, { forgets });
      const env = { AGENTS_BASE_URL: service.url };
      const talked = await run(
        ['--json', 'voice', orderSupport, '-m', 'Hello', '-m', 'And you?', '--record', 'talk.jsonl'],
        { env },
      );
      expect(talked.code).toBe(0);
      expect(told(talked.stdout).join()).toMatch(/"reconnecting".*"resumed"|"resumed".*"reconnecting"/);
      expect(file('talk.jsonl')).toContain('"opened"');
      const again = await run('--json replay talk.jsonl');
      expect(told(again.stdout)).toEqual(told(talked.stdout));
      expect(await run('replay --check talk.jsonl')).toMatchObject({ code: 0, stdout: '' });
    },
  );

  test('never replaces a file, and says so before anything is sent', async () => {
    const { run, file, home, api } = await talker();
    writeFileSync(join(home, 'talk.jsonl'), 'precious');
    expect(await run(['voice', orderSupport, '-m', 'Hello', '--record', 'talk.jsonl'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('talk.jsonl is there already; a recording never replaces a file'),
    });
    expect(file('talk.jsonl')).toBe('precious');
    expect(await api.requests()).toEqual([]);
  });

  test('leaves nothing behind when no line was had', async () => {
    const { run, home } = await talker();
    const hostile = await refusingHandshake(401, '');
    const refused = await run(['voice', orderSupport, '-m', 'Hello', '--record', 'talk.jsonl'], {
      env: { AGENTS_BASE_URL: hostile.url },
    });
    expect(refused.code).toBe(4);
    expect(existsSync(join(home, 'talk.jsonl'))).toBe(false);
  });

  test('keeps what came before a line that broke, and how it broke', async () => {
    const { run, file } = await talker();
    const hostile = await misbehaving('reply', (socket) => {
      socket.send('<html>');
      socket.close(1011, 'go away');
      return false;
    });
    await run(['voice', orderSupport, '-m', 'Hello', '--record', 'talk.jsonl'], {
      env: { AGENTS_BASE_URL: hostile.url },
    });
    expect(lines(file('talk.jsonl')).slice(-2)).toEqual([
      { kind: 'text', from: 'server', at_ms: 0, text: '<html>' },
      { kind: 'closed', from: 'server', at_ms: 0, code: 1011, reason: 'go away' },
    ]);
  });
});

test.each([
  ['--record s.json --transcript ./s.json', '--record and --transcript both name ./s.json'],
  ['--record s.pcm --audio-out s.pcm', '--record and --audio-out both name s.pcm'],
  ['--transcript s.md --save-audio s.md', '--transcript and --save-audio both name s.md'],
])('%s is asked wrongly', async (flags, says) => {
  const { run, home, api } = await talker();
  expect(await run(['voice', orderSupport, '-m', 'Hello', ...words(flags)])).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(says),
  });
  expect(readdirSync(home).filter((name) => name.startsWith('s.'))).toEqual([]);
  expect(await api.requests()).toEqual([]);
});

describe('voice --transcript', () => {
  test('keeps the words as a document to read', async () => {
    const { run, file } = await talker();
    await run(['voice', orderSupport, '-m', 'Where is order ORD-42?', '--transcript', 'talk.md']);
    const text = file('talk.md');
    expect(text).toMatch(/^# Conversation with Order Support\n/);
    expect(text).toContain('**User** 12:00:00\n\n> Where is order ORD-42?\n');
    expect(text).toMatch(
      /\*\*Tool\*\* 12:00:00 lookup\\_order\n\n```\n\{\n {2}"order_id": "ORD-42"\n\}\n```/,
    );
    expect(text).toMatch(/\*\(first word 0\.00 s, total 0\.00 s, 1 tool call\)\*/);
  });

  test('keeps the words as JSON', async () => {
    const { run, file } = await talker();
    await run([
      'voice',
      orderSupport,
      '-m',
      'Hello',
      '-m',
      'my key is xai-very-secret-key',
      '--transcript',
      'talk.JSON',
    ]);
    const kept = JSON.parse(file('talk.JSON'));
    expect(kept).toMatchObject({
      agent: 'Order Support',
      model: 'grok-voice-latest',
      conversation_id: expect.any(String),
      started_at: '2026-07-01T12:00:00.000Z',
      turns: [
        { turn: 1, status: 'completed' },
        { turn: 2, status: 'completed' },
      ],
    });
    expect(kept.entries.slice(0, 2)).toMatchObject([
      { who: 'user', turn: 1, text: 'Hello' },
      { who: 'agent', turn: 1, text: expect.stringContaining('Hello') },
    ]);
    expect(file('talk.JSON')).not.toContain('very-secret');
  });

  test('keeps half an answer when it is ended in the middle of one', async () => {
    const { home, run, file } = await talker();
    const slow = await startTestApi({ wordDelayMs: 30 });
    const interrupts = new Interrupts();
    const { stream, type } = keyboard();
    let shown = '';
    let stage = 0;
    const ended = await run(['voice', orderSupport, '--transcript', 'talk.json', '--record', 'talk.jsonl'], {
      env: { AGENTS_BASE_URL: slow.base, NO_COLOR: '1' },
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      interrupts,
      onWrite: (_, text) => {
        shown += text;
        if (stage === 0 && /quit\.\n[\s\S]*> /.test(shown)) {
          stage = 1;
          shown = '';
          setImmediate(() => type('Hello\r'));
        } else if (stage === 1 && / said:/.test(shown)) {
          stage = 2;
          setImmediate(() => interrupts.raise('terminated'));
        }
      },
    });
    expect(ended.code).toBe(143);
    const kept = JSON.parse(file('talk.json'));
    expect(kept.entries).toMatchObject([{ who: 'user', text: 'Hello' }, { who: 'agent' }]);
    expect(kept.turns).toMatchObject([{ turn: 1, status: 'failed' }]);
    expect(lines(file('talk.jsonl')).at(-1)).toMatchObject({ kind: 'closed' });
    expect(existsSync(join(home, 'talk.json'))).toBe(true);
  });

  test.each([
    ['talk.txt', '--transcript must name a .md or a .json file, got talk.txt'],
    ['there.md', 'there.md is there already; a transcript never replaces a file'],
  ])('%s is refused before anything is sent', async (name, says) => {
    const { run, home, api } = await talker();
    writeFileSync(join(home, 'there.md'), 'precious');
    expect(await run(['voice', orderSupport, '-m', 'Hello', '--transcript', name])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(says),
    });
    expect(await api.requests()).toEqual([]);
  });

  test.each(['talk.md', 'talk.json'])('never holds the key, however %s is written', async (name) => {
    const { run, file } = await talker();
    const flags = ['-m', 'Is it xai-very_secret_key?', '--transcript', name];
    await run(['voice', orderSupport, ...flags], { env: { XAI_API_KEY: 'xai-very_secret_key' } });
    expect(file(name)).toContain('Is it ');
    expect(file(name)).not.toMatch(/secret|_key/);
  });

  test.each(['file/talk.md', 'file/a/talk.json'])('%s, below a file, is refused first', async (name) => {
    const { run, home, api } = await talker();
    writeFileSync(join(home, 'file'), '');
    expect(await run(['voice', orderSupport, '-m', 'Hello', '--transcript', name])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`cannot write ${name}: a part of its path is no folder`),
    });
    expect(await api.requests()).toEqual([]);
  });

  test.each(['', '--json '])('%swhat cannot be written in the end is a failure', async (json) => {
    const { run, home } = await talker();
    mkdirSync(join(home, 'kept'));
    const turns = `-m Hello -m Hello --transcript kept/talk.md`;
    const talked = await run(`${json}voice ${orderSupport} ${turns}`, {
      onWrite: () => {
        // The folder goes while they talk.
        if (existsSync(join(home, 'kept'))) rmSync(join(home, 'kept'), { recursive: true });
        writeFileSync(join(home, 'kept'), '');
      },
    });
    expect(talked.code).toBe(1);
    expect(talked.stderr.match(/note: cannot write/g) ?? []).toHaveLength(json === '' ? 1 : 0);
    expect(talked.stderr.trimEnd().split('\n').at(-1)).toMatch(
      json === '' ? /^error: cannot write .*no folder/ : /^\{"error":\{"code":"storage"/,
    );
  });
});
