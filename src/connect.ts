// Joins the layers for a socket: the API layer's rules for keys, proxies and refusals, and the session's transport.

import { connectionFailure } from './api/http.js';
import { proxyFor } from './api/proxy.js';
import { refusal } from './api/refusal.js';
import { checkKey } from './api/request.js';
import { retryDelay } from './api/retry.js';
import { type Context, type Server, userAgent } from './context.js';
import { CliError } from './errors.js';
import { writeJson } from './json-text.js';
import { agentHeader } from './protocol/agent.js';
import { isObject, parseJson } from './protocol/json.js';
import { hidden, hideInText, hideSecrets } from './protocol/redact.js';
import { openSocket, realtimeUrl, type Transport } from './session/transport.js';

/** Opens the realtime socket. Throws CliError; a handshake refused for its rate is waited for. */
export async function connect(
  context: Context,
  server: Server,
  query: Record<string, string>,
): Promise<Transport> {
  checkKey(server);
  for (let attempt = 0; ; attempt++) {
    try {
      return await open(context, server, realtimeUrl(server.baseUrl, query));
    } catch (error) {
      // Joining changes nothing, but only a refusal to be repeated later is: anything else is told at once.
      const isRateLimit = error instanceof CliError && error.code === 'rate_limited';
      const delay = isRateLimit ? retryDelay('read', attempt, error, context.clock) : undefined;
      if (delay === undefined) throw error;
      context.output.note(`${(error as CliError).message}; trying again in ${(delay / 1000).toFixed(1)} s`);
      await context.clock.sleep(delay, context.signal);
    }
  }
}

async function open(context: Context, { baseUrl, key }: Server, url: URL): Promise<Transport> {
  const { settings, host, signal } = context;
  const trace = context.trace && ((line: string) => context.trace?.(hideInText(line, key)));
  const proxy = proxyFor(url, host.env);
  trace?.(`> GET ${url.href}`);
  if (key !== undefined) trace?.(`> authorization: Bearer ${hidden}`);
  const transport = await openSocket({
    url,
    headers: {
      'user-agent': userAgent(host),
      ...(context.agentId !== undefined && { [agentHeader]: context.agentId }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    timeoutMs: settings.timeoutMs,
    signal,
    agent: proxy && new (await import('https-proxy-agent')).HttpsProxyAgent(proxy),
    refused: ({ status, headers, body }) => {
      trace?.(`< ${status}`);
      const error = refusal({
        status,
        headers,
        body,
        request: `GET ${url.pathname}`,
        server: baseUrl.origin,
        keySent: key !== undefined,
      });
      error.message = hideInText(error.message, key);
      return error;
    },
    failed: (error) => connectionFailure(asTimeout(error), baseUrl, settings.timeoutMs, { proxy }),
  });
  trace?.('< 101');
  return trace === undefined ? transport : traced(transport, trace);
}

/** ws tells of its time limit only in words. */
function asTimeout(error: unknown): unknown {
  const isTimeout = error instanceof Error && /handshake has timed out/i.test(error.message);
  return isTimeout ? Object.assign(new Error(error.message), { code: 'UND_ERR_HEADERS_TIMEOUT' }) : error;
}

/** Every frame both ways, secrets hidden and audio counted instead of shown. */
function traced(transport: Transport, trace: (line: string) => void): Transport {
  async function* frames(): AsyncGenerator<string> {
    for await (const frame of transport.frames) {
      trace(`< ${shownFrame(frame)}`);
      yield frame;
    }
  }
  return {
    ...transport,
    frames: frames(),
    send: (frame) => {
      trace(`> ${shownFrame(frame)}`);
      transport.send(frame);
    },
  };
}

function shownFrame(frame: string): string {
  let value: unknown;
  try {
    value = parseJson(frame);
  } catch {
    return frame.slice(0, 200);
  }
  if (isObject(value) && typeof value.type === 'string') {
    if (value.type.endsWith('audio.delta')) value = { ...value, delta: counted(value.delta) };
    else if (value.type === 'input_audio_buffer.append') value = { ...value, audio: counted(value.audio) };
  }
  return writeJson(hideSecrets(value));
}

const counted = (audio: unknown) => `(${String(audio).length} characters of audio)`;
