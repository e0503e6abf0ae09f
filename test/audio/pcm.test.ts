// Sound as bytes and as samples. The G.711 values are those of ITU-T G.711, tables 1a to 2b.

import { describe, expect, test } from 'vitest';
import { durationMs, type Format, fromPcm, levelOf, toPcm, wholeSamples } from '../../src/audio/pcm.js';

const pcm: Format = { type: 'audio/pcm', rate: 24_000 };
const ulaw: Format = { type: 'audio/pcmu', rate: 8000 };
const alaw: Format = { type: 'audio/pcma', rate: 8000 };

describe('lengths', () => {
  test.each<[number, Format, number]>([
    [4800, pcm, 100],
    [800, ulaw, 100],
    [800, alaw, 100],
    [44_100, { type: 'audio/pcm', rate: 22_050 }, 1000],
    [0, pcm, 0],
  ])('%i bytes of %o last %d ms', (bytes, format, ms) => {
    expect(durationMs(bytes, format)).toBe(ms);
  });
});

describe('PCM', () => {
  test('is the same as samples and as bytes, wherever the bytes lie', () => {
    const samples = Int16Array.of(0, 1, -1, 32_767, -32_768);
    const bytes = fromPcm(samples, pcm);
    expect([...bytes]).toEqual([0, 0, 1, 0, 255, 255, 255, 127, 0, 128]);
    const shifted = Buffer.concat([Buffer.of(7), bytes]).subarray(1);
    expect([toPcm(bytes, pcm), toPcm(shifted, pcm)]).toEqual([samples, samples]);
  });

  test('loses a byte that makes no sample', () => {
    expect(toPcm(Buffer.of(1, 0, 2), pcm)).toEqual(Int16Array.of(1));
  });
});

describe('pieces', () => {
  test('half a sample at the end waits for its other half', () => {
    const whole = wholeSamples(pcm);
    const pieces = [Buffer.of(1, 0, 2), Buffer.of(0), Buffer.of(3), Buffer.of(0, 4, 0, 5)];
    expect(pieces.map((piece) => [...whole(piece)])).toEqual([[1, 0], [2, 0], [], [3, 0, 4, 0]]);
  });

  test('every byte of G.711 is a sample', () => {
    expect([...wholeSamples(ulaw)(Buffer.of(1, 2, 3))]).toEqual([1, 2, 3]);
  });
});

describe('G.711', () => {
  test.each<[Format, number, number]>([
    [ulaw, 0xff, 0],
    [ulaw, 0x7f, 0],
    [ulaw, 0x80, 32_124],
    [ulaw, 0x00, -32_124],
    [ulaw, 0xf0, 120],
    [ulaw, 0x8f, 16_764],
    [alaw, 0xd5, 8],
    [alaw, 0x55, -8],
    [alaw, 0xaa, 32_256],
    [alaw, 0x2a, -32_256],
    [alaw, 0xc5, 264],
  ])('of %o: byte %i is the sample %i', (format, byte, sample) => {
    expect([...toPcm(Buffer.of(byte), format)]).toEqual([sample]);
  });

  test.each([ulaw, alaw])('of %o: every byte comes back as itself', (format) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const again = fromPcm(toPcm(bytes, format), format);
    // µ-law has two ways to write 0.
    const expected = format === ulaw ? bytes.map((byte) => (byte === 0x7f ? 0xff : byte)) : bytes;
    expect([...again]).toEqual([...expected]);
  });

  test.each([ulaw, alaw])('of %o: keeps every sample within a step of its size', (format) => {
    const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    const again = toPcm(fromPcm(samples, format), format);
    const wrong = samples.filter((sample, at) => {
      const step = Math.max(16, Math.abs(sample) / 16);
      return Math.abs((again[at] as number) - sample) > step + 16;
    });
    expect([...wrong]).toEqual([]);
  });
});

describe('level', () => {
  test('of nothing and of silence is 0', () => {
    expect([levelOf(new Int16Array()), levelOf(new Int16Array(480))]).toEqual([
      { rms: 0, peak: 0 },
      { rms: 0, peak: 0 },
    ]);
  });

  test('of a square wave is its height, of the most negative sample 1', () => {
    const square = Int16Array.from({ length: 480 }, (_, at) => (at % 2 === 0 ? 8192 : -8192));
    expect(levelOf(square)).toEqual({ rms: 0.25, peak: 0.25 });
    expect(levelOf(Int16Array.of(-32_768))).toEqual({ rms: 1, peak: 1 });
  });

  test('of a part looks at that part', () => {
    const half = new Int16Array(200).fill(8192, 100);
    expect([levelOf(half, 0, 100).peak, levelOf(half, 100, 200).rms]).toEqual([0, 0.25]);
  });
});
