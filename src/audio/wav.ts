// A WAV file as a session takes it, whatever its rate, width and channels are. Loaded when there is one to read.

import { decoder } from '@audio/decode-wav';
import { stream } from '@audio/resample-polyphase';
import { type AudioWarning, levels } from './levels.js';
import { unknownSize, wavHeader } from './wav-header.js';
import { type WavLayout, wavLayout } from './wav-layout.js';

export interface WavAudio {
  /** Mono, at the rate asked for. */
  pcm: Int16Array;
  seconds: number;
  source: WavLayout;
  /** What makes it hard to hear. */
  warnings: AudioWarning[];
}

/** What one reading of the file may hold. */
export const largestWavBytes = 128 * 1024 * 1024;

const pieceBytes = 1024 * 1024;

/** Samples of a WAV file, mixed to mono, at `rate`. Throws CliError `unreadable` for what is none. */
export function readWav(file: Buffer, rate: number, named: string): WavAudio {
  const source = wavLayout(file, named);
  const data = file.subarray(source.start, source.start + source.bytes);
  const pcm = decodeMono(file, source);
  const isPcm = source.encoding === 'pcm' && source.channels === 1;
  return {
    pcm: resample(pcm, source.rate, rate),
    seconds: pcm.length / source.rate,
    source,
    warnings: levels(pcm, isPcm ? { data, bits: source.bits } : undefined),
  };
}

/** Piece by piece: the library's samples are four bytes each. */
function decodeMono(file: Buffer, layout: WavLayout): Int16Array {
  const { start, bytes, frameBytes, channels } = layout;
  const mono = new Int16Array(bytes / frameBytes);
  const decoding = decoder();
  decoding.decode(plainHeader(layout));
  let written = 0;
  const end = start + bytes;
  const step = pieceBytes - (pieceBytes % frameBytes);
  for (let at = start; at < end; at += step) {
    const { channelData } = decoding.decode(view(file, at, Math.min(at + step, end)));
    const length = channelData[0]?.length ?? 0;
    for (let frame = 0; frame < length; frame++) {
      let sum = 0;
      for (const channel of channelData) sum += channel[frame] as number;
      mono[written++] = toSample(sum / channels);
    }
  }
  decoding.free();
  return mono;
}

/** The library copies with `slice` what is not aligned, which a Buffer understands differently. */
const view = (file: Buffer, from: number, to: number) =>
  new Uint8Array(file.buffer, file.byteOffset + from, to - from);

const tags = { pcm: 1, float: 3, alaw: 6, mulaw: 7 };

/** A plain header of our own: the library pads no chunks, and knows the sound's end only from its size. */
function plainHeader({ encoding, channels, rate, frameBytes, bits }: WavLayout): Buffer {
  const header = wavHeader(rate, unknownSize);
  header.writeUInt16LE(tags[encoding], 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  return header;
}

function resample(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm;
  const length = Math.round((pcm.length * to) / from);
  const result = new Int16Array(length);
  const resampling = stream({ from, to });
  let written = 0;
  const take = (samples: Float32Array) => {
    for (let at = 0; at < samples.length && written < length; at++) {
      result[written++] = toSample(samples[at] as number);
    }
  };
  for (let at = 0; at < pcm.length; at += pieceBytes) {
    take(resampling.write(Float32Array.from(pcm.subarray(at, at + pieceBytes), fromSample)));
  }
  take(resampling.flush());
  return result;
}

// The library's scale: −1 is −32768 and +1 is +32767, so that a sample comes back as itself.
const fromSample = (sample: number) => (sample < 0 ? sample / 32_768 : sample / 32_767);

function toSample(value: number): number {
  // What is no number is no sound.
  if (Number.isNaN(value)) return 0;
  const limited = Math.max(-1, Math.min(1, value));
  return Math.round(limited < 0 ? limited * 32_768 : limited * 32_767);
}
