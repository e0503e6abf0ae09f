// What a key may use: models, voices, the key itself, ephemeral secrets.

import * as z from 'zod/mini';
import { isObject } from './json.js';

/** `GET /v1/api-key`. The three flags say why a key that is right may still not work. */
export const ApiKey = z.looseObject({
  redacted_api_key: z.optional(z.string()),
  name: z.optional(z.string()),
  team_id: z.optional(z.string()),
  acls: z.optional(z.array(z.string())),
  team_blocked: z.optional(z.boolean()),
  api_key_blocked: z.optional(z.boolean()),
  api_key_disabled: z.optional(z.boolean()),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const Model = z.looseObject({
  id: z.string(),
  aliases: z.optional(z.array(z.string())),
});
export type Model = z.infer<typeof Model>;
export const ModelList = z.looseObject({ data: z.array(Model) });

export const VoiceEntry = z.looseObject({
  voice_id: z.string(),
  name: z.optional(z.string()),
});
export type VoiceEntry = z.infer<typeof VoiceEntry>;
export const VoiceList = z.looseObject({ voices: z.array(VoiceEntry) });

/** `POST /v1/realtime/client_secrets`: 600 s unless told, 3600 s at most; `anchor` is not supported. */
export const ClientSecretBody = z.strictObject({
  expires_after: z.optional(z.strictObject({ seconds: z.int().check(z.gte(1), z.lte(3600)) })),
  session: z.optional(z.looseObject({})),
});
export type ClientSecretBody = z.infer<typeof ClientSecretBody>;

export interface ClientSecret {
  value: string;
  /** Unix seconds. */
  expires_at?: number;
}

/** The secret in a reply: at top level as seen live, or under `client_secret`; the time a number or text. */
export function readClientSecret(reply: unknown): ClientSecret | undefined {
  const secret = isObject(reply) && isObject(reply.client_secret) ? reply.client_secret : reply;
  if (!isObject(secret) || typeof secret.value !== 'string') return undefined;
  const expires = Number(secret.expires_at || Number.NaN);
  return {
    value: secret.value,
    ...(Number.isFinite(expires) && { expires_at: expires }),
  };
}
