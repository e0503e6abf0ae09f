// Speech and a line that drops: what was said aloud is neither lost in silence nor heard twice.

import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { ReplyMaker } from '../../src/emulator/reply.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import { Queue } from '../../src/queue.js';
import { converse } from '../../src/session/converse.js';
import { awaiting, createSession, isIdle } from '../../src/session/state.js';
import type { Transport } from '../../src/session/transport.js';
import { createLine, type Keeping, type Line } from '../support/resuming.js';
import { created, type Drive, done, drive, types, word } from './support.js';

const manual: SessionUpdate = { turn_detection: null };
const vad: SessionUpdate = { turn_detection: { type: 'server_vad', threshold: 0.5 } };
const maker: ReplyMaker = {
  *reply() {
    yield { say: 'It is foggy.' };
  },
};

/** What a driver with a clip of 0.3 s and a clock would do next; false when nothing is left. */
function drivenOn(line: Line): boolean {
  const { sending } = line.session;
  if (sending !== undefined && sending.ms < 300) line.input({ type: 'audio', audio: 'AAAAAAAA', ms: 100 });
  else if (sending !== undefined) line.input({ type: 'audio_end' });
  else if (line.move('up') || line.move('down') || line.move('speak')) return true;
  else if (awaiting(line.session) === 'own_response') line.input({ type: 'timeout' });
  else return false;
  return true;
}

/** A spoken turn, cut after so many moves; tells whether it was over before. */
function cutAfter(moves: number, keeping: Keeping): { line: Line; wasOver: boolean } {
  const line = createLine(manual, maker, keeping);
  line.settle();
  line.input({ type: 'speak', clip: 0 });
  let wasOver = false;
  for (let move = 0; move < moves && !wasOver; move++) wasOver = !drivenOn(line);
  line.cut();
  while (drivenOn(line));
  return { line, wasOver };
}

const isTold = ({ notices }: Line, code: string) =>
  notices.some((notice) => notice.type === 'warning' && notice.code === code);

const services: [string, Keeping][] = [
  ['keeps the conversation and forgets the answer', { keeps: true, torn: 'forgets it', repeats: 'all' }],
  ['keeps it and a part of the answer', { keeps: true, torn: 'keeps the part', repeats: 'all' }],
  ['keeps it and finishes the answer', { keeps: true, torn: 'finishes it', repeats: 'all' }],
  ['knows nothing of it', { keeps: false, torn: 'forgets it', repeats: 'all' }],
];

describe.each(services)('a spoken turn, cut at every moment, with a service that %s', (_, keeping) => {
  test('is heard once and answered once', () => {
    let moves = 0;
    for (; ; moves++) {
      const { line, wasOver } = cutAfter(moves, keeping);
      if (wasOver) break;
      const told = line.notices.flatMap((notice) => (notice.type === 'turn_done' ? [notice] : []));
      const heard = line.items().filter(({ role }) => role === 'user');
      expect({
        moves,
        idle: isIdle(line.session),
        turns: told.map(({ status, text }) => ({ status, text })),
        // An answered turn whose words nobody knows: that it is missing is told.
        heard: heard.length + (isTold(line, 'speech_unknown') ? 1 : 0),
        errors: line.served.filter(({ type }) => type === 'error'),
      }).toEqual({
        moves,
        idle: true,
        turns: [{ status: 'completed', text: 'It is foggy.' }],
        heard: 1,
        errors: [],
      });
    }
    expect(moves).toBeGreaterThan(10);
  });
});

function ready(setup: SessionUpdate): Drive {
  const session = drive(createSession(setup));
  come(session);
  session.takeSent();
  session.takeNotices();
  return session;
}

const item = (id: string, role: string, text: string) => ({
  type: 'conversation.item.added',
  item: { id, type: 'message', role, status: 'completed', content: [{ type: 'text', text }], replayed: true },
});

/** The service's first words on a line, and what it tells again of the conversation. */
function come(session: Drive, conversation = 'c1', ...again: object[]): void {
  session.event({ type: 'session.created', session: { id: 's1' } });
  session.event({ type: 'conversation.created', conversation: { id: conversation } });
  for (const event of again) session.event(event as Record<string, unknown>);
  session.event({ type: 'session.updated', session: {} });
}

