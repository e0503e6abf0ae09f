// The REST side of the local API: one route of Hono for each row of the route table.

import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { streamSSE } from 'hono/streaming';
import type { CliError } from '../errors.js';
import { writeJson } from '../json-text.js';
import { agentHeader, normaliseAgent } from '../protocol/agent.js';
import { faultsOf } from '../protocol/faults.js';
import { isObject, parseJson } from '../protocol/json.js';
import { knowledgeLimits } from '../protocol/knowledge.js';
import { normalisePatch, normalisePhone } from '../protocol/phone.js';
import { type Route, type RouteName, routes } from '../protocol/routes.js';
import { checkAccess, isLocalOrigin } from './access.js';
import { localRoutes, type RequestLog } from './control.js';
import type { Faults } from './faults/plan.js';
import { type Faulty, restFaults } from './faults/rest.js';
import type { Call, Handlers, Local, Reply } from './handler.js';
import { accountHandlers } from './handlers/account.js';
import { agentHandlers } from './handlers/agents.js';
import { callHandlers } from './handlers/calls.js';
import { chatHandlers } from './handlers/chat.js';
import { knowledgeHandlers, tooLarge } from './handlers/knowledge.js';
import { phoneHandlers } from './handlers/phone.js';
import { failed, misshapen, Refusal, unfitBody } from './refusal.js';

const handlers: Handlers = {
  ...agentHandlers,
  ...accountHandlers,
  ...chatHandlers,
  ...phoneHandlers,
  ...knowledgeHandlers,
  ...callHandlers,
};
const largestBodyBytes = 16 * 1024 * 1024;
/** Files are in it: what knows much is to be put back as it was taken. Twice as much would be no text for Node. */
const largestSnapshotBytes = 256 * 1024 * 1024;
/** The largest file, and what a form has around it. */
const largestUploadBytes = knowledgeLimits.fileBytes + 64 * 1024;
/** The log keeps a thousand requests: of longer ones it keeps that they came. */
const longestLoggedBody = 64 * 1024;

export interface AppOptions {
  local: Local;
  faults: Faults;
  log: RequestLog;
  onFailure: ((error: CliError) => void) | undefined;
}

type Bound = Faulty & { Variables: { body: unknown } };

export function createApp({ local, faults, log, onFailure }: AppOptions): Hono<Bound> {
  const app = new Hono<Bound>();
  app.use(async (c, next) => {
    const started = local.world.nowMs();
    const requestId = local.world.newId();
    // Set before there is a reply: a header added to a finished one makes a slow copy of it.
    c.header('x-request-id', requestId);
    await next();
    log.add({
      at: new Date(started).toISOString(),
      method: c.req.method,
      path: c.req.path,
      status: c.get('sentStatus') ?? c.res.status,
      ms: local.world.nowMs() - started,
      request_id: requestId,
      ...(c.get('faults')?.length > 0 && { faults: c.get('faults') }),
      body: c.get('body'),
    });
  });
  // Both look into what a plain GET does not have, and cost it half its speed.
  app.use(
    when(
      (c) => c.req.header('origin') !== undefined,
      cors({ origin: (origin) => (isLocalOrigin(origin) ? origin : null) }),
    ),
  );
  const isUpload = ({ req }: Context) => req.path === routes.uploadFile.path;
  const isSnapshot = ({ req }: Context) => req.path === '/__local/snapshot';
  const limit = bodyLimit({ maxSize: largestBodyBytes, onError: refuseSize });
  app.use(when((c) => c.req.method !== 'GET' && !isUpload(c) && !isSnapshot(c), limit));
  app.use(when(isSnapshot, bodyLimit({ maxSize: largestSnapshotBytes, onError: refuseSize })));
  app.use(when(isUpload, bodyLimit({ maxSize: largestUploadBytes, onError: refuseUpload })));
  app.use(restFaults({ faults, sleep: local.sleep }));
  for (const version of ['/v1/*', '/v2/*']) {
    app.use(version, async (c, next) => {
      checkAccess(c.req.header('authorization'));
      await next();
    });
  }
  app.route('/__local', localRoutes(local, log, faults));
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    app.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), (c) => serve(name, c, local, onFailure));
  }
  app.notFound((c) =>
    c.json({ code: 'Some requested entity was not found', error: `No such path: ${c.req.path}` }, 404),
  );
  app.onError((error, c) => writeRefusal(c, error instanceof Refusal ? error : failed(error, onFailure)));
  return app;
}

