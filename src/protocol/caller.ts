// The caller's end of a call that the local API makes up: what travels over `GET /__local/calls?to=…&from=…`, a web
// socket. No service has this; it is the local API's own.

import * as z from 'zod/mini';

/** The keys of a telephone. */
export const phoneKeys = /^[0-9A-Da-d*#]{1,64}$/;

/** More would be minutes without a breath. */
const mostWords = 2000;

/** What the caller does. Nothing else is understood. */
export const CallerMessage = z.union([
  /** Spoken in a synthetic voice whose words are known. */
  z.strictObject({ say: z.string().check(z.minLength(1), z.maxLength(mostWords)) }),
  /** A WAV file, base64; its words where they are known. */
  z.strictObject({ audio: z.string().check(z.minLength(1)), words: z.optional(z.string()) }),
  z.strictObject({ dtmf: z.string().check(z.regex(phoneKeys)) }),
  z.strictObject({ hang_up: z.literal(true) }),
]);
export type CallerMessage = z.infer<typeof CallerMessage>;

/** What the caller's end is told. Each has `at_ms` besides, since the call began. */
export type CallNews =
  | { type: 'ringing'; call_id: string; from: string; to: string }
  /** A try to tell the number's webhook: how it answered, or what went wrong. */
  | {
      type: 'webhook';
      url: string;
      attempt: number;
      status?: number | undefined;
      problem?: string | undefined;
    }
  | { type: 'answered'; by: 'webhook' | 'agent' | 'person' }
  | { type: 'agent_delta'; delta: string }
  /** All the agent said in one go. */
  | { type: 'agent'; text: string }
  /** The agent has finished; with calls of tools, only for now. */
  | { type: 'agent_done'; status: string; calls: number }
  /** What the caller was understood to say, or the keys that were pressed. */
  | { type: 'caller'; text: string; dtmf?: true }
  | { type: 'transferred'; target: string }
  | { type: 'ended'; status: string; reason: string; duration_seconds?: number }
  /** A message of the caller's that was not understood, or sound that could not be read; the call goes on. */
  | { type: 'error'; message: string };
