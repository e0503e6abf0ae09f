// The address itself: statuses, sizes, slow senders, ports.

import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Delivery } from '../../src/webhook/check.js';
import { startReceiver } from '../../src/webhook/receiver.js';
import { handClock } from '../support/hand-clock.js';
import { callEvent, nowMs, secret, signed } from './support.js';

async function receiving({ takes = true, path = '/' } = {}) {
  const taken: Delivery[] = [];
  const told: string[] = [];
  const clock = handClock();
  const receiver = await startReceiver({
    port: 0,
    host: '127.0.0.1',
    path,
    secrets: [secret],
    clock: { now: () => nowMs, after: clock.after },
    take: (delivery) => {
      if (takes) taken.push(delivery);
      return takes;
    },
    refused: (reason, from) => void told.push(`${reason} from ${from}`),
  });
  onTestFinished(() => receiver.close());
  const { url } = receiver;
  const post = async (init: RequestInit = {}, at = url.href) => {
    const reply = await fetch(at, { method: 'POST', ...init });
    return { status: reply.status, text: await reply.text(), headers: reply.headers };
  };
  /** Writes to a bare connection, and gathers what comes back until its end. */
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    });
  return { url, taken, told, clock, post, raw };
}

describe('an answer', () => {
  test('to a call is 200, with nothing in it', async () => {
    const { post, taken, told } = await receiving();
    expect(await post(signed(callEvent('call-1')))).toMatchObject({ status: 200, text: '' });
    expect(taken).toHaveLength(1);
    expect(told).toEqual([]);
  });

  const call = signed(callEvent('call-1'));
  const type = (value: string) => ({ ...call, headers: { ...call.headers, 'content-type': value } });
  test.each<[string, RequestInit, number, string]>([
    ['GET', { method: 'GET' }, 405, 'method'],
    ['PUT', { ...call, method: 'PUT' }, 405, 'method'],
    ['a form', type('application/x-www-form-urlencoded'), 415, 'content'],
    ['text', type('text/plain'), 415, 'content'],
    ['packed JSON', { ...call, headers: { ...call.headers, 'content-encoding': 'gzip' } }, 415, 'content'],
    ['a signature that is not ours', { ...call, body: '{}' }, 401, 'forged'],
    ['nothing', { body: '{}', headers: { 'content-type': 'application/json' } }, 400, 'unsigned'],
    ['an old call', signed(callEvent('call-1'), { atMs: nowMs - 400_000 }), 401, 'stale'],
    ['no event', signed('{}'), 400, 'malformed'],
    ['more than an event', { ...call, body: 'x'.repeat(300_000) }, 413, 'too_large'],
  ])('to %s is a status and not a word', async (_, init, status, reason) => {
    const { post, taken, told } = await receiving();
    expect(await post(init)).toMatchObject({ status, text: '' });
    expect(told).toEqual([`${reason} from 127.0.0.1`]);
    expect(taken).toEqual([]);
  });

  test('to another path is 404; what follows a question mark does not matter', async () => {
    const { url, post, told } = await receiving({ path: '/calls' });
    expect((await post(signed(callEvent('call-1')), `${url.origin}/`)).status).toBe(404);
    expect((await post(signed(callEvent('call-1')), `${url.href}?from=there`)).status).toBe(200);
    expect(told).toEqual(['path from 127.0.0.1']);
  });

  test.each(['/anrufe/für-uns', '//calls', '/a/../calls', '/a b'])(
    'at %s is found where it says it is',
    async (path) => {
      const { url, post } = await receiving({ path });
      expect(url.hostname).toBe('127.0.0.1');
      expect((await post(signed(callEvent('call-1')))).status).toBe(200);
    },
  );

  test('to a repeated delivery is 200, and nobody is called twice', async () => {
    const { post, taken, told } = await receiving();
    await post(signed(callEvent('call-1')));
    expect(await post(signed(callEvent('call-1')))).toMatchObject({ status: 200 });
    expect(taken).toHaveLength(1);
    expect(told).toEqual(['replayed from 127.0.0.1']);
  });

  test('where no more is taken is 503, to come again', async () => {
    const { post } = await receiving({ takes: false });
    const { status, headers } = await post(signed(callEvent('call-1')));
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  });

  test.each([
    ['application/json; charset=utf-8', 200],
    ['application/cloudevents+json', 200],
    ['APPLICATION/JSON', 200],
    ['application/jsonp', 415],
  ])('to %s is %d', async (value, status) => {
    expect((await (await receiving()).post(type(value))).status).toBe(status);
  });
});

describe('a sender', () => {
  test('that does not speak HTTP is answered 400', async () => {
    const { raw, told } = await receiving();
    expect(await raw('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(told).toEqual(['no_http from 127.0.0.1']);
  });

  test.each([
    ['its head', 'POST / HTTP/1.1\r\nhost: x\r\nx-slow: '],
    ['its body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{'],
  ])('that is slow with %s is cut off', async (_, text) => {
    const { raw, told, clock, post } = await receiving();
    const answer = raw(text);
    // Once a second connection has been answered, the first has been heard as well.
    await post(signed(callEvent('call-1')));
    clock.advance(10_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(told).toEqual(['too_slow from 127.0.0.1']);
  });

  test('that says nothing is left in silence, and one that was answered leaves no timer behind', async () => {
    const { raw, told, clock, post } = await receiving();
    const silent = raw('');
    await post(signed(callEvent('call-1')));
    clock.advance(10_000);
    await silent;
    expect(told).toEqual([]);
    await expect.poll(clock.waiting).toBe(0);
  });

  test('that leaves in the middle harms nobody', async () => {
    const { url, post } = await receiving();
    const socket = connect(Number(url.port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{', resolve),
    );
    socket.resetAndDestroy();
    expect((await post(signed(callEvent('call-1')))).status).toBe(200);
  });
});

describe('a port', () => {
  const place = {
    host: '127.0.0.1',
    path: '/',
    secrets: [secret],
    clock: { now: () => nowMs, after: () => () => {} },
    take: () => true,
    refused: () => {},
  };
  test('that is in use is told', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(startReceiver({ ...place, port })).rejects.toMatchObject({
      code: 'conflict',
      message: `port ${port} on 127.0.0.1 is in use`,
      hint: expect.stringContaining('--port'),
    });
  });

  test('of another machine is told', async () => {
    await expect(startReceiver({ ...place, port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('this machine has no such address'),
      hint: expect.stringContaining('--host'),
    });
  });
});
