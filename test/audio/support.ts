// Sound made for tests: speech-like, so that what is asked of it is asked of something that changes slowly.

import { wavHeader } from '../../src/audio/wav-header.js';

/** A voice-like sound from −0.5 to 0.5: a few harmonics that swell and fade as syllables do. */
export function voice(seconds: number, rate: number): Float64Array {
  return Float64Array.from({ length: Math.round(seconds * rate) }, (_, at) => {
    const t = at / rate;
    const swell = Math.sin(Math.PI * 3 * t) ** 2;
    const tone = [1, 2, 3, 5].reduce((sum, n) => sum + Math.sin(2 * Math.PI * 130 * n * t) / n, 0);
    return 0.25 * swell * tone;
  });
}

export interface Wav {
  tag?: number;
  bits?: number;
  channels?: number;
  rate?: number;
  data: Buffer;
  /** Instead of the true one. */
  size?: number;
  /** Chunks between format and data. */
  between?: Buffer;
  extensible?: boolean;
}

export function wavFile({ tag = 1, bits = 16, channels = 1, rate = 24_000, data, ...rest }: Wav): Buffer {
  const header = wavHeader(rate, rest.size ?? data.length);
  const format = header.subarray(12, 36);
  format.writeUInt16LE(rest.extensible ? 0xfffe : tag, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE((rate * channels * bits) / 8, 16);
  format.writeUInt16LE((channels * bits) / 8, 20);
  format.writeUInt16LE(bits, 22);
  const more = rest.extensible ? Buffer.alloc(24) : Buffer.alloc(0);
  if (rest.extensible) {
    format.writeUInt32LE(40, 4);
    more.writeUInt16LE(22, 0);
    more.writeUInt16LE(tag, 8);
  }
  const riff = header.subarray(0, 12);
  return Buffer.concat([riff, format, more, rest.between ?? Buffer.alloc(0), header.subarray(36), data]);
}

/** Samples from −1 to 1 as little-endian integers of so many bits. */
export function integers(samples: Iterable<number>, bits: 8 | 16 | 24 | 32): Buffer {
  const full = 2 ** (bits - 1);
  const bytes = [...samples].map((sample) => {
    const value = Math.max(-full, Math.min(full - 1, Math.round(sample * full)));
    const buffer = Buffer.alloc(bits / 8);
    if (bits === 8) buffer.writeUInt8(value + 128);
    else buffer.writeIntLE(value, 0, bits / 8);
    return buffer;
  });
  return Buffer.concat(bytes);
}
