// WAV files in, samples of the session out; and what is said of files that cannot be read.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromPcm, levelOf } from '../../src/audio/pcm.js';
import { readWav } from '../../src/audio/wav.js';
import { wavHeader } from '../../src/audio/wav-header.js';
import { CliError } from '../../src/errors.js';
import { root } from '../support/agents.js';
import { integers, voice, type Wav, wavFile } from './support.js';

const rate = 24_000;
const spoken = voice(0.5, rate);
const pcm16 = integers(spoken, 16);
const expected = Int16Array.from(spoken, (sample) => Math.round(sample * 32_768));
const read = (file: Wav, to = rate) => readWav(wavFile(file), to, 'a.wav');

/** The largest difference of two sounds, as a share of full scale, a few samples at the ends left out. */
function difference(a: Int16Array, b: Int16Array): number {
  let most = 0;
  for (let at = 100; at < a.length - 100; at++) {
    most = Math.max(most, Math.abs((a[at] as number) - (b[at] as number)));
  }
  return most / 32_768;
}

const floats = Buffer.concat(
  [...spoken].map((sample) => {
    const buffer = Buffer.alloc(4);
    buffer.writeFloatLE(sample);
    return buffer;
  }),
);
const doubles = Buffer.from(spoken.buffer);
const law = (type: 'audio/pcmu' | 'audio/pcma') => fromPcm(expected, { type, rate });

describe('what is read', () => {
  test.each<[string, Wav, number]>([
    ['16 bits', { data: pcm16 }, 0],
    ['8 bits', { bits: 8, data: integers(spoken, 8) }, 0.008],
    ['24 bits', { bits: 24, data: integers(spoken, 24) }, 0.0001],
    ['32 bits', { bits: 32, data: integers(spoken, 32) }, 0.0001],
    ['float', { tag: 3, bits: 32, data: floats }, 0.0001],
    ['double', { tag: 3, bits: 64, data: doubles }, 0.0001],
    ['µ-law', { tag: 7, bits: 8, data: law('audio/pcmu') }, 0.02],
    ['A-law', { tag: 6, bits: 8, data: law('audio/pcma') }, 0.02],
    ['extensible', { extensible: true, data: pcm16 }, 0],
    ['a chunk of odd size before the sound', { between: Buffer.from('LIST\x03\0\0\0abc\0'), data: pcm16 }, 0],
    ['a size nobody filled in', { size: 0xffff_ffff, data: pcm16 }, 0],
    ['a size of 0', { size: 0, data: pcm16 }, 0],
    ['half a sample at the end', { size: 0, data: Buffer.concat([pcm16, Buffer.of(1)]) }, 0],
  ])('%s', (_, file, most) => {
    const { pcm, seconds, warnings } = read(file);
    expect(pcm.length).toBe(expected.length);
    expect(difference(pcm, expected)).toBeLessThanOrEqual(most);
    expect(seconds).toBeCloseTo(0.5);
    expect(warnings).toEqual([]);
  });

  test('every sample of 16 bits comes back as itself', () => {
    const all = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    expect(read({ data: fromPcm(all, { type: 'audio/pcm', rate }) }).pcm).toEqual(all);
  });

  test('channels are mixed: opposite ones cancel out, one of two is half as loud', () => {
    const both = [...spoken].flatMap((sample) => [sample, -sample]);
    expect(levelOf(read({ channels: 2, data: integers(both, 16) }).pcm).peak).toBeLessThan(0.0001);
    const left = [...spoken].flatMap((sample) => [sample, 0]);
    const half = expected.map((sample) => sample / 2);
    expect(difference(read({ channels: 2, data: integers(left, 16) }).pcm, half)).toBeLessThan(0.0001);
  });

  test.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])(
    'from %i samples a second: as long, and the same sound',
    (from) => {
      const { pcm } = read({ rate: from, data: integers(voice(0.5, from), 16) });
      expect(Math.abs(pcm.length - expected.length)).toBeLessThanOrEqual(1);
      expect(difference(pcm.subarray(0, 12_000), expected)).toBeLessThan(0.005);
    },
  );

  test('what the new rate cannot hold is taken out, not folded into it', () => {
    const shrill = Float64Array.from({ length: 48_000 }, (_, at) =>
      Math.sin((2 * Math.PI * 9000 * at) / 48_000),
    );
    const { pcm } = read({ rate: 48_000, data: integers(shrill, 16) }, 8000);
    expect(levelOf(pcm, 200, pcm.length - 200).peak).toBeLessThan(0.001);
  });

  test('floats that are too loud or no numbers are limited, not wrapped', () => {
    const wild = Buffer.alloc(16);
    [2, -2, Number.NaN, Number.POSITIVE_INFINITY].forEach(
      (value, at) => void wild.writeFloatLE(value, at * 4),
    );
    expect([...read({ tag: 3, bits: 32, data: wild }).pcm]).toEqual([32_767, -32_768, 0, 32_767]);
  });

  test('what we write ourselves', () => {
    const file = Buffer.concat([wavHeader(rate, pcm16.length), pcm16]);
    expect(readWav(file, rate, 'a.wav').pcm).toEqual(expected);
  });

  test('the spoken request that comes with the package, with nothing wrong', () => {
    const file = readFileSync(join(root, 'fixtures/clinic/request.wav'));
    const { source, seconds, warnings } = readWav(file, rate, 'request.wav');
    expect(source).toMatchObject({ encoding: 'pcm', bits: 16, channels: 1, rate: 16_000 });
    expect([seconds > 2 && seconds < 6, file.length < 150_000, warnings]).toEqual([true, true, []]);
  });
});

