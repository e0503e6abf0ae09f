import { describe, expect, test } from 'vitest';
import type { Notice, NoticeBody } from '../../src/session/notice.js';
import { createIo } from '../../src/terminal/io.js';
import { callText, createNoticeView } from '../../src/terminal/notice-view.js';
import { createOutput } from '../../src/terminal/output.js';
import { type RunOptions, testHost } from '../support/agents.js';

const numbered = (bodies: readonly NoticeBody[]): Notice[] =>
  bodies.map((body, seq) => ({ ...body, seq, at_ms: seq * 100 }));

function show(bodies: readonly NoticeBody[], setting: RunOptions & { json?: boolean } = {}) {
  /** Both streams as one screen shows them, in the order they were written. */
  let screen = '';
  const host = testHost({
    ...setting,
    onWrite: (_, text) => {
      screen += text;
    },
  });
  const io = createIo(host, host.interrupts);
  const view = createNoticeView(createOutput(io, host.env, setting.json === true));
  for (const notice of numbered(bodies)) view(notice);
  return { stdout: host.stdout.text, stderr: host.stderr.text, screen };
}

const text = (words: string): NoticeBody => ({ type: 'text', turn: 1, text: words });
const call: NoticeBody = {
  type: 'tool_call',
  turn: 1,
  call_id: 'c1',
  name: 'lookup',
  arguments: { id: 'ORD-1' },
};
const result: NoticeBody = {
  type: 'tool_result',
  turn: 1,
  call_id: 'c1',
  name: 'lookup',
  output: '{"ok":true}',
};
const done: NoticeBody = {
  type: 'turn_done',
  turn: 1,
  status: 'completed',
  text: 'Hello there.',
  tool_calls: 0,
  first_word_ms: 320,
  total_ms: 1234,
};
const silent: NoticeBody[] = [
  { type: 'ready', session_id: 's1', model: 'm' },
  { type: 'user', turn: 1, text: 'Hi' },
  { type: 'user_transcript', text: 'Hi', final: false },
  { type: 'user_transcript', text: ' ', final: true },
  { type: 'user_audio', turn: 1, seconds: 2 },
  { type: 'speech_started', item_id: 'i' },
  { type: 'speech_stopped' },
  { type: 'response_done', turn: 1, status: 'completed' },
  { type: 'event', event: { type: 'new.thing' } },
];

describe('sound', () => {
  test('the person’s words are shown once they are final, the files of a turn at its end', () => {
    const said: NoticeBody = { type: 'user_transcript', text: 'Hi \u001b[31mthere', final: true };
    const { stdout, stderr } = show([said, text('Hello.'), { ...done, saved: ['out/turn-01-agent.wav'] }]);
    expect(stdout).toBe('Hello.\n');
    expect(stderr).toBe(
      'you said: Hi [31mthere\n(first word 0.32 s, total 1.23 s)\nsaved out/turn-01-agent.wav\n',
    );
  });
});

describe("the agent's words", () => {
  test('run on as they come, and end with their turn', () => {
    expect(show([text('Hel'), text('lo'), text(' there.'), done])).toEqual({
      stdout: 'Hello there.\n',
      stderr: '(first word 0.32 s, total 1.23 s)\n',
      screen: 'Hello there.\n(first word 0.32 s, total 1.23 s)\n',
    });
  });

  test('are not broken by what has nothing to show', () => {
    const between = silent.flatMap((notice) => [notice, text('.')]);
    expect(show([text('Hello'), ...between, done]).stdout).toBe(`Hello${'.'.repeat(silent.length)}\n`);
  });

  test('that end with a line break get no other', () => {
    expect(show([text('Hello\n'), done]).stdout).toBe('Hello\n');
  });

  test('may have lines of their own', () => {
    expect(show([text('One\nTw'), text('o'), done]).stdout).toBe('One\nTwo\n');
  });

  test('that are none leave no empty line', () => {
    expect(show([done]).stdout).toBe('');
    expect(show([...silent, done]).stdout).toBe('');
  });

  test('of two turns stand on two lines', () => {
    expect(show([text('One'), done, text('Two'), { ...done, turn: 2 }]).stdout).toBe('One\nTwo\n');
  });
});

