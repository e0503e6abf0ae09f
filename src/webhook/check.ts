// A request that has arrived whole: what it is, and what it is answered with. Whoever sent it hears a status and
// nothing else; the reason is for the user.

import { incomingCall, readWebhookEvent, sipHeader, type WebhookEvent } from '../protocol/calls.js';
import { isObject, parseJson } from '../protocol/json.js';
import { createReplays } from './replays.js';
import { createSignatures, type Signed, toleranceMs } from './signature.js';

/** Why a webhook is not taken, and the status of its answer. */
export const refusals = {
  path: { status: 404, means: 'it was sent to another path' },
  method: { status: 405, means: 'it is no POST' },
  content: { status: 415, means: 'its content is not plain JSON' },
  too_large: { status: 413, means: 'it is larger than any event' },
  too_slow: { status: 408, means: 'it did not arrive in time' },
  no_http: { status: 400, means: 'it is no HTTP request' },
  unsigned: { status: 400, means: 'it carries no signature, or half of one' },
  forged: { status: 401, means: 'its signature is not of our secret' },
  stale: { status: 401, means: 'it is signed for another time: is the clock of this machine right?' },
  malformed: { status: 400, means: 'it is signed, but no event' },
  // Whoever repeats a delivery because our answer was lost must not think that nobody has it.
  replayed: { status: 200, means: 'it was taken before' },
  busy: { status: 503, means: 'no more calls are taken now' },
} as const;
export type RefusalReason = keyof typeof refusals;

/** A verified event. */
export interface Delivery {
  /** `webhook-id`. */
  id: string;
  type: string;
  /** Where it announces a call. */
  call: IncomingCall | undefined;
  /** As it came, to be passed on. */
  body: string;
  headers: Record<string, string>;
}

export interface IncomingCall {
  call_id: string;
  /** What the SIP headers say, whatever that is; absent where they say nothing. */
  from?: string;
  to?: string;
}

export interface Arrived {
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

export interface CheckOptions {
  secrets: readonly string[];
  /** Unix milliseconds. */
  now(): number;
  /** Takes a verified event, at once; false where it cannot be taken now. */
  take(delivery: Delivery): boolean;
}

const longestId = 256;

/** Takes what is genuine and new; else tells why not. Throws RangeError for a secret that is none. */
export function createCheck({
  secrets,
  now,
  take,
}: CheckOptions): (arrived: Arrived) => RefusalReason | undefined {
  const signatures = createSignatures(secrets);
  const replays = createReplays(now);
  return ({ headers, body }) => {
    const signed = signedBy(headers);
    const text = decoded(body);
    if (signed === undefined || text === undefined) return 'unsigned';
    if (!signatures.isGenuine(signed, text)) return 'forged';
    if (Math.abs(now() - Number(signed.timestamp) * 1000) > toleranceMs) return 'stale';
    const event = readEvent(text);
    if (event === undefined) return 'malformed';
    const ids = [`webhook ${signed.id}`, ...(event.id === undefined ? [] : [`event ${event.id}`])];
    if (replays.isKnown(ids)) return 'replayed';
    const delivery = {
      id: signed.id,
      type: event.type,
      call: event.call,
      body: text,
      headers: passedOn(headers),
    };
    if (replays.isFull() || !take(delivery)) return 'busy';
    replays.remember(ids);
    return undefined;
  };
}

function signedBy(headers: Arrived['headers']): Signed | undefined {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
    return undefined;
  if (id === '' || id.length > longestId || !/^[1-9]\d{0,10}$/.test(timestamp)) return undefined;
  return { id, timestamp, signature };
}

/** Signatures are over text: bytes that are none were signed by nobody. */
function decoded(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

interface ReadEvent {
  id: string | undefined;
  type: string;
  call: IncomingCall | undefined;
}

/** Undefined for what is no event, or announces a call without saying which. Other types may hold anything. */
function readEvent(text: string): ReadEvent | undefined {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value.type !== 'string') return undefined;
  const { id, type } = value;
  if (type !== incomingCall) return { id: typeof id === 'string' ? id : undefined, type, call: undefined };
  const event = readWebhookEvent(value);
  return event !== undefined && isId(event.id) && isId(event.data.call_id)
    ? { id: event.id, type, call: callOf(event, event.data.call_id) }
    : undefined;
}

function isId(id: string | undefined): id is string {
  return id !== undefined && id !== '' && id.length <= longestId;
}

function callOf(event: WebhookEvent, call_id: string): IncomingCall {
  const [from, to] = ['From', 'To'].map((name) => sipHeader(event, name));
  return { call_id, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** What another receiver needs to verify it by itself. */
function passedOn(headers: Arrived['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      (name === 'content-type' || name.startsWith('webhook-')) && typeof value === 'string'
        ? [[name, value]]
        : [],
    ),
  );
}
