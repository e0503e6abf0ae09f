// Tells a number's webhook of a call that comes in: an event of xAI's SIP guide, signed by Standard Webhooks. What the
// service does when a webhook does not answer is not known; here it is told again a few times, under the same id.

import { Webhook } from 'standardwebhooks';
import { writeJson } from '../../json-text.js';
import type { CallNews } from '../../protocol/caller.js';
import { incomingCall, type WebhookEvent } from '../../protocol/calls.js';
import { isObject } from '../../protocol/json.js';
import type { FaultAt } from '../faults/table.js';
import type { Local } from '../handler.js';
import { reasonOf } from '../other-server.js';
import type { Document } from '../store/store.js';

/** A webhook as a number holds it. */
export interface WebhookTarget {
  url: string;
  /** `whsec_` and base64. */
  signing_secret: string;
  auth_token?: string | undefined;
}

/** The webhook of a number; undefined for one that has none. */
export function webhookOf({ webhook }: Document): WebhookTarget | undefined {
  if (!isObject(webhook)) return undefined;
  const { url, signing_secret, auth_token } = webhook;
  if (typeof url !== 'string' || typeof signing_secret !== 'string') return undefined;
  return { url, signing_secret, auth_token: typeof auth_token === 'string' ? auth_token : undefined };
}

interface Delivery {
  target: WebhookTarget;
  call: { id: string; from: string; to: string };
  world: Pick<Local['world'], 'newId' | 'nowMs'>;
  after: Local['after'];
  sleep: Local['sleep'];
  struck: readonly FaultAt<'webhook'>[];
  /** Whether the call still rings. */
  isWanted(): boolean;
  tell(news: CallNews): void;
}

const attempts = 5;
const firstWaitMs = 1000;
const longestAnswerMs = 10_000;
const staleMs = 10 * 60_000;

/** Delivers until it is taken: true when it was, or when nobody waits for it any more. */
export async function deliver(delivery: Delivery): Promise<boolean> {
  const { target, call, world, sleep, struck, isWanted, tell } = delivery;
  const message = messageFor(call, world);
  const other = () => messageFor({ ...call, id: world.newId() }, world);
  if (struck.includes('webhook-forged')) await post(delivery, other(), { secret: forgery });
  if (struck.includes('webhook-stale')) await post(delivery, other(), { agoMs: staleMs });
  for (let attempt = 1; isWanted(); attempt++) {
    const outcome = await post(delivery, message);
    // Whoever joined the call before answering has been told.
    tell({ type: 'webhook', url: shownUrl(target.url), attempt, ...outcome });
    if (outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300) {
      if (struck.includes('webhook-twice') && isWanted()) await post(delivery, message);
      return true;
    }
    if (attempt === attempts) return !isWanted();
    await sleep(firstWaitMs * 2 ** (attempt - 1));
  }
  return true;
}

interface Message {
  id: string;
  body: string;
}

function messageFor({ id, from, to }: Delivery['call'], { newId, nowMs }: Delivery['world']): Message {
  const event: WebhookEvent = {
    object: 'event',
    id: `evt_${newId().replaceAll('-', '')}`,
    type: incomingCall,
    created_at: Math.floor(nowMs() / 1000),
    data: {
      call_id: id,
      sip_headers: [
        { name: 'From', value: from },
        { name: 'To', value: to },
      ],
      metadata: {},
    },
  };
  return { id: `msg_${newId().replaceAll('-', '')}`, body: writeJson(event) };
}

/** Nobody's secret. */
const forgery = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The headers of a message, signed at a moment (Unix milliseconds), by the standard. */
export function signedHeaders({ id, body }: Message, secret: string, atMs: number): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

type Outcome = { status: number; problem?: string } | { status?: undefined; problem: string };

/** One try. */
async function post(
  { target, world, after }: Delivery,
  message: Message,
  { secret = target.signing_secret, agoMs = 0 } = {},
): Promise<Outcome> {
  const stop = new AbortController();
  const cancel = after(longestAnswerMs, () => stop.abort());
  try {
    const reply = await fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'agents-local-api',
        ...signedHeaders(message, secret, world.nowMs() - agoMs),
        // How the service uses the token is not documented.
        ...(target.auth_token !== undefined && { authorization: `Bearer ${target.auth_token}` }),
      },
      body: message.body,
      // A signed call goes where it was meant to go.
      redirect: 'manual',
      signal: stop.signal,
    });
    await reply.body?.cancel();
    return reply.ok
      ? { status: reply.status }
      : { status: reply.status, problem: `it answered ${reply.status}` };
  } catch (error) {
    if (stop.signal.aborted) return { problem: `it did not answer within ${longestAnswerMs / 1000} s` };
    return { problem: reasonOf(error) };
  } finally {
    cancel();
  }
}

/** Without what may be secret in it. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
