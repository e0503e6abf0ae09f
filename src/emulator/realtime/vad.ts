// When somebody speaks: frames of 20 ms, told from silence by their level. Pure; time is what was heard, not a clock.
//
// `threshold` (0.1 to 0.9, as the session has it) says how loud and how far above the noise a frame must be:
//
//   level     -60 dBFS at 0.1, -36 dBFS at 0.9, evenly between: -48 at 0.5, -37.5 at 0.85
//   margin    1.7 times the noise at 0.1, 3.3 times at 0.9: 2.5 at 0.5
//
// The noise is the quietest frame of the last three seconds, so a steady hum is no speech for longer than that, and
// a voice, which pauses, is not taken for noise. Three loud frames in a row begin speech: a click does not.

import { levelOf } from '../../audio/pcm.js';

export const frameMs = 20;
const framesToBegin = 3;
/** The noise is remembered as the quietest frame of each of the last so many half seconds. */
const blockFrames = 25;
const blocks = 6;
/** How often progress is told while somebody speaks. */
const progressFrames = 1000 / frameMs;

export interface VadSettings {
  threshold: number;
  /** How long silence lasts before speech is over. */
  silenceMs: number;
}

export interface Vad {
  /** Frames so far: the time of what was heard. */
  readonly frames: number;
  /** What made no whole frame yet. */
  readonly rest: Int16Array;
  readonly rate: number;
  /** Loud frames in a row. */
  readonly loud: number;
  /** Where speech began, in frames; undefined while nobody speaks. */
  readonly begunAt?: number | undefined;
  /** Quiet frames in a row while somebody speaks. */
  readonly quiet: number;
  /** The quietest level of this half second so far, and of those before it, newest last. */
  readonly quietest: number;
  readonly floors: readonly number[];
}

export const silentVad: Vad = {
  frames: 0,
  rest: new Int16Array(),
  rate: 0,
  loud: 0,
  quiet: 0,
  quietest: Number.POSITIVE_INFINITY,
  // Silence before the beginning: speech from the first frame on is speech.
  floors: new Array<number>(blocks).fill(0),
};

/** `atMs` counts from the first sample ever heard. */
export type Happening = { kind: 'began' | 'goes on' | 'ended'; atMs: number };

/** How loud a frame has to be, as root of the mean square from 0 to 1. */
export function leastLevel(threshold: number, noise: number): number {
  return Math.max(10 ** ((30 * threshold - 63) / 20), noise * (1.5 + 2 * threshold));
}

/** Hears samples. Speech that `ended` did so `silenceMs` ago. */
export function hearSamples(
  before: Vad,
  samples: Int16Array,
  rate: number,
  { threshold, silenceMs }: VadSettings,
): { vad: Vad; happenings: Happening[] } {
  const rest = before.rate === rate ? before.rest : new Int16Array();
  const pcm = rest.length === 0 ? samples : joined(rest, samples);
  const perFrame = (rate / 1000) * frameMs;
  const silentFrames = Math.max(1, Math.ceil(silenceMs / frameMs));
  let { frames, loud, begunAt, quiet, quietest } = before;
  let floors = before.floors;
  const happenings: Happening[] = [];

  let at = 0;
  for (; at + perFrame <= pcm.length; at += perFrame) {
    const { rms } = levelOf(pcm, at, at + perFrame);
    const isLoud = rms >= leastLevel(threshold, Math.min(...floors));
    frames++;
    loud = isLoud ? loud + 1 : 0;
    quietest = Math.min(quietest, rms);
    if (frames % blockFrames === 0) {
      floors = [...floors.slice(1), quietest];
      quietest = Number.POSITIVE_INFINITY;
    }
    if (begunAt === undefined) {
      if (loud < framesToBegin) continue;
      begunAt = frames - loud;
      quiet = 0;
      happenings.push({ kind: 'began', atMs: begunAt * frameMs });
      continue;
    }
    quiet = isLoud ? 0 : quiet + 1;
    if (quiet >= silentFrames) {
      happenings.push({ kind: 'ended', atMs: frames * frameMs });
      begunAt = undefined;
      loud = 0;
    } else if ((frames - begunAt) % progressFrames === 0) {
      happenings.push({ kind: 'goes on', atMs: frames * frameMs });
    }
  }
  const vad = { frames, rest: pcm.slice(at), rate, loud, begunAt, quiet, quietest, floors };
  return { vad, happenings };
}

/** Nobody speaks any more; what was heard of the noise still holds. */
export function endSpeech(vad: Vad): Vad {
  return { ...vad, begunAt: undefined, loud: 0, quiet: 0 };
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Whether there is a voice in it at all, however soft. */
export function hasSpeech(pcm: Int16Array, rate: number): boolean {
  return hearSamples(silentVad, pcm, rate, anySpeech).happenings.length > 0;
}

/** The settings that take anything for speech which is none of the noise, and never end it. */
export const anySpeech: VadSettings = { threshold: 0.1, silenceMs: Number.POSITIVE_INFINITY };
