// Phone calls: what the service tells of one that comes in, and what may be asked of one that is under way.
// Facts: xAI's SIP guide; the signature is that of Standard Webhooks, known from receivers that work.

import * as z from 'zod/mini';
import { isObject } from './json.js';
import { e164 } from './phone.js';
import { reading } from './route.js';

/** The only event of a webhook that is known. Others are to be ignored. */
export const incomingCall = 'realtime.call.incoming';

/** What a webhook is posted: loose, for the service may say more. `created_at` is in Unix seconds. */
export const WebhookEvent = z.looseObject({
  object: z.optional(z.string()),
  id: z.string(),
  type: z.string(),
  created_at: z.optional(z.number()),
  data: z.looseObject({
    call_id: z.optional(z.string()),
    sip_headers: z.optional(z.array(z.looseObject({ name: z.string(), value: z.string() }))),
    metadata: z.optional(z.unknown()),
  }),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

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
  return data.sip_headers?.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
}
