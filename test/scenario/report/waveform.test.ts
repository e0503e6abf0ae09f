import { describe, expect, test } from 'vitest';
import { encodeLaw } from '../../../src/audio/g711.js';
import { audible, gaps, hear, loudness } from '../../../src/scenario/report/waveform.js';
import type { Sound } from '../../../src/scenario/result.js';

/** A square wave of so many ms, and of this loudness. */
const sound = (at_ms: number, ...parts: [ms: number, loud: number][]): Sound => {
  const samples = parts.flatMap(([ms, loud]) =>
    Array.from({ length: ms * 8 }, (_, at) => (at % 16 < 8 ? loud : -loud) * 32_000),
  );
  return { from: 'agent', at_ms, mulaw_8k: encodeLaw(Int16Array.from(samples), 'mulaw').toString('base64') };
};

describe('how loud it is', () => {
  test('column by column, and nothing where there is no sound', () => {
    const heard = hear([sound(200, [100, 0.5], [100, 0], [100, 1])]);
    const columns = loudness(heard, 1000, 10).map((peak) => peak && Number(peak.toFixed(1)));
    expect(columns).toEqual([undefined, undefined, 0.5, 0, 1, ...new Array(5).fill(undefined)]);
  });

  test('what overlaps is as loud as the loudest', () => {
    const heard = hear([sound(0, [100, 0.2]), sound(0, [50, 0.8])]);
    expect(loudness(heard, 100, 2).map((peak) => peak?.toFixed(1))).toEqual(['0.8', '0.2']);
  });

  test('sound beyond the end, or before the beginning, stays within', () => {
    expect(loudness(hear([sound(-50, [100, 1]), sound(900, [500, 1])]), 1000, 4)).toHaveLength(4);
  });

  test('columns shorter than a step are filled too', () => {
    expect(
      loudness(hear([sound(0, [10, 1])]), 10, 40).every((peak) => peak !== undefined && peak > 0.9),
    ).toBe(true);
  });
});

describe('who is to be heard when', () => {
  test('silence within a piece is none of it', () => {
    const heard = hear([sound(1000, [500, 0.5], [1500, 0.01], [250, 0.5])]);
    expect(audible(heard)).toEqual([
      { startMs: 1000, endMs: 1500 },
      { startMs: 3000, endMs: 3250 },
    ]);
  });

  test('a piece that ends within a step ends there', () => {
    expect(audible(hear([sound(0, [7, 1])]))).toEqual([{ startMs: 0, endMs: 7 }]);
  });

  test.each([
    [[[0, 100]], []],
    [
      [
        [0, 100],
        [1099, 1200],
      ],
      [],
    ],
    [
      [
        [0, 100],
        [1100, 1200],
      ],
      [[100, 1100]],
    ],
    [
      [
        [0, 3000],
        [100, 200],
        [4000, 4100],
      ],
      [[3000, 4000]],
    ],
    [
      [
        [4000, 4100],
        [0, 100],
      ],
      [[100, 4000]],
    ],
  ])('between %j there is nothing in %j', (spans, silent) => {
    const of = (pairs: number[][]) => pairs.map(([startMs = 0, endMs = 0]) => ({ startMs, endMs }));
    expect(gaps(of(spans), 1000)).toEqual(of(silent));
  });
});
