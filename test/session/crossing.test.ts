// What comes late, twice or unasked is not taken for the answer to something else.

import { describe, expect, test } from 'vitest';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { advance } from '../../src/session/session.js';
import { awaiting, isIdle } from '../../src/session/state.js';
import { call, created, type Drive, done, ready, types, word } from './support.js';

const say = (session: Drive, text: string) => session.input({ type: 'say', text });
const turns = ({ notices }: Drive) =>
  notices.flatMap((notice) => (notice.type === 'turn_done' ? [[notice.status, notice.text]] : []));
const failed = (event_id?: string) => ({ type: 'error', error: { code: 'bad', message: 'no', event_id } });
const active = { code: 'conversation_already_has_active_response', message: 'already active' };
const nothingActive = { code: 'response_cancel_not_active', message: 'no active response found' };

describe('an answer that comes after its turn was given up', () => {
  /** The first turn ended before its response was known by an id, and a second one waits. */
  function givenUp(how: 'timeout' | 'interrupt' | 'error'): Drive {
    const session = ready();
    say(session, 'one');
    if (how === 'error') session.event(failed());
    else session.input({ type: how });
    if (how === 'interrupt') session.input({ type: 'timeout' });
    say(session, 'two');
    return session;
  }

  test.each(['timeout', 'interrupt', 'error'] as const)('by %s is not the next one’s', (how) => {
    const session = givenUp(how);
    session.takeSent();
    session.event(created('r1'));
    session.event(word('to ONE', 'r1'));
    expect(session.takeSent()).toMatchObject([{ type: 'response.cancel', response_id: 'r1' }]);
    session.event(done('r1', { status: 'cancelled' }));
    session.event(created('r2'));
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session).at(-1)).toEqual(['completed', 'to TWO']);
  });

  test('is not waited for where the service says that there is none', () => {
    const session = givenUp('timeout');
    session.event({ type: 'error', error: nothingActive });
    session.event(created('r2'));
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session).at(-1)).toEqual(['completed', 'to TWO']);
  });

  test('is known by the id the next one was asked for under', () => {
    const session = givenUp('timeout');
    const asked = session.takeSent().at(-1) as { response?: { metadata?: Record<string, string> } };
    const metadata = asked.response?.metadata;
    expect(metadata).toEqual({ client_event_id: expect.any(String) });
    session.event({ type: 'response.created', response: { id: 'r2', metadata } });
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session).at(-1)).toEqual(['completed', 'to TWO']);
  });

  test('stands in the way of the next one, which is then asked for again', () => {
    const session = givenUp('timeout');
    const asked = session.takeSent().at(-1);
    session.event(created('r1'));
    session.event({ type: 'error', error: { ...active, event_id: asked?.event_id } });
    session.takeSent();
    session.event(done('r1', { status: 'cancelled' }));
    expect(types(session.takeSent())).toEqual(['response.create']);
    session.event(created('r2'));
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session).at(-1)).toEqual(['completed', 'to TWO']);
  });

  test('is still waited for when an older one is told to be over once more', () => {
    const session = ready();
    say(session, 'zero');
    session.event(created('r0'));
    session.event(done('r0'));
    say(session, 'one');
    session.input({ type: 'timeout' });
    say(session, 'two');
    session.event(done('r0'));
    session.event(created('r1'));
    session.event(done('r1', { status: 'cancelled' }));
    session.event(created('r2'));
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session).at(-1)).toEqual(['completed', 'to TWO']);
  });

  test('that is refused by name is not waited for', () => {
    const session = ready();
    say(session, 'one');
    session.event(failed(session.takeSent().at(-1)?.event_id));
    expect(session.takeSent()).toEqual([]);
    say(session, 'two');
    session.event(created('r2'));
    session.event(word('to TWO', 'r2', 'i2'));
    session.event(done('r2'));
    expect(turns(session)).toEqual([
      ['failed', ''],
      ['completed', 'to TWO'],
    ]);
  });
});

test('that nothing was left to cancel of the turn before does not end this one', () => {
  const session = ready();
  say(session, 'one');
  session.event(created('r1'));
  session.takeSent();
  session.input({ type: 'interrupt' });
  const [cancel] = session.takeSent();
  session.event(done('r1'));
  say(session, 'two');
  session.input({ type: 'interrupt' });
  session.event({ type: 'error', error: { ...nothingActive, event_id: cancel?.event_id } });
  expect(turns(session)).toHaveLength(1);
  session.event(created('r2'));
  session.event(done('r2', { status: 'cancelled' }));
  expect(turns(session)).toEqual([
    ['cancelled', ''],
    ['cancelled', ''],
  ]);
});

describe('an error that names another event', () => {
  test.each(['event_other', 'event_0'])('(%s) is told, and the turn goes on', (id) => {
    const session = ready();
    say(session, 'one');
    session.event(failed(id));
    session.event(created());
    session.event(word('to ONE'));
    session.event(done());
    expect(types(session.notices)).toContain('error');
    expect(turns(session)).toEqual([['completed', 'to ONE']]);
  });

  test('does not end a turn that is spoken', () => {
    const session = ready();
    session.input({ type: 'speak', clip: 0 });
    session.event(failed('event_other'));
    expect(session.session.turn?.spoken).toBe('speaking');
    session.input({ type: 'audio', audio: 'AA==', ms: 100 });
    session.event(failed(session.takeSent().at(-1)?.event_id));
    expect(turns(session)).toEqual([['failed', '']]);
  });
});

