// Phone calls: what the service tells of one that comes in, and what may be asked of one that is under way.
// Facts: xAI's SIP guide; the signature is that of Standard Webhooks, known from receivers that work.

import * as z from 'zod/mini';
import { isObject, rename } from './json.js';
import { e164 } from './phone.js';
import { reading } from './route.js';

/** The only event of a webhook that is known. Others are to be ignored. */
export const incomingCall = 'realtime.call.incoming';

/**
 * What a webhook is posted: loose, for the service may say more, and no call is to be lost for a member that is not
 * needed. `created_at` is documented in Unix seconds, `sip_headers` as objects of `name` and `value`.
 */
export const WebhookEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  created_at: z.optional(z.unknown()),
  data: z.looseObject({
    call_id: z.optional(z.string()),
    sip_headers: z.nullish(z.array(z.unknown())),
  }),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** An event in snake_case, as documented, or in camelCase, as the service writes elsewhere. */
export function readWebhookEvent(value: Record<string, unknown>): WebhookEvent | undefined {
  const { data } = value;
  const named = isObject(data) ? rename(data, { callId: 'call_id', sipHeaders: 'sip_headers' }) : data;
  return reading(WebhookEvent)({ ...value, data: named });
}

/** `POST /v1/realtime/calls/{call_id}/refer`: `tel:+1…` or `sip:…`. */
export const ReferBody = z.strictObject({
  target_uri: z.string().check(z.regex(/^(tel:\+\d{4,15}|sips?:\S+)$/)),
});
export type ReferBody = z.infer<typeof ReferBody>;

/** `POST /v1/realtime/calls` of the local API. Without `from` the agent's own number calls. */
export const PlaceCallBody = z.strictObject({
  agent_id: z.string().check(z.minLength(1)),
  to: z.string().check(z.regex(e164)),
  from: z.optional(z.string().check(z.regex(e164))),
});
export type PlaceCallBody = z.infer<typeof PlaceCallBody>;

/** What was said in a call: `role` is `user` for the person at the telephone, `assistant` for the agent. */
export const SaidInCall = z.looseObject({
  role: z.string(),
  text: z.string(),
  /** Since the call began. */
  at_ms: z.optional(z.number()),
});
export type SaidInCall = z.infer<typeof SaidInCall>;

export type CallStatus = 'queued' | 'ringing' | 'in_progress' | 'completed' | 'failed' | 'no_answer' | 'busy';

/** How a call ended, by its status in anybody's spelling; undefined for one that goes on. */
export function outcomeOf(status: string): 'completed' | 'failed' | 'not_answered' | undefined {
  return outcomes[status.toLowerCase().replaceAll('-', '_')];
}

const outcomes: Record<string, 'completed' | 'failed' | 'not_answered'> = {
  completed: 'completed',
  ended: 'completed',
  failed: 'failed',
  error: 'failed',
  no_answer: 'not_answered',
  busy: 'not_answered',
  canceled: 'not_answered',
  cancelled: 'not_answered',
};

/** A call as the local API tells of it. */
export const PhoneCall = z.looseObject({
  call_id: z.string().check(z.minLength(1)),
  status: z.string(),
  direction: z.optional(z.string()),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
  agent_id: z.optional(z.string()),
  ended_reason: z.nullish(z.string()),
  duration_seconds: z.nullish(z.number()),
  transcript: z.nullish(z.array(SaidInCall)),
});
export type PhoneCall = z.infer<typeof PhoneCall>;

/** A call in a reply, bare or under `call`. */
export function readCall(reply: unknown): PhoneCall | undefined {
  return reading(PhoneCall)(isObject(reply) && isObject(reply.call) ? reply.call : reply);
}

/** A SIP header's value, by its name in any case. */
export function sipHeader({ data }: WebhookEvent, name: string): string | undefined {
  for (const header of data.sip_headers ?? []) {
    if (!isObject(header) || typeof header.name !== 'string' || typeof header.value !== 'string') continue;
    if (header.name.toLowerCase() === name.toLowerCase()) return header.value;
  }
  return undefined;
}
