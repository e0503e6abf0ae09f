// Bytes to and from the server, by undici: one request, one reply, and a true name for everything that can go
// wrong in between. Nothing here knows a route or a status.

import { setFlagsFromString } from 'node:v8';
import type { Client as DirectClient, Dispatcher } from 'undici';
import { CliError, messageOf, systemCode } from '../errors.js';
import { isLoopback } from '../protocol/address.js';
import type { StreamedBody } from './multipart.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body?: string | StreamedBody | undefined;
}

export interface HttpReply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The body as it arrives. Throws CliError when it breaks off. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface ProxyUrl extends URL {
  /** The environment variable that named it, for errors. */
  variable?: string;
}

export interface HttpOptions {
  /** Where requests go; connections are kept for one origin. */
  origin: URL;
  /** How long the server may be silent: before its headers, and between two pieces of the body. */
  timeoutMs: number;
  /** Where to go through, for the whole origin. */
  proxy?: ProxyUrl | undefined;
  /** How many requests are sent at a time; one unless said. */
  connections?: number | undefined;
  /** For a command that ends soon: keeps V8 from optimising undici's parser, which would hold the process. */
  shortLived?: boolean | undefined;
}

export interface Http {
  /** No redirect is followed. Throws CliError: network, tls, timeout; an abort passes on its reason. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpReply>;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;

export async function createHttp(options: HttpOptions): Promise<Http> {
  if (options.shortLived) setFlagsFromString('--liftoff-only');
  const { request, Client } = await import('./undici-parts.js');
  const dispatcher = await createDispatcher(options, Client);
  return {
    async send({ method, url, headers, body }, signal) {
      const limit = untilHeaders(options, signal);
      try {
        const sent = request.call(dispatcher, {
          method,
          origin: url.origin,
          path: url.pathname + url.search,
          headers,
          // What undici takes, though its types do not say so: anything that gives its bytes one after the other.
          body: (typeof body === 'object' ? sending(body, limit.touch) : (body ?? null)) as string | null,
          signal: limit.signal,
        });
        const reply = await Promise.race([sent, limit.passed]);
        return {
          status: reply.statusCode,
          headers: flatHeaders(reply.headers),
          chunks: () => readBody(reply.body, options, signal),
        };
      } catch (error) {
        throw failure(error, options, signal);
      } finally {
        limit.end();
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** A body as it is sent: while it goes out, the server need not say anything. */
async function* sending({ chunks }: StreamedBody, touch: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks()) {
    touch();
    yield chunk;
  }
}