function drop(session: Drive): void {
  session.input({ type: 'dropped', code: 1006, reason: '' });
  session.input({ type: 'retrying' });
  session.input({ type: 'reconnected' });
}

const speech = (what: 'started' | 'stopped', item_id = 'u1') => ({
  type: `input_audio_buffer.speech_${what}`,
  item_id,
});
const pieces = (session: Drive, many: number) => {
  for (let n = 0; n < many; n++) session.input({ type: 'audio', audio: 'AA==', ms: 100 });
};
const sentTypes = (session: Drive) => types(session.takeSent()).filter((type) => type !== 'session.update');
const warnings = (session: Drive) =>
  session.notices.flatMap((notice) => (notice.type === 'warning' ? [notice.code] : []));

describe('a manual turn', () => {
  test('on its way is sent again from its start', () => {
    const session = ready(manual);
    session.input({ type: 'speak', clip: 4 });
    pieces(session, 2);
    drop(session);
    expect(session.session.sending).toBeUndefined();
    session.input({ type: 'audio_end' });
    come(session);
    expect(session.session.sending).toMatchObject({ clip: 4, turn: 1, ms: 0 });
    expect(session.takeNotices().filter(({ type }) => type === 'user_audio')).toEqual([]);
  });

  test('that the service has said it keeps is not sent again, but asked for', () => {
    const session = ready(manual);
    session.input({ type: 'speak', clip: 0 });
    pieces(session, 2);
    session.input({ type: 'audio_end' });
    session.event({ type: 'input_audio_buffer.committed', item_id: 'u1' });
    drop(session);
    session.takeSent();
    come(session);
    expect(session.session.sending).toBeUndefined();
    expect(sentTypes(session)).toEqual(['response.create']);
  });

  test('whose answer had begun is said again where the conversation is gone, and not told as words too', () => {
    const session = ready(manual);
    session.input({ type: 'speak', clip: 0 });
    pieces(session, 2);
    session.input({ type: 'audio_end' });
    session.event({
      type: 'conversation.item.added',
      item: { id: 'u1', type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: 'Hi' }] },
    });
    session.event(created());
    session.event(word('It is'));
    drop(session);
    session.takeSent();
    come(session, 'c2');
    expect(sentTypes(session)).toEqual([]);
    expect(session.session.sending).toMatchObject({ clip: 0, ms: 0 });
    expect(types(session.takeNotices())).toContain('answer_restarted');
  });

  test('given up while the line is down is not sent again', () => {
    const session = ready(manual);
    session.input({ type: 'speak', clip: 0 });
    pieces(session, 2);
    session.input({ type: 'dropped', code: 1006, reason: '' });
    session.input({ type: 'interrupt' });
    expect(session.takeNotices().slice(-2)).toMatchObject([
      { type: 'interrupted' },
      { type: 'turn_done', status: 'cancelled' },
    ]);
    session.input({ type: 'retrying' });
    session.input({ type: 'reconnected' });
    come(session);
    expect(session.session.sending).toBeUndefined();
    expect(isIdle(session.session)).toBe(true);
  });

  test('waits while the line is down, and is sent when it stands', () => {
    const session = ready(manual);
    session.input({ type: 'dropped', code: 1006, reason: '' });
    session.input({ type: 'speak', clip: 0 });
    expect(session.session.sending).toBeUndefined();
    session.input({ type: 'retrying' });
    session.input({ type: 'reconnected' });
    come(session);
    expect(session.session.sending).toMatchObject({ clip: 0, ms: 0 });
  });

  test('whose words nobody knows is missed where the conversation is told anew', () => {
    const session = ready(manual);
    session.input({ type: 'speak', clip: 0 });
    pieces(session, 1);
    session.input({ type: 'audio_end' });
    session.event({
      type: 'conversation.item.added',
      item: { id: 'u1', type: 'message', role: 'user', content: [{ type: 'input_audio' }] },
    });
    session.event(created());
    session.event(word('Yes.'));
    session.event(done());
    drop(session);
    come(session, 'c2');
    expect(warnings(session)).toEqual(['speech_unknown']);
  });
});

