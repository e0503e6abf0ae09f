// At what rate sound really comes, where it comes at the pace of speech: a session that takes it for another hears it
// too fast or too slow.

import { audioRates } from '../../protocol/realtime-session.js';
import type { Format } from './encoding.js';

/** Pieces further apart are no stream. */
const mostApartMs = 350;
const windowMs = 1000;
/** So many windows in a row must agree. */
const windows = 5;

/** Takes pieces with their times; gives what they really are, once it is beyond doubt that the format is another. */
export function createPace(): (bytes: number, atMs: number, format: Format) => string | undefined {
  let startMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  /** Bytes by windows since the start. */
  let counts: number[] = [];
  return (bytes, atMs, format) => {
    if (atMs - lastMs > mostApartMs) {
      startMs = atMs;
      counts = [];
    }
    lastMs = atMs;
    const at = Math.floor((atMs - startMs) / windowMs);
    while (counts.length <= at) counts.push(0);
    if (at === windows) return rateOf(counts.slice(0, windows), format);
    if (at > windows) return undefined;
    counts[at] = (counts[at] ?? 0) + bytes;
    return undefined;
  };
}

function rateOf(counts: readonly number[], format: Format): string | undefined {
  const perSecond = counts.reduce((sum, count) => sum + count, 0) / ((windows * windowMs) / 1000);
  const isSteady = counts.every(
    (count) => Math.abs(count * (1000 / windowMs) - perSecond) <= perSecond * 0.2,
  );
  if (!isSteady || near(perSecond, bytesPerSecond(format), 0.1)) return undefined;
  const others: Format[] = [
    ...audioRates.map((rate) => ({ type: 'audio/pcm', rate })),
    { type: 'audio/pcmu', rate: 8000 },
  ];
  const real = others.find((other) => near(perSecond, bytesPerSecond(other), 0.025));
  if (real === undefined) return undefined;
  return real.type === 'audio/pcm' ? `PCM at ${real.rate} Hz` : 'G.711 at 8000 Hz';
}

const near = (value: number, wanted: number, part: number) => Math.abs(value - wanted) <= wanted * part;

function bytesPerSecond({ type, rate }: Format): number {
  return type === 'audio/pcm' ? rate * 2 : rate;
}