/** undici's own limits do not reach what happens inside a proxy: its CONNECT, and TLS through it. */
function untilHeaders({ timeoutMs, proxy }: HttpOptions, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const both = AbortSignal.any([controller.signal, ...(signal === undefined ? [] : [signal])]);
  const silent = Object.assign(new Error('no answer'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
  const timer = proxy === undefined ? undefined : setTimeout(() => controller.abort(silent), timeoutMs);
  // undici looks at the signal of a request only once it has a connection for it.
  let abort = () => {};
  const passed = new Promise<never>((_, reject) => {
    abort = () => reject(both.reason);
    if (both.aborted) abort();
    both.addEventListener('abort', abort, { once: true });
  });
  passed.catch(() => {});
  return {
    signal: both,
    passed,
    touch: () => void timer?.refresh(),
    end: () => {
      clearTimeout(timer);
      // Node keeps a signal made of others for as long as somebody listens to it, and all that he knows.
      both.removeEventListener('abort', abort);
    },
  };
}

async function createDispatcher(
  { origin, timeoutMs, proxy, connections = 1 }: HttpOptions,
  Client: typeof DirectClient,
): Promise<Dispatcher> {
  const settings = {
    connect: { timeout: Math.min(connectTimeoutMs, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  if (proxy !== undefined) {
    const { ProxyAgent } = await import('./undici-proxy.js');
    return new ProxyAgent({ ...settings, uri: proxy.href });
  }
  if (connections > 1) {
    const { Pool } = await import('./undici-pool.js');
    return new Pool(origin.origin, { ...settings, connections });
  }
  return new Client(origin.origin, settings);
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  options: HttpOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failure(error, options, signal, 'the reply broke off');
  }
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

const timeouts: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection',
  UND_ERR_HEADERS_TIMEOUT: 'no answer',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped coming and nothing more came',
  ETIMEDOUT: 'no connection',
};

const networkProblems: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the server closed the connection',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the reply was cut short',
  UND_ERR_INFO: 'the connection was closed',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve just now',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the host is unreachable',
};

/** No connection came to be at all: behind a proxy, it is the proxy that was not reached. */
const unreached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

/** What OpenSSL says where the other side answers without TLS. */
const plainAnswer = /wrong version number|packet length too long|http request/i;

export interface FailureDetails {
  /** What was under way. */
  happened?: string | undefined;
  /** What the connection goes through. */
  proxy?: ProxyUrl | undefined;
}

/** What a failed connection means, for HTTP and for the socket alike. `server` is shown as the place. */
export function connectionFailure(
  error: unknown,
  server: URL,
  timeoutMs: number,
  { happened = 'cannot reach', proxy }: FailureDetails = {},
): CliError {
  const code = systemCode(error) ?? '';
  const fault = (kind: 'timeout' | 'tls' | 'network', message: string, hint: string) =>
    new CliError(kind, message, { hint, cause: error });
  const isProxys = proxy !== undefined && unreached.test(code);
  const name = isProxys ? nameOf(proxy) : server.origin;
  const through = proxy === undefined || isProxys ? '' : `, through ${nameOf(proxy)}`;
  const mend =
    proxy && `correct or unset ${proxy.variable ?? 'the proxy'}, or name ${server.hostname} in NO_PROXY`;
  const place = happened === 'cannot reach' ? `cannot reach ${name}` : `${name}: ${happened}`;
  const silence = timeouts[code];
  if (silence !== undefined) {
    const seconds = code.includes('CONNECT') ? Math.min(connectTimeoutMs, timeoutMs) : timeoutMs;
    const hint = (isProxys && mend) || 'try again, or wait longer with --timeout <seconds>';
    return fault('timeout', `${name}: ${silence} within ${seconds / 1000} s${through}`, hint);
  }
  const reason = messageOf(rootOf(error));
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|EPROTO|UNABLE_TO/.test(code)) {
    if (plainAnswer.test(reason))
      return fault('tls', ...plainFault(proxy?.protocol === 'https:' ? proxy : server));
    const hint = 'for a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate file';
    return fault('tls', `cannot trust ${server.origin}: ${reason}${through}`, hint);
  }
  const speaksHttp = !(error instanceof Error && error.name === 'HTTPParserError');
  const problem = speaksHttp ? (networkProblems[code] ?? reason) : 'it does not speak HTTP';
  const shown = code === '' ? '' : ` (${code})`;
  return fault('network', `${place}: ${problem}${shown}${through}`, mend ?? networkHint(code, server));
}

/** Without the name and password that its address may hold. */
const nameOf = ({ origin, variable }: ProxyUrl) =>
  `the proxy ${origin}${variable === undefined ? '' : ` (${variable})`}`;

function plainFault({ origin }: URL): [message: string, hint: string] {
  return [
    `${origin} answers in plain http, not https`,
    `name it as it is: ${origin.replace('https:', 'http:')}`,
  ];
}

function networkHint(code: string, server: URL): string {
  if (code === 'ECONNREFUSED' && isLoopback(server)) return 'start the local API with: agents dev';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'check the network and the base URL';
  return 'try again; agents --local works without a network';
}

function failure(
  error: unknown,
  { origin, timeoutMs, proxy }: HttpOptions,
  signal: AbortSignal | undefined,
  happened?: string,
): unknown {
  if (signal?.aborted) return signal.reason;
  return error instanceof CliError ? error : connectionFailure(error, origin, timeoutMs, { happened, proxy });
}

function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}
