// A line that drops at every moment: nothing said is lost or said twice, no tool runs twice for one call.

import { describe, expect, test } from 'vitest';
import { createRules } from '../../src/emulator/rules.js';
import { comeBackDelayMs, mayComeBack } from '../../src/session/line.js';
import { awaiting, createSession, isIdle } from '../../src/session/state.js';
import { createLine, type Keeping, type Line } from '../support/resuming.js';
import { type Drive, drive, ready } from './support.js';

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'Look up the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const setup = { instructions: 'You are Ava. Be brief.', tools: [weather] };
const rules = createRules(() => new Date('2026-07-01T00:00:00Z'));
const question = 'What is the weather in London?';

const services: [string, Keeping][] = (['forgets it', 'keeps the part', 'finishes it'] as const).flatMap(
  (torn): [string, Keeping][] => [
    [`keeps the conversation and ${torn}`, { keeps: true, torn, repeats: 'all' }],
    [`keeps it, ${torn} and tells only its own words again`, { keeps: true, torn, repeats: 'assistant' }],
  ],
);
services.push(['knows nothing of it', { keeps: false, torn: 'forgets it', repeats: 'all' }]);

const callsOf = ({ notices }: Line) =>
  notices.flatMap((notice) => (notice.type === 'tool_call' ? [notice.call_id] : []));

/** Gives every tool call that waits its result. */
function runTools(line: Line): boolean {
  const open = line.session.turn?.calls.find(({ output }) => output === undefined);
  if (open === undefined) return false;
  line.input({ type: 'tool_result', call_id: open.call_id, output: 'It is foggy.' });
  return true;
}

/** What is left to happen, happens. */
function finish(line: Line): void {
  for (let round = 0; round < 50; round++) {
    line.settle();
    if (!runTools(line)) return;
  }
  throw new Error('the conversation does not come to rest');
}

/** What must hold of a conversation in which these were said, however often its line was cut. */
function check(line: Line, said: string[], { keeps, repeats }: Keeping): void {
  const items = line.items() as unknown as Held[];
  const of = (type: string, role?: string) =>
    items.filter((item) => item.type === type && (role === undefined || item.role === role));
  const outputs = of('function_call_output').map(({ call_id }) => call_id);
  const answers = of('message', 'assistant').filter(
    ({ status, content }) => status !== 'incomplete' && wordsOf(content).includes('It is foggy'),
  );
  const calls = callsOf(line);
  const done = line.notices.flatMap((notice) => (notice.type === 'turn_done' ? [notice] : []));
  // What a service does not tell again may have to be sent or asked for again.
  const mayDouble = keeps && repeats === 'assistant';
  expect({
    idle: isIdle(line.session),
    said: of('message', 'user').map(({ content }) => content[0]?.text),
    // A tool runs once for a call, and each call has its result.
    calls: new Set(calls).size,
    // Nor is it called again for nothing.
    asked: mayDouble ? said.length : calls.length,
    outputs: outputs.sort(),
    turns: done.map(({ status }) => status),
    // Each answer is given once, and counted once, however often it began.
    answers: mayDouble ? said.length : answers.length,
    told: done.map(({ text }) => text.match(/It is foggy/g)?.length),
    doubled: mayDouble ? [] : line.doubled,
    errors: line.served.flatMap(({ type, error }) => (type === 'error' ? [error] : [])),
  }).toEqual({
    idle: true,
    said,
    calls: calls.length,
    asked: said.length,
    outputs: calls.sort(),
    turns: said.map(() => 'completed'),
    answers: said.length,
    told: said.map(() => 1),
    doubled: [],
    errors: [],
  });
}

interface Held {
  type: string;
  role?: string;
  status?: string;
  call_id: string;
  content: { text?: string; transcript?: string }[];
}

const wordsOf = ([part]: Held['content']) => part?.transcript ?? part?.text ?? '';

/** How many moves a whole turn with a tool call takes. */
function playTurn(line: Line, until: number): number {
  line.settle();
  line.input({ type: 'say', text: question });
  let moves = 0;
  const kinds = ['up', 'down', 'speak'] as const;
  for (let idle = 0; idle < 3 && moves < until; ) {
    const moved =
      line.move(kinds[moves % 3] ?? 'up') || kinds.some((kind) => line.move(kind)) || runTools(line);
    idle = moved ? 0 : idle + 1;
    moves++;
  }
  return moves;
}

