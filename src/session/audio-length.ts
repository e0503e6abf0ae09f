// How long a piece of audio lasts, from the length of its base64 alone. Counted in slices so thin that a byte of every
// format lasts a whole number of them: sums over hours are exact.

import { isObject } from '../protocol/json.js';
import type { AudioFormat } from '../protocol/realtime-session.js';

/** The least common multiple of all bytes a second: 2 × each PCM rate, and 8000 of G.711. */
export const slicesPerSecond = 28_224_000;

/** What a session is set up with where nothing is said. */
export const usualFormat: AudioFormat = { type: 'audio/pcm', rate: 24_000 };

/** Slices in a base64 text; undefined where the length of a format tells nothing of its duration. */
export function audioSlices(base64: string, { type, rate = 24_000 }: AudioFormat): number | undefined {
  if (type === 'audio/opus') return undefined;
  const bytesPerSecond = type === 'audio/pcm' ? rate * 2 : 8000;
  return base64Bytes(base64) * (slicesPerSecond / bytesPerSecond);
}

/** Slices in a delta of the service's, which may tell its duration itself: also where a recording cut the audio. */
export function deltaSlices(event: unknown, format: AudioFormat): number | undefined {
  if (!isObject(event)) return 0;
  const { audio_duration_ms: ms, delta } = event;
  if (typeof ms === 'number' && ms >= 0 && ms <= longestDeltaMs) {
    return slicesOf(ms);
  }
  return typeof delta === 'string' ? audioSlices(delta, format) : 0;
}

/** No piece of a stream is longer: what claims to be is measured instead. */
const longestDeltaMs = 600_000;

/** Slices in a time, to the nearest. */
export function slicesOf(ms: number): number {
  return Math.round((ms * slicesPerSecond) / 1000);
}

/** Seconds to the millisecond. */
export function secondsOf(slices: number): number {
  return Math.round((slices * 1000) / slicesPerSecond) / 1000;
}

function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(((text.length - padding) * 3) / 4);
}
