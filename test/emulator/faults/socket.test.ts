// Faults on the realtime socket: refused handshakes, and what becomes of the events of a session.

import { describe, expect, test } from 'vitest';
import { createDisturbance } from '../../../src/emulator/faults/disturbance.js';
import { createFaults, readRehearsal } from '../../../src/emulator/faults/plan.js';
import { startTestApi } from '../../support/local-api.js';
import { ask, converse, handshake, type Line, openSocket, types, userItem, type Wire } from '../support.js';

const create = { type: 'response.create' };
const wish = (fault: string) => ({ headers: { 'x-local-fault': fault } });
const spoken = (events: readonly Wire[]) =>
  events.flatMap(({ type, delta }) => (type === 'response.output_audio_transcript.delta' ? [delta] : []));

/** A turn to its end. */
async function turn(line: Line, words = 'Hi'): Promise<Wire[]> {
  line.send(userItem(words), create);
  return line.until('response.done');
}

describe('a handshake', () => {
  test.each([
    ['wrong-key', 400],
    ['no-credits-429', 429],
    ['handshake-401', 401],
    ['handshake-403', 403],
    ['handshake-429', 429],
    ['handshake-503', 503],
  ])('meets %s', async (fault, status) => {
    const api = await startTestApi({ faults: [`${fault}=1`] });
    expect(await handshake(api)).toMatchObject({ status });
    expect(await handshake(api)).toEqual({ protocol: '' });
    expect(await handshake(api, wish(fault))).toMatchObject({ status });
  });

  test('that asks for what there is not is told so', async () => {
    const api = await startTestApi();
    expect(await handshake(api, wish('fire'))).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('there is no fault fire') },
    });
  });

  test('is not touched by the faults of requests', async () => {
    const api = await startTestApi({ faults: ['error-500', 'reset', 'agents-not-enabled'] });
    expect(await handshake(api)).toEqual({ protocol: '' });
  });
});

describe('a socket', () => {
  test('may ask for faults of its own, and is alone with them', async () => {
    const api = await startTestApi();
    const [bad, good] = [await converse(api, wish('failed-reply=1')), await converse(api)];
    expect((await turn(bad)).at(-1)?.response).toMatchObject({ status: 'failed', output: [] });
    expect((await turn(bad)).at(-1)?.response).toMatchObject({ status: 'completed' });
    expect((await turn(good)).at(-1)?.response).toMatchObject({ status: 'completed' });
  });

  test('that is open meets what is set at run time, from its next reply on', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    expect(spoken(await turn(line)).length).toBeGreaterThan(3);
    await ask(api, 'PUT /__local/faults', { faults: ['close-1011-in-reply'] });
    line.send(userItem('Hi'), create);
    expect(await line.closed).toBe(1011);
  });

  test('is dropped at the same reply for the same seed', async () => {
    const run = async (seed: number) => {
      const api = await startTestApi({ faults: ['error-in-reply=0.3'], seed });
      const line = await converse(api);
      const failed: boolean[] = [];
      for (let at = 0; at < 20; at++) failed.push(types(await turn(line)).includes('error'));
      return failed;
    };
    const once = await run(4);
    expect(new Set(once).size).toBe(2);
    expect(await run(4)).toEqual(once);
    expect(await run(5)).not.toEqual(once);
  });

  test('with silent-session hears nothing, with drop-at-connect is gone before the greeting', async () => {
    const api = await startTestApi();
    const silent = await openSocket(api, wish('silent-session'));
    silent.send(userItem('Hi'), create);
    const dropped = await openSocket(api, wish('drop-at-connect'));
    await expect(dropped.next()).rejects.toThrow();
    expect(await dropped.closed).toBe(1006);
    silent.socket.close();
    await expect(silent.next()).rejects.toThrow();
  });

  test('that loses a tool result is not answered, and goes on with what is said next', async () => {
    const api = await startTestApi({ faults: ['lost-tool-result=1'] });
    const line = await converse(api);
    const call = { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'c1', output: '7' };
    const item = (each: object) => ({ type: 'conversation.item.create', item: each });
    line.send(item(call), item(output), create, userItem('Hello?'), create);
    const events = await line.until('response.done');
    expect(types(events).filter((type) => !/^response\./.test(type))).toEqual([
      'conversation.item.added',
      'conversation.item.added',
      'conversation.item.added',
    ]);
    expect(types(events).filter((type) => type === 'response.created')).toHaveLength(1);
    expect(spoken(events).join('')).toContain('You said: Hello?');
  });

  test('whose person is heard by halves never gets a final transcript', async () => {
    const api = await startTestApi({ faults: ['interim-only-transcript'] });
    const line = await converse(api);
    const audio = Buffer.alloc(9600).toString('base64');
    line.send({ type: 'input_audio_buffer.append', audio }, { type: 'input_audio_buffer.commit' });
    const events = await line.until('response.created');
    const statuses = events.filter(({ type }) => type.includes('transcription')).map(({ status }) => status);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses).not.toContain('completed');
  });

  test('with slow words does not let whoever cancels wait', async () => {
    // Waits that never end by themselves: only the cancellation gets past them.
    const api = await startTestApi({ sleep: () => new Promise(() => {}) });
    const line = await converse(api, wish('slow-words'));
    line.send(userItem('Hi'), create);
    await line.until('response.output_audio.delta');
    line.send({ type: 'response.cancel' });
    expect(types(await line.until('error'))).toContain('response.done');
  });
});