describe('a tool call', () => {
  test('stands on a line of its own, between the words before it and after', () => {
    const { screen, stdout, stderr } = show([
      text('Let me look.'),
      call,
      result,
      text('Found it.'),
      { ...done, tool_calls: 1 },
    ]);
    expect(stdout).toBe('Let me look.\n→ lookup({"id":"ORD-1"})\nFound it.\n');
    expect(stderr).toBe('← {"ok":true}\n(first word 0.32 s, 1 tool call, total 1.23 s)\n');
    expect(screen.split('\n')).toEqual([
      'Let me look.',
      '→ lookup({"id":"ORD-1"})',
      '← {"ok":true}',
      'Found it.',
      '(first word 0.32 s, 1 tool call, total 1.23 s)',
      '',
    ]);
  });

  test('may be one of several, and the first thing there is', () => {
    expect(show([call, { ...call, call_id: 'c2', name: 'other', arguments: {} }]).stdout).toBe(
      '→ lookup({"id":"ORD-1"})\n→ other({})\n',
    );
  });

  test.each([
    [{ a: 1, b: ['x'] }, 'f({"a":1,"b":["x"]})'],
    [{}, 'f({})'],
    ['{"a":', 'f({"a":)'],
    ['', 'f()'],
    [null, 'f(null)'],
    [{ a: '\u202e' }, 'f({"a":"\\u202e"})'],
  ])('with arguments %j is written %s', (given, written) => {
    expect(callText({ name: 'f', arguments: given })).toBe(written);
  });
});

describe('remarks go beside the answer, and end a line of words that is not complete', () => {
  test.each<[string, NoticeBody, string]>([
    [
      'a warning',
      { type: 'warning', code: 'x', message: 'the service is slow' },
      'note: the service is slow\n',
    ],
    ['an error', { type: 'error', code: 'x', message: 'item not found' }, 'error: item not found\n'],
    [
      'a clean end',
      { type: 'closed', code: 1000, reason: '', clean: true },
      'The service ended the conversation.\n',
    ],
    [
      'an end that is no clean one, which is told as a failure elsewhere',
      {
        type: 'closed',
        code: 1006,
        reason: 'gone',
        clean: false,
      },
      '',
    ],
    ['an interruption', { type: 'interrupted', turn: 1 }, ''],
    ['a result', result, '← {"ok":true}\n'],
  ])('%s', (_, notice, stderr) => {
    expect(show([notice])).toEqual({ stdout: '', stderr, screen: stderr });
    expect(show([text('Hel'), notice, text('lo'), done])).toMatchObject({
      stdout: 'Hel\nlo\n',
      screen: `Hel\n${stderr}lo\n(first word 0.32 s, total 1.23 s)\n`,
    });
  });

  test.each<[string, Partial<typeof done>, string]>([
    ['one call', { tool_calls: 1 }, '(first word 0.32 s, 1 tool call, total 1.23 s)\n'],
    ['several calls', { tool_calls: 2 }, '(first word 0.32 s, 2 tool calls, total 1.23 s)\n'],
    ['another end', { status: 'cancelled' }, '(first word 0.32 s, total 1.23 s, cancelled)\n'],
    ['no time at all', { total_ms: 0, first_word_ms: 0 }, '(first word 0.00 s, total 0.00 s)\n'],
    ['minutes', { total_ms: 61_000 }, '(first word 0.32 s, total 61.00 s)\n'],
  ])('a turn of %s', (_, members, stderr) => {
    expect(show([{ ...done, ...members } as NoticeBody]).stderr).toBe(stderr);
  });

  test('a turn without a word', () => {
    const { first_word_ms: _, ...wordless } = done as typeof done & { first_word_ms: number };
    expect(show([{ ...wordless, status: 'timeout' } as NoticeBody]).stderr).toBe('(total 1.23 s, timeout)\n');
  });
});

test('under --json every notice is a line, whole and as it is', () => {
  const bodies = [...silent, text('Hel\u001b[31m'), call, result, done];
  const { stdout, stderr } = show(bodies, { json: true });
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(numbered(bodies));
  expect(stderr).toBe('');
});

test('nothing a service says steers the terminal', () => {
  const evil = '\u001b[2J\u009b1m\u202e\u0007x';
  const { screen } = show([
    text(evil),
    { type: 'tool_call', turn: 1, call_id: 'c1', name: evil, arguments: { [evil]: evil } },
    { type: 'tool_call', turn: 1, call_id: 'c2', name: 'f', arguments: evil },
    { type: 'tool_result', turn: 1, call_id: 'c1', name: evil, output: evil },
    { type: 'warning', code: evil, message: evil },
    { type: 'error', code: evil, message: evil },
    { type: 'closed', code: 1006, reason: evil, clean: false },
  ]);
  expect(screen.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test('calls and remarks have their colours at a terminal', () => {
  const { stdout, stderr } = show([call, result, { type: 'warning', code: 'x', message: 'slow' }], {
    tty: { stdout: true, stderr: true },
  });
  expect(stdout).toBe('\u001b[36m→ lookup({"id":"ORD-1"})\u001b[39m\n');
  expect(stderr).toBe('\u001b[2m← {"ok":true}\u001b[22m\n\u001b[33mnote: slow\u001b[39m\n');
});
