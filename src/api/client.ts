// THE API layer: one typed method a route, made from the route table. It holds the key, repeats what may be
// repeated, and turns every refusal into a CliError.

import { CliError } from '../errors.js';
import { writeJson } from '../json-text.js';
import type { ChatChunk, ChatRequest } from '../protocol/chat.js';
import { hideInText } from '../protocol/redact.js';
import {
  type Effect,
  type PathParams,
  type Route,
  type RouteBody,
  type RouteName,
  type RouteReply,
  type Routes,
  routes,
} from '../protocol/routes.js';
import { createHttp, type Http, type HttpReply, type HttpRequest } from './http.js';
import type { Form } from './multipart.js';
import { otherPlaneHint } from './planes.js';
import { refusal } from './refusal.js';
import {
  failedStream,
  isEventStream,
  isSuccess,
  readBytesReply,
  readChunks,
  readReply,
  readText,
} from './reply.js';
import {
  checkKey,
  type LooseArguments,
  type Plane,
  requestOf,
  type Sender,
  type ShownRequest,
  shownRequest,
  shownText,
  titleOf,
} from './request.js';
import { type RetryClock, retryDelay } from './retry.js';

export interface ApiOptions extends Sender {
  timeoutMs: number;
  /** Why there is no key though one is needed; thrown instead of asking this server. */
  missing?: CliError | undefined;
  /** Where collections are kept, when first asked for; the same server unless given. Throws CliError. */
  management?: (() => Promise<Plane>) | undefined;
  shortLived?: boolean | undefined;
  /** How many requests may be under way at a time; one unless said, and the others wait for its answer. */
  connections?: number | undefined;
  signal?: AbortSignal | undefined;
  clock: RetryClock;
  /** Told of every request and reply, secrets hidden (`--verbose`). */
  trace?: ((line: string) => void) | undefined;
  /** Told when a request is going to be repeated. */
  onRetry?: ((message: string) => void) | undefined;
}

export type CallArguments<N extends RouteName> = PathParams<Routes[N]['path']> & {
  query?: Record<string, string>;
  /** Another path than the route's, with the same parameters, for a server that has it elsewhere. */
  at?: string;
  /** Members the schemas do not know are sent all the same. */
  body?: RouteBody<N> | Record<string, unknown>;
  /** Of a route that takes a file. */
  form?: Form;
  /** What repeating this one would do, where that is other than of the route. */
  effect?: Effect;
};

type Methods = {
  [N in RouteName]: (args: CallArguments<N>) => Promise<RouteReply<N>>;
};

export interface Api extends Methods {
  /** The answer to a chat completion as it arrives. Throws like the methods, also in the middle. */
  streamChat(body: ChatRequest): AsyncIterable<ChatChunk>;
  /** The request a call would send, the key hidden; sends nothing. */
  show<N extends RouteName>(name: N, args: CallArguments<N>): ShownRequest;
  close(): Promise<void>;
}

