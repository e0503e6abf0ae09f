// How much there may be of something: in bounds or not, and said in words.

import type { Range } from '../format.js';

export interface Bounds {
  least?: number | undefined;
  most?: number | undefined;
}

/** A number alone is the most. */
export const boundsOf = (range: Range): Bounds => (typeof range === 'number' ? { most: range } : range);

export const isWithin = (value: number, { least, most }: Bounds) =>
  (least === undefined || value >= least) && (most === undefined || value <= most);

/** "at most 2 questions", "1 to 3 s", "exactly 1 word". */
export function boundsText({ least, most }: Bounds, unit: (value: number) => string): string {
  if (least === undefined) return most === undefined ? 'any number' : `at most ${unit(most)}`;
  if (most === undefined) return `at least ${unit(least)}`;
  return least === most ? `exactly ${unit(most)}` : `${unit(least)} to ${unit(most)}`;
}

/** "1 word", "2 words". */
export const counted = (noun: string) => (value: number) => `${value} ${noun}${value === 1 ? '' : 's'}`;

// What is measured is rounded before it is compared: what is shown beside a limit is what met it, or did not.

/** Seconds as they are compared and shown. */
export const rounded = (seconds: number) => Math.round(seconds * 100) / 100;

/** "2.5 s". */
export const seconds = (value: number) => `${value} s`;

/** "640 ms". */
export const milliseconds = (value: number) => `${value} ms`;
