// Keeps the sound of a run for its report, small: 8 kHz µ-law, in pieces that lie where they were to be heard. An
// answer arrives faster than it plays, so its sound is queued as a listener's device would.

import { createDownsampler, type Downsampler } from '../../audio/downsample.js';
import { encodeLaw } from '../../audio/g711.js';
import { type Format, toPcm, wholeSamples } from '../../audio/pcm.js';
import type { Sound } from '../result.js';

export interface SoundKeeper {
  /** Sound as it arrives, in the session's format; `atMs` counts from the start of the conversation. */
  add(from: Sound['from'], atMs: number, audio: Buffer): void;
  /** Who speaks falls silent: what was to be heard from `atMs` on is dropped. */
  cut(from: Sound['from'], atMs: number): void;
  /** All of it, in order of time. */
  sound(): Sound[];
}

const rate = 8000;
const samplesPerMs = rate / 1000;
/** Sound that comes so much later than the last has ended is still the same piece: lines and timers are not exact. */
const lateMs = 200;

interface Piece {
  startMs: number;
  endMs: number;
  parts: Buffer[];
}

export function createSoundKeeper(format: Format): SoundKeeper {
  const sides = { user: createSide(format), agent: createSide(format) };
  return {
    add: (from, atMs, audio) => sides[from].add(atMs, audio),
    cut: (from, atMs) => sides[from].cut(atMs),
    sound: () =>
      (['user', 'agent'] as const)
        .flatMap((from) => sides[from].pieces().map((piece) => soundOf(from, piece)))
        .sort((a, b) => a.at_ms - b.at_ms),
  };
}

function createSide(format: Format) {
  let whole = wholeSamples(format);
  let pieces: Piece[] = [];
  let open: { piece: Piece; lowering: Downsampler } | undefined;

  function begin(startMs: number) {
    const piece: Piece = { startMs, endMs: startMs, parts: [] };
    pieces.push(piece);
    open = { piece, lowering: createDownsampler(format.rate, rate) };
    return open;
  }

  function close(): void {
    open?.piece.parts.push(encodeLaw(open.lowering.flush(), 'mulaw'));
    open = undefined;
  }

  return {
    add(atMs: number, audio: Buffer): void {
      const pcm = toPcm(whole(audio), format);
      if (pcm.length === 0) return;
      const endMs = pieces.at(-1)?.endMs ?? 0;
      if (atMs > endMs + lateMs) close();
      const { piece, lowering } = open ?? begin(Math.max(atMs, endMs));
      piece.parts.push(encodeLaw(lowering.write(pcm), 'mulaw'));
      piece.endMs += (pcm.length / format.rate) * 1000;
    },
    cut(atMs: number): void {
      close();
      whole = wholeSamples(format);
      pieces = pieces.filter(({ startMs }) => startMs < atMs);
      const last = pieces.at(-1);
      if (last === undefined || last.endMs <= atMs) return;
      last.parts = [Buffer.concat(last.parts).subarray(0, Math.round((atMs - last.startMs) * samplesPerMs))];
      last.endMs = atMs;
    },
    pieces(): readonly Piece[] {
      close();
      return pieces;
    },
  };
}

const soundOf = (from: Sound['from'], { startMs, parts }: Piece): Sound => ({
  from,
  at_ms: Math.round(startMs),
  mulaw_8k: Buffer.concat(parts).toString('base64'),
});
