// What there is to see of sound: how loud it is, and when somebody is to be heard. Samples are looked at once, in short
// steps; a report may hold hours of them.

import { decodeLaw } from '../../audio/g711.js';
import { levelOf } from '../../audio/pcm.js';
import type { Sound } from '../result.js';

export interface Span {
  startMs: number;
  endMs: number;
}

/** A piece of sound as it is seen. */
export interface Heard extends Span {
  from: Sound['from'];
  /** The peak, 0 to 1, of each `stepMs`. */
  peaks: Float32Array;
}

export const samplesPerMs = 8;
const stepMs = 5;
const stepSamples = stepMs * samplesPerMs;

/** Its samples, and the place of the first of them. */
export function samplesOf({ at_ms, mulaw_8k }: Sound): { startMs: number; pcm: Int16Array } {
  return { startMs: Math.max(0, at_ms), pcm: decodeLaw(Buffer.from(mulaw_8k, 'base64'), 'mulaw') };
}

export function hear(sound: readonly Sound[]): Heard[] {
  return sound.map((each) => {
    const { startMs, pcm } = samplesOf(each);
    const peaks = new Float32Array(Math.ceil(pcm.length / stepSamples));
    for (let step = 0; step < peaks.length; step++) {
      const from = step * stepSamples;
      peaks[step] = levelOf(pcm, from, Math.min(pcm.length, from + stepSamples)).peak;
    }
    return { from: each.from, startMs, endMs: startMs + pcm.length / samplesPerMs, peaks };
  });
}

/** The peak in each of so many columns of the time from 0 to `spanMs`; undefined where there is no sound. */
export function loudness(heard: readonly Heard[], spanMs: number, columns: number): (number | undefined)[] {
  const loudest = new Array<number | undefined>(columns).fill(undefined);
  const columnMs = spanMs / columns;
  for (const { startMs, endMs, peaks } of heard) {
    const last = Math.min(columns, Math.ceil(endMs / columnMs));
    for (let column = Math.floor(startMs / columnMs); column < last; column++) {
      const from = Math.max(0, Math.floor((column * columnMs - startMs) / stepMs));
      const to = Math.min(peaks.length, Math.ceil(((column + 1) * columnMs - startMs) / stepMs));
      for (let step = from; step < to; step++) {
        loudest[column] = Math.max(loudest[column] ?? 0, peaks[step] as number);
      }
    }
  }
  return loudest;
}

/** A peak below is nobody speaking: −34 dB. */
const audiblePeak = 0.02;

/** When somebody is to be heard; what follows at once is one span. */
export function audible(heard: readonly Heard[]): Span[] {
  return heard.flatMap(({ startMs, endMs, peaks }) => {
    const spans: Span[] = [];
    for (let step = 0; step < peaks.length; step++) {
      if ((peaks[step] as number) < audiblePeak) continue;
      const from = startMs + step * stepMs;
      const to = Math.min(endMs, from + stepMs);
      const last = spans.at(-1);
      if (last?.endMs === from) last.endMs = to;
      else spans.push({ startMs: from, endMs: to });
    }
    return spans;
  });
}

/** Times of at least so many ms between spans, in which there is none of them. */
export function gaps(spans: readonly Span[], leastMs: number): Span[] {
  const found: Span[] = [];
  let end: number | undefined;
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    if (end !== undefined && span.startMs - end >= leastMs) found.push({ startMs: end, endMs: span.startMs });
    end = Math.max(end ?? 0, span.endMs);
  }
  return found;
}
