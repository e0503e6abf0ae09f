// Money as exact integers. The unit is the service's own: 10^10 ticks are 1 US dollar, so a price of the wire, a rate
// a person wrote and what is made of them add up without a fraction. A leaf: it imports nothing.
//
// What is rounded, and when: a share of a rate (seconds of a minute, calls of a thousand) to the nearest tick, halves
// up, once for each line of a bill; what is printed for people to 4 decimals, or as many as it takes to differ from 0.

/** An amount of US dollars. */
export type Ticks = bigint;

export const ticksPerUsd = 10_000_000_000n;
const decimals = 10;

/** "0.05", exactly; undefined for anything but a plain decimal number of at most 10 decimals. */
export function parseUsd(text: string): Ticks | undefined {
  const [, whole = '', part = ''] = /^(\d{1,9})(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  if (whole === '') return undefined;
  return BigInt(whole) * ticksPerUsd + BigInt(part.padEnd(decimals, '0'));
}

/** `count` of the `of` units that cost `price` together. */
export function share(price: Ticks, count: number, of: number): Ticks {
  return divide(price * BigInt(count), BigInt(of));
}

/** The nearest whole number, halves up. Neither is negative. */
function divide(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}

/** "0.0123", every digit that counts and no other: for programs and for rates. */
export function usdExact(ticks: Ticks): string {
  return fixed(ticks, decimals).replace(/\.?0+$/, '');
}

/** "$0.0123" for people; never a row of zeros for what is more than nothing. */
export function usdText(ticks: Ticks): string {
  if (ticks === 0n) return '$0';
  const shown = [4, 6, 8, decimals].map((places) => fixed(ticks, places)).find((text) => /[1-9]/.test(text));
  return `$${shown}`;
}

/** With so many decimals, of which there are 1 to 10. */
function fixed(ticks: Ticks, places: number): string {
  const digits = divide(ticks, 10n ** BigInt(decimals - places))
    .toString()
    .padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
