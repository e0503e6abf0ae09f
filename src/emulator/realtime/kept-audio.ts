// Audio that somebody may be asked to put into words. A list by its newest end: keeping costs nothing, however long
// somebody speaks. While nobody does, two generations are enough to have what came just before.

import type { Unheard } from './state.js';

interface Chunk {
  readonly pcm: Int16Array;
  readonly rate: number;
  /** Where it ends, in ms of what was heard. */
  readonly endMs: number;
  readonly before: Chunk | undefined;
}

export interface KeptAudio {
  readonly newest: Chunk | undefined;
  readonly older: Chunk | undefined;
  /** Where the newest generation begins. */
  readonly sinceMs: number;
}

export const nothingKept: KeptAudio = { newest: undefined, older: undefined, sinceMs: 0 };

interface Arrival {
  pcm: Int16Array;
  rate: number;
  endMs: number;
}

/** Keeps what arrived; of what came before, at least the last `leastMs`, or all where that is undefined. */
export function keep(kept: KeptAudio, arrival: Arrival, leastMs: number | undefined): KeptAudio {
  const newest = { ...arrival, before: kept.newest };
  if (leastMs === undefined || arrival.endMs - kept.sinceMs < leastMs) return { ...kept, newest };
  return { newest: undefined, older: newest, sinceMs: arrival.endMs };
}

/** The audio between two places, in one piece, at the rate it ended with. */
export function cut(kept: KeptAudio, startMs: number, endMs: number): Omit<Unheard, 'itemId'> {
  const rate = (kept.newest ?? kept.older)?.rate ?? 24_000;
  const pieces: Int16Array[] = [];
  for (const generation of [kept.newest, kept.older]) {
    for (let chunk = generation; chunk !== undefined && chunk.endMs > startMs; chunk = chunk.before) {
      const { pcm, endMs: end } = chunk;
      if (chunk.rate !== rate) continue;
      const place = (ms: number) => pcm.length - Math.round(((end - ms) / 1000) * rate);
      const piece = pcm.subarray(
        Math.max(0, place(startMs)),
        Math.max(0, Math.min(pcm.length, place(endMs))),
      );
      if (piece.length > 0) pieces.push(piece);
    }
  }
  const audio = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces.reverse()) {
    audio.set(piece, at);
    at += piece.length;
  }
  return { audio, rate };
}
