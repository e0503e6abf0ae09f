// The service's side of a session as a machine: one response after another. Fact sheet C2, C3, C6, C8.

import { describe, expect, test } from 'vitest';
import { anError, anEvent, pureSession, types, userItem, type Wire } from './support.js';

const create = { type: 'response.create' };
const cancel = { type: 'response.cancel' };
const anId = expect.any(String);

/** A session in which a response is under way. */
function answering(text = 'Hi') {
  const session = pureSession();
  session.receive(userItem(text));
  session.receive(create);
  return session;
}

const responseOf = (id: unknown, members: Wire): Wire => ({
  id,
  object: 'realtime.response',
  output: [],
  status: 'in_progress',
  status_details: 'unimplemented',
  usage: {},
  ...members,
});
const item = (members: Wire): Wire => ({
  id: anId,
  object: 'realtime.item',
  type: 'message',
  status: 'in_progress',
  role: 'assistant',
  ...members,
});

describe('connecting', () => {
  test('is greeted by a session, a conversation and a ping', () => {
    const { greeting } = pureSession('grok-voice-think-fast-2.0');
    expect(greeting).toEqual([
      {
        type: 'session.created',
        event_id: anId,
        session: {
          id: anId,
          object: 'realtime.session',
          instructions: '',
          voice: 'ara',
          modalities: ['audio'],
          turn_detection: { type: null },
          tools: [],
          model: 'grok-voice-think-fast-2.0',
        },
      },
      anEvent('conversation.created', { conversation: { id: anId, object: 'realtime.conversation' } }),
      anEvent('ping', { timestamp: 5000 }),
    ]);
    expect(greeting[0]).not.toHaveProperty('previous_item_id');
  });
});

describe('a text turn', () => {
  test('goes as it was recorded', () => {
    const session = pureSession();
    const added = session.receive(userItem('Hello'));
    const user = added[0]?.item.id;
    expect(added).toEqual([
      anEvent('conversation.item.added', {
        item: item({
          status: 'completed',
          role: 'user',
          content: [{ type: 'input_text', text: 'Hello' }],
        }),
      }),
    ]);

    const created = session.receive(create);
    const response_id = created[0]?.response.id;
    expect(created).toEqual([anEvent('response.created', { response: responseOf(response_id, {}) })]);

    const spoken = session.speak('Hello there!');
    const id = spoken[0]?.item.id;
    const placed = { response_id, output_index: 0 };
    const within = { ...placed, item_id: id, content_index: 0 };
    const [, , , , firstWords, , secondWords] = spoken;
    const audio = { ...within, delta: anId, ts: 5000 };
    expect(spoken).toEqual([
      anEvent('response.output_item.added', { ...placed, item: item({ id }) }),
      anEvent('conversation.item.added', { item: item({ id, content: [] }), previous_item_id: user }),
      anEvent('response.content_part.added', {
        ...within,
        part: { type: 'audio', transcript: '' },
        previous_item_id: '0',
      }),
      anEvent('response.output_audio.delta', {
        ...audio,
        rid: firstWords?.event_id,
        latency: '0.00',
        audio_duration_ms: 275,
      }),
      anEvent('response.output_audio_transcript.delta', {
        ...within,
        delta: 'Hello',
        rid: firstWords?.event_id,
        start_time: 0,
      }),
      anEvent('response.output_audio.delta', {
        ...audio,
        rid: secondWords?.event_id,
        audio_duration_ms: 330,
      }),
      anEvent('response.output_audio_transcript.delta', {
        ...within,
        delta: ' there!',
        rid: secondWords?.event_id,
        start_time: 0.275,
      }),
    ]);

    const done = item({ id, status: 'completed' });
    expect(session.finish()).toEqual([
      anEvent('response.output_audio_transcript.done', { ...within, transcript: 'Hello there!' }),
      anEvent('response.content_part.done', within),
      anEvent('response.output_audio.done', within),
      anEvent('response.output_item.done', { ...placed, item: done }),
      anEvent('response.done', {
        response_id,
        response: responseOf(response_id, {
          status: 'completed',
          output: [{ ...done, content: [{ type: 'audio', transcript: 'Hello there!' }] }],
        }),
        usage: {
          input_tokens: 2,
          input_token_details: { text_tokens: 2, audio_tokens: 0, grok_tokens: 0 },
          output_tokens: 33,
          output_token_details: { text_tokens: 3, audio_tokens: 30, grok_tokens: 0 },
          total_tokens: 35,
          output_audio_seconds: 0.605,
          billable_audio_seconds: 1,
        },
      }),
    ]);
  });

  test('gives every event an id of its own', () => {
    const session = answering();
    const events = [...session.greeting, ...session.speak('One two three.'), ...session.finish()];
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  });

  test('may be answered by nothing at all', () => {
    const session = answering();
    const events = session.finish();
    expect(types(events)).toEqual(['response.done']);
    expect(events[0]).toMatchObject({ response: { status: 'completed', output: [] } });
  });

  test('names in the next message the item before it', () => {
    const session = answering();
    const first = session.speak('One.')[0]?.item.id;
    session.finish();
    session.receive(create);
    expect(session.speak('Two.')[1]?.previous_item_id).toBe(first);
  });
});

