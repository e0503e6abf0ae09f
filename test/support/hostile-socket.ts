// A realtime server that does what servers should not, at a moment of its choosing.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

export interface HostileSocket {
  url: string;
  /** Handshakes seen. */
  count(): number;
}

/** Refuses every handshake with this reply. */
export async function refusingHandshake(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<HostileSocket> {
  let count = 0;
  const server = createServer();
  server.on('upgrade', (_request, socket) => {
    count++;
    const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} No\r\n${head}\r\n${body}`);
  });
  return { url: await listening(server), count: () => count };
}

/** Accepts the connection and never answers the handshake. */
export async function silentHandshake(): Promise<HostileSocket> {
  let count = 0;
  const server = createServer();
  server.on('upgrade', () => {
    count++;
  });
  return { url: await listening(server), count: () => count };
}

/** When something happens: on connecting, when configured, in the answer to the first turn. */
export type Moment = 'connect' | 'prompt' | 'reply';

const events = {
  created: { type: 'session.created', session: { id: 's1', model: 'm' } },
  updated: { type: 'session.updated', session: {} },
  response: { type: 'response.created', response: { id: 'r1' } },
  word: (delta: string) => ({
    type: 'response.output_audio_transcript.delta',
    response_id: 'r1',
    item_id: 'i1',
    delta,
  }),
  done: { type: 'response.done', response: { id: 'r1', status: 'completed', output: [] } },
};

/** Behaves until the moment comes, then does `act`, then, if `act` asks for it, behaves again. */
export async function misbehaving(
  moment: Moment,
  act: (socket: WebSocket) => boolean,
): Promise<HostileSocket> {
  let count = 0;
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    count++;
    const send = (event: object) => socket.send(JSON.stringify(event));
    const behaves = (now: Moment) => now !== moment || act(socket);
    if (!behaves('connect')) return;
    send(events.created);
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'session.update') {
        send(events.updated);
        behaves('prompt');
      }
      if (type !== 'response.create') return;
      send(events.response);
      send(events.word('Half a'));
      if (!behaves('reply')) return;
      send(events.word(' loaf'));
      send(events.done);
    });
  });
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
  });
  return { url: await listening(server), count: () => count };
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
