// Answering phone calls, against a service that follows the guide to SIP.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents } from '../support/agents.js';
import { startFakeCalls } from '../support/fake-calls.js';
import { startListening } from '../support/listening.js';
import { secret } from '../webhook/support.js';

const tools = `
export function lookup_order({ order_id }, { log, phone }) {
  log('looking for ' + order_id + ' for ' + phone.from);
  return { order_id, status: 'shipped' };
}
export async function hand_over({}, { phone }) {
  await phone.transfer('+1 (415) 555-0199');
  return 'done';
}
`;

describe('a call', () => {
  test('is answered before it is joined, configured as the agent, and greeted', async () => {
    let answered = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answered = resolve;
    });
    // Whoever joined first would wait for ever.
    const service = await startFakeCalls({ beforeJoin: () => isAnswered });
    const listening = await startListening(service.url);
    expect(await service.ring(listening.url, 'call-1')).toBe(200);
    answered();
    const call = await service.joined('call-1');
    await listening.until('turn_done', 'call-1');
    call.close();
    await listening.until('call_ended', 'call-1');
    expect(call.queries).toEqual([{ call_id: 'call-1' }]);
    expect(call.authorization).toBe('Bearer xai-test-key');
    expect(call.received).toMatchObject([
      {
        type: 'session.update',
        session: { instructions: 'Be brief.', turn_detection: { type: 'server_vad' }, audio: { input: {} } },
      },
      { type: 'response.create' },
    ]);
    expect(call.received[0]?.session?.audio).toEqual({
      input: { transcription: { model: 'grok-transcribe' } },
    });
    expect(listening.events().map(({ type }) => type)).toEqual([
      'listening',
      'call_incoming',
      'call_joined',
      'ready',
      'text',
      'response_done',
      'turn_done',
      'session_done',
      'closed',
      'call_ended',
    ]);
    expect(listening.events('call_incoming')).toEqual([
      { type: 'call_incoming', call_id: 'call-1', call: 1, from: '+1415•••0100', to: '+1415•••0123' },
    ]);
    expect(listening.events('call_ended')).toEqual([
      {
        type: 'call_ended',
        call_id: 'call-1',
        call: 1,
        reason: 'remote',
        duration_ms: 0,
        // 1.5 s of the agent at 0.05 a minute; time stands still here.
        cost: expect.objectContaining({ usd: '0.00125', estimated: true }),
      },
    ]);
    expect(await listening.end()).toMatchObject({ code: 0 });
    expect(service.asked).toEqual([]);
  });

  test('is greeted with the words that are given, or with none', async () => {
    const service = await startFakeCalls();
    const words = await startListening(service.url, ['--greeting', 'Acme, good morning.']);
    await service.ring(words.url, 'call-1');
    await words.until('turn_done', 'call-1');
    expect(service.calls.get('call-1')?.received.slice(1)).toMatchObject([
      {
        type: 'conversation.item.create',
        item: { type: 'force_message', content: [{ text: 'Acme, good morning.' }] },
      },
    ]);
    const nothing = await startListening(service.url, ['--greeting', '']);
    await service.ring(nothing.url, 'call-2');
    const call = await service.joined('call-2');
    call.says('Hello?');
    await nothing.until('turn_done', 'call-2');
    expect(call.received).toHaveLength(1);
  });

  test('hears both sides, keys and tools, told with the call they are of', async () => {
    const service = await startFakeCalls({
      answer: () => ({ name: 'lookup_order', arguments: { order_id: 'ORD-42' } }),
    });
    const listening = await startListening(service.url, ['--greeting', '', '--tools', 'tools.mjs'], {
      files: { 'tools.mjs': tools },
    });
    await service.ring(listening.url, 'call-1');
    const call = await service.joined('call-1');
    call.presses('4', '#');
    call.says('Where is my order?');
    await listening.until('turn_done', 'call-1');
    const about = { call_id: 'call-1', call: 1 };
    expect(listening.events('dtmf')).toMatchObject([
      { digit: '4', ...about },
      { digit: '#', ...about },
    ]);
    expect(listening.events('user_transcript')).toMatchObject([{ text: 'Where is my order?', ...about }]);
    // A call of a tool has an id of its own.
    const [made] = listening.events('tool_call');
    expect(made).toMatchObject({ name: 'lookup_order', arguments: { order_id: 'ORD-42' }, ...about });
    expect(made?.tool_call_id).toMatch(/^tool-/);
    expect(listening.events('tool_result')).toMatchObject([{ tool_call_id: made?.tool_call_id, ...about }]);
    expect(listening.events('turn_done')).toMatchObject([
      { text: 'I found {"order_id":"ORD-42","status":"shipped"}.', tool_calls: 1, ...about },
    ]);
  });

  test('may be handed over by a tool', async () => {
    const service = await startFakeCalls({ answer: () => ({ name: 'hand_over', arguments: {} }) });
    const listening = await startListening(service.url, ['--greeting', '', '--tools', 'tools.mjs'], {
      files: { 'tools.mjs': tools },
    });
    await service.ring(listening.url, 'call-1');
    (await service.joined('call-1')).says('A person, please');
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'transferred' });
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
    // The turn that handed the caller over has not failed.
    expect(listening.events('turn_done')).toMatchObject([{ status: 'cancelled', tool_calls: 1 }]);
  });

  test('whose line drops is joined again, and goes on', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done', 'call-1');
    service.calls.get('call-1')?.close(1006);
    await listening.until('resumed', 'call-1');
    service.calls.get('call-1')?.says('Still there?');
    await expect.poll(() => listening.events('turn_done').length).toBe(2);
    expect(service.calls.get('call-1')?.queries).toEqual([
      { call_id: 'call-1' },
      { call_id: 'call-1', conversation_id: 'conversation-call-1' },
    ]);
    service.calls.get('call-1')?.close();
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'remote' });
  });

  test('whose line drops with the call is over', async () => {
    const service = await startFakeCalls({ refuses: (_, joins) => (joins > 0 ? 404 : undefined) });
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done', 'call-1');
    service.calls.get('call-1')?.close(1006);
    const ended = await listening.until('call_ended');
    expect(ended).toMatchObject({ reason: 'remote' });
    expect(ended).not.toHaveProperty('error');
  });

  test.each([
    [404, 'not_found'],
    [401, 'key_refused'],
    [429, 'rate_limited'],
    [503, 'unavailable'],
  ])('that cannot be joined (%d) is told, and the next is answered', async (status, code) => {
    const service = await startFakeCalls({ refuses: (id) => (id === 'call-1' ? status : undefined) });
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    expect(await listening.until('call_ended', 'call-1')).toMatchObject({
      reason: 'not_joined',
      duration_ms: 0,
      error: { code, status },
    });
    expect(await service.ring(listening.url, 'call-2')).toBe(200);
    await listening.until('turn_done', 'call-2');
    expect(await listening.end()).toMatchObject({ code: 0 });
  });

  test('whose configuration is refused is hung up and told', async () => {
    const service = await startFakeCalls({ refusesSetup: 'no such voice' });
    const listening = await startListening(service.url, ['--voice', 'nobody']);
    await service.ring(listening.url, 'call-1');
    expect(await listening.until('call_ended')).toMatchObject({
      reason: 'failed',
      error: { code: 'session_failed', message: expect.stringContaining('no such voice') },
    });
    expect(service.asked).toEqual(['hangup call-1']);
    expect(service.calls.get('call-1')?.received[0]?.session).toMatchObject({ voice: 'nobody' });
  });

  test('is recorded in a file of its own, without key, secret or number', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--record', 'kept']);
    for (const id of ['call/1', 'call-2']) {
      await service.ring(listening.url, id);
      await listening.until('turn_done', id);
      service.calls.get(id)?.close();
      await listening.until('call_ended', id);
    }
    const names = readdirSync(join(listening.home, 'kept')).sort();
    expect(names).toEqual(['2026-07-01T12-00-00-000Z-call-2.jsonl', '2026-07-01T12-00-00-000Z-call_1.jsonl']);
    const kept = names.map((name) => readFileSync(join(listening.home, 'kept', name), 'utf8')).join('');
    expect(kept).toContain('Hello, how can I help?');
    expect(kept).not.toMatch(/xai-test-key|MfKQ9r8|\+1415555/);
    const again = await agents(['--json', 'replay', join('kept', names[0] ?? '')], { cwd: listening.home });
    const last = again.stdout.split('\n').find((line) => line.includes('"session_done"'));
    // The agent's sound, which did not pass the socket.
    expect(JSON.parse(last ?? '')).toMatchObject({ meter: { audio_out_seconds: 1.5 } });
  });

  test('is hung up before a turn that would pass its limit', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--max-cost', '0.004']);
    await service.ring(listening.url, 'call-1');
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'budget' });
    expect(service.asked).toEqual(['hangup call-1']);
  });
});

