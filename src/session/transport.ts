// The line a conversation runs on. `ws` is one implementation; tests join two machines by another.

import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import { CliError } from '../errors.js';
import { Queue } from '../queue.js';

export interface Transport {
  /** Text of one event. Does nothing once the line is closed. */
  send(frame: string): void;
  /** Bytes sent that the line has not taken yet. */
  bufferedBytes(): number;
  /** Text frames in order; ends when the line does. */
  frames: AsyncIterable<string>;
  /** How the line ended. Never rejects. */
  closed: Promise<{ code: number; reason: string }>;
  close(): void;
}

export interface SocketOptions {
  url: URL;
  headers: Record<string, string>;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** For a proxy. */
  agent?: HttpAgent | undefined;
  /** Makes the error of a handshake refused over HTTP. */
  refused(reply: { status: number; headers: Record<string, string>; body: string }): Error;
  /** Makes the error of a connection that failed. */
  failed(error: unknown): Error;
}

/** The socket's address from the base URL: http → ws, https → wss, the path prefix kept. */
export function realtimeUrl(baseUrl: URL, query: Record<string, string>): URL {
  const url = new URL(`${baseUrl.pathname.replace(/\/$/, '')}/v1/realtime`, baseUrl);
  url.protocol = baseUrl.protocol === 'http:' ? 'ws:' : 'wss:';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** How long a peer may take over the closing handshake before the line is cut. */
const closingMs = 1000;

/** Opens a socket. Rejects with what `refused` and `failed` make, or with the signal's reason. */
export function openSocket(options: SocketOptions): Promise<Transport> {
  const { url, headers, timeoutMs, signal, agent } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
      ...(agent !== undefined && { agent }),
    });
    const frames = new Queue<string>();
    let wire: Socket | undefined;
    let isHeld = false;
    /** What is sent in one go travels in one go: an item and the request to answer it are one write, not two. */
    const together = () => {
      if (isHeld || wire === undefined) return;
      isHeld = true;
      wire.cork();
      queueMicrotask(() => {
        isHeld = false;
        wire?.uncork();
      });
    };
    socket.on('upgrade', (response) => {
      wire = response.socket;
    });
    const abort = () => socket.terminate();
    const closed = new Promise<{ code: number; reason: string }>((ended) => {
      socket.on('close', (code, reason) => {
        signal?.removeEventListener('abort', abort);
        frames.end();
        ended({ code, reason: reason.toString('utf8') });
      });
    });
    // Listened to before `open`: a server that speaks first is heard.
    socket.on('message', (data, isBinary) => {
      if (!isBinary) frames.push(data.toString());
    });
    // ws has a limit of its own, which does not reach into a proxy, nor to the body of a refusal.
    const tooLong = setTimeout(() => {
      reject(options.failed(Object.assign(new Error('no answer'), { code: 'UND_ERR_HEADERS_TIMEOUT' })));
      socket.terminate();
    }, timeoutMs);
    socket.on('unexpected-response', (_request, response) => {
      clearTimeout(tooLong);
      readRefusal(response, timeoutMs).then((reply) => reject(options.refused(reply)), reject);
    });
    // After `open` an error is always followed by `close`, which tells it.
    socket.on('error', (error) => {
      clearTimeout(tooLong);
      reject(signal?.aborted ? signal.reason : options.failed(error));
    });
    socket.on('open', () => {
      clearTimeout(tooLong);
      resolve({
        send: (frame) => {
          if (socket.readyState !== WebSocket.OPEN) return;
          together();
          socket.send(frame);
        },
        bufferedBytes: () => socket.bufferedAmount,
        frames,
        closed,
        close: () => {
          socket.close(1000);
          setTimeout(() => socket.terminate(), closingMs).unref();
        },
      });
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

const longestRefusalBytes = 64 * 1024;

/** What came within the time is reason enough: some servers leave a refusal open, or send it byte by byte. */
async function readRefusal(response: IncomingMessage, timeoutMs: number) {
  const tooLong = setTimeout(() => response.destroy(), timeoutMs);
  let body = '';
  try {
    for await (const chunk of response) {
      body += chunk;
      if (body.length > longestRefusalBytes) break;
    }
  } catch {
    // What came of the reason is reason enough.
  }
  clearTimeout(tooLong);
  response.destroy();
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  return { status: response.statusCode ?? 0, headers, body };
}

/** A line that ended, as its notice tells. */
interface Ended {
  code: number;
  reason: string;
  /** Tries to come back that failed, and why the last one did. */
  tries?: number;
  problem?: string;
}

/** What a line that closed too early is told as. */
export function droppedLine({ code, reason, tries = 0, problem }: Ended): CliError {
  const why = reason === '' ? '' : `: ${reason}`;
  const last = problem === undefined ? '' : `: ${problem}`;
  const tried = tries === 0 ? '' : `, and ${tries} tries to come back did not help${last}`;
  return new CliError('dropped', `the service closed the conversation (code ${code}${why})${tried}`, {
    hint: 'try again; the same command may work',
  });
}
