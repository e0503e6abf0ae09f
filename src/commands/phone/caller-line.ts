// The caller's end of a call that the local API makes up. No other server has it.

import { connectionFailure } from '../../api/http.js';
import { type Context, userAgent } from '../../context.js';
import { CliError } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import type { CallerMessage, CallNews } from '../../protocol/caller.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { openSocket } from '../../session/transport.js';

/** What is told is taken as it comes: a local API of another version may tell more. */
export type News = CallNews & { at_ms?: number };

export interface CallerLine {
  send(message: CallerMessage): void;
  /** Ends with the call. Throws CliError `call_failed` when the line ends before it. */
  news: AsyncIterable<News>;
}

/** Dials. Throws CliError: `refused` where the server is no local API. */
export async function openCallerLine(
  context: Context,
  { to, from }: { to: string; from: string | undefined },
): Promise<CallerLine> {
  const { settings, host, signal } = context;
  const trace = context.trace ?? (() => {});
  // Not asked: it is known to be none.
  if (settings.baseUrl !== undefined && /(^|\.)x\.ai$/.test(settings.baseUrl.hostname))
    throw noLocalApi(settings.baseUrl);
  const { baseUrl } = await context.server();
  const url = new URL(`${baseUrl.pathname.replace(/\/$/, '')}/__local/calls`, baseUrl);
  url.protocol = baseUrl.protocol === 'http:' ? 'ws:' : 'wss:';
  url.searchParams.set('to', to);
  if (from !== undefined) url.searchParams.set('from', from);
  trace(`> GET ${url.href}`);
  const line = await openSocket({
    url,
    // No key: a server that wants one is none of those that have this.
    headers: { 'user-agent': userAgent(host) },
    timeoutMs: settings.timeoutMs,
    signal,
    refused: ({ status }) => noLocalApi(baseUrl, status),
    failed: (error) => connectionFailure(error, baseUrl, settings.timeoutMs),
  });
  context.onClose(async () => line.close());
  async function* news(): AsyncGenerator<News> {
    for await (const frame of line.frames) {
      trace(`< ${frame}`);
      const told = newsIn(frame);
      if (told === undefined) {
        throw new CliError('invalid_reply', `${baseUrl.origin} sent something that is no news of a call`);
      }
      yield told;
      if (told.type === 'ended') return;
    }
    signal.throwIfAborted();
    throw brokenOff(await line.closed);
  }
  return {
    news: news(),
    send(message) {
      trace(`> ${'audio' in message ? `(${message.audio.length} characters of audio)` : writeJson(message)}`);
      line.send(writeJson(message));
    },
  };
}

function newsIn(frame: string): News | undefined {
  try {
    const value = parseJson(frame);
    return isObject(value) && typeof value.type === 'string' ? (value as unknown as News) : undefined;
  } catch {
    return undefined;
  }
}

/** The same command would make up another call: it is not offered as a way to go on. */
function brokenOff({ code, reason }: { code: number; reason: string }): CliError {
  const why = reason === '' ? '' : `: ${reason}`;
  return new CliError(
    'call_failed',
    `the call broke off: the line to the local API dropped (code ${code}${why})`,
    {
      hint: 'look whether agents dev still runs; a call that broke off is not taken up again',
    },
  );
}

function noLocalApi({ origin }: URL, status?: number): CliError {
  const answered = status === undefined ? '' : ` (GET /__local/calls: status ${status})`;
  return new CliError('refused', `${origin} is no local API, and only that can make up a call${answered}`, {
    hint: 'agents dev serves one, reached by --base-url http://localhost:9978; --local runs it inside this command',
  });
}
