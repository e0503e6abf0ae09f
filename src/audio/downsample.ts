// A lower rate, piece by piece: for sound that is looked at and listened to again, in the quality of a telephone. What
// a model is to hear goes the better way of `wav.ts`, which takes six times as long.

export interface Downsampler {
  /** What is ready of it: the end of a piece waits for the next. */
  write(pcm: Int16Array): Int16Array;
  /** What is left. Nothing may be written afterwards. */
  flush(): Int16Array;
}

/** How many times the filter swings on each side. */
const swings = 5;
/** Of half the lower rate: what lies above is not to come back as a lower tone. */
const passed = 0.9;

/** Samples a second, both; `to` is not above `from`. */
export function createDownsampler(from: number, to: number): Downsampler {
  if (from === to) return { write: (pcm) => pcm, flush: () => new Int16Array() };
  const divisor = greatestCommon(from, to);
  const step = from / divisor;
  const phases = to / divisor;
  const reach = Math.ceil((swings * from) / to);
  const filters = Array.from({ length: phases }, (_, phase) => filter(phase / phases, from / to, reach));
  let kept = new Int16Array(reach);
  /** The place of the first of `kept` in all that was written. */
  let start = -reach;
  let written = 0;
  let made = 0;

  function make(pcm: Int16Array, most: number): Int16Array {
    const joined = new Int16Array(kept.length + pcm.length);
    joined.set(kept);
    joined.set(pcm, kept.length);
    const ready = Math.ceil(((start + joined.length - reach) * to) / from);
    const result = new Int16Array(Math.max(0, Math.min(ready, most) - made));
    for (let at = 0; at < result.length; at++, made++) {
      const first = Math.floor((made * step) / phases) - reach + 1 - start;
      result[at] = weighed(joined, first, filters[(made * step) % phases] as Float32Array);
    }
    const unneeded = Math.max(0, Math.floor((made * step) / phases) - reach - start);
    kept = joined.slice(unneeded);
    start += unneeded;
    return result;
  }

  return {
    write: (pcm) => {
      written += pcm.length;
      return make(pcm, Number.POSITIVE_INFINITY);
    },
    flush: () => make(new Int16Array(reach + 1), Math.ceil((written * to) / from)),
  };
}

function weighed(samples: Int16Array, first: number, weights: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) {
    sum += (samples[first + at] as number) * (weights[at] as number);
  }
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}

/** A sinc that fades out, around a place between two samples; what it weighs keeps its loudness. */
function filter(fraction: number, ratio: number, reach: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, at) => {
    const x = (at - reach + 1 - fraction) / ratio;
    const fade = Math.abs(x) >= swings ? 0 : Math.cos((Math.PI * x) / swings / 2) ** 2;
    const swing = Math.PI * x * passed;
    return fade * (swing === 0 ? 1 : Math.sin(swing) / swing);
  });
  const sum = weights.reduce((all, each) => all + each, 0);
  return weights.map((each) => each / sum);
}

function greatestCommon(a: number, b: number): number {
  return b === 0 ? a : greatestCommon(b, a % b);
}
