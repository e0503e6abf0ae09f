// Webhooks that are not taken, and those that are passed on.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createChance } from '../../src/chance.js';
import { startFakeCalls } from '../support/fake-calls.js';
import { startFakeServer } from '../support/fake-server.js';
import { startListening } from '../support/listening.js';
import { callEvent, nowMs, type Posted, secret, signed } from '../webhook/support.js';

const seeds = 1000;

/** A webhook that nobody may take: forged, stale, replayed, malformed, or not even HTTP as it should be. */
function wrongWebhook(
  seed: number,
  taken: Posted,
): { kind: string; url: string; init: RequestInit; status: number } {
  const random = createChance(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const some = (length: number) =>
    Array.from({ length }, () => pick([...'abcdef0123456789+/={}[]":,'])).join('');
  const id = `msg_wrong_${seed}`;
  const event = callEvent(`call-wrong-${seed}`);
  const genuine = signed(event, { id });
  const having = (name: string, value: string): Posted => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  });
  const without = (name: string): Posted => {
    const { [name]: _gone, ...headers } = genuine.headers;
    return { ...genuine, headers };
  };
  const post = (kind: string, { headers, body }: Posted, status: number, url = '') => ({
    kind,
    url,
    init: { method: 'POST', headers, body },
    status,
  });
  const makers = [
    () =>
      post('forged', signed(event, { id, with: `whsec_${Buffer.from(some(32)).toString('base64')}` }), 401),
    () => post('forged', having('webhook-signature', `v1,${some(44)} v1,${some(10)}`), 401),
    () => post('forged', { ...genuine, body: event.slice(0, -1) + some(5) }, 401),
    () => post('forged', having('webhook-id', `msg_${some(8)}`), 401),
    () => post('stale', signed(event, { id, atMs: nowMs - 301_000 - Math.floor(random() * 1e9) }), 401),
    () => post('stale', signed(event, { id, atMs: nowMs + 301_000 + Math.floor(random() * 1e9) }), 401),
    () => post('replayed', taken, 200),
    () => post('replayed', signed(taken.body, { id }), 200),
    () => post('malformed', signed(some(Math.floor(random() * 200)), { id }), 400),
    () =>
      post(
        'malformed',
        signed('{"id":"e","type":"realtime.call.incoming","data":{"call_id":7}}', { id }),
        400,
      ),
    () => post('malformed', signed(event.slice(0, Math.floor(random() * (event.length - 1))), { id }), 400),
    () => post('unsigned', without(pick(['webhook-id', 'webhook-timestamp', 'webhook-signature'])), 400),
    () =>
      post(
        'unsigned',
        having('webhook-timestamp', pick(['', 'now', '-1', '1e9', '0x1', `${some(12)}!`])),
        400,
      ),
    () => post('content', having('content-type', pick(['text/plain', 'multipart/form-data', some(8)])), 415),
    () => post('too_large', { ...genuine, body: some(1).repeat(300_000) }, 413),
    () => post('path', genuine, 404, `/${pick(['admin', '.env', '..%2f', some(6).replace(/[^a-f]/g, 'x')])}`),
    () => ({
      kind: 'method',
      url: '',
      init: { method: pick(['GET', 'PUT', 'DELETE', 'PATCH']) },
      status: 405,
    }),
  ];
  return pick(makers)();
}