describe('the events of a reply', () => {
  /** A reply of three words, as it leaves, by types; a frame that is none as its first letters. */
  function leaving(fault: string, { status = 'completed', silent = false } = {}): string[] {
    const faults = createFaults([readRehearsal(fault)]);
    let made = 0;
    const disturbance = createDisturbance(
      (place) => faults.strike([place]),
      () => `new-${++made}`,
    );
    const word = (delta: string) => ({
      type: 'response.output_audio_transcript.delta',
      event_id: delta,
      response_id: 'r',
      delta,
    });
    const item = { type: 'message', status: 'in_progress', role: 'assistant' };
    const events = [
      { type: 'response.created', response: { id: 'r' } },
      { type: 'conversation.item.added', item },
      ...(silent ? [] : ['One', ' two', ' three'].map(word)),
      { type: 'response.done', response: { id: 'r', status } },
      { type: 'ping' },
    ];
    const acts = events.flatMap((event) => disturbance.out(JSON.stringify(event)));
    return acts.map((act) => {
      if (!('send' in act)) return Object.keys(act)[0] ?? '';
      const text = String(act.send);
      try {
        const { type, delta, response } = JSON.parse(text);
        if (type.endsWith('transcript.delta')) return typeof delta === 'string' ? delta.trim() : 'misshapen';
        return type === 'response.done' && response.status !== 'completed'
          ? response.status
          : type.split('.').at(-1);
      } catch {
        return text.slice(0, 5);
      }
    });
  }
  const begun = ['created', 'added'];

  test.each([
    ['error-500', [...begun, 'One', 'two', 'three', 'done', 'ping']],
    ['silent-reply', ['ping']],
    ['drop-in-reply', [...begun, 'One', 'cut']],
    ['close-1011-in-reply', [...begun, 'One', 'close']],
    ['max-duration', [...begun, 'One', 'error', 'close']],
    ['failed-reply', [...begun, 'One', 'error', 'failed', 'ping']],
    ['stalled-reply', [...begun, 'One', 'ping']],
    ['error-in-reply', [...begun, 'One', 'error', 'two', 'three', 'done', 'ping']],
    ['slow-words', [...begun, 'waitMs', 'One', 'waitMs', 'two', 'waitMs', 'three', 'done', 'ping']],
    ['torn-frame=1', [...begun, '{"typ', 'two', 'three', 'done', 'ping']],
    ['misshapen-event=1/2', [...begun, 'One', 'misshapen', 'three', 'done', 'ping']],
    ['not-json=1', [...begun, '<html', 'One', 'two', 'three', 'done', 'ping']],
    ['unknown-event=1', [...begun, 'updated', 'One', 'two', 'three', 'done', 'ping']],
    ['out-of-order-events', ['added', 'created', 'two', 'One', 'done', 'three', 'ping']],
    [
      'duplicate-events',
      [
        'created',
        'created',
        'added',
        'added',
        'One',
        'One',
        'two',
        'two',
        'three',
        'three',
        'done',
        'done',
        'ping',
      ],
    ],
    ['late-deltas', [...begun, 'One', 'two', 'three', 'done', 'ping']],
  ])('with %s leave as %j', (fault, expected) => {
    expect(leaving(fault)).toEqual(expected);
  });

  test.each([
    ['drop-in-reply', [...begun, 'cut']],
    ['failed-reply', [...begun, 'error', 'failed', 'ping']],
    ['error-in-reply', [...begun, 'error', 'done', 'ping']],
    ['stalled-reply', [...begun, 'ping']],
  ])('without a word meet %s at their end', (fault, expected) => {
    expect(leaving(fault, { silent: true })).toEqual(expected);
  });

  test('that was cancelled come late, the last two words of them', () => {
    const late = [...begun, 'One', 'two', 'three', 'cancelled', 'two', 'three', 'ping'];
    expect(leaving('late-deltas', { status: 'cancelled' })).toEqual(late);
  });
});
