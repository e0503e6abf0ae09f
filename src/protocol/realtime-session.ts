// The `session` object of `session.update`. Ranges are those of xAI's speech-to-speech guide.

import * as z from 'zod/mini';
import { normaliseTool } from './agent.js';
import { isObject } from './json.js';

export const audioRates = [8000, 16000, 22050, 24000, 32000, 44100, 48000] as const;
/** The session's voice-activity threshold is narrower than an agent's, which goes from 0 to 1. */
export const thresholdRange = { least: 0.1, most: 0.9 } as const;

const durationMs = z.optional(z.nullable(z.int().check(z.gte(0), z.lte(10_000))));

export const TurnDetection = z.looseObject({
  type: z.nullish(z.literal('server_vad')),
  threshold: z.optional(
    z.nullable(z.number().check(z.gte(thresholdRange.least), z.lte(thresholdRange.most))),
  ),
  silence_duration_ms: durationMs,
  prefix_padding_ms: durationMs,
  idle_timeout_ms: z.nullish(z.int().check(z.gte(0))),
});
export type TurnDetection = z.infer<typeof TurnDetection>;

export const AudioFormat = z.looseObject({
  type: z.enum(['audio/pcm', 'audio/pcmu', 'audio/pcma', 'audio/opus']),
  rate: z.optional(z.union(audioRates.map((rate) => z.literal(rate)))),
});
export type AudioFormat = z.infer<typeof AudioFormat>;

const Side = {
  format: z.optional(AudioFormat),
  transport: z.optional(z.enum(['json', 'binary'])),
};

/** A tool in a session: function tools flat or nested, other kinds as in the Agents API. */
export const SessionTool = z.looseObject({ type: z.string() });
export type SessionTool = z.infer<typeof SessionTool>;

/** Members beyond these draw no error from the service, and none here. */
export const SessionUpdate = z.looseObject({
  instructions: z.optional(z.string()),
  voice: z.nullish(z.string()),
  reasoning: z.nullish(z.looseObject({ effort: z.optional(z.enum(['high', 'none'])) })),
  turn_detection: z.nullish(TurnDetection),
  tools: z.nullish(z.array(SessionTool)),
  audio: z.nullish(
    z.looseObject({
      input: z.optional(
        z.looseObject({
          ...Side,
          transcription: z.nullish(z.looseObject({ model: z.optional(z.string()) })),
        }),
      ),
      output: z.optional(
        z.looseObject({
          ...Side,
          speed: z.optional(z.number().check(z.gte(0.7), z.lte(1.5))),
        }),
      ),
    }),
  ),
  resumption: z.nullish(z.looseObject({ enabled: z.optional(z.boolean()) })),
  replace: z.nullish(z.record(z.string(), z.string())),
});
export type SessionUpdate = z.infer<typeof SessionUpdate>;

/** A tool as a session is best given it: a function flat, `{type, name, description, parameters}`. */
export function flatTool(tool: unknown): SessionTool {
  const nested = normaliseTool(tool);
  if (isObject(nested) && nested.type === 'function' && isObject(nested.function)) {
    return { type: 'function', ...nested.function };
  }
  return nested as SessionTool;
}
