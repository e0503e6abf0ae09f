// Against published values, by counting every order there is, and by trying thousands of times.

import { describe, expect, test } from 'vitest';
import { createChance } from '../../../src/chance.js';
import {
  criticalPairs,
  median,
  newcombe,
  normalQuantile,
  shift,
  wilson,
} from '../../../src/scenario/report/statistics.js';

const rounded = ({ low, high }: { low: number; high: number }) => [low.toFixed(4), high.toFixed(4)];

describe('the normal distribution', () => {
  test.each([
    [0.5, 0],
    [0.975, 1.959963985],
    [0.95, 1.644853627],
    [0.995, 2.575829304],
    [0.9995, 3.290526731],
    [0.999995, 4.417173413],
    [0.025, -1.959963985],
  ])('has %d below %d', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 8);
  });
});

describe("Wilson's interval", () => {
  // Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
  test.each([
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
  ])('of %d of %d', (passed, of, low, high) => {
    expect(rounded(wilson({ share: passed / of, of }, 0.05))).toEqual([low, high]);
  });
});

describe("Newcombe's interval", () => {
  // Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10.
  test.each([
    [56, 70, 48, 80, '0.0524', '0.3339'],
    [9, 10, 3, 10, '0.1705', '0.8090'],
    [6, 7, 2, 7, '0.0582', '0.8062'],
    [5, 56, 0, 29, '-0.0381', '0.1926'],
    [0, 10, 0, 20, '-0.1611', '0.2775'],
    [0, 10, 0, 10, '-0.2775', '0.2775'],
    [10, 10, 0, 20, '0.6791', '1.0000'],
    [10, 10, 0, 10, '0.6075', '1.0000'],
  ])('of %d/%d less %d/%d', (a, m, b, n, low, high) => {
    const [is, was] = [
      { share: a / m, of: m },
      { share: b / n, of: n },
    ];
    expect(rounded(newcombe(was, is, 0.05))).toEqual([low, high]);
    expect(rounded(newcombe(is, was, 0.05)).map(Number)).toEqual([-Number(high), -Number(low)]);
  });

  test('holds the truth as often as it says', () => {
    const chance = createChance(1, 'newcombe');
    const passed = (of: number, rate: number) => {
      let count = 0;
      for (let each = 0; each < of; each++) if (chance() < rate) count++;
      return { share: count / of, of };
    };
    const rounds = 4000;
    for (const [before, after, of] of [
      [0.9, 0.9, 10],
      [0.9, 0.6, 20],
      [0.5, 0.5, 40],
    ] as const) {
      let missed = 0;
      for (let round = 0; round < rounds; round++) {
        const { low, high } = newcombe(passed(of, before), passed(of, after), 0.05);
        if (after - before < low || after - before > high) missed++;
      }
      expect(missed / rounds).toBeLessThan(0.06);
      expect(missed / rounds).toBeGreaterThan(0.005);
    }
  });
});

describe('the critical value of Mann and Whitney', () => {
  // The table for 5 %, two-sided, as printed in textbooks; none where there are too few.
  test.each([
    [3, 3, -1],
    [3, 4, -1],
    [4, 4, 0],
    [3, 5, 0],
    [5, 5, 2],
    [5, 10, 8],
    [8, 8, 13],
    [10, 10, 23],
    [3, 20, 8],
    [20, 20, 127],
    [1, 30, -1],
  ])('of %d and %d is %d', (m, n, critical) => {
    expect(criticalPairs(m, n, 0.025)).toBe(critical);
    expect(criticalPairs(n, m, 0.025)).toBe(critical);
  });

  test('is what counting every order gives', () => {
    for (const [m, n] of [
      [2, 3],
      [4, 3],
      [5, 4],
    ] as const) {
      const found: number[] = [];
      for (let order = 0; order < 2 ** (m + n); order++) {
        const bits = [...order.toString(2).padStart(m + n, '0')];
        if (bits.filter((bit) => bit === '1').length !== n) continue;
        let zeros = 0;
        let u = 0;
        for (const bit of bits) {
          if (bit === '0') zeros++;
          else u += zeros;
        }
        found.push(u);
      }
      for (const tail of [0.01, 0.05, 0.2, 0.4]) {
        const at = (u: number) => found.filter((each) => each <= u).length / found.length;
        let critical = -1;
        while (at(critical + 1) <= tail + 1e-9) critical++;
        expect(criticalPairs(m, n, tail)).toBe(critical);
      }
    }
  });
});