/** Makes the client. Throws CliError when the key may not travel to this base URL. */
export function createApi(options: ApiOptions): Api {
  checkKey(options);
  const { clock, signal } = options;
  // A server may say back what it was told: no word of it is shown before the keys are taken out.
  const keys = new Set([options.key]);
  const hide = (text: string) => [...keys].reduce<string>((rest, key) => hideInText(rest, key), text);
  const trace = options.trace && ((line: string) => options.trace?.(hide(line)));
  /** Connections by where they lead, and by whether several requests go out at once. */
  const lines = new Map<string, Promise<Http>>();
  let management: Promise<Plane> | undefined;
  let isClosed = false;

  /** The server itself. Throws CliError where its key is missing. */
  function self(): ApiOptions {
    if (options.missing !== undefined) throw options.missing;
    return options;
  }

  /** The server and the key for a route. */
  async function planeOf({ plane }: Route): Promise<Plane> {
    if (plane === undefined || options.management === undefined) return self();
    management ??= options.management().then((where) => {
      checkKey(where, 'XAI_MANAGEMENT_API_KEY');
      keys.add(where.key);
      return where;
    });
    return management;
  }

  async function send(request: HttpRequest, { proxy }: Plane): Promise<HttpReply> {
    const connections = typeof request.body === 'object' ? mostUploads : (options.connections ?? 1);
    const name = `${request.url.origin} ${connections}`;
    const http = lines.get(name) ?? createHttp({ ...options, proxy, connections, origin: request.url });
    lines.set(name, http);
    const started = clock.now();
    traceRequest(request, trace);
    const reply = await (await http).send(request, signal);
    const id = reply.headers['x-request-id'];
    trace?.(
      `< ${reply.status} in ${clock.now() - started} ms${id === undefined ? '' : `, request id ${id}`}`,
    );
    return reply;
  }

  async function call(name: RouteName, args: LooseArguments): Promise<unknown> {
    const route: Route = routes[name];
    const plane = await planeOf(route);
    const request = requestOf(name, args, { ...options, ...plane });
    return withRetries(args.effect ?? route.effect, async (mayBeDone) => {
      const reply = await send(request, plane);
      if (route.reply === 'bytes' && isSuccess(reply.status)) {
        return readBytesReply(request, reply, route.read, trace);
      }
      const text = await readTraced(request, reply);
      if (reply.status === 404 && route.effect === 'remove' && mayBeDone) return null;
      if (!isSuccess(reply.status)) {
        const error = refused(request, reply, text, plane);
        if (route.plane === undefined) throw error;
        throw error.withHint(otherPlaneHint(error, request, plane, plane !== options));
      }
      return readReply(request, reply, text, route.read);
    });
  }

  async function readTraced(request: HttpRequest, reply: HttpReply): Promise<string> {
    const text = await readText(request, reply);
    if (text !== '') trace?.(`< ${shownText(text)}`);
    return text;
  }

  /** `mayBeDone`: an earlier try was lost on its way, and nobody knows whether the server acted on it. */
  async function withRetries<T>(effect: Effect, attempt: (mayBeDone: boolean) => Promise<T>): Promise<T> {
    let mayBeDone = false;
    for (let count = 0; ; count++) {
      try {
        return await attempt(mayBeDone);
      } catch (error) {
        if (error instanceof CliError) error.message = hide(error.message);
        const delay = error instanceof CliError ? retryDelay(effect, count, error, clock) : undefined;
        // What breaks off because we close is nothing to try again.
        if (delay === undefined || isClosed) throw error;
        options.onRetry?.(`${(error as CliError).message}; trying again in ${(delay / 1000).toFixed(1)} s`);
        // A 429 says that nothing was done.
        mayBeDone ||= (error as CliError).code !== 'rate_limited';
        await clock.sleep(delay, signal);
      }
    }
  }

  function refused(
    request: HttpRequest,
    { status, headers }: HttpReply,
    body: string,
    { baseUrl, key }: Plane = options,
  ): CliError {
    const keySent = key !== undefined;
    return refusal({ status, headers, body, request: titleOf(request), server: baseUrl.origin, keySent });
  }

  async function* streamChat(body: ChatRequest): AsyncGenerator<ChatChunk> {
    const request = requestOf('createChatCompletion', { body: { ...body, stream: true } }, self());
    const reply = await withRetries(routes.createChatCompletion.effect, async () => {
      const answer = await send(request, options);
      if (isSuccess(answer.status) && isEventStream(answer)) return answer;
      const text = await readTraced(request, answer);
      throw isSuccess(answer.status) ? failedStream(request, text) : refused(request, answer, text);
    });
    yield* readChunks(request, reply);
  }

  const methods = Object.fromEntries(
    (Object.keys(routes) as RouteName[]).map((name) => [name, (args: LooseArguments) => call(name, args)]),
  ) as unknown as Methods;

  return {
    ...methods,
    streamChat,
    show: (name, args) => shownRequest(requestOf(name, args as LooseArguments, self())),
    close: async () => {
      isClosed = true;
      for (const http of lines.values()) await (await http).close();
    },
  };
}

function traceRequest(request: HttpRequest, trace: ApiOptions['trace']): void {
  if (trace === undefined) return;
  const { method, url, headers, body: shown } = shownRequest(request);
  trace(`> ${method} ${url}`);
  for (const [name, value] of Object.entries(headers)) trace(`> ${name}: ${value}`);
  if (request.body === undefined) return;
  trace(`> ${typeof request.body === 'string' ? shownText(request.body) : writeJson(shown)}`);
}

/** Files are sent so many at a time. */
export const mostUploads = 4;
