import { describe, expect, test } from 'vitest';
import { awaiting, isIdle } from '../../src/session/state.js';
import { created, done, drive, ready, setup, types, word } from './support.js';

describe('connecting', () => {
  test('the configuration is sent once, after the first word of the service, whichever it is', () => {
    for (const first of ['session.created', 'conversation.created']) {
      const session = drive();
      expect(awaiting(session.session)).toBe('greeting');
      session.event({ type: first });
      expect(session.takeSent()).toEqual([{ type: 'session.update', session: setup, event_id: 'event_0' }]);
      session.event({ type: first === 'session.created' ? 'conversation.created' : 'session.created' });
      expect(session.takeSent()).toEqual([]);
      expect(awaiting(session.session)).toBe('configuration');
    }
  });

  test('it is ready when the configuration is confirmed', () => {
    const session = drive();
    session.event({ type: 'session.created', session: { id: 's1', model: 'm1' } });
    session.event({ type: 'conversation.created', conversation: { id: 'c1' } });
    session.event({ type: 'ping', timestamp: 1 });
    expect(session.notices).toEqual([]);
    session.event({ type: 'session.updated', session: { model: 'm2' } });
    expect(session.notices).toEqual([
      { type: 'ready', session_id: 's1', conversation_id: 'c1', model: 'm2' },
    ]);
    expect(isIdle(session.session)).toBe(true);
    expect(awaiting(session.session)).toBeUndefined();
  });

  test('it goes on with a warning when the confirmation does not come', () => {
    const session = drive();
    session.event({ type: 'session.created' });
    session.input({ type: 'timeout' });
    expect(types(session.notices)).toEqual(['warning', 'ready']);
  });

  test('it is over when the configuration is refused', () => {
    const session = drive();
    session.event({ type: 'session.created' });
    session.event({ type: 'error', error: { message: 'bad tools' } });
    expect(session.session.phase).toBe('closed');
    expect(session.notices).toEqual([]);
  });

  test('what is said before it is ready waits and is then said in order', () => {
    const session = drive();
    session.input({ type: 'say', text: 'one' });
    session.input({ type: 'say', text: 'two' });
    session.event({ type: 'session.created' });
    expect(types(session.takeSent())).toEqual(['session.update']);
    session.event({ type: 'session.updated' });
    expect(types(session.takeSent())).toEqual(['conversation.item.create', 'response.create']);
    session.event(created());
    session.event(done());
    expect(session.notices).toContainEqual({ type: 'user', turn: 2, text: 'two' });
  });
});

