// A server that does what servers should not.

import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import selfsigned from 'selfsigned';
import { onTestFinished } from 'vitest';
import { type FakeReply, startFakeServer, startServer } from './fake-server.js';

export interface Hostile {
  url: string;
  /** How many requests have come. */
  count(): number;
}

/** Always this reply. */
export async function replying(reply: FakeReply): Promise<Hostile> {
  const server = await startFakeServer(() => reply);
  return { url: server.url, count: () => server.seen.length };
}

/** Raw bytes for every request, and then what `end` does to the connection. */
export async function writing(bytes: string, end: 'close' | 'reset' | 'hold'): Promise<Hostile> {
  let count = 0;
  const url = await startServer((request, response) => {
    count++;
    request.resume();
    const { socket } = response;
    if (bytes !== '') socket?.write(bytes);
    if (end === 'close') socket?.end();
    if (end === 'reset') socket?.resetAndDestroy();
  });
  return { url, count: () => count };
}

/** Sends what is no HTTP to whoever connects. */
export async function talkingNonsense(): Promise<Hostile> {
  let count = 0;
  const port = await listening(
    createTcpServer((socket) => {
      count++;
      socket.on('error', () => {});
      socket.end('SSH-2.0-nonsense\r\n');
    }),
  );
  return { url: `http://127.0.0.1:${port}`, count: () => count };
}

/** A port on which nothing listens. */
export async function refusing(): Promise<Hostile> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, count: () => 0 };
}

/** A certificate nobody signed. */
export async function distrusted(): Promise<Hostile> {
  let count = 0;
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }]);
  const server = createTlsServer({ key, cert }, (_, response) => {
    count++;
    response.end('{}');
  });
  server.on('tlsClientError', () => {});
  return { url: `https://127.0.0.1:${await listening(server)}`, count: () => count };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