describe('what is asked of a call', () => {
  test.each([401, 403, 404, 429, 500, 503])('and answered %d is told, and never repeated', async (status) => {
    const service = await startFakeCalls({
      answer: () => ({ name: 'hand_over', arguments: {} }),
      refusesAsked: (what) => (what === 'refer' ? status : undefined),
    });
    const listening = await startListening(service.url, ['--greeting', '', '--tools', 'tools.mjs'], {
      files: { 'tools.mjs': tools },
    });
    await service.ring(listening.url, 'call-1');
    (await service.joined('call-1')).says('A person, please');
    expect(await listening.until('tool_result')).toMatchObject({
      output: expect.stringContaining('POST /v1/realtime/calls/call-1/refer: no such call'),
    });
    // The agent is told, and the caller is still there.
    await listening.until('turn_done');
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
    expect(await listening.end()).toMatchObject({ code: 0 });
    expect(service.asked.at(-1)).toBe('hangup call-1');
  });
});

describe('a switchboard', () => {
  test('answers fifty calls at once, and loses nothing', { timeout: 60_000 }, async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--greeting', '']);
    const ids = Array.from({ length: 50 }, (_, at) => `call-${at}`);
    const statuses = await Promise.all(ids.map((id) => service.ring(listening.url, id)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const talk = async (id: string) => {
      const call = await service.joined(id);
      for (let turn = 1; turn <= 5; turn++) {
        call.says(`${id} turn ${turn}`);
        call.presses(String(turn));
      }
    };
    await Promise.all(ids.map(talk));
    await expect.poll(() => listening.events('dtmf').length, { timeout: 20_000 }).toBe(250);
    await expect.poll(() => listening.events('turn_done').length, { timeout: 20_000 }).toBe(250);
    for (const id of ids) {
      const own = listening.events().filter(({ call_id }) => call_id === id);
      expect(own.filter(({ type }) => type === 'user_transcript').map(({ text }) => text)).toEqual(
        [1, 2, 3, 4, 5].map((turn) => `${id} turn ${turn}`),
      );
      const seqs = own.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
      expect(seqs).toEqual(seqs.map((_, at) => at));
      service.calls.get(id)?.close();
    }
    await expect.poll(() => listening.events('call_ended').length, { timeout: 20_000 }).toBe(50);
    expect(await listening.end()).toMatchObject({ code: 0, stderr: '' });
  });

  test('takes no more than it may: the others come again', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--max-calls', '1']);
    expect(await service.ring(listening.url, 'call-1')).toBe(200);
    await service.joined('call-1');
    expect(await service.ring(listening.url, 'call-2')).toBe(503);
    expect(await listening.until('webhook_refused')).toMatchObject({ reason: 'busy', status: 503, count: 1 });
    service.calls.get('call-1')?.close();
    await listening.until('call_ended', 'call-1');
    expect(await service.ring(listening.url, 'call-2')).toBe(200);
  });

  test('answers no call twice, however its event comes', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await service.joined('call-1');
    expect(await service.ring(listening.url, 'call-1', { id: 'msg_again' })).toBe(200);
    expect(service.calls.get('call-1')?.queries).toHaveLength(1);
    expect(listening.events('call_incoming')).toHaveLength(1);
  });

  test('shows numbers whole where it is asked to', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--show-numbers']);
    await service.ring(listening.url, 'call-1', { from: '"Ann" <sip:+14155550100@trunk.example>' });
    expect(await listening.until('call_incoming')).toMatchObject({
      from: '+14155550100',
      to: '+14155550123',
    });
  });

  test('keeps the secret to itself, in --verbose too', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--verbose', '--greeting', `it is ${secret}`]);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done', 'call-1');
    await listening.end();
    expect(listening.shown()).toContain('call_id=call-1');
    expect(listening.shown()).not.toMatch(/MfKQ9r8|xai-test-key|\+1415555/);
  });
});
