import { describe, expect, test } from 'vitest';
import {
  costText,
  counted,
  durationText,
  percentile,
  placeText,
} from '../../../src/scenario/report/words.js';

describe('in words', () => {
  test.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [640.4, '640 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '60 min 0 s'],
  ])('%d ms last %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test.each([
    [0, 20_000, '0:00.0'],
    [7420, 20_000, '0:07.4'],
    [59_960, 90_000, '1:00.0'],
    [125_040, 600_000, '2:05.0'],
    [71.4, 1999, '71 ms'],
  ])('%d ms into %d is %s', (ms, ofMs, text) => {
    expect(placeText(ms, ofMs)).toBe(text);
  });

  test.each([
    [null, 'unknown'],
    ['0', '$0'],
    ['0.0123456', '$0.0123'],
    ['0.0000004', '$0.00000040'],
    ['a lot', 'a lot'],
  ])('%j is %s', (usd, text) => {
    expect(costText(usd)).toBe(text);
  });

  test('one is one, others are many', () => {
    expect([0, 1, 2].map((count) => counted(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs']);
  });
});

test.each([
  [[5], 0.5, 5],
  [[1, 2], 0.5, 1],
  [[1, 2, 3], 0.5, 2],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 1, 3],
  [Array.from({ length: 100 }, (_, at) => at + 1), 0.95, 95],
])('of %j the share %d is below %d', (sorted, share, value) => {
  expect(percentile(sorted, share)).toBe(value);
});
