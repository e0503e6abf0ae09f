// The realtime socket itself: what only shows where frames travel and answers take their time.

import { describe, expect, test } from 'vitest';
import type { Heard, Part, ReplyMaker } from '../../src/emulator/reply.js';
import { handClock } from '../support/hand-clock.js';
import { startTestApi } from '../support/local-api.js';
import { anError, anEvent, converse, makeAgent, openSocket, types, userItem, type Wire } from './support.js';

const create = { type: 'response.create' };
const cancel = { type: 'response.cancel' };
const clear = { type: 'input_audio_buffer.clear' };
const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'Look up the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const transcript = (events: readonly Wire[]): string =>
  events
    .filter(({ type }) => type === 'response.output_audio_transcript.delta')
    .map(({ delta }) => delta)
    .join('');

/** A maker that says its first words, waits until it is let go on, and says the others. */
function hesitating() {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const heard: Heard[] = [];
  const maker: ReplyMaker = {
    async *reply(given): AsyncIterable<Part> {
      heard.push(given);
      yield { say: 'Once upon' };
      if (heard.length > 1) return;
      await gate;
      yield { say: 'a time.' };
    },
  };
  return { maker, letGo: () => letGo() };
}

describe('connecting', () => {
  test.each([
    ['the model that is named', '?model=grok-voice-think-fast-2.0', 'grok-voice-think-fast-2.0'],
    ['a model of its own where none is named', '', 'grok-voice-fast-1.0'],
    ['the model, whatever else is asked', '?conversation_id=a&model=x&reasoning.effort=none', 'x'],
  ])('greets in the recorded order, with %s', async (_what, query, model) => {
    const api = await startTestApi();
    const line = await openSocket(api, { path: `/v1/realtime${query}` });
    const events = [await line.next(), await line.next(), await line.next()];
    expect(types(events)).toEqual(['session.created', 'conversation.created', 'ping']);
    expect(events[0]?.session.model).toBe(model);
    line.send({ type: 'session.update', session: {} });
    expect((await line.next()).session.model).toBe(model);
  });

  test('takes what is sent before the greeting has come', async () => {
    const api = await startTestApi();
    const line = await openSocket(api);
    line.send({ type: 'session.update', session: { voice: 'leo' } });
    const events = await line.until('session.updated');
    expect(types(events)).toEqual(['session.created', 'conversation.created', 'ping', 'session.updated']);
  });

  test('makes a session and a conversation of its own each time', async () => {
    const api = await startTestApi();
    const greetings = await Promise.all(
      [1, 2].map(async () => (await openSocket(api)).until('conversation.created')),
    );
    const ids = greetings.flatMap(([created, conversation]) => [
      created?.session.id,
      conversation?.conversation.id,
    ]);
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is followed by a ping every ten seconds until it closes', async () => {
    const clock = handClock();
    const api = await startTestApi(clock);
    const line = await converse(api);
    for (let at = 0; at < 2; at++) {
      clock.advance(9999);
      line.send(clear);
      expect((await line.next()).type).toBe('input_audio_buffer.cleared');
      clock.advance(1);
      expect(await line.next()).toEqual(anEvent('ping', { timestamp: clock.nowMs() }));
    }
    line.socket.close();
    await line.closed;
    // The server hears of the end before it answers a later request.
    await fetch(`${api.base}/v1/models`);
    expect(clock.waiting()).toBe(0);
  });
});

