// What a key may use: models, voices, the key itself, ephemeral secrets.

import * as z from 'zod/mini';
import { isObject } from './json.js';

/** `GET /v1/api-key`. The three flags say why a key that is right may still not work. */
export const ApiKey = z.looseObject({
  redacted_api_key: z.nullish(z.string()),
  name: z.nullish(z.string()),
  user_id: z.nullish(z.string()),
  team_id: z.nullish(z.string()),
  create_time: z.nullish(z.string()),
  acls: z.nullish(z.array(z.string())),
  team_blocked: z.nullish(z.boolean()),
  api_key_blocked: z.nullish(z.boolean()),
  api_key_disabled: z.nullish(z.boolean()),
  /** What the service's gRPC calls the last one. */
  disabled: z.nullish(z.boolean()),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A key, of which at least one known member is told: none of them is needed, but without any it is something else. */
export function readApiKey(reply: unknown): ApiKey | undefined {
  const { success, data } = ApiKey.safeParse(reply);
  return success && Object.keys(ApiKey.shape).some((name) => name in data) ? data : undefined;
}

/** Why a key that the service knows does not work, in words; undefined when nothing is said against it. */
export function keyProblem(key: ApiKey): string | undefined {
  if (key.team_blocked) return 'the team is blocked';
  if (key.api_key_blocked) return 'the key is blocked';
  return key.api_key_disabled || key.disabled ? 'the key is disabled' : undefined;
}

export const Model = z.looseObject({
  id: z.string(),
  aliases: z.nullish(z.array(z.string())),
});
export type Model = z.infer<typeof Model>;
export const ModelList = z.looseObject({ data: z.array(Model) });

export const VoiceEntry = z.looseObject({
  voice_id: z.string(),
  name: z.nullish(z.string()),
});
export type VoiceEntry = z.infer<typeof VoiceEntry>;
export const VoiceList = z.looseObject({ voices: z.array(VoiceEntry) });
export type VoiceList = z.infer<typeof VoiceList>;

/** Samples a second that speech is made with. */
export const speechRates = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

/** `POST /v1/tts`. The older documents allow 15,000 characters of text, the newer SDK 60,000. */
export const SpeechBody = z.strictObject({
  text: z.string().check(z.minLength(1), z.maxLength(60_000)),
  language: z.string().check(z.regex(/^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|auto)$/)),
  voice_id: z.optional(z.string()),
  output_format: z.optional(
    z.strictObject({
      codec: z.optional(z.enum(['mp3', 'wav', 'pcm', 'mulaw', 'alaw'])),
      sample_rate: z.optional(z.literal(speechRates)),
      bit_rate: z.optional(z.int()),
    }),
  ),
  speed: z.optional(z.number()),
  with_timestamps: z.optional(z.boolean()),
});
export type SpeechBody = z.infer<typeof SpeechBody>;
/** How sound of speech is written. */
export type SpeechCodec = NonNullable<NonNullable<SpeechBody['output_format']>['codec']>;

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

/** A reply that holds a secret, as it came. */
export function readSecretReply(reply: unknown): object | undefined {
  return readClientSecret(reply) === undefined ? undefined : (reply as object);
}

/** The secret in a reply: at top level as seen live, or under `client_secret`; the time a number or text. */
export function readClientSecret(reply: unknown): ClientSecret | undefined {
  const secret = isObject(reply) && isObject(reply.client_secret) ? reply.client_secret : reply;
  if (!isObject(secret) || typeof secret.value !== 'string' || secret.value === '') return undefined;
  const expires = secondsOf(secret.expires_at);
  return {
    value: secret.value,
    ...(Number.isFinite(expires) && { expires_at: expires }),
  };
}

/** Unix seconds from a number, from one as text, or from a date as text. */
function secondsOf(time: unknown): number {
  const seconds = Number(time || Number.NaN);
  return Number.isNaN(seconds) && typeof time === 'string' ? Date.parse(time) / 1000 : seconds;
}
