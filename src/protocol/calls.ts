// Phone calls: what the service tells of one that comes in, and what may be asked of one that is under way.
// Facts: xAI's SIP guide; the signature is that of Standard Webhooks, known from receivers that work.

import * as z from 'zod/mini';

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

/** A SIP header's value, by its name in any case. */
export function sipHeader({ data }: WebhookEvent, name: string): string | undefined {
  return data.sip_headers?.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
}
