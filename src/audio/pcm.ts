// Sound as it travels, and as samples: mono, PCM of 16 bits little-endian, or G.711.

import { decodeLaw, encodeLaw } from './g711.js';

export interface Format {
  type: 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';
  /** Samples a second. */
  rate: number;
}

export const bytesPerSample = ({ type }: Format): 1 | 2 => (type === 'audio/pcm' ? 2 : 1);

/** How long so many bytes last, in ms; not rounded. */
export function durationMs(bytes: number, format: Format): number {
  return (bytes / bytesPerSample(format) / format.rate) * 1000;
}

/** Samples from bytes as they travel. A byte that makes no whole sample at the end is left out. */
export function toPcm(bytes: Uint8Array, { type }: Format): Int16Array {
  if (type === 'audio/pcmu') return decodeLaw(bytes, 'mulaw');
  if (type === 'audio/pcma') return decodeLaw(bytes, 'alaw');
  const length = bytes.length >> 1;
  // Samples must lie at even places, which bytes out of the middle of a frame need not.
  const isEven = bytes.byteOffset % 2 === 0;
  const aligned = isEven ? bytes : Uint8Array.prototype.slice.call(bytes);
  return new Int16Array(aligned.buffer, aligned.byteOffset, length);
}

/** Bytes as they travel. Those of `audio/pcm` share their memory with the samples. */
export function fromPcm(pcm: Int16Array, { type }: Format): Buffer {
  if (type === 'audio/pcmu') return encodeLaw(pcm, 'mulaw');
  if (type === 'audio/pcma') return encodeLaw(pcm, 'alaw');
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** Keeps the half of a sample at the end of a piece for the next: one lost byte turns all that follows into noise. */
export function wholeSamples(format: Format): (audio: Buffer) => Buffer {
  let rest = Buffer.alloc(0);
  return (audio) => {
    const bytes = rest.length === 0 ? audio : Buffer.concat([rest, audio]);
    const length = bytes.length - (bytes.length % bytesPerSample(format));
    rest = Buffer.from(bytes.subarray(length));
    return bytes.subarray(0, length);
  };
}

export interface Level {
  /** Root of the mean square, 0 to 1. */
  rms: number;
  /** The farthest sample from silence, 0 to 1. */
  peak: number;
}

const fullScale = 32_768;

/** How loud samples are; those from `start` to before `end`. Nothing is silent. */
export function levelOf(pcm: Int16Array, start = 0, end = pcm.length): Level {
  let squares = 0;
  let peak = 0;
  for (let at = start; at < end; at++) {
    const sample = pcm[at] as number;
    squares += sample * sample;
    if (sample > peak) peak = sample;
    else if (-sample > peak) peak = -sample;
  }
  const samples = end - start;
  return { rms: samples <= 0 ? 0 : Math.sqrt(squares / samples) / fullScale, peak: peak / fullScale };
}
