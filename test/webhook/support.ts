// Webhooks as the service signs them.

import { Webhook } from 'standardwebhooks';
import { webhookVector } from '../support/webhook-vectors.js';

export const { secret } = webhookVector;
/** The clock of these tests: 2026-07-01, noon. */
export const nowMs = Date.UTC(2026, 6, 1, 12);

export interface Posted {
  headers: Record<string, string>;
  body: string;
}

export interface Signing {
  id?: string;
  atMs?: number;
  with?: string;
}

/** A body with the headers of a genuine delivery. */
export function signed(
  body: string,
  { id = 'msg_1', atMs = nowMs, with: by = secret }: Signing = {},
): Posted {
  const signature = new Webhook(by).sign(id, new Date(atMs), body);
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1000)),
      'webhook-signature': signature,
    },
    body,
  };
}

/** An incoming call, as the service tells of it. */
export function callEvent(
  callId: string,
  { id = `evt_${callId}`, from = '+14155550100', to = '+14155550123' } = {},
) {
  return JSON.stringify({
    object: 'event',
    id,
    type: 'realtime.call.incoming',
    created_at: nowMs / 1000,
    data: {
      call_id: callId,
      sip_headers: [
        { name: 'From', value: from },
        { name: 'To', value: to },
      ],
      metadata: {},
    },
  });
}
