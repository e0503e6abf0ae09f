import { describe, expect, test } from 'vitest';
import { parseUsd, share, ticksPerUsd, usdExact, usdText } from '../src/money.js';

describe('an amount', () => {
  test.each([
    ['0', 0n],
    ['1', ticksPerUsd],
    ['0.05', 500_000_000n],
    ['0.0000000001', 1n],
    ['900719.9254740993', 9_007_199_254_740_993n],
    ['007.50', 75_000_000_000n],
  ])('%s is read exactly', (text, ticks) => {
    expect(parseUsd(text)).toBe(ticks);
  });

  test.each([
    '',
    '.5',
    '5.',
    '-1',
    '+1',
    '1e-7',
    '0x10',
    'NaN',
    '1,5',
    ' 1',
    '0.00000000001',
    '1.5.2',
    '9'.repeat(10),
  ])('%j is none', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });

  test('is written for programs with every digit and no other', () => {
    expect([0n, 1n, 123_400_000n, 5n * ticksPerUsd, 25n * ticksPerUsd + 1n].map(usdExact)).toEqual([
      '0',
      '0.0000000001',
      '0.01234',
      '5',
      '25.0000000001',
    ]);
  });

  test('comes back from what is written for programs', () => {
    for (let ticks = 1n; ticks < 10n ** 16n; ticks = ticks * 7n + 3n) {
      expect(parseUsd(usdExact(ticks))).toBe(ticks);
    }
  });

  test.each([
    [0n, '$0'],
    [1n, '$0.0000000001'],
    [49_999n, '$0.000005'],
    [499_999n, '$0.000050'],
    [500_000n, '$0.0001'],
    [123_400_000n, '$0.0123'],
    [123_500_000n, '$0.0124'],
    [ticksPerUsd * 1000n, '$1000.0000'],
  ])('%s ticks are shown as %s', (ticks, text) => {
    expect(usdText(ticks)).toBe(text);
  });

  test('above 0 is never shown as nothing', () => {
    for (let ticks = 1n; ticks < ticksPerUsd; ticks = ticks * 2n + 1n)
      expect(usdText(ticks)).toMatch(/[1-9]/);
  });
});

describe('a share of a price', () => {
  test('is rounded to the nearest tick, halves up', () => {
    expect([share(10n, 1, 3), share(10n, 2, 3), share(5n, 1, 2), share(1n, 1, 3), share(7n, 0, 3)]).toEqual([
      3n,
      7n,
      3n,
      0n,
      0n,
    ]);
  });

  test('is exact where it comes out even', () => {
    expect(share(parseUsd('0.05') ?? 0n, 90, 60)).toBe(parseUsd('0.075'));
  });
});
