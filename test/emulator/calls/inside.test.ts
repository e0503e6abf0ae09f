// Calls that the local API answers itself: to a number with a stored agent, and those it is told to place.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromPcm } from '../../../src/audio/pcm.js';
import { wavHeader } from '../../../src/audio/wav-header.js';
import { addNumber, call, callOf } from '../../support/calls.js';
import { handClock } from '../../support/hand-clock.js';
import { startTestApi, type TestApi, type TestApiOptions } from '../../support/local-api.js';
import { voice } from '../realtime/session.js';
import { ask, handshake, makeAgent, projectRoot, type Wire } from '../support.js';

const line = '+14155550123';
const orders = JSON.parse(readFileSync(join(projectRoot, 'fixtures/agents/order-support.json'), 'utf8'));

async function withAgent(
  options: TestApiOptions = {},
  spec: object = { name: 'Ava', instructions: 'Be kind.' },
) {
  const api = await startTestApi(options);
  const { agent_id } = await makeAgent(api, spec);
  addNumber(api, line, { agent_id });
  return { api, agent_id };
}

/** 8 kHz, as a telephone has it. */
function wav(pcm: Int16Array): string {
  const bytes = fromPcm(pcm, { type: 'audio/pcm', rate: 8000 });
  return Buffer.concat([wavHeader(8000, bytes.length), bytes]).toString('base64');
}

describe('a call to the number of a stored agent', () => {
  test('is answered by it, which greets and then answers', async () => {
    const { api, agent_id } = await withAgent();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    expect(await caller.until('answered')).toMatchObject({ by: 'agent' });
    expect(await caller.until('agent')).toMatchObject({ text: 'Hello, this is Ava.' });
    caller.send({ say: 'Good morning' });
    await caller.until('agent', ({ text }) => text.includes('You said: Good morning.'));
    caller.send({ hang_up: true });
    expect(await caller.until('ended')).toMatchObject({ status: 'completed', reason: 'caller_hung_up' });
    expect(await callOf(api, call_id)).toMatchObject({ agent_id, transcript: { length: 3 } });
  });

  test('finds the agent also where only the agent names the number', async () => {
    const { api } = await withAgent();
    const { agent_id } = await makeAgent(api, { name: 'Bo' });
    addNumber(api, '+14155550124');
    api.store.agents.update(agent_id, (agent) => ({ ...agent, phone_number_id: 'phone_number_14155550124' }));
    expect(await call(api, '+14155550124').until('agent')).toMatchObject({ text: 'Hello, this is Bo.' });
  });

  test('tells the model that nothing runs its tools, and goes on', async () => {
    const { api } = await withAgent({}, orders);
    const caller = call(api, line);
    await caller.until('agent_done');
    caller.send({ say: 'Where is order ORD-42?' });
    expect(await caller.until('agent_done', ({ calls }) => calls === 1)).toBeDefined();
    const { text } = await caller.until('agent');
    expect(text).toBe('I am sorry, lookup order did not work: nothing runs lookup_order in this call.');
  });

  test('hears a WAV: the words that are given, or somebody who listens, or none', async () => {
    const heard: number[] = [];
    const transcriber = async (audio: Int16Array) => {
      heard.push(audio.length);
      return 'from the sound';
    };
    const { api } = await withAgent({ realtime: { transcriber } });
    const caller = call(api, line);
    await caller.until('agent_done');
    caller.send({ audio: wav(voice(900, 8000)), words: 'as I was told' });
    expect(await caller.until('caller')).toMatchObject({ text: 'as I was told' });
    caller.send({ audio: wav(voice(900, 8000)) });
    expect(await caller.until('caller')).toMatchObject({ text: 'from the sound' });
    expect(heard[0]).toBeGreaterThan(0.8 * 24_000);
  });

  test('does not give the words of a silent WAV to the next turn', async () => {
    const { api } = await withAgent();
    const caller = call(api, line);
    await caller.until('agent_done');
    caller.send({ audio: wav(new Int16Array(8000)), words: 'nobody heard this' });
    caller.send({ say: 'Hello' });
    expect(await caller.until('caller')).toMatchObject({ text: 'Hello' });
  });

  test.each([
    ['no JSON', 'hello'],
    ['words that are none', '{"say":""}'],
    ['two things at once', '{"say":"a","dtmf":"1"}'],
    ['keys that no telephone has', '{"dtmf":"1x"}'],
    ['sound that is no WAV', '{"audio":"AAAA"}'],
  ])('%s is told, and the call goes on', async (_, text) => {
    const { api } = await withAgent();
    const caller = call(api, line);
    await caller.until('agent_done');
    caller.socket.send(text);
    expect((await caller.until('error')).message).toMatch(/A caller sends|the sound/);
    caller.send({ say: 'Still here' });
    await caller.until('agent', ({ text }) => text.includes('Still here'));
  });

  test.each([
    ['+14155550999', {}, 'no_such_number', 'failed'],
    ['+14155550124', {}, 'nothing_answers_this_number', 'failed'],
    [line, { realtime: { mostSessions: 0 } }, 'too_many_sessions', 'busy'],
  ])('%s with %j ends: %s', async (to, options, reason, status) => {
    const { api } = await withAgent(options);
    addNumber(api, '+14155550124');
    const caller = call(api, to);
    expect(await caller.until('ended')).toMatchObject({ status, reason });
    expect(await caller.closed).toBe(1000);
  });

  test.each(['to=1415', 'to=%2B14155550123&from=home', ''])('"%s" is no call', async (query) => {
    const { api } = await withAgent();
    const error = expect.stringContaining('A number to call from or to is +');
    expect(await handshake(api, { path: `/__local/calls?${query}` })).toMatchObject({
      status: 400,
      body: { error },
    });
  });

  test('is over when the local API is reset', async () => {
    const { api } = await withAgent();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    await ask(api, 'POST /__local/reset');
    expect(await caller.until('ended')).toMatchObject({ reason: 'local_api_stopped' });
    expect(await ask(api, `GET /v1/realtime/calls/${call_id}`)).toMatchObject({ status: 404 });
  });
});