test('a greeting under way that refuses the question by name is heard out, and the question asked again', () => {
  const session = ready();
  say(session, 'What is 2+2?');
  const asked = session.takeSent().at(-1);
  session.event(created('greeting'));
  session.event({ type: 'error', error: { ...active, event_id: asked?.event_id } });
  session.event(word('Welcome!', 'greeting'));
  session.event(done('greeting'));
  expect(types(session.takeSent())).toEqual(['response.create']);
  session.event(created('r2'));
  session.event(word('Four.', 'r2', 'i2'));
  session.event(done('r2'));
  expect(turns(session)).toEqual([['completed', 'Four.']]);
});

describe('words', () => {
  test.each([
    ['response.text.delta', 'response.output_text.delta'],
    ['response.audio_transcript.delta', 'response.output_audio_transcript.delta'],
    ['response.output_text.delta', 'response.text.delta'],
  ])('that come as %s and as %s count once', (one, other) => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    for (const delta of ['Hi', ' you'])
      for (const type of [one, other]) session.event({ type, response_id: 'r1', item_id: 'i1', delta });
    session.event(done());
    expect(turns(session)).toEqual([['completed', 'Hi you']]);
  });

  const told = (type: string, id?: string) => ({ type, response_id: 'r1', delta: 'Hello', item_id: id });
  const item = (text: string, id?: string) => ({
    id,
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text }],
  });

  test.each([
    ['Hello', [item('Hello', 'i1')]],
    ['Hello there', [item('Hello there', 'i1')]],
    ['Hello', [item('He', 'i1'), item('llo', 'i2')]],
    ['Hello there', [item('He', 'i1'), item('llo there', 'i2')]],
  ])('whose item is only named at the end count once: %s', (whole, output) => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.event(told('response.output_text.delta'));
    session.event(done('r1', { output }));
    expect(turns(session)).toEqual([['completed', whole]]);
  });

  test('whose item is not named at the end count once', () => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.event(told('response.output_text.delta', 'i1'));
    session.event(done('r1', { output: [item('Hello')] }));
    expect(turns(session)).toEqual([['completed', 'Hello']]);
  });
});

test('sound that comes under two names is heard once', () => {
  const session = ready();
  say(session, 'Hello');
  session.event(created());
  const heard: string[] = [];
  for (const type of ['response.audio.delta', 'response.output_audio.delta', 'response.audio.delta']) {
    const frame = readServerFrame(JSON.stringify({ type, response_id: 'r1', item_id: 'i1', delta: 'AAAA' }));
    const step = advance(session.session, { type: 'frame', frame }, 0);
    session.session = step.session;
    heard.push(...step.audio.map(({ audio }) => audio));
  }
  expect(heard).toHaveLength(2);
});

describe('calls', () => {
  const bare = { type: 'response.function_call_arguments.done', response_id: 'r1', call_id: 'c1', name: 'f' };
  const item = (given?: string) => ({ type: 'function_call', call_id: 'c1', name: 'f', arguments: given });
  const calls = ({ notices }: Drive) =>
    notices.flatMap((notice) => (notice.type === 'tool_call' ? [notice.arguments] : []));

  test.each([
    ['by the item', { type: 'response.output_item.done', response_id: 'r1', item: item('{"a":1}') }, []],
    ['at the end', undefined, [item('{"a":1}')]],
  ])('whose arguments come later, %s, wait for them', (_, event, output) => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.event(bare);
    expect(calls(session)).toEqual([]);
    if (event !== undefined) session.event(event);
    session.event(done('r1', { output }));
    expect(calls(session)).toEqual([{ a: 1 }]);
  });

  test('whose arguments never come are made without', () => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.event(bare);
    session.event({ type: 'response.output_item.done', response_id: 'r1', item: item() });
    session.event(done());
    expect(calls(session)).toEqual([{}]);
    expect(awaiting(session.session)).toBeUndefined();
  });

  test.each([
    [
      'as events',
      [call('c1'), { type: 'response.output_item.done', response_id: 'r1', item: item('{}') }],
      [],
    ],
    ['at the end', [], [item('{}')]],
  ])('that come after a cancel, %s, are not made, and answered', (_, events, output) => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.input({ type: 'interrupt' });
    session.takeSent();
    for (const event of events) session.event(event as Record<string, unknown>);
    session.event(done('r1', { status: 'cancelled', output }));
    expect(session.takeSent()).toMatchObject([
      {
        item: { type: 'function_call_output', call_id: 'c1', output: expect.stringContaining('interrupted') },
      },
    ]);
    expect(calls(session)).toEqual([]);
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', tool_calls: 0 });
    expect(isIdle(session.session)).toBe(true);
  });

  test('may hold integers larger than a number', () => {
    const session = ready();
    say(session, 'Hello');
    session.event(created());
    session.event(call('c1', 'f', '{"id":12345678901234567890}'));
    session.event(done());
    expect(session.session.history.at(-1)?.item).toMatchObject({ arguments: '{"id":12345678901234567890}' });
  });
});

test('a service that calls every response the same is heard in every turn', () => {
  const session = ready();
  for (const answer of ['One', 'Two', 'Three']) {
    session.input({ type: 'say', text: 'Hi' });
    for (const event of [created('r'), word(answer, 'r'), done('r')]) session.event(event);
    expect(session.takeNotices()).toContainEqual(
      expect.objectContaining({ type: 'turn_done', status: 'completed', text: answer }),
    );
  }
});
