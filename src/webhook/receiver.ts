// The address that webhooks are posted to. It answers within milliseconds, whatever is sent to it: each connection
// brings one request, of bounded size, in bounded time.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import { systemCode } from '../errors.js';
import { listenOn } from '../port.js';
import { type CheckOptions, createCheck, type RefusalReason, refusals } from './check.js';

export interface ReceiverOptions extends Omit<CheckOptions, 'now'> {
  port: number;
  host: string;
  /** Where events are posted: "/". */
  path: string;
  clock: Pick<Clock, 'now' | 'after'>;
  /** Told of all that is not taken, with the address it came from. */
  refused(reason: RefusalReason, from: string): void;
}

export interface Receiver {
  /** The port that was bound, and the path. */
  url: URL;
  close(): Promise<void>;
}

/** An event is a few hundred bytes. */
const largestBytes = 256 * 1024;
/** More than this is not even read to its end, so as to be answered. */
const mostBytes = 4 * 1024 * 1024;
/** From the first byte of a connection to the last of its request. */
const longestMs = 10_000;
const mostConnections = 1000;

/** Starts listening. Throws CliError where the port cannot be had, RangeError for a secret that is none. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { clock, refused } = options;
  const path = asRequested(options.path);
  const check = createCheck({ ...options, now: clock.now });
  const server = createServer((request, response) => {
    receive(request, response, path, check)
      .then((reason) => reason !== undefined && refused(reason, addressOf(request.socket)))
      // The sender has left: there is nobody to answer.
      .catch(() => request.destroy());
  });
  server.maxConnections = mostConnections;
  server.on('connection', (socket: Socket) => {
    const stop = clock.after(longestMs, () => {
      if (socket.bytesRead > 0) refused('too_slow', addressOf(socket));
      answerBare(socket, 408, 'Request Timeout');
    });
    socket.once('close', stop);
  });
  server.on('clientError', (error, socket) => {
    if (systemCode(error) !== 'ECONNRESET') refused('no_http', addressOf(socket as Socket));
    answerBare(socket as Socket, 400, 'Bad Request');
  });
  const inUseHint = 'is agents listen running already? take another one with --port';
  const url = await listenOn(server, { ...options, inUseHint });
  url.pathname = path;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Check = ReturnType<typeof createCheck>;

/** Answers, and tells what was wrong. Rejects when the request breaks off. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  check: Check,
): Promise<RefusalReason | undefined> {
  const body = await readBody(request);
  const reason =
    byItsHead(request, path) ??
    (body === undefined ? 'too_large' : check({ headers: request.headers, body }));
  const status = reason === undefined ? 200 : refusals[reason].status;
  response.writeHead(status, {
    connection: 'close',
    'content-length': 0,
    ...(status === 405 && { allow: 'POST' }),
    ...(status === 503 && { 'retry-after': '5' }),
  });
  response.end();
  return reason;
}

/** As senders write it, who encode what is no ASCII and leave out "..". */
function asRequested(path: string): string {
  const url = new URL('http://localhost');
  url.pathname = path;
  return url.pathname;
}

function byItsHead({ url = '', method, headers }: IncomingMessage, path: string): RefusalReason | undefined {
  if (url.replace(/[?#].*$/s, '') !== path) return 'path';
  if (method !== 'POST') return 'method';
  const { 'content-type': type = 'application/json', 'content-encoding': encoding = 'identity' } = headers;
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type) || encoding !== 'identity') return 'content';
  return undefined;
}

/** All of it, for a sender that is still writing hears no answer; undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) break;
    if (size <= largestBytes) chunks.push(chunk);
  }
  return size > largestBytes ? undefined : Buffer.concat(chunks);
}

function answerBare(socket: Socket, status: number, words: string): void {
  if (!socket.writable) return void socket.destroy();
  socket.end(`HTTP/1.1 ${status} ${words}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

const addressOf = ({ remoteAddress }: Socket) =>
  remoteAddress?.replace(/^::ffff:/, '') ?? 'an unknown address';