describe('the shift of one group against another', () => {
  // Hollander and Wolfe, Nonparametric Statistical Methods (1973), p. 69: permeability of the human chorioamnion.
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const early = [1.15, 0.88, 0.9, 0.74, 1.21];

  test('is that of the textbook', () => {
    const found = shift([{ before: early, after: term }], 0.05);
    expect(found?.estimate).toBeCloseTo(0.305, 10);
    expect(found?.interval?.low).toBeCloseTo(-0.15, 10);
    expect(found?.interval?.high).toBeCloseTo(0.76, 10);
  });

  test('turns around with the groups', () => {
    const found = shift([{ before: term, after: early }], 0.05);
    expect(found?.estimate).toBeCloseTo(-0.305, 10);
    expect(found?.interval?.low).toBeCloseTo(-0.76, 10);
  });

  test('is exact where every run took the same', () => {
    const same = { before: [5, 5, 5, 5, 5], after: [7, 7, 7, 7, 7] };
    expect(shift([same], 0.05)).toEqual({ estimate: 2, interval: { low: 2, high: 2 } });
    expect(shift([same, same], 0.05)).toEqual({ estimate: 2, interval: { low: 2, high: 2 } });
  });

  test.each([
    ['one group of three', [{ before: [1, 2, 3], after: [11, 12, 13] }]],
    ['five of one', Array.from({ length: 5 }, () => ({ before: [1], after: [11] }))],
  ])('has no interval for %s', (_, strata) => {
    expect(shift(strata, 0.05)).toEqual({ estimate: 10, interval: undefined });
  });

  test('of single runs is the sign test, from six scenarios on', () => {
    const strata = [1, 2, 3, 4, 5, 6].map((by) => ({ before: [100 * by], after: [101 * by] }));
    expect(shift(strata, 0.05)).toEqual({ estimate: 3.5, interval: { low: 1, high: 6 } });
    expect(shift(strata, 0.01)?.interval).toBeUndefined();
  });

  test('leaves out what only one side has', () => {
    expect(shift([{ before: [], after: [1] }], 0.05)).toBeUndefined();
    const strata = [
      { before: [1], after: [] },
      { before: [1, 1, 1, 1], after: [2, 2, 2, 2] },
    ];
    expect(shift(strata, 0.05)?.interval).toEqual({ low: 1, high: 1 });
  });

  /** Times as they are: never short, sometimes very long. */
  const time = (chance: () => number, typical: number) => typical * (0.7 + 0.3 * -Math.log(1 - chance()));
  const groups: Record<string, readonly (readonly [runs: number, again: number, typical: number])[]> = {
    'one scenario of ten runs': [[10, 10, 400]],
    'one scenario of five and twelve': [[5, 12, 400]],
    'twenty scenarios of one run': Array.from({ length: 20 }, (_, at) => [1, 1, 100 + 90 * at] as const),
    'four scenarios of five runs': [100, 300, 900, 2700].map((typical) => [5, 5, typical] as const),
    'many of one and one of many': [
      [14, 14, 500] as const,
      ...Array.from({ length: 12 }, () => [1, 3, 200] as const),
    ],
  };
  test.each(Object.entries(groups))(
    'sees one where there is none 1 time in 20 at most: %s',
    (name, sizes) => {
      const chance = createChance(2, name);
      const rounds = 2000;
      let wrong = 0;
      for (let round = 0; round < rounds; round++) {
        const strata = sizes.map(([before, after, typical]) => ({
          before: Array.from({ length: before }, () => time(chance, typical)),
          after: Array.from({ length: after }, () => time(chance, typical)),
        }));
        const { low, high } = shift(strata, 0.05)?.interval ?? { low: -1, high: 1 };
        if (low > 0 || high < 0) wrong++;
      }
      expect(wrong / rounds).toBeLessThan(0.06);
      expect(wrong / rounds).toBeGreaterThan(0.015);
    },
  );

  test('sees one that is there, and is right about how large it is', () => {
    const chance = createChance(3, 'shifted');
    const rounds = 500;
    let seen = 0;
    let held = 0;
    for (let round = 0; round < rounds; round++) {
      const before = Array.from({ length: 10 }, () => time(chance, 400));
      const after = Array.from({ length: 10 }, () => time(chance, 400) + 200);
      const { low, high } = shift([{ before, after }], 0.05)?.interval ?? { low: 0, high: 0 };
      if (low > 0) seen++;
      if (low <= 200 && high >= 200) held++;
    }
    expect(seen / rounds).toBeGreaterThan(0.9);
    expect(held / rounds).toBeGreaterThan(0.94);
  });
});

test.each([
  [[], undefined],
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 1, 9, 2], 5.5],
])('the median of %j is %s', (values, middle) => {
  expect(median(values)).toBe(middle);
});
