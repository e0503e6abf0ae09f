// Faults of the REST side, as a middleware before the routes.

import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { invalidArgument } from '../refusal.js';
import { type Faults, type Rehearsal, readFaultHeader } from './plan.js';
import { refusals } from './refusals.js';
import type { FaultAt, FaultName } from './table.js';

export interface Faulty {
  Bindings: HttpBindings;
  Variables: {
    /** Those that struck. */
    faults: FaultName[];
    /** The status to log, where none was sent: 0. */
    sentStatus: number;
  };
}
type Asked = Context<Faulty>;

export interface RestOptions {
  faults: Faults;
  sleep(ms: number): Promise<void>;
}

const slowReplyMs = 3000;
const slowChunkMs = 500;

/** Throws a Refusal for a fault that is one. */
export function restFaults({ faults, sleep }: RestOptions): MiddlewareHandler<Faulty> {
  return (c, next) => {
    // Looked up where it costs nothing: most requests meet no fault.
    const wish = c.env.incoming.headers['x-local-fault'];
    const meetsNone = (wish === undefined && faults.isQuiet()) || c.req.path.startsWith('/__local');
    return meetsNone ? next() : disturb(c, next, readOwn([wish ?? []].flat().join(',')));
  };

  async function disturb(c: Asked, next: Next, own: readonly Rehearsal[]): Promise<Response | undefined> {
    const struck = faults.strike(placesOf(c), own) as FaultAt<RestPlace>[];
    c.set('faults', struck);
    for (const name of struck) {
      if (name === 'slow-reply') await sleep(slowReplyMs);
      else if (name === 'reset') return reset(c);
      else if (name !== 'torn-reply') throw refusals[name](askedFor(c));
    }
    await next();
    if (struck.includes('torn-reply')) {
      await tearReply(c);
      return undefined;
    }
    if (!c.res.headers.get('content-type')?.startsWith('text/event-stream')) return undefined;
    const inStream = faults.strike(['stream'], own) as FaultAt<'stream'>[];
    c.set('faults', [...struck, ...inStream]);
    const [first] = inStream;
    if (first !== undefined) await disturbStream(c, first, sleep);
    return undefined;
  }
}

type RestPlace = 'request' | 'agents' | 'purchase';

function placesOf({ req }: Asked): RestPlace[] {
  if (/^\/v1\/agents(\/|$)/.test(req.path)) return ['request', 'agents'];
  return req.method === 'POST' && req.path === '/v1/phone-numbers' ? ['request', 'purchase'] : ['request'];
}

/** Throws a Refusal for a header that names no fault. */
export function readOwn(header: string | undefined): Rehearsal[] {
  try {
    return readFaultHeader(header);
  } catch (error) {
    throw invalidArgument(`x-local-fault: ${(error as Error).message}; GET /__local/faults lists them`);
  }
}

function askedFor(c: Asked) {
  const key = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? 'none';
  return { path: c.req.path, key };
}

function reset(c: Asked): Response {
  c.set('sentStatus', 0);
  c.env.incoming.socket.resetAndDestroy();
  return new Response(bytesThen(new Uint8Array(), () => {}));
}

/** The head promises the whole reply; the line ends in its middle. */
async function tearReply(c: Asked): Promise<void> {
  const { status, headers } = c.res;
  const whole = new Uint8Array(await c.res.arrayBuffer());
  const promised = new Headers(headers);
  promised.set('content-length', String(whole.length));
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  replace(
    c,
    new Response(
      bytesThen(half, () => cut(c)),
      { status, headers: promised },
    ),
  );
}

/** A body that begins and has no end; `then` is called when it has begun. */
function bytesThen(bytes: Uint8Array, then: () => void): ReadableStream<Uint8Array> {
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (!begun && bytes.length > 0) {
          begun = true;
          return controller.enqueue(bytes);
        }
        then();
        return new Promise<void>(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

/** Ends the line once what was written is on its way. */
function cut(c: Asked): void {
  c.env.outgoing.socket?.destroySoon();
}

/** Set to nothing first: it would inherit the headers of what it replaces. */
function replace(c: Asked, reply: Response): void {
  c.res = undefined;
  c.res = reply;
}

const failure = { code: 'Internal error', error: 'The model failed in the middle of its answer' };

async function disturbStream(c: Asked, fault: FaultAt<'stream'>, sleep: RestOptions['sleep']): Promise<void> {
  const { body } = c.res;
  if (body === null) return;
  if (fault === 'stream-error-200') {
    await body.cancel();
    const error = { code: 'Internal error', error: 'The model could not begin its answer' };
    const id = c.res.headers.get('x-request-id') ?? '';
    replace(c, Response.json(error, { headers: { 'x-request-id': id } }));
    return;
  }
  const chunks = body.getReader();
  let passed = 0;
  const disturbed = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (passed >= chunksBefore && fault !== 'slow-stream') {
          if (fault === 'stalled-stream') return new Promise<void>(() => {});
          void chunks.cancel();
          if (fault === 'torn-stream') return cut(c);
          controller.enqueue(Buffer.from(`data: ${JSON.stringify(failure)}\n\n`));
          return controller.close();
        }
        if (fault === 'slow-stream') await sleep(slowChunkMs);
        const { done, value } = await chunks.read();
        if (done) return controller.close();
        passed++;
        controller.enqueue(value);
      },
      cancel: (reason) => chunks.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  c.res = new Response(disturbed, c.res);
}

/** The role and the first word have passed then. */
const chunksBefore = 2;