describe('what is refused', () => {
  const told = (file: Buffer) => {
    try {
      readWav(file, rate, 'a.wav');
    } catch (error) {
      if (error instanceof CliError && error.code === 'unreadable') return error.message;
      throw error;
    }
    return 'nothing';
  };

  test.each<[string | Buffer, string]>([
    ['', 'a.wav is empty'],
    ['ID3\x04\0\0', 'a.wav is not a WAV file: it looks like MP3'],
    [Buffer.of(0xff, 0xfb, 0x90, 0), 'a.wav is not a WAV file: it looks like MP3'],
    ['OggS\0\x02', 'a.wav is not a WAV file: it looks like Ogg (Vorbis or Opus)'],
    ['fLaC\0', 'a.wav is not a WAV file: it looks like FLAC'],
    ['\n<!DOCTYPE html><html>', 'a.wav is not a WAV file: it looks like a web page'],
    ['{"error":"not found"}', 'a.wav is not a WAV file: it looks like JSON'],
    ['This is only a text file', 'a.wav is not a WAV file: it looks like text'],
    ['\0\0\0\x20ftypM4A ', 'a.wav is not a WAV file: it looks like MP4 or M4A'],
    [Buffer.alloc(4800, 3), 'a.wav is not a WAV file: it has no header, as raw PCM has none'],
    ['RIFF\0\0\0\0WAVE', 'a.wav is cut off in its header'],
    ['RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0', 'a.wav is cut off in its header'],
    ['RIFF\0\0\0\0WAVEdata\x10\0\0\0\x01\0', 'a.wav is damaged: its sound comes before its format'],
    [wavFile({ data: Buffer.alloc(0) }), 'a.wav holds no sound: its data is empty'],
    [wavFile({ data: pcm16 }).subarray(0, 36), 'a.wav holds no sound: it has no data chunk'],
    [
      wavFile({ data: pcm16 }).subarray(0, 44 + 4800),
      'a.wav is cut off: it promises 0.5 s of sound and holds 0.1 s',
    ],
    [wavFile({ tag: 17, bits: 4, data: pcm16 }), 'a.wav is compressed as IMA ADPCM, not PCM'],
    [wavFile({ tag: 85, data: pcm16 }), 'a.wav is compressed as MP3, not PCM'],
    [wavFile({ tag: 0x1234, data: pcm16 }), 'a.wav is compressed as format 0x1234, not PCM'],
    [wavFile({ bits: 12, data: pcm16 }), 'a.wav holds 12-bit samples (pcm), not read here'],
    [wavFile({ channels: 0, data: pcm16 }), 'a.wav says it has 0 channels'],
    [wavFile({ rate: 3, data: pcm16 }), 'a.wav says it has 3 samples a second'],
    [wavFile({ rate: 2000, data: Buffer.alloc(2000 * 2 * 1801) }), 'a.wav lasts longer than 30 minutes'],
  ])('%o', (file, message) => {
    expect(told(Buffer.from(file as string, 'latin1'))).toBe(message);
  });

  test('any damage is told or read, never thrown at the person', () => {
    const whole = wavFile({ data: pcm16.subarray(0, 480) });
    // The same damage every time: a fixed sequence stands in for chance.
    let seed = 1;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 500; round++) {
      const file = Buffer.from(whole.subarray(0, next(2) === 0 ? whole.length : next(whole.length)));
      for (let n = next(4); n >= 0 && file.length > 0; n--) file[next(Math.min(file.length, 48))] = next(256);
      told(file);
    }
  });
});