describe('a webhook that nobody may take', () => {
  test(`is refused, ${seeds} times in every way, and harms nothing`, { timeout: 120_000 }, async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--greeting', '']);
    const taken = signed(callEvent('call-1'), { id: 'msg_taken' });
    expect((await fetch(listening.url, { method: 'POST', ...taken })).status).toBe(200);
    await service.joined('call-1');
    const counts = new Map<string, number>();
    const send = async (seed: number) => {
      const { kind, url, init, status } = wrongWebhook(seed, taken);
      const reply = await fetch(new URL(url, listening.url), init);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      expect({ seed, kind, status: reply.status, text: await reply.text() }).toEqual({
        seed,
        kind,
        status,
        text: '',
      });
    };
    for (let seed = 0; seed < seeds; seed += 20)
      await Promise.all(Array.from({ length: 20 }, (_, at) => send(seed + at)));
    expect(listening.events('call_incoming')).toHaveLength(1);
    // It goes on as if nothing had happened.
    expect(await service.ring(listening.url, 'call-2')).toBe(200);
    await service.joined('call-2');
    expect(await listening.end()).toMatchObject({ code: 0, stderr: '' });
    const told = new Map<string, number>();
    for (const { reason, count } of listening.events('webhook_refused'))
      told.set(String(reason), (told.get(String(reason)) ?? 0) + Number(count));
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counts));
    expect([...counts.values()].reduce((sum, each) => sum + each, 0)).toBe(seeds);
    // A flood is a few lines, whatever its size.
    expect(listening.events('webhook_refused').length).toBeLessThan(100);
  });

  test('is told to people in a line, without what it holds', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, [], { human: true });
    await fetch(listening.url, { method: 'POST', body: '\u001b[31mscarlet', headers: signed('{}').headers });
    await listening.untilShown(
      /refused a webhook from 127\.0\.0\.1: its signature is not of our secret \(401\)\n/,
    );
    await service.ring(listening.url, 'call-1', { atMs: nowMs - 400_000 });
    await listening.untilShown(/is the clock of this machine right\? \(401\)\n/);
    expect(listening.shown()).not.toContain('scarlet');
  });

  test('of a type nobody knows is acknowledged, and told to whoever looks closely', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--verbose']);
    const posted = signed('{"id":"evt_1","type":"realtime.call.ended"}');
    expect((await fetch(listening.url, { method: 'POST', ...posted })).status).toBe(200);
    await listening.untilShown(/an event of type realtime\.call\.ended is not for us/);
    expect(listening.events('webhook_refused')).toEqual([]);
  });
});

describe('--forward', () => {
  test('passes verified events on as they came, and no key', async () => {
    const other = await startFakeServer(() => ({ status: 204 }));
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--forward', `${other.url}/hooks?a=1`]);
    await service.ring(listening.url, 'call-1');
    await fetch(listening.url, {
      method: 'POST',
      ...signed('{"id":"evt_2","type":"other"}', { id: 'msg_2' }),
    });
    await fetch(listening.url, { method: 'POST', body: '{}' });
    await expect.poll(() => listening.events('forwarded').length).toBe(2);
    expect(listening.events('forwarded')).toMatchObject([
      { webhook_id: 'msg_call-1', event: 'realtime.call.incoming', ok: true, status: 204, tries: 1 },
      { webhook_id: 'msg_2', event: 'other', ok: true },
    ]);
    expect(other.seen).toMatchObject([
      {
        method: 'POST',
        path: '/hooks',
        query: { a: '1' },
        headers: signed(callEvent('call-1'), { id: 'msg_call-1' }).headers,
        body: JSON.parse(callEvent('call-1')),
      },
      { headers: { 'webhook-id': 'msg_2' } },
    ]);
    expect(JSON.stringify(other.seen)).not.toContain('xai-test-key');
  });

  test('tries three times and tells; calls are answered meanwhile', async () => {
    const other = await startFakeServer(() => ({ status: 500 }));
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--forward', other.url]);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done', 'call-1');
    expect(await listening.until('forwarded')).toMatchObject({ ok: false, status: 500, tries: 3 });
    expect(other.seen).toHaveLength(3);
  });

  test('does not repeat what is refused for good, and tells people why', async () => {
    const other = await startFakeServer(() => ({ status: 401 }));
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--forward', other.url], { human: true });
    await service.ring(listening.url, 'call-1');
    await listening.untilShown(
      /realtime\.call\.incoming was not passed on to 127\.0\.0\.1:\d+: it answered 401\n/,
    );
    expect(other.seen).toHaveLength(1);
  });

  test('gives up with the run', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--forward', 'http://127.0.0.1:9'], {
      clock: {
        sleep: (_ms, signal) =>
          new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason))),
      },
    });
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done', 'call-1');
    expect(await listening.end()).toMatchObject({ code: 0 });
    expect(listening.events('forwarded')).toMatchObject([{ ok: false }]);
  });
});

describe('several numbers', () => {
  test('may each have a secret of their own', async () => {
    const other = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
    const service = await startFakeCalls();
    const listening = await startListening(service.url, ['--max-calls', '9'], {
      files: { 'secret.txt': `# Support line\n${secret}\n\n${other}\n` },
    });
    // A remark beside them is none.
    expect(await service.ring(listening.url, 'call-0', { with: 'line' })).toBe(401);
    expect(await service.ring(listening.url, 'call-1')).toBe(200);
    expect(await service.ring(listening.url, 'call-2', { with: other })).toBe(200);
    writeFileSync(join(listening.home, 'secret.txt'), 'changed');
    expect(await service.ring(listening.url, 'call-3', { with: other })).toBe(200);
  });
});
