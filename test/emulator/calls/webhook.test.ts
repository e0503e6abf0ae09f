// Calls that come in by a webhook: signed as the standard says, told again where it helps, and joined by a socket.

import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { signedHeaders } from '../../../src/emulator/calls/webhook.js';
import { addNumber, call, callOf, join, receiver, secret } from '../../support/calls.js';
import { handClock } from '../../support/hand-clock.js';
import { refusing } from '../../support/hostile-server.js';
import { startTestApi, type TestApiOptions } from '../../support/local-api.js';
import { webhookVector } from '../../support/webhook-vectors.js';
import { ask, handshake, makeAgent, openSocket, types } from '../support.js';

const line = '+14155550123';

async function withReceiver(answer?: Parameters<typeof receiver>[0], options: TestApiOptions = {}) {
  const api = await startTestApi({ sleep: async () => {}, ...options });
  const { url, posts } = await receiver(answer);
  addNumber(api, line, { webhook: url });
  return { api, url, posts };
}

describe('the webhook of a call', () => {
  test('is signed as the published example of Standard Webhooks', () => {
    const { secret: key, id, timestamp, body, signature } = webhookVector;
    expect(signedHeaders({ id, body }, key, timestamp * 1000)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    });
  });

  test('is what the guide shows, and the library takes it as a receiver would', async () => {
    const { api, posts, url } = await withReceiver();
    const caller = call(api, line);
    const ringing = await caller.until('ringing');
    const told = await caller.until('webhook');
    expect(told).toEqual({ type: 'webhook', url, attempt: 1, status: 200, at_ms: expect.any(Number) });
    const [post] = posts;
    const headers = post?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(post?.body ?? '', headers)).toEqual({
      object: 'event',
      id: expect.stringMatching(/^evt_/),
      type: 'realtime.call.incoming',
      created_at: expect.any(Number),
      data: {
        call_id: ringing.call_id,
        sip_headers: [
          { name: 'From', value: '+14155550100' },
          { name: 'To', value: line },
        ],
        metadata: {},
      },
    });
    expect(() => new Webhook(secret).verify(`${post?.body} `, headers)).toThrow('No matching signature');
  });

  test('is told again under the same id until it is taken, and never after that', async () => {
    const waits: number[] = [];
    const { api, posts } = await withReceiver((_, count) => (count < 3 ? [500, 404, 302][count] : 204), {
      sleep: async (ms) => void waits.push(ms),
    });
    const caller = call(api, line);
    await caller.until('webhook', ({ status }) => status === 204);
    expect(caller.news.filter(({ type }) => type === 'webhook').map(({ problem }) => problem)).toEqual([
      'it answered 500',
      'it answered 404',
      'it answered 302',
      undefined,
    ]);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(posts.length).toBe(4);
  });

  test('that never takes it fails the call, in plain words', async () => {
    const { api, posts } = await withReceiver(() => 503);
    const caller = call(api, line);
    expect(await caller.until('ended')).toMatchObject({ status: 'failed', reason: 'webhook_failed' });
    expect(posts.length).toBe(5);
    expect(await caller.closed).toBe(1000);
  });

  test('that nobody listens at is told', async () => {
    const api = await startTestApi({ sleep: async () => {} });
    const { url } = await refusing();
    addNumber(api, line, { webhook: `${url}/calls?token=hush` });
    const told = await call(api, line).until('webhook');
    expect(told).toMatchObject({ attempt: 1, problem: 'nothing listens there', url: `${url}/calls` });
  });

  test('that does not answer is told after ten seconds', async () => {
    const clock = handClock();
    const { api, posts } = await withReceiver(() => 'silence', { nowMs: clock.nowMs, after: clock.after });
    const caller = call(api, line);
    await caller.until('ringing');
    await expect.poll(() => posts.length).toBe(1);
    clock.advance(10_000);
    expect(await caller.until('webhook')).toMatchObject({ problem: 'it did not answer within 10 s' });
  });

  test('rings for half a minute, and then nobody answered', async () => {
    const clock = handClock();
    const { api } = await withReceiver(undefined, { nowMs: clock.nowMs, after: clock.after });
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    await caller.until('webhook');
    clock.advance(29_999);
    expect(await callOf(api, call_id)).toMatchObject({ status: 'ringing' });
    clock.advance(1);
    expect(await caller.until('ended')).toMatchObject({ status: 'no_answer', reason: 'nobody_answered' });
    expect(await handshake(api, { path: `/v1/realtime?call_id=${call_id}` })).toMatchObject({ status: 404 });
    expect(clock.waiting()).toBe(0);
  });
});

