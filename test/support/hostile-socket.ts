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

export interface MisbehavingSocket extends HostileSocket {
  /** What each handshake asked for. */
  queries: Record<string, string>[];
  /** What was sent on each line. */
  received: { type: string; item?: { id?: string }; session?: object }[][];
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
  conversation: (id: string) => ({ type: 'conversation.created', conversation: { id } }),
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

/**
 * Behaves until the moment comes, then does `act`, then, if `act` asks for it, behaves again. `lines` is how many
 * came before. A conversation asked for by its id is continued, with what it `remembers`.
 */
export async function misbehaving(
  moment: Moment,
  act: (socket: WebSocket, lines: number) => boolean,
  {
    remembers = [] as object[],
    forgets = false,
    refuses = (_lines: number): number | undefined => undefined,
  } = {},
): Promise<MisbehavingSocket> {
  let count = 0;
  const queries: Record<string, string>[] = [];
  const received: MisbehavingSocket['received'] = [];
  // A team that may use the socket alone.
  const server = createServer((_request, response) => {
    response.writeHead(403).end('{"error":"The Agents API is not enabled for this team"}');
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    const status = refuses(count++);
    queries.push(Object.fromEntries(new URL(request.url ?? '/', 'http://fake').searchParams));
    if (status !== undefined) return stream.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit('connection', socket));
  });
  sockets.on('connection', (socket: WebSocket) => {
    const lines = count - 1;
    const frames: MisbehavingSocket['received'][number] = [];
    received.push(frames);
    const send = (event: object) => socket.send(JSON.stringify(event));
    const behaves = (now: Moment) => now !== moment || act(socket, lines);
    if (!behaves('connect')) return;
    const asked = forgets ? undefined : queries[lines]?.conversation_id;
    send(events.created);
    send(events.conversation(asked ?? `c${lines + 1}`));
    for (const item of asked === undefined ? [] : remembers) send({ type: 'conversation.item.added', item });
    socket.on('message', (data) => {
      const event = JSON.parse(String(data)) as (typeof frames)[number];
      frames.push(event);
      const { type } = event;
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
  return { url: await listening(server), count: () => count, queries, received };
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