describe('a call that is placed', () => {
  const place = (api: TestApi, body: Wire) => ask(api, 'POST /v1/realtime/calls', body);
  const to = '+14155550199';

  async function over(api: TestApi, id: string): Promise<Wire> {
    await expect.poll(async () => (await callOf(api, id)).ended_reason, { timeout: 5000 }).toBeDefined();
    return callOf(api, id);
  }

  test('rings, is picked up, and ends politely, with a transcript', async () => {
    const { api, agent_id } = await withAgent();
    const { status, body } = await place(api, { agent_id, to });
    const { call: placed } = body as { call: Wire };
    expect({ status, placed }).toMatchObject({
      status: 200,
      placed: {
        status: 'queued',
        direction: 'outbound',
        from: line,
        to,
        agent_id,
        created_at: expect.any(Number),
      },
    });
    expect(await over(api, placed.call_id)).toMatchObject({
      status: 'completed',
      ended_reason: 'callee_hung_up',
      duration_seconds: expect.any(Number),
      transcript: [
        { role: 'user', text: 'Hello?' },
        { role: 'assistant', text: expect.stringContaining('this is Ava') },
        { role: 'user', text: 'Thank you for calling. Goodbye.' },
        { role: 'assistant' },
      ],
    });
  });

  test('is picked up by somebody whose lines the script has, or the queue', async () => {
    const { api, agent_id } = await withAgent({ script: { hears: ['Yes?', 'Not today.'] } });
    const lines = async () => {
      const { call: placed } = (await place(api, { agent_id, to })).body as { call: Wire };
      const { transcript } = await over(api, placed.call_id);
      return transcript.filter(({ role }: Wire) => role === 'user').map(({ text }: Wire) => text);
    };
    expect(await lines()).toEqual(['Yes?', 'Not today.']);
    await ask(api, 'POST /__local/speech', { words: ['Who is there?'] });
    expect(await lines()).toEqual(['Who is there?']);
  });

  test('goes through its states by the clock', async () => {
    const clock = handClock();
    // The one who picks up never gets to the end of a word.
    const held = { wordDelayMs: 1, sleep: () => new Promise<void>(() => {}) };
    const { api, agent_id } = await withAgent({ nowMs: clock.nowMs, after: clock.after, ...held });
    const { call: placed } = (await place(api, { agent_id, to })).body as { call: Wire };
    const status = async () => (await callOf(api, placed.call_id)).status;
    clock.advance(0);
    expect(await status()).toBe('ringing');
    clock.advance(500);
    expect(await status()).toBe('in_progress');
    expect(await ask(api, `POST /v1/realtime/calls/${placed.call_id}/hangup`)).toMatchObject({ status: 200 });
    expect(await status()).toBe('completed');
    expect(clock.waiting()).toBe(0);
  });

  test.each([
    ['callee-busy', 0, 'busy', 'callee_busy'],
    ['callee-no-answer', 30_000, 'no_answer', 'nobody_answered'],
  ])('with %s ends as what it is', async (fault, ms, status, reason) => {
    const clock = handClock();
    const { api, agent_id } = await withAgent({ nowMs: clock.nowMs, after: clock.after, faults: [fault] });
    const { call: placed } = (await place(api, { agent_id, to })).body as { call: Wire };
    clock.advance(ms);
    expect(await callOf(api, placed.call_id)).toMatchObject({ status, ended_reason: reason });
  });

  test('can be cancelled while it rings', async () => {
    const clock = handClock();
    const { api, agent_id } = await withAgent({ nowMs: clock.nowMs, after: clock.after });
    const { call: placed } = (await place(api, { agent_id, to })).body as { call: Wire };
    clock.advance(100);
    await ask(api, `POST /v1/realtime/calls/${placed.call_id}/hangup`);
    expect(await callOf(api, placed.call_id)).toMatchObject({
      status: 'no_answer',
      ended_reason: 'cancelled',
    });
    expect(clock.waiting()).toBe(0);
  });

  test('is refused without a number to call from, to no number, and by nobody', async () => {
    const { api, agent_id } = await withAgent();
    const { agent_id: numberless } = await makeAgent(api, { name: 'Bo' });
    const refused = async (body: Wire) => {
      const { status, body: told } = await place(api, body);
      return [status, typeof told === 'string' ? told : (told as Wire).error];
    };
    expect(await refused({ agent_id: numberless, to })).toEqual([
      400,
      `Agent ${numberless} has no phone number to call from`,
    ]);
    expect(await refused({ agent_id, to, from: '+14155550198' })).toEqual([
      400,
      `+14155550198 is no phone number of agent ${agent_id}`,
    ]);
    expect(await refused({ agent_id, to: '415' })).toEqual([400, expect.stringContaining('to ')]);
    expect(await refused({ agent_id: 'agent_9', to })).toEqual([404, 'Agent not found: agent_9']);
    expect(await refused({ agent_id, to, when: 'now' })).toEqual([422, expect.stringContaining('when')]);
  });

  test('counts as a session', async () => {
    const { api, agent_id } = await withAgent({ realtime: { mostSessions: 0 } });
    expect(await place(api, { agent_id, to })).toMatchObject({ status: 429 });
  });
});
