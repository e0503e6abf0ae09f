// The server as a process: whatever is sent to it, it goes on serving everybody else.

import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ask, askRaw, buildOnce, type Dev, dev, folder, handshake, openSocket, userItem } from './support.js';

beforeAll(buildOnce);

const limit = { timeout: 60_000 };

/** Whether it still does its work, the socket included. */
async function expectAlive(server: Dev): Promise<void> {
  expect((await ask(server, 'GET /v1/models')).status).toBe(200);
  const line = await openSocket(server);
  line.send(userItem('Hi'), { type: 'response.create' });
  expect((await line.until('response.done')).at(-1)?.response.status).toBe('completed');
  line.socket.close();
}

const upgradeTo = (path: string) =>
  [
    `GET ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

/** Opens a line, writes, and breaks the line at once. */
function writeAndReset({ base }: Dev, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () =>
      socket.write(text, () => socket.resetAndDestroy()),
    );
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

/** Writes, and gives what comes back until the server hangs up. */
function writeAndRead({ base }: Dev, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(text));
    let read = '';
    socket.on('data', (chunk) => (read += chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(read));
  });
}

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const deepItem = `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi","more":${deep}}]}}`;
const deepTool = `{"type":"session.update","session":{"tools":[{"type":"function","name":"f","parameters":{"x":${deep}}}]}}`;

describe('a server goes on', () => {
  test('when the path of a socket cannot be read', limit, async () => {
    const server = await dev(folder());
    expect(await writeAndRead(server, upgradeTo('//'))).toMatch(/^HTTP\/1\.1 4\d\d /);
    await expectAlive(server);
  });

  test.each([
    ['a socket it refuses', '/nowhere'],
    ['a socket it opens', '/v1/realtime'],
  ])('when the line breaks at the handshake of %s', limit, async (_what, path) => {
    const server = await dev(folder());
    for (let at = 0; at < 100; at++) await writeAndReset(server, upgradeTo(path));
    await expectAlive(server);
  });

  test.each([
    ['an item nested too deep to be echoed', deepItem],
    ['a tool nested too deep to be echoed', deepTool],
  ])('when it is sent %s, and says what is wrong', limit, async (_what, frame) => {
    const server = await dev(folder());
    const line = await openSocket(server);
    await line.until('ping');
    line.send(frame);
    expect(await line.next()).toMatchObject({ type: 'error', error: { type: expect.any(String) } });
    await expectAlive(server);
  });

  test('when a frame is too large, by closing that socket', limit, async () => {
    const server = await dev(folder());
    const line = await openSocket(server);
    line.send('x'.repeat(17 * 1024 * 1024));
    expect(await line.closed).toBe(1009);
    await expectAlive(server);
  });

  test('when a socket goes away in the middle of an answer', limit, async () => {
    const server = await dev(folder());
    const line = await openSocket(server);
    line.send(userItem('Tell me a story'), { type: 'response.create' });
    await line.until('response.output_audio.delta');
    line.socket.terminate();
    await line.closed;
    await expectAlive(server);
  });

  test('when its file is damaged under a socket that needs it', limit, async () => {
    const data = folder();
    const server = await dev(data);
    await ask(server, 'POST /v1/agents', { name: 'Ava' });
    const path = join(data, 'local.db');
    writeFileSync(path, 'no database at all '.repeat(1000));
    const headers = { authorization: 'Bearer xai-realtime-client-secret-unknown' };
    expect(await handshake(server, { headers })).toEqual({
      status: 500,
      body: { code: 'Internal error', error: expect.stringContaining(path) },
    });
    expect((await ask(server, 'GET /v1/models')).status).toBe(200);
  });

  test('when a client offers HTTP/2, in HTTP/1.1', limit, async () => {
    const server = await dev(folder());
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
    expect(await askRaw(server, 'GET /v1/agents', headers)).toMatchObject({
      status: 200,
      body: { agents: [] },
    });
  });
});