describe('a tool call', () => {
  const call = (members: Wire) =>
    item({ type: 'function_call', role: 'user', name: 'get_weather', arguments: '', ...members });

  test('comes after the words of its response, as it was recorded', () => {
    const session = answering('Weather in London?');
    const response_id = session.peer().active?.id;
    session.speak('One moment.');
    const events = session.call('get_weather', { city: 'London' });
    expect(types(events).slice(0, 4)).toEqual([
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_audio.done',
      'response.output_item.done',
    ]);
    const id = events[4]?.item.id;
    const call_id = `call-${response_id}-0`;
    const placed = { response_id, output_index: 0 };
    const text = '{"city":"London"}';
    const done = call({ id, call_id, status: 'completed', arguments: text });
    expect(events.slice(4)).toEqual([
      anEvent('response.output_item.added', { ...placed, item: call({ id, call_id }) }),
      anEvent('conversation.item.added', { item: call({ id, call_id, role: 'tool' }) }),
      anEvent('response.function_call_arguments.delta', { response_id, item_id: id, call_id, delta: text }),
      anEvent('response.function_call_arguments.done', {
        ...placed,
        item_id: id,
        call_id,
        name: 'get_weather',
        arguments: text,
      }),
      anEvent('response.output_item.done', { ...placed, item: done }),
    ]);
    const [end] = session.finish();
    expect(end?.response.output).toEqual([
      item({ status: 'completed', content: [{ type: 'audio', transcript: 'One moment.' }] }),
      done,
    ]);
  });

  test('may be one of several in a response, each with an id of its own', () => {
    const session = answering();
    const response = session.peer().active?.id;
    const events = [
      ...session.call('get_weather', { city: 'London' }),
      ...session.call('get_weather', { city: 'Paris' }),
      ...session.speak('And so on.'),
      ...session.finish(),
    ];
    const calls = events.filter(({ type }) => type === 'response.function_call_arguments.done');
    expect(calls.map(({ call_id, arguments: text }) => [call_id, text])).toEqual([
      [`call-${response}-0`, '{"city":"London"}'],
      [`call-${response}-1`, '{"city":"Paris"}'],
    ]);
    expect(new Set(calls.map(({ item_id }) => item_id)).size).toBe(2);
    expect(events.at(-1)?.response.output.map(({ type }: Wire) => type)).toEqual([
      'function_call',
      'function_call',
      'message',
    ]);
  });

  test('is answered by its output, which is echoed, and by nothing more', () => {
    const session = answering();
    const call_id = session.call('get_weather', {})[0]?.item.call_id;
    session.finish();
    const output = { type: 'function_call_output', call_id, output: '{"sky":"clear"}' };
    const added = session.receive({ type: 'conversation.item.create', item: output });
    expect(added).toEqual([
      anEvent('conversation.item.added', {
        item: {
          id: anId,
          object: 'realtime.item',
          type: 'function_call_output',
          status: 'completed',
          role: 'tool',
          call_id,
          output: '{"sky":"clear"}',
        },
      }),
    ]);
    const wanted = session.heard(create);
    expect(wanted?.heard?.results).toEqual([{ name: 'get_weather', output: '{"sky":"clear"}' }]);
    session.finish();
    // Asked again without anything new, it answers the same.
    expect(session.heard(create)?.heard?.results).toEqual([
      { name: 'get_weather', output: '{"sky":"clear"}' },
    ]);
    session.finish();
    session.receive(userItem('Thank you'));
    expect(session.heard(create)?.heard?.results).toEqual([]);
  });

  test.each(['call-nobody-0', '', 'constructor', 'toString', '__proto__'])(
    'that nobody made has no output: "%s"',
    (call_id) => {
      const session = pureSession();
      const output = { type: 'function_call_output', call_id, output: 'x' };
      expect(session.receive({ type: 'conversation.item.create', item: output })).toEqual([
        anError({ code: 'item_not_found', param: 'item.call_id' }),
      ]);
    },
  );
});

