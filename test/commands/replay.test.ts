import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWireThere, wirePath } from '../recording/support.js';
import { person, root } from '../support/agents.js';
import { fakePrograms } from '../support/programs.js';

const fixture = (name: string) => join(root, 'fixtures/recordings/watch', name);

/** Somebody with a recording in the folder. */
function withRecording(name = 'no_response_create.clean.jsonl') {
  const { run, home } = person();
  cpSync(fixture(name), join(home, 'talk.jsonl'));
  return { home, run: (line: string, options = {}) => run(line, { cwd: home, ...options }) };
}

describe('replay', () => {
  test('shows the conversation as voice does, the words of both, with the times it had', async () => {
    const { run } = withRecording();
    expect(await run('replay talk.jsonl')).toEqual({
      code: 0,
      stdout: `> Where is order ORD-42?
→ lookup_order({"order_id":"ORD-42"})
It has shipped.
`,
      stderr: `← {"status":"shipped"} (0.25 s)
(first word 1.15 s, 1 tool call 0.25 s, total 1.25 s, 1 text item, about $0.0040)
(session: 1 turn in 1.25 s, 1 tool call 0.25 s, 1 text item, about $0.0040, estimated at rates of 2026-04-23)
End of the recording: 1 turn, 1 tool call, 10.40 s.
`,
    });
  });

  test('--json gives the notices', async () => {
    const { run } = withRecording();
    const { stdout, stderr } = await run('--json replay talk.jsonl');
    const notices = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(notices.map(({ type }) => type)).toEqual([
      ...['ready', 'user', 'tool_call', 'response_done', 'tool_result', 'text', 'response_done', 'turn_done'],
      'session_done',
    ]);
    expect(notices.at(-2)).toMatchObject({
      seq: 7,
      at_ms: 1400,
      first_word_ms: 1150,
      cost: expect.anything(),
    });
    expect(stderr).toBe('');
  });

  test.skipIf(!isWireThere)('reads recordings without times, and says nothing of times then', async () => {
    const { run } = person();
    const path = wirePath('tool_call_round.jsonl');
    expect(await run(['replay', path])).toEqual({
      code: 0,
      stdout: `> What is the weather in London?
I'll check the weather for London right away.
→ get_weather({"city":"London"})
It is foggy and 12 degrees in London. The weather is foggy and 12 degrees.
`,
      stderr: `← It is foggy and 12 degrees in London.
(1 tool call, completed)
End of the recording: 1 turn, 1 tool call, no times were kept.
`,
    });
    expect((await run(['--json', 'replay', path])).stdout).not.toMatch(/at_ms|_ms"/);
    expect((await run(['replay', wirePath('audio_in_server_vad_turn.jsonl')])).stdout).toBe(
      '> Hello, my name is Marcelo.\nHello Marcelo! Nice to meet you. How can I help you today?\n',
    );
  });

  test('--speed waits as long as it took, divided by it', async () => {
    const { run } = withRecording();
    const waited: number[] = [];
    const clock = {
      sleep: async (ms: number) => {
        waited.push(ms);
      },
    };
    await run('replay talk.jsonl --speed 2', { clock });
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(10_400 / 2);
    waited.length = 0;
    await run('replay talk.jsonl', { clock });
    expect(waited).toEqual([]);
  });

  test('reads stdin, tells of a torn end, and names the faults it passes', async () => {
    const { run } = person();
    const stdin = `${readFileSync(fixture('no_response_create.jsonl'), 'utf8')}{"kind":"mess`;
    const shown = await run('replay -', { stdin });
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain('of stdin was cut off; what comes before it is whole');
    expect(shown.stderr).toContain(
      'note: the result of lookup_order was sent, but no response.create after it',
    );
    expect(shown.stderr).toContain('\n  the service waits for one: send response.create once');
  });

  test('--check lists faults with their lines and ends with 6', async () => {
    const { run } = withRecording('no_response_create.jsonl');
    expect(await run('replay --check talk.jsonl')).toEqual({
      code: 6,
      stdout: `talk.jsonl:13 the result of lookup_order was sent, but no response.create after it (no_response_create)
    the service waits for one: send response.create once, after the last result of a response
`,
      stderr: '',
    });
    const json = await run('--json replay --check talk.jsonl');
    expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({
      code: 6,
      stdout: {
        file: 'talk.jsonl',
        faults: [
          {
            line: 13,
            code: 'no_response_create',
            message: 'the result of lookup_order was sent, but no response.create after it',
            hint: 'the service waits for one: send response.create once, after the last result of a response',
          },
        ],
      },
      stderr: '',
    });
  });

  test('--check of a clean one ends with 0', async () => {
    const { run } = withRecording();
    expect(await run('replay --check talk.jsonl')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'talk.jsonl: nothing wrong is known of it.\n',
    });
    expect(JSON.parse((await run('--json replay --check talk.jsonl')).stdout)).toEqual({
      file: 'talk.jsonl',
      faults: [],
    });
  });

  test.each([
    ['replay missing.jsonl', 'cannot read missing.jsonl: no such file'],
    ['replay empty.jsonl', 'empty.jsonl holds no recording'],
    ['replay bad.jsonl', 'bad.jsonl, line 2: is not JSON'],
    ['replay --check bad.jsonl', 'bad.jsonl, line 2: is not JSON'],
    ['replay talk.jsonl --speed 0', '--speed must be a number, more than 0, got 0'],
    ['replay talk.jsonl --speed fast', '--speed must be a number, more than 0, got fast'],
    ['replay talk.jsonl --check --speed 2', '--check and --speed contradict each other'],
  ])('%s ends with 2', async (line, says) => {
    const { run, home } = withRecording();
    writeFileSync(join(home, 'empty.jsonl'), '');
    writeFileSync(join(home, 'bad.jsonl'), '{"kind":"opened"}\nnonsense\n');
    expect(await run(line)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });

  test('nothing in a recording steers the terminal', async () => {
    const { run, home } = person();
    const item = {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'a\u001b[2Jb\u009bc' }],
    };
    const entries = [
      { kind: 'message', from: 'client', event: { type: 'conversation.item.create', item } },
      { kind: 'message', from: 'client', event: { type: 'evil\u001b[2J' } },
      { kind: 'message', from: 'server', event: { type: 'error', error: { message: 'x\u001b]0;t\u0007y' } } },
    ];
    writeFileSync(join(home, 'a.jsonl'), entries.map((each) => `${JSON.stringify(each)}\n`).join(''));
    for (const line of ['replay a.jsonl', 'replay --check a.jsonl', '--json replay a.jsonl']) {
      const { stdout, stderr } = await run(line, { cwd: home });
      expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u009b]/);
    }
  });
});