describe('a conversation', () => {
  test('goes from words to a tool and back to words', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    const session = { instructions: 'You are Ava.', tools: [weather] };
    line.send({ type: 'session.update', session }, userItem('What is the weather in London?'), create);
    const first = await line.until('response.done');
    expect(transcript(first)).toBe('One moment, let me get weather for London.');
    const call = first.at(-1)?.response.output[1];
    expect(call).toMatchObject({
      type: 'function_call',
      name: 'get_weather',
      arguments: '{"city":"London"}',
    });
    const output = { type: 'function_call_output', call_id: call.call_id, output: '{"sky":"foggy"}' };
    line.send({ type: 'conversation.item.create', item: output }, create);
    const second = await line.until('response.done');
    expect(transcript(second)).toBe('Here is what I found with get weather: sky foggy.');
  });

  test('knows the agent whose instructions it was given', async () => {
    const api = await startTestApi();
    await makeAgent(api, { name: 'Order Support', instructions: 'Be brief.' });
    const line = await converse(api);
    line.send({ type: 'session.update', session: { instructions: 'Be brief.' } }, userItem('Hi'), create);
    expect(transcript(await line.until('response.done'))).toBe(
      'Hello, this is Order Support. You said: Hi. My instructions begin: Be brief.',
    );
  });

  test.each(['', 'agent_unknown'])('with an agent that is not stored ("%s") borrows no name', async (id) => {
    const api = await startTestApi();
    await makeAgent(api, { name: 'Order Support', instructions: 'Be brief.' });
    const line = await converse(api, { headers: { 'x-client-agent-id': id } });
    line.send({ type: 'session.update', session: { instructions: 'Be brief.' } }, userItem('Hi'), create);
    expect(transcript(await line.until('response.done'))).toBe(
      'Hello. You said: Hi. My instructions begin: Be brief.',
    );
  });

  test('is silent after the result of a tool until a response is asked for', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send(
      { type: 'session.update', session: { tools: [weather] } },
      userItem('Weather in London'),
      create,
    );
    const call = (await line.until('response.done')).at(-1)?.response.output.at(-1);
    const output = { type: 'function_call_output', call_id: call.call_id, output: 'foggy' };
    // What is asked for after it is answered before anything else could be.
    line.send({ type: 'conversation.item.create', item: output }, clear, clear);
    const events = [await line.next(), await line.next(), await line.next()];
    expect(types(events)).toEqual([
      'conversation.item.added',
      'input_audio_buffer.cleared',
      'input_audio_buffer.cleared',
    ]);
  });

  test('is silent after words until a response is asked for', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send(userItem('Hi'), clear, clear);
    const events = [await line.next(), await line.next(), await line.next()];
    expect(types(events).slice(1)).toEqual(['input_audio_buffer.cleared', 'input_audio_buffer.cleared']);
  });

  test('speaks what it is told to speak, and asks nobody', async () => {
    const { maker } = hesitating();
    const api = await startTestApi({ maker });
    const line = await converse(api);
    const item = { type: 'force_message', content: [{ type: 'output_text', text: 'Welcome to Acme.' }] };
    line.send({ type: 'conversation.item.create', item });
    const events = await line.until('response.done');
    expect(transcript(events)).toBe('Welcome to Acme.');
    expect(events.at(-1)?.response.status).toBe('completed');
  });

  test('is not heard on another socket', async () => {
    const api = await startTestApi();
    const [one, other] = await Promise.all([converse(api), converse(api)]);
    one.send(userItem('One'), create);
    await one.until('response.done');
    other.send(clear);
    expect((await other.next()).type).toBe('input_audio_buffer.cleared');
  });
});