describe('cancelling', () => {
  test('in the middle of words leaves what was said, incomplete', () => {
    const session = answering();
    const id = session.speak('Once upon a')[0]?.item.id;
    const incomplete = item({ id, status: 'incomplete' });
    const events = session.receive(cancel);
    expect(types(events)).toEqual([
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_audio.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(events[0]?.transcript).toBe('Once upon a');
    expect(events[3]?.item).toEqual(incomplete);
    expect(events[4]?.response).toMatchObject({
      status: 'cancelled',
      output: [{ ...incomplete, content: [{ type: 'audio', transcript: 'Once upon a' }] }],
    });
  });

  test('before the first word ends the response alone', () => {
    const session = answering();
    expect(session.receive(cancel)).toEqual([
      anEvent('response.done', {
        response_id: anId,
        response: responseOf(anId, { status: 'cancelled' }),
        usage: expect.objectContaining({ output_tokens: 0, billable_audio_seconds: 0 }),
      }),
    ]);
  });

  test('ends it for those who still speak for it', () => {
    const session = answering();
    const id = session.peer().active?.id;
    session.receive(cancel);
    expect([session.speak('late', id), session.call('f', {}, id), session.finish(id)]).toEqual([[], [], []]);
    session.receive(create);
    expect([session.speak('late', id), session.call('f', {}, id), session.finish(id)]).toEqual([[], [], []]);
  });

  test('leaves room for the next response', () => {
    const session = answering();
    session.speak('Once');
    session.receive(cancel);
    expect(types(session.receive(create))).toEqual(['response.created']);
  });

  test('with nothing running is refused', () => {
    const session = pureSession();
    expect(session.receive({ ...cancel, event_id: 'mine' })).toEqual([
      anError({
        code: 'response_cancel_not_active',
        message: 'Cancellation failed: no active response found',
        event_id: 'mine',
      }),
    ]);
  });
});

describe('a response while another is under way', () => {
  test('is refused, and the first goes on', () => {
    const session = answering();
    expect(session.receive({ ...create, event_id: 'mine' })).toEqual([
      anError({
        code: 'conversation_already_has_active_response',
        message: expect.stringContaining('already has an active response'),
        event_id: 'mine',
      }),
    ]);
    session.speak('Hello');
    expect(session.finish().at(-1)?.response.status).toBe('completed');
  });

  test('is not begun by force_message without an end of the first', () => {
    const session = answering();
    const first = session.peer().active?.id;
    const force = { type: 'force_message', content: [{ type: 'output_text', text: 'Stop.' }] };
    const events = session.receive({ type: 'conversation.item.create', item: force });
    const isRefused = events.some(({ type }) => type === 'error');
    const isEnded = events.some(({ type, response_id }) => type === 'response.done' && response_id === first);
    // Whoever waits for the end of the first would wait for ever.
    expect(isRefused || isEnded).toBe(true);
  });
});

describe('metadata', () => {
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`key_${at}`, `${at}`]));

  test.each([1, 16])('of %i pairs comes back when the response begins and ends', (count) => {
    const session = pureSession();
    const metadata = pairs(count);
    const [created] = session.receive({ ...create, response: { metadata } });
    const [done] = session.finish();
    expect([created?.response.metadata, done?.response.metadata]).toEqual([metadata, metadata]);
  });

  test('is not there when none was given', () => {
    const session = answering();
    expect(session.finish()[0]?.response).not.toHaveProperty('metadata');
  });

  test('of more than 16 pairs is refused', () => {
    const session = pureSession();
    expect(session.receive({ ...create, response: { metadata: pairs(17) } })).toEqual([
      anError({ code: anId, param: 'response.metadata' }),
    ]);
  });
});