describe('under server VAD', () => {
  test('a clip goes on after what was heard of it', () => {
    const session = ready(vad);
    session.input({ type: 'speak', clip: 0 });
    pieces(session, 3);
    session.event(speech('started'));
    pieces(session, 2);
    session.event(speech('stopped'));
    session.event(created());
    session.event(word('Yes.'));
    session.event(done());
    pieces(session, 4);
    session.event(speech('started', 'u2'));
    pieces(session, 1);
    drop(session);
    session.takeSent();
    come(session, 'c1', item('u1', 'user', 'One'), item('i1', 'assistant', 'Yes.'));
    expect(session.session.sending).toMatchObject({ clip: 0, ms: 500 });
    expect(session.session.turn).toMatchObject({ number: 2, spoken: 'speaking' });
    expect(warnings(session)).toEqual([]);
  });

  test('speech that the service kept is answered', () => {
    const session = ready(vad);
    session.event(speech('started'));
    session.event(speech('stopped'));
    drop(session);
    session.takeSent();
    come(session, 'c1', item('u1', 'user', 'One'));
    expect(sentTypes(session)).toEqual(['response.create']);
    expect(warnings(session)).toEqual([]);
  });

  test('and so is speech over an answer', () => {
    const session = ready(vad);
    session.event(speech('started'));
    session.event(speech('stopped'));
    session.event(created());
    session.event(speech('started', 'u2'));
    session.event(speech('stopped', 'u2'));
    session.event({ type: 'input_audio_buffer.committed', item_id: 'u2' });
    drop(session);
    session.takeSent();
    come(session);
    expect(sentTypes(session)).toEqual(['response.create']);
    expect(session.session.turn).toMatchObject({ number: 2 });
  });

  test.each([
    ['of a turn', (session: Drive) => session.event(speech('started'))],
    [
      'over an answer',
      (session: Drive) => {
        session.event(created());
        session.event(speech('started', 'u2'));
      },
    ],
  ])('speech %s at a microphone that nobody heard has to be said again, and that is told', (_, speak) => {
    const session = ready(vad);
    speak(session);
    drop(session);
    come(session);
    expect(warnings(session)).toEqual(['speech_lost']);
    expect(session.session.turn).toBeUndefined();
    expect(isIdle(session.session)).toBe(true);
  });
});

test('the driver sends a clip whole on the line that replaces the one that dropped', async () => {
  const lines: { appended: string[]; drop(): void }[] = [];
  const open = (): Transport => {
    const frames = new Queue<string>();
    let end = (_: { code: number; reason: string }) => {};
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      end = resolve;
    });
    const serve = (event: object) => frames.push(JSON.stringify(event));
    const appended: string[] = [];
    const drop = () => {
      frames.end();
      end({ code: 1006, reason: '' });
    };
    lines.push({ appended, drop });
    serve({ type: 'session.created', session: { id: 's1' } });
    serve({ type: 'conversation.created', conversation: { id: 'c1' } });
    return {
      frames,
      closed,
      bufferedBytes: () => 0,
      close: drop,
      send: (text) => {
        const { type, audio } = JSON.parse(text) as { type: string; audio?: string };
        if (type === 'session.update') serve({ type: 'session.updated', session: {} });
        if (type === 'input_audio_buffer.append') appended.push(audio ?? '');
        if (appended.length === 2 && lines.length === 1) drop();
        if (type !== 'input_audio_buffer.commit') return;
        for (const event of [created(), word('Yes.'), done()]) serve(event);
      },
    };
  };
  const clip = { bytes: Buffer.alloc(4800 * 30, 'abc'), bytesPerSecond: 48_000 };
  const conversation = converse(open(), {
    setup: manual,
    fast: true,
    reconnect: {
      open: async () => open(),
      clock: { random: () => 0, sleep: async () => {} },
      signal: new AbortController().signal,
    },
    timers: systemClock,
    answerTimeoutMs: 10_000,
    runTool: async () => '',
  });
  const told: string[] = [];
  for await (const notice of conversation.notices) {
    told.push(notice.type);
    if (notice.type === 'ready') conversation.speak(clip);
    if (notice.type === 'turn_done') conversation.hangUp();
  }
  const sound = lines.map(({ appended }) =>
    Buffer.concat(appended.map((each) => Buffer.from(each, 'base64'))),
  );
  expect(sound.map(({ length }) => length)).toEqual([96_000, 144_000]);
  expect(sound[1]?.equals(clip.bytes)).toBe(true);
  expect(told).toEqual([
    'ready',
    'reconnecting',
    'resumed',
    'user_audio',
    'text',
    'response_done',
    'turn_done',
  ]);
});