describe('an answer that takes its time', () => {
  test('is cancelled in its middle, and what comes too late is not said', async () => {
    const { maker, letGo } = hesitating();
    const api = await startTestApi({ maker });
    const line = await converse(api);
    line.send(userItem('Tell me a story'), create);
    const begun = [
      ...(await line.until('response.output_audio_transcript.delta')),
      ...(await line.until('response.output_audio_transcript.delta')),
    ];
    line.send(cancel);
    const ended = await line.until('response.done');
    expect([transcript(begun), ended.at(-1)?.response.status]).toEqual(['Once upon', 'cancelled']);
    letGo();
    line.send(create);
    const next = await line.until('response.done');
    expect([transcript(next), next.at(-1)?.response.status]).toEqual(['Once upon', 'completed']);
  });

  test('does not keep the session from hearing', async () => {
    const { maker, letGo } = hesitating();
    const api = await startTestApi({ maker });
    const line = await converse(api);
    line.send(userItem('Tell me a story'), create);
    await line.until('response.content_part.added');
    line.send({ type: 'session.update', session: { voice: 'leo' } }, userItem('Wait'), {
      ...create,
      event_id: 'e',
    });
    const between = await line.until('error');
    expect(types(between)).toEqual(expect.arrayContaining(['session.updated', 'conversation.item.added']));
    expect(between.at(-1)).toEqual(
      anError({ code: 'conversation_already_has_active_response', event_id: 'e' }),
    );
    letGo();
    const ended = await line.until('response.done');
    expect(ended.at(-1)?.response.output[0].content[0].transcript).toBe('Once upon a time.');
  });

  test('goes on for others when its socket closes', async () => {
    const { maker, letGo } = hesitating();
    const api = await startTestApi({ maker });
    const line = await converse(api);
    line.send(userItem('Tell me a story'), create);
    await line.until('response.content_part.added');
    line.socket.close();
    expect(await line.closed).toBe(1005);
    letGo();
    const other = await converse(api);
    other.send(create);
    expect((await other.until('response.done')).at(-1)?.response.status).toBe('completed');
  });

  test('that cannot be made ends as failed, with the reason before it, and the socket stays', async () => {
    let isBroken = true;
    const maker: ReplyMaker = {
      *reply() {
        yield { say: 'Once' };
        if (isBroken) throw new Error('the model has gone');
      },
    };
    const api = await startTestApi({ maker });
    const line = await converse(api);
    line.send(create);
    const events = await line.until('response.done');
    const error = events.findIndex(({ type }) => type === 'error');
    expect(events[error]).toEqual(
      anError({ type: 'internal_error', code: 'internal_error', message: 'the model has gone' }),
    );
    expect(events.at(-1)?.response).toMatchObject({ status: 'failed', output: [{ status: 'incomplete' }] });
    isBroken = false;
    line.send(create);
    expect((await line.until('response.done')).at(-1)?.response.status).toBe('completed');
  });
});

describe('frames', () => {
  test('that are no JSON or no event are refused in their order, and the socket stays', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send('{', { type: 'nonsense', event_id: 'mine' }, clear);
    expect([await line.next(), await line.next(), await line.next()]).toEqual([
      anError({ type: 'invalid_event', code: 'invalid_json' }),
      anError({ type: 'invalid_event', code: 'invalid_event', event_id: 'mine' }),
      anEvent('input_audio_buffer.cleared'),
    ]);
  });

  test('of raw audio are heard as appended audio is', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send({ type: 'session.update', session: { audio: { input: { transport: 'binary' } } } });
    await line.until('session.updated');
    line.socket.send(Buffer.alloc(4800));
    line.send({ type: 'input_audio_buffer.commit' });
    expect((await line.next()).type).toBe('input_audio_buffer.speech_started');
    expect((await line.until('input_audio_buffer.speech_stopped')).at(-1)?.audio_end_ms).toBe(100);
  });

  test('carry raw audio where that was agreed', async () => {
    const api = await startTestApi();
    const line = await openSocket(api);
    const binary: Buffer[] = [];
    // Before anything reads frames as JSON.
    line.socket.removeAllListeners('message');
    const done = new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      line.socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) return void binary.push(data);
        const { type } = JSON.parse(data.toString());
        seen.push(type);
        if (type === 'response.done') resolve(seen);
      });
    });
    line.send(
      { type: 'session.update', session: { audio: { output: { transport: 'binary' } } } },
      userItem('Hi'),
      create,
    );
    expect(await done).not.toContain('response.output_audio.delta');
    expect(Buffer.concat(binary).length).toBeGreaterThan(0);
  });
});
