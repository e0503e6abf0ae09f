// Where the sound lies in a WAV file, and what is wrong with files that are none. Nothing is decoded here.

import { CliError } from '../errors.js';

export interface WavLayout {
  encoding: 'pcm' | 'float' | 'alaw' | 'mulaw';
  bits: number;
  channels: number;
  /** Samples a second, of each channel. */
  rate: number;
  /** Bytes of one sample of every channel. */
  frameBytes: number;
  /** Place of the first byte of sound, and the number of them: whole frames. */
  start: number;
  bytes: number;
}

/** More is no spoken turn. */
export const longestSeconds = 30 * 60;

const encodings: Record<number, { encoding: WavLayout['encoding']; bits: number[] }> = {
  1: { encoding: 'pcm', bits: [8, 16, 24, 32] },
  3: { encoding: 'float', bits: [32, 64] },
  6: { encoding: 'alaw', bits: [8] },
  7: { encoding: 'mulaw', bits: [8] },
};
const extensible = 0xfffe;

const otherCodecs: Record<number, string> = {
  2: 'Microsoft ADPCM',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
};

/** Sizes that writers to a pipe leave behind, who could not go back to fill them in (0, 4 GiB, and sox's 2 GiB). */
const isUnknownSize = (size: number) => size === 0 || size >= 0x7fff_0000;

/** Throws CliError `unreadable` saying what the file is instead, or what is wrong with it. */
export function wavLayout(file: Buffer, named: string): WavLayout {
  const fault = (problem: string, hint: string = howToConvert) =>
    new CliError('unreadable', `${named} ${problem}`, { hint });
  if (file.length === 0) throw fault('is empty', 'record something into it');
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw fault(`is not a WAV file: ${looksLike(file)}`);
  }
  let format: Omit<WavLayout, 'start' | 'bytes'> | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'fmt ') format = readFormat(file.subarray(start, start + size), fault);
    if (name === 'data') {
      if (format === undefined) throw fault('is damaged: its sound comes before its format');
      return soundOf(file, start, size, format, fault);
    }
    // Chunks begin at even places.
    at = start + size + (size % 2);
  }
  throw fault(
    format === undefined ? 'is cut off in its header' : 'holds no sound: it has no data chunk',
    'copy or record it again',
  );
}

const howToConvert = 'convert it, for example: ffmpeg -i <file> -ac 1 -c:a pcm_s16le out.wav';

type Fault = (problem: string, hint?: string) => CliError;

function readFormat(chunk: Buffer, fault: Fault): Omit<WavLayout, 'start' | 'bytes'> {
  if (chunk.length < 16) throw fault('is cut off in its header', 'copy or record it again');
  const given = chunk.readUInt16LE(0);
  // The true format is the beginning of a GUID then.
  const tag = given === extensible && chunk.length >= 26 ? chunk.readUInt16LE(24) : given;
  const channels = chunk.readUInt16LE(2);
  const rate = chunk.readUInt32LE(4);
  const frameBytes = chunk.readUInt16LE(12);
  const bits = chunk.readUInt16LE(14);
  const known = encodings[tag];
  if (known === undefined) {
    throw fault(`is compressed as ${otherCodecs[tag] ?? `format 0x${tag.toString(16)}`}, not PCM`);
  }
  if (!known.bits.includes(bits)) throw fault(`holds ${bits}-bit samples (${known.encoding}), not read here`);
  if (channels === 0 || channels > 64) throw fault(`says it has ${channels} channels`);
  if (rate < 2000 || rate > 384_000) throw fault(`says it has ${rate} samples a second`);
  if (frameBytes !== (channels * bits) / 8) {
    throw fault(`contradicts itself: ${channels} × ${bits} bits are not ${frameBytes} bytes`);
  }
  return { encoding: known.encoding, bits, channels, rate, frameBytes };
}

function soundOf(
  file: Buffer,
  start: number,
  size: number,
  format: Omit<WavLayout, 'start' | 'bytes'>,
  fault: Fault,
): WavLayout {
  const there = file.length - start;
  const seconds = (bytes: number) => (bytes / format.frameBytes / format.rate).toFixed(1);
  if (size > there && !isUnknownSize(size)) {
    throw fault(
      `is cut off: it promises ${seconds(size)} s of sound and holds ${seconds(there)} s`,
      'copy or record it again',
    );
  }
  const given = isUnknownSize(size) ? there : size;
  const bytes = given - (given % format.frameBytes);
  if (bytes === 0) throw fault('holds no sound: its data is empty', 'record something into it');
  if (bytes / format.frameBytes / format.rate > longestSeconds) {
    throw fault(`lasts longer than ${longestSeconds / 60} minutes`, 'cut it into turns');
  }
  return { ...format, start, bytes };
}

const beginnings: readonly [begins: RegExp, what: string][] = [
  [/^(ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff])/, 'it looks like MP3'],
  [/^OggS/, 'it looks like Ogg (Vorbis or Opus)'],
  [/^fLaC/, 'it looks like FLAC'],
  [/^RIFF/, 'it looks like another kind of RIFF file, such as AVI'],
  [/^RIFX/, 'it is a big-endian WAV (RIFX)'],
  [/^(RF64|BW64)/, 'it is a WAV for more than 4 GiB (RF64)'],
  [/^FORM/, 'it looks like AIFF'],
  [/^\.snd/, 'it looks like Sun audio (.au)'],
  [/^#!AMR/, 'it looks like AMR'],
  [/^....ftyp/s, 'it looks like MP4 or M4A'],
  [/^\x1a\x45\xdf\xa3/, 'it looks like WebM'],
  [/^\s*(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head|body)/i, 'it looks like a web page'],
  [/^\s*[[{"]/, 'it looks like JSON'],
  [/^[\t\n\r\x20-\x7e]{16,}/, 'it looks like text'],
];

function looksLike(file: Buffer): string {
  const begins = file.toString('latin1', 0, 512);
  return beginnings.find(([pattern]) => pattern.test(begins))?.[1] ?? 'it has no header, as raw PCM has none';
}