/** A middleware for some requests only. */
function when(applies: (c: Context) => boolean, middleware: MiddlewareHandler): MiddlewareHandler {
  return (c, next) => (applies(c) ? middleware(c, next) : next());
}

function refuseSize(): never {
  throw new Refusal(413, {
    code: 'Client specified an invalid argument',
    error: 'The request body is too large',
  });
}

function refuseUpload(): never {
  throw tooLarge();
}

async function serve(
  name: RouteName,
  c: Context<Bound>,
  local: Local,
  onFailure: AppOptions['onFailure'],
): Promise<Response> {
  const route: Route = routes[name];
  const text = route.body === undefined ? '' : await c.req.text();
  const body = route.body === undefined ? undefined : readBody(name, text);
  if (text.length <= longestLoggedBody) c.set('body', body);
  const query = c.req.query();
  const faults = [
    ...(route.body === undefined ? [] : faultsOf(route.body, body)),
    ...(route.query === undefined ? [] : faultsOf(route.query, query)),
  ];
  if (faults[0] !== undefined)
    throw unfitBody(faults[0], name === 'updateAgent' && isObject(body) ? body.agent : body);
  // The schema has just held, and may have changed the shape it read (a mask given as text).
  const parsed = route.body === undefined ? undefined : route.body.parse(body);
  const call = {
    params: c.req.param(),
    query,
    body: parsed,
    text,
    form: route.multipart ? await readForm(c) : undefined,
    get agentId() {
      return c.req.header(agentHeader);
    },
    get signal() {
      return c.req.raw.signal;
    },
  };
  const handler = handlers[name] as (call: Call<never>, local: Local) => Reply | Promise<Reply>;
  return writeReply(c, await handler(call as Call<never>, local), onFailure);
}

async function readForm(c: Context<Bound>): Promise<FormData> {
  try {
    return await c.req.raw.formData();
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, {
      code: 'Client specified an invalid argument',
      error: 'The request body is no multipart form',
    });
  }
}

function readBody(name: RouteName, text: string): unknown {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    throw new Refusal(400, 'Failed to parse the request body as JSON');
  }
  if (!isObject(body)) throw misshapen('expected an object');
  // The Agents API was seen to take camelCase names and tools keyed by their kind as well.
  if (name === 'createAgent') return normaliseAgent(body);
  if (name === 'createPhoneNumberV2') return normalisePhone(body);
  if (name === 'updatePhoneNumberV2') return normalisePatch(body);
  if (name !== 'updateAgent') return body;
  const { fieldMask, phoneNumberId, ...others } = body;
  return {
    ...others,
    ...(fieldMask !== undefined && { field_mask: fieldMask }),
    ...(phoneNumberId !== undefined && { phone_number_id: phoneNumberId }),
    ...(isObject(body.agent) && { agent: normaliseAgent(body.agent) }),
  };
}

function writeReply(c: Context<Bound>, reply: Reply, onFailure: AppOptions['onFailure']): Response {
  if ('json' in reply) {
    const headers = { 'content-type': 'application/json' };
    return c.body(writeJson(reply.json), reply.status === 201 ? 201 : 200, headers);
  }
  if ('bytes' in reply) return c.body(new Uint8Array(reply.bytes), 200, { 'content-type': reply.type });
  return streamSSE(c, async (stream) => {
    try {
      for await (const data of reply.events) {
        if (stream.aborted) return;
        await stream.writeSSE({ data });
      }
    } catch (error) {
      // Told where the client looks for the next piece: the status has long been sent.
      const { body } = error instanceof Refusal ? error : failed(error, onFailure);
      await stream.writeSSE({ data: JSON.stringify(body) });
    }
  });
}

function writeRefusal(c: Context<Bound>, { status, body, headers }: Refusal): Response {
  return typeof body === 'string'
    ? c.text(body, status as 400, headers)
    : c.json(body, status as 400, headers);
}
