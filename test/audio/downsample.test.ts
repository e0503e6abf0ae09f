import { describe, expect, test } from 'vitest';
import { createDownsampler } from '../../src/audio/downsample.js';
import { levelOf } from '../../src/audio/pcm.js';

const tone = (hz: number, rate: number, seconds = 1) =>
  Int16Array.from({ length: rate * seconds }, (_, at) => 10_000 * Math.sin((2 * Math.PI * hz * at) / rate));

function lower(pcm: Int16Array, from: number, to: number, pieceLength = pcm.length): Int16Array {
  const downsampler = createDownsampler(from, to);
  const pieces: number[] = [];
  for (let at = 0; at < pcm.length; at += pieceLength) {
    pieces.push(...downsampler.write(pcm.subarray(at, at + pieceLength)));
  }
  return Int16Array.from([...pieces, ...downsampler.flush()]);
}

/** The loudest difference, as a share of full scale; not at the ends, where the filter has half its samples. */
function difference(a: Int16Array, b: Int16Array): number {
  return levelOf(Int16Array.from(a.subarray(50, -50), (each, at) => each - (b[at + 50] as number))).peak;
}

describe('a lower rate', () => {
  test.each([48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 11_025])(
    'from %i a tone keeps its pitch, place and loudness',
    (rate) => {
      const lowered = lower(tone(440, rate), rate, 8000);
      expect(lowered.length).toBe(8000);
      expect(difference(lowered, tone(440, 8000))).toBeLessThan(0.003);
    },
  );

  test('what is too high to be told falls silent, and does not come back lower', () => {
    const lowered = lower(tone(5500, 24_000), 24_000, 8000);
    expect(levelOf(lowered, 50, 7950).peak).toBeLessThan(0.003);
  });

  test.each([1, 7, 240, 1000])('in pieces of %i it is the same', (length) => {
    const pcm = tone(440, 24_000, 0.25);
    expect(lower(pcm, 24_000, 8000, length)).toEqual(lower(pcm, 24_000, 8000));
  });

  test('does not wrap around at full scale', () => {
    const square = Int16Array.from({ length: 2400 }, (_, at) => (at % 240 < 120 ? 32_767 : -32_768));
    const lowered = lower(square, 24_000, 8000);
    expect(lowered.slice(10, 30).every((sample) => sample > 30_000)).toBe(true);
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [4, 2],
  ])('%i samples become %i', (given, left) => {
    expect(lower(new Int16Array(given), 24_000, 8000).length).toBe(left);
  });

  test('the same rate is the same samples', () => {
    const pcm = tone(440, 8000, 0.1);
    expect(lower(pcm, 8000, 8000, 100)).toEqual(pcm);
  });
});