describe('a turn', () => {
  test('asks, streams the words, and ends with its measures', () => {
    const session = ready();
    session.atMs = 100;
    session.input({ type: 'say', text: 'Hello' });
    expect(session.takeSent()).toEqual([
      {
        type: 'conversation.item.create',
        event_id: 'event_1',
        item: {
          type: 'message',
          id: 'item_0',
          role: 'user',
          content: [{ type: 'input_text', text: 'Hello' }],
        },
      },
      { type: 'response.create', event_id: 'event_2' },
    ]);
    expect(awaiting(session.session)).toBe('answer');
    session.event(created());
    session.atMs = 250;
    session.event({ type: 'response.output_audio.delta', response_id: 'r1', item_id: 'i1', delta: 'AAAA' });
    session.atMs = 300;
    session.event(word('Hi'));
    session.event(word(' there'));
    session.atMs = 400;
    session.event({ ...done(), usage: { output_tokens: 3 } });
    expect(session.notices).toEqual([
      { type: 'user', turn: 1, text: 'Hello' },
      { type: 'text', turn: 1, text: 'Hi', response_id: 'r1', item_id: 'i1' },
      { type: 'text', turn: 1, text: ' there', response_id: 'r1', item_id: 'i1' },
      { type: 'response_done', turn: 1, response_id: 'r1', status: 'completed', usage: { output_tokens: 3 } },
      {
        type: 'turn_done',
        turn: 1,
        status: 'completed',
        text: 'Hi there',
        tool_calls: 0,
        first_word_ms: 200,
        first_audio_ms: 150,
        total_ms: 300,
      },
    ]);
    expect(isIdle(session.session)).toBe(true);
  });

  test.each([
    ['at the top level', { usage: { total_tokens: 1 } }, {}],
    ['inside the response', {}, { usage: { total_tokens: 1 } }],
  ])('usage is found %s', (_, top, inner) => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event({ ...done('r1', inner), ...top });
    expect(session.notices).toContainEqual(expect.objectContaining({ usage: { total_tokens: 1 } }));
  });

  test('the same words as transcript and as text count once', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(word('Hi'));
    session.event({ type: 'response.output_text.delta', response_id: 'r1', item_id: 'i1', delta: 'Hi' });
    session.event({ type: 'response.text.delta', response_id: 'r1', item_id: 'i1', delta: 'Hi' });
    session.event(done());
    expect(session.notices.at(-1)).toMatchObject({ text: 'Hi' });
  });

  test.each([
    ['the end of the transcript', { type: 'response.output_audio_transcript.done', transcript: 'Hi there' }],
    ['the end of the text', { type: 'response.output_text.done', text: 'Hi there' }],
  ])('words that only come with %s are told', (_, event) => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(word('Hi'));
    session.event({ ...event, response_id: 'r1', item_id: 'i1' });
    expect(session.notices.at(-1)).toMatchObject({ type: 'text', text: ' there' });
  });

  test('a piece that comes after the whole was in it', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(word('A small'));
    session.event({
      type: 'response.output_audio_transcript.done',
      response_id: 'r1',
      item_id: 'i1',
      transcript: 'A small hotel.',
    });
    session.event(word(' hotel.'));
    session.event(done());
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', text: 'A small hotel.' });
  });

  test('words that only come with response.done are told', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    const content = [{ type: 'audio', transcript: 'All at once' }];
    session.event(done('r1', { output: [{ id: 'i1', type: 'message', role: 'assistant', content }] }));
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', text: 'All at once' });
  });

  test('an answer nobody asked for is a turn of its own', () => {
    const session = ready();
    session.event(created());
    session.event(word('Welcome'));
    session.event(done());
    expect(types(session.notices)).toEqual(['text', 'response_done', 'turn_done']);
    expect(session.takeSent()).toEqual([]);
  });

  test.each(['failed', 'incomplete'])('an answer that ends as %s is an error and a failed turn', (status) => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(done('r1', { status, status_details: { error: { message: 'out of thought' } } }));
    expect(session.notices).toContainEqual({
      type: 'error',
      code: `response_${status}`,
      message: `the answer ended as ${status}: out of thought`,
    });
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'failed' });
  });

  test('silence ends the turn as timed out and takes the request back', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.takeSent();
    session.input({ type: 'timeout' });
    expect(types(session.takeSent())).toEqual(['response.cancel']);
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'timeout' });
    expect(isIdle(session.session)).toBe(true);
  });
});

describe('interrupting', () => {
  test('cancels once, drops what still comes, and ends the turn as cancelled', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Tell me everything' });
    session.event(created());
    session.event(word('Well'));
    session.takeSent();
    session.input({ type: 'interrupt' });
    session.input({ type: 'interrupt' });
    expect(types(session.takeSent())).toEqual(['response.cancel']);
    session.event(word(' too late'));
    session.event(done('r1', { status: 'cancelled' }));
    session.event(word(' far too late'));
    expect(types(session.notices)).toEqual(['user', 'text', 'interrupted', 'response_done', 'turn_done']);
    expect(session.notices.at(-1)).toMatchObject({ status: 'cancelled', text: 'Well' });
  });

  test('does nothing between turns', () => {
    const session = ready();
    session.input({ type: 'interrupt' });
    expect([session.sent, session.notices]).toEqual([[], []]);
  });

  test('what is said during an answer cancels it and is said when it is over', () => {
    const session = ready();
    session.input({ type: 'say', text: 'one' });
    session.event(created());
    session.takeSent();
    session.input({ type: 'say', text: 'two' });
    expect(types(session.takeSent())).toEqual(['response.cancel']);
    session.event(done('r1', { status: 'cancelled' }));
    expect(types(session.takeSent())).toEqual(['conversation.item.create', 'response.create']);
    expect(session.notices.at(-1)).toEqual({ type: 'user', turn: 2, text: 'two' });
  });

  test('a cancellation that is not answered ends the turn all the same', () => {
    const session = ready();
    session.input({ type: 'say', text: 'one' });
    session.event(created());
    session.input({ type: 'interrupt' });
    expect(awaiting(session.session)).toBe('cancellation');
    session.input({ type: 'timeout' });
    expect(isIdle(session.session)).toBe(true);
    session.event(done('r1', { status: 'cancelled' }));
    expect(types(session.notices).filter((type) => type === 'turn_done')).toHaveLength(1);
  });

  test.each([
    { code: 'response_cancel_not_active', message: 'Cancellation failed: no active response found' },
    { message: 'Cancellation failed: no active response found' },
  ])('a cancellation that came too late is no error: %j', (error) => {
    const session = ready();
    session.input({ type: 'say', text: 'one' });
    session.input({ type: 'interrupt' });
    session.event({ type: 'error', error });
    expect(types(session.notices)).not.toContain('error');
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'cancelled' });
  });
});