describe('dev --replay', () => {
  test('is refused with --script, and for what is no recording', async () => {
    const { run, home } = withRecording();
    writeFileSync(join(home, 'replies.yaml'), 'rules: []\n');
    expect(await run('dev --port 0 --memory --replay talk.jsonl --script replies.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--replay and --script contradict each other'),
    });
    expect(await run('dev --port 0 --memory --replay replies.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('replies.yaml, line 1: is not JSON'),
    });
  });
});

describe('--audio', () => {
  const message = (from: 'client' | 'server', event: object) =>
    `${JSON.stringify({ kind: 'message', from, at_ms: 0, event })}\n`;
  const sound = (seconds: number, rate: number) => Buffer.alloc(seconds * rate * 2).toString('base64');
  const format = (rate: number) => ({ format: { type: 'audio/pcm', rate } });
  const recording =
    message('client', {
      type: 'session.update',
      session: { audio: { input: format(8000), output: format(24_000) } },
    }) +
    message('client', { type: 'input_audio_buffer.append', audio: sound(1, 8000) }) +
    message('client', { type: 'input_audio_buffer.commit' }) +
    message('server', { type: 'response.created', response: { id: 'r' } }) +
    message('server', {
      type: 'response.output_audio.delta',
      response_id: 'r',
      item_id: 'i',
      delta: sound(2, 24_000),
    }) +
    message('server', { type: 'response.done', response: { id: 'r', status: 'completed', output: [] } });

  test('plays both sides, each as it was sampled', async () => {
    const { run, home } = withRecording();
    writeFileSync(join(home, 'spoken.jsonl'), recording);
    const programs = fakePrograms({ aplay: 'player' });
    expect(await run('replay spoken.jsonl --audio', { env: { PATH: programs.path } })).toMatchObject({
      code: 0,
    });
    const { bytes, log } = programs.played();
    expect(bytes).toBe(16_000 + 96_000);
    expect(log.filter((line) => line.startsWith('start')).sort()).toEqual([
      'start -q -t raw -f S16_LE -r 24000 -c 1',
      'start -q -t raw -f S16_LE -r 8000 -c 1',
    ]);
  });

  test('needs a program, and goes with no other speed', async () => {
    const { run } = withRecording();
    expect(await run('replay talk.jsonl --audio', { env: { PATH: '/nowhere' } })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('install'),
    });
    for (const flag of ['--speed 2', '--check']) {
      expect(await run(`replay talk.jsonl --audio ${flag}`)).toMatchObject({ code: 2, stdout: '' });
    }
  });
});