describe('faults of a webhook', () => {
  test('webhook-twice: the same message comes again', async () => {
    const { api, posts } = await withReceiver(undefined, { faults: ['webhook-twice'] });
    await call(api, line).until('webhook');
    await expect.poll(() => posts.length).toBe(2);
    expect(posts[1]?.headers['webhook-id']).toBe(posts[0]?.headers['webhook-id']);
  });

  test.each([
    ['webhook-forged', 'No matching signature'],
    ['webhook-stale', 'timestamp too old'],
  ])('%s: a receiver that looks takes only the one that follows', async (fault, problem) => {
    const { api, posts } = await withReceiver(undefined, { faults: [fault] });
    const { call_id } = await call(api, line).until('ringing');
    await expect.poll(() => posts.length).toBe(2);
    const verify = (at: number) =>
      new Webhook(secret).verify(posts[at]?.body ?? '', posts[at]?.headers as Record<string, string>);
    expect(() => verify(0)).toThrow(problem);
    expect(posts[0]?.event.data.call_id).not.toBe(call_id);
    expect(verify(1)).toMatchObject({ data: { call_id } });
  });
});

describe('a socket that joins a call', () => {
  test('is its session: the answer goes to the caller, all but the sound to the socket', async () => {
    const { api } = await withReceiver();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    const agent = await join(api, call_id);
    await caller.until('answered');
    caller.send({ say: 'My name is Ada.' });
    const events = await agent.until('response.done');
    expect(types(events)).toContain('input_audio_buffer.speech_started');
    expect(types(events)).toContain('response.output_audio.done');
    expect(types(events)).not.toContain('response.output_audio.delta');
    expect(events.at(-1)?.usage.output_audio_seconds).toBeGreaterThan(1);
    expect(await caller.until('caller')).toMatchObject({ text: 'My name is Ada.' });
    expect(await caller.until('agent')).toMatchObject({
      text: 'Hello, this is Ava. You said: My name is Ada. My instructions begin: You are Ava.',
    });
    caller.send({ hang_up: true });
    expect(await caller.until('ended')).toMatchObject({ status: 'completed', reason: 'caller_hung_up' });
    expect(await agent.closed).toBe(1000);
    expect(await callOf(api, call_id)).toMatchObject({
      status: 'completed',
      direction: 'inbound',
      ended_reason: 'caller_hung_up',
      transcript: [
        { role: 'user', text: 'My name is Ada.' },
        { role: 'assistant', text: expect.stringContaining('You said: My name is Ada.') },
      ],
    });
  });

  test('may greet, and is interrupted by a caller who speaks over it', async () => {
    const { api } = await withReceiver(undefined, {
      wordDelayMs: 3,
      sleep: (ms) => new Promise((r) => setTimeout(r, ms)),
    });
    const caller = call(api, line);
    const agent = await join(api, (await caller.until('ringing')).call_id);
    const text = 'Good morning and welcome to all of it. '.repeat(20);
    agent.send({
      type: 'conversation.item.create',
      item: { type: 'force_message', role: 'assistant', content: [{ type: 'output_text', text }] },
    });
    await caller.until('agent_delta');
    caller.send({ say: 'Stop' });
    expect(await caller.until('agent_done')).toMatchObject({ status: 'cancelled' });
    await caller.until('caller', ({ text }) => text === 'Stop');
    await caller.until('agent', ({ text }) => text.includes('You said: Stop.'));
    const said = caller.news.find(({ type }) => type === 'agent')?.text as string;
    expect(text.startsWith(said)).toBe(true);
    expect(said.length).toBeLessThan(text.length);
  });

  test('is answered by the name of the stored agent that its client says it is', async () => {
    const { api } = await withReceiver();
    const { agent_id } = await makeAgent(api, { name: 'Front Desk', instructions: 'Be kind.' });
    const caller = call(api, line);
    const path = `/v1/realtime?call_id=${(await caller.until('ringing')).call_id}`;
    const agent = await openSocket(api, { path, headers: { 'x-client-agent-id': agent_id } });
    agent.send({ type: 'response.create' });
    expect(await caller.until('agent')).toMatchObject({ text: 'Hello, this is Front Desk. How can I help?' });
  });

  test('gets keys one by one, and their text', async () => {
    const { api } = await withReceiver();
    const caller = call(api, line);
    const agent = await join(api, (await caller.until('ringing')).call_id);
    caller.send({ dtmf: '12#' });
    const events = await agent.until('response.done');
    const keys = events.filter(({ type }) => type === 'input_audio_buffer.dtmf_event_received');
    expect(keys.map(({ event }) => event)).toEqual(['1', '2', '#']);
    expect(await caller.until('agent')).toMatchObject({ text: expect.stringContaining('You said: 12.') });
  });

  test.each([
    ['refer', { target_uri: 'tel:+14155550188' }, 'transferred'],
    ['refer', { target_uri: 'sip:desk@example.com' }, 'transferred'],
    ['hangup', undefined, 'agent_hung_up'],
  ])('%s ends it with 1000, and a second time is not found', async (verb, body, reason) => {
    const { api } = await withReceiver();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    const agent = await join(api, call_id);
    await caller.until('answered');
    const path = `POST /v1/realtime/calls/${call_id}/${verb}`;
    expect(await ask(api, path, body)).toEqual({ status: 200, body: {} });
    if (body !== undefined)
      expect(await caller.until('transferred')).toMatchObject({ target: body.target_uri });
    expect(await caller.until('ended')).toMatchObject({ status: 'completed', reason });
    expect(await agent.closed).toBe(1000);
    expect(await ask(api, path, body)).toMatchObject({ status: 404 });
  });

  test('is told what it may not do', async () => {
    const { api } = await withReceiver();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    const path = `/v1/realtime?call_id=${call_id}`;
    const { value } = (await ask(api, 'POST /v1/realtime/client_secrets', {})).body as { value: string };
    const refused = { status: 403, body: { error: expect.stringContaining('API key') } };
    expect(await handshake(api, { path, headers: { authorization: `Bearer ${value}` } })).toMatchObject(
      refused,
    );
    expect(await handshake(api, { path, protocols: [`xai-client-secret.${value}`] })).toMatchObject(refused);
    expect(await handshake(api, { path: '/v1/realtime?call_id=nobody' })).toMatchObject({ status: 404 });
    expect(
      await ask(api, `POST /v1/realtime/calls/${call_id}/refer`, { target_uri: 'mailto:a@b' }),
    ).toMatchObject({ status: 400 });
    expect(
      await ask(api, `POST /v1/realtime/calls/${call_id}/refer`, { target_uri: 'tel:+14155550188' }),
    ).toMatchObject({ status: 409 });
    const agent = await join(api, call_id);
    expect(await handshake(api, { path })).toMatchObject({ status: 409 });
    agent.send({ type: 'input_audio_buffer.append', audio: 'AAAA' });
    expect((await agent.until('error')).at(-1)?.error.message).toContain('comes from the call');
  });

  test('that is lost loses the call, and one that is closed has hung up', async () => {
    const { api } = await withReceiver();
    for (const [leave, status, reason] of [
      ['terminate', 'failed', 'session_dropped'],
      ['close', 'completed', 'agent_hung_up'],
    ] as const) {
      const caller = call(api, line);
      const agent = await join(api, (await caller.until('ringing')).call_id);
      agent.socket[leave]();
      expect(await caller.until('ended')).toMatchObject({ status, reason });
    }
  });

  test('counts as a session', async () => {
    const { api } = await withReceiver(undefined, { realtime: { mostSessions: 1 } });
    const caller = call(api, line);
    await join(api, (await caller.until('ringing')).call_id);
    const second = call(api, line);
    const path = `/v1/realtime?call_id=${(await second.until('ringing')).call_id}`;
    expect(await handshake(api, { path })).toMatchObject({ status: 429 });
    caller.send({ hang_up: true });
    await caller.closed;
    expect(await handshake(api, { path })).toHaveProperty('protocol');
  });

  test('may turn a call down before it is answered', async () => {
    const { api } = await withReceiver();
    const caller = call(api, line);
    const { call_id } = await caller.until('ringing');
    expect(await ask(api, `POST /v1/realtime/calls/${call_id}/hangup`)).toMatchObject({ status: 200 });
    expect(await caller.until('ended')).toMatchObject({ status: 'busy', reason: 'rejected' });
  });
});