describe('trouble', () => {
  test('an error before the answer begins fails the turn; one during it does not', () => {
    const before = ready();
    before.input({ type: 'say', text: 'Hello' });
    before.event({ type: 'error', error: { code: 'bad', message: 'no', param: 'x' } });
    expect(before.notices.slice(-2)).toEqual([
      { type: 'error', code: 'bad', message: 'no', param: 'x' },
      expect.objectContaining({ type: 'turn_done', status: 'failed' }),
    ]);
    const during = ready();
    during.input({ type: 'say', text: 'Hello' });
    during.event(created());
    during.event({ type: 'error', error: { message: 'hiccup' } });
    during.event(word('Hi'));
    during.event(done());
    expect(during.notices.at(-1)).toMatchObject({ status: 'completed', text: 'Hi' });
  });

  test('an answer that is running already is no error', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event({
      type: 'error',
      error: { code: 'conversation_already_has_active_response', message: 'x' },
    });
    expect(types(session.notices)).toEqual(['user']);
  });

  test('errors without their usual envelope are read too', () => {
    const session = ready();
    session.event({ type: 'error', message: 'flat', code: 'f' });
    expect(session.notices).toEqual([{ type: 'error', code: 'f', message: 'flat' }]);
  });

  test('unknown events are passed on, malformed ones told, the heartbeat neither', () => {
    const session = ready();
    session.event({ type: 'ping', timestamp: 1 });
    session.event({ type: 'weather.changed', to: 'rain' });
    session.event({ type: 'response.created', response: 'not an object' });
    session.input({ type: 'frame', frame: { kind: 'not-json', text: '<html>' } });
    expect(session.notices).toEqual([
      { type: 'event', event: { type: 'weather.changed', to: 'rain' } },
      expect.objectContaining({ type: 'warning', code: 'malformed_event' }),
      expect.objectContaining({ type: 'warning', code: 'not_json' }),
    ]);
  });

  test.each([
    ['at the prompt, code 1000', false, 1000, true],
    ['at the prompt, code 1001', false, 1001, true],
    ['at the prompt, code 1006', false, 1006, false],
    ['at the prompt, code 1011', false, 1011, false],
    ['in an answer, code 1000', true, 1000, false],
  ])('the line closes %s', (_, talking, code, clean) => {
    const session = ready();
    if (talking) session.input({ type: 'say', text: 'Hello' });
    session.input({ type: 'closed', code, reason: 'bye' });
    expect(session.notices.at(-1)).toEqual({ type: 'closed', code, reason: 'bye', clean });
    expect(types(session.notices).includes('turn_done')).toBe(talking);
    expect(() => session.input({ type: 'say', text: 'x' })).toThrow(RangeError);
  });

  test('words of the person come as interim and as final, told apart by their status', () => {
    const session = ready();
    const base = { item_id: 'u1', content_index: 0 };
    const long = 'conversation.item.input_audio_transcription';
    session.event({ ...base, type: `${long}.updated`, transcript: 'He' });
    session.event({ ...base, type: `${long}.completed`, transcript: 'Hello', status: 'in_progress' });
    session.event({ ...base, type: `${long}.completed`, transcript: 'Hello.', status: 'completed' });
    session.event({ ...base, type: 'input_audio_transcription.completed', transcript: 'Hello!' });
    expect(
      session.notices.map((notice) => (notice.type === 'user_transcript' ? [notice.text, notice.final] : [])),
    ).toEqual([
      ['He', false],
      ['Hello', false],
      ['Hello.', true],
      ['Hello!', true],
    ]);
  });
});
