// What a tally comes to. Always an estimate: the service bills by counts of its own.

import { share, type Ticks, usdExact } from '../money.js';
import { secondsOf, slicesPerSecond } from './audio-length.js';
import { type Price, type PriceKind, type PriceList, priceKinds } from './rates.js';
import type { HostedTool, Tally } from './tally.js';

export interface Tariff {
  list: PriceList;
  /** Whether the call comes over a phone number of xAI's. */
  telephony: boolean;
  /** Whether what was counted is a whole phone call: its sound in is as long as the line stood. */
  call?: boolean | undefined;
}

export interface BillLine {
  what: string;
  /** Seconds, items or calls. */
  count: number;
  kind: PriceKind;
  price: Price | undefined;
  /** Undefined when the price is not known. */
  ticks: Ticks | undefined;
}

export interface Bill {
  model: string;
  lines: readonly BillLine[];
  /** Undefined when a part of it is: an unknown price is not 0. */
  ticks: Ticks | undefined;
  /** What the audio's price is dated by, or the file it comes from. */
  rates: string | undefined;
  /** Counted, but nobody says at what price. */
  leavesOut: readonly string[];
}

const searches: Partial<Record<HostedTool, PriceKind>> = {
  web_search: 'per_1000_web_searches',
  x_search: 'per_1000_x_searches',
  file_search: 'per_1000_file_searches',
};

/** The bill for a tally, line by line. */
export function billFor(tally: Tally, model: string, { list, telephony, call = false }: Tariff): Bill {
  const line = (what: string, kind: PriceKind, units: number, perUnit = 1): BillLine => {
    const price = list(kind, model);
    const count = perUnit === 1 ? units : secondsOf(units);
    const ticks = price && share(price.ticks, units, perUnit * priceKinds[kind]);
    return { what, count, kind, price, ticks: units === 0 && kind !== audio ? 0n : ticks };
  };
  const minute = slicesPerSecond * 60;
  const onLine = call ? tally.audioIn : tally.audioIn + tally.audioOut;
  const lines = [
    line('audio in', audio, tally.audioIn, minute),
    line('audio out', audio, tally.audioOut, minute),
    ...(telephony ? [line('telephony', 'per_telephony_minute', onLine, minute)] : []),
    line('text items', 'per_text_item', tally.textItems),
    ...(Object.entries(tally.hosted) as [HostedTool, number][]).flatMap(([tool, calls]) => {
      const kind = searches[tool];
      return kind === undefined ? [] : [line(tool, kind, calls)];
    }),
  ];
  return {
    model,
    lines,
    ticks: tally.unmeasured ? undefined : total(lines.map(({ ticks }) => ticks)),
    rates: list(audio, model)?.label,
    leavesOut: Object.keys(tally.hosted).filter((tool) => searches[tool as HostedTool] === undefined),
  };
}

const audio = 'per_audio_minute';

/** The sum of amounts, when all are known. */
export function total(amounts: readonly (Ticks | undefined)[]): Ticks | undefined {
  return amounts.reduce<Ticks | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0n,
  );
}

/** A price as notices carry it: exact as text, and as an integer of 10^-10 USD that adds up; null when unknown. */
export interface Cost {
  usd: string | null;
  usd_ticks: number | null;
  estimated: true;
  model: string;
  /** The day or the file its rates are of. */
  rates: string | null;
  /** What was counted and has no known price. */
  leaves_out?: readonly string[];
}

export function costOf({ ticks, model, rates, leavesOut }: Omit<Bill, 'lines'>): Cost {
  return {
    usd: ticks === undefined ? null : usdExact(ticks),
    usd_ticks: ticks === undefined ? null : Number(ticks),
    estimated: true,
    model,
    rates: rates ?? null,
    ...(leavesOut.length > 0 && { leaves_out: leavesOut }),
  };
}