describe('fifty calls at once', () => {
  test('lose no word and mix none up', { timeout: 60_000 }, async () => {
    const api = await startTestApi({ wordDelayMs: 1 });
    const names = new Map<string, string>();
    const { url } = await receiver(({ event }) => {
      const { call_id, sip_headers } = event.data;
      names.set(call_id, sip_headers[0].value);
      void join(api, call_id, { instructions: `You are Agent ${sip_headers[0].value.slice(-2)}.` });
      return 200;
    });
    addNumber(api, line, { webhook: url });
    const said = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const from = `+141555501${String(n).padStart(2, '0')}`;
        const caller = call(api, line, from);
        const { call_id } = await caller.until('ringing');
        await caller.until('answered');
        for (const turn of [1, 2]) {
          caller.send({ say: `This is caller ${n}, turn ${turn}` });
          await caller.until('agent_done');
        }
        caller.send({ dtmf: `${n}#` });
        await caller.until('agent_done');
        caller.send({ hang_up: true });
        await caller.closed;
        const { transcript, from: dialled } = await callOf(api, call_id);
        expect(dialled).toBe(from);
        expect(names.get(call_id)).toBe(from);
        return transcript.map(({ text }: { text: string }) => text);
      }),
    );
    for (const [n, lines] of said.entries()) {
      const words = [`This is caller ${n}, turn 1`, `This is caller ${n}, turn 2`, `${n}#`];
      expect(lines).toHaveLength(6);
      expect([lines[0], lines[2], lines[4]]).toEqual(words);
      for (const [at, word] of words.entries())
        expect(lines[at * 2 + 1]).toContain(`You said: ${word.replace('#', '')}.`);
    }
  });
});