/** A line in the middle of its answer. */
function midAnswer(keeping: Keeping = { keeps: true, torn: 'forgets it', repeats: 'all' }): Line {
  const line = createLine({ instructions: 'You are Ava.' }, rules, keeping);
  line.settle();
  line.input({ type: 'say', text: 'Hello' });
  while (!line.notices.some(({ type }) => type === 'text')) {
    if (!line.move('up') && !line.move('down')) line.move('speak');
  }
  return line;
}
const typesSince = (line: Line, type: string) => {
  const types = line.notices.map((notice) => notice.type);
  return types.slice(types.lastIndexOf(type as never));
};

describe('while the line is down', () => {
  const dropped = { type: 'dropped', code: 1006, reason: '' } as const;

  test('the answer begins again, and is told as that', () => {
    const line = midAnswer();
    line.cut();
    line.settle();
    expect(new Set(typesSince(line, 'reconnecting'))).toEqual(
      new Set(['reconnecting', 'resumed', 'answer_restarted', 'text', 'response_done', 'turn_done']),
    );
    expect(line.notices.at(-1)).toMatchObject({
      status: 'completed',
      text: 'Hello, this is Ava. You said: Hello. My instructions begin: You are Ava.',
    });
  });

  test('an answer the service finished meanwhile goes on where it stopped', () => {
    const line = midAnswer({ keeps: true, torn: 'finishes it', repeats: 'all' });
    line.cut();
    line.settle();
    expect(typesSince(line, 'reconnecting')).toEqual(['reconnecting', 'resumed', 'text', 'turn_done']);
    expect(line.notices.at(-1)).toMatchObject({
      status: 'completed',
      text: 'Hello, this is Ava. You said: Hello. My instructions begin: You are Ava.',
    });
  });

  test('what was cancelled stays cancelled', () => {
    const line = midAnswer();
    line.input({ type: 'interrupt' });
    line.cut();
    line.settle();
    expect(typesSince(line, 'interrupted')).toEqual(['interrupted', 'reconnecting', 'turn_done', 'resumed']);
    expect(isIdle(line.session)).toBe(true);
  });

  test('the turn can be interrupted, and what is said waits', () => {
    const line = midAnswer();
    line.input(dropped);
    expect(awaiting(line.session)).toBeUndefined();
    line.input({ type: 'say', text: 'Still there?' });
    line.input({ type: 'interrupt' });
    expect(line.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'cancelled', text: 'Hello,' });
    line.cut();
    line.settle();
    expect(line.notices.at(-1)).toMatchObject({ type: 'turn_done', turn: 2, status: 'completed' });
    expect(line.notices.filter(({ type }) => type === 'reconnecting')).toHaveLength(1);
    expect(line.session.history.map(({ item }) => item.type === 'message' && item.role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  test('a tool whose turn was interrupted is answered for when the line stands again', () => {
    const line = createLine(setup, rules, { keeps: true, torn: 'forgets it', repeats: 'all' });
    line.settle();
    line.input({ type: 'say', text: question });
    line.settle();
    line.input(dropped);
    line.input({ type: 'interrupt' });
    line.cut();
    line.settle();
    const outputs = line.items().filter(({ type }) => type === 'function_call_output');
    expect(outputs.map(({ output }) => output)).toEqual(['{"error":"interrupted before it was done"}']);
    expect(isIdle(line.session)).toBe(true);
  });

  test('a line that ends for good ends the turn, with what was tried', () => {
    const line = midAnswer();
    line.input(dropped);
    line.input({ type: 'retrying' });
    line.input({ type: 'closed', code: 1006, reason: '', problem: 'nothing listens there' });
    expect(line.notices.slice(-2)).toEqual([
      expect.objectContaining({ type: 'turn_done', status: 'failed' }),
      { type: 'closed', code: 1006, reason: '', clean: false, tries: 1, problem: 'nothing listens there' },
    ]);
  });
});

describe('a conversation of an earlier run', () => {
  const item = { id: 'old', type: 'message', role: 'user', content: [{ type: 'text', text: 'I am Ana.' }] };
  function resumed(conversationId: string): Drive {
    const driven = drive(createSession({ instructions: 'x' }, { resume: 'c1' }));
    driven.event({ type: 'session.created', session: { id: 's2' } });
    driven.event({ type: 'conversation.created', conversation: { id: conversationId } });
    driven.event({ type: 'conversation.item.added', item });
    driven.event({ type: 'session.updated', session: {} });
    return driven;
  }

  test('is told before it goes on, and kept for a line that drops', () => {
    const driven = resumed('c1');
    expect(driven.notices).toEqual([
      { type: 'history', replayed: true, item },
      { type: 'ready', session_id: 's2', conversation_id: 'c1' },
    ]);
    expect(driven.session.history).toMatchObject([{ key: 'item old', confirmed: true }]);
  });

  test('that is gone is told as that', () => {
    expect(resumed('c2').notices).toEqual([
      {
        type: 'warning',
        code: 'conversation_gone',
        message: 'the service no longer keeps the conversation c1; this is a new one',
      },
      { type: 'ready', session_id: 's2', conversation_id: 'c2' },
    ]);
  });
});

describe('when to come back', () => {
  const session = createSession({});

  test.each([
    [1000, false],
    [1001, false],
    [1005, true],
    [1006, true],
    [1008, false],
    [1009, false],
    [1011, true],
    [1012, true],
    [1013, true],
    [4000, true],
  ])('from code %d: %s', (code, worth) => {
    expect(mayComeBack(session, code)).toBe(worth);
  });

  test('after the longest duration of a session, however it is closed', () => {
    const driven = ready();
    driven.event({ type: 'error', error: { type: 'max_duration', message: 'Session expired' } });
    expect(driven.notices).toEqual([{ type: 'warning', code: 'max_duration', message: 'Session expired' }]);
    expect(mayComeBack(driven.session, 1000)).toBe(true);
  });

  test('five times within about half a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5].map((tries) => comeBackDelayMs({ ...session, tries }, 0.5));
    expect(waits).toEqual([500, 2000, 4000, 8000, 16_000, undefined]);
    expect([0, 1].map((random) => comeBackDelayMs(session, random))).toEqual([375, 625]);
  });

  test('tries are counted from the last answer, or from a line that stood a minute', () => {
    const line = midAnswer();
    line.cut();
    expect(line.session.tries).toBe(1);
    line.settle();
    expect(line.session.tries).toBe(0);
    const driven = drive({ ...ready().session, tries: 3 });
    driven.atMs = 60_000;
    driven.input({ type: 'dropped', code: 1006, reason: '' });
    expect(driven.session.tries).toBe(0);
  });

  test('an answer that only calls a tool is none: a turn torn again and again comes to an end', () => {
    const asking = {
      *reply() {
        yield { call: { name: 'get_weather', arguments: { city: 'London' } } };
      },
    };
    const line = createLine(setup, asking, { keeps: true, torn: 'forgets it', repeats: 'all' });
    line.settle();
    line.input({ type: 'say', text: question });
    for (let drops = 0; drops < 6; drops++) {
      line.settle();
      expect(line.session.phase).toBe('open');
      line.cut();
      line.settle();
      if (drops < 5) runTools(line);
    }
    expect(line.session.phase).toBe('closed');
    expect(line.notices.slice(-2)).toMatchObject([
      { type: 'turn_done', status: 'failed' },
      { type: 'closed', clean: false, tries: 5 },
    ]);
  });
});

describe.each(services)('a service that %s', (_, keeping) => {
  const whole = playTurn(createLine(setup, rules, keeping), Number.POSITIVE_INFINITY);

  test('a turn with a tool call survives a drop at every moment', () => {
    expect(whole).toBeGreaterThan(50);
    for (let at = 0; at < whole; at++) {
      const line = createLine(setup, rules, keeping);
      playTurn(line, at);
      line.cut();
      finish(line);
      check(line, [question], keeping);
      expect(line.notices.filter(({ type }) => type === 'resumed')).toHaveLength(1);
    }
  });

  test('and two drops at every two moments', () => {
    for (let first = 0; first < whole; first += 7) {
      for (let second = 0; second < whole; second += 11) {
        const line = createLine(setup, rules, keeping);
        playTurn(line, first);
        line.cut();
        for (let moves = 0; moves < second; moves++) {
          const moved = line.move('down') || line.move('up') || line.move('speak') || runTools(line);
          if (!moved) break;
        }
        line.cut();
        finish(line);
        check(line, [question], keeping);
      }
    }
  });
});
