// What the service charges: a dated table, and how a price is found in it. A user's own rows stand before these.

import { parseUsd, type Ticks } from '../money.js';

/** Every price there is, as a rates file calls it, with the number of units it is for. */
export const priceKinds = {
  /** Audio sent and received. */
  per_audio_minute: 1,
  /** Added for a call over a phone number of xAI's. */
  per_telephony_minute: 1,
  per_text_item: 1,
  per_1000_web_searches: 1000,
  per_1000_x_searches: 1000,
  per_1000_file_searches: 1000,
  per_million_input_tokens: 1_000_000,
  per_million_output_tokens: 1_000_000,
} as const;
export type PriceKind = keyof typeof priceKinds;

export interface Rate {
  /** The model it is for; without, every model. */
  model?: string | undefined;
  /** The first day it holds, as YYYY-MM-DD; without, it always did. */
  from?: string | undefined;
  prices: Readonly<Partial<Record<PriceKind, Ticks>>>;
  /** Where it was read: a page, or the user's file. */
  source: string;
}

export interface Price {
  ticks: Ticks;
  /** What an estimate made with it names: the day it holds from, or the file it comes from. */
  label: string;
  source: string;
}

/** Finds the price of something on the day the list was made for; undefined when nobody knows it. */
export type PriceList = (kind: PriceKind, model: string) => Price | undefined;

const pricing = 'docs.x.ai, models and pricing';

const row = (
  from: string,
  model: string | undefined,
  source: string,
  prices: Partial<Record<PriceKind, string>>,
): Rate => ({
  model,
  from,
  source,
  prices: Object.fromEntries(
    Object.entries(prices).map(([kind, usd]) => [kind, parseUsd(usd) as Ticks]),
  ) as Rate['prices'],
});

/** As published up to 2026-10-01; a model's first day is that of its release. One that is not here has no known price. */
export const knownRates: readonly Rate[] = [
  row('2026-04-23', 'grok-voice-think-fast-1.0', pricing, { per_audio_minute: '0.05' }),
  row('2026-07-29', 'grok-voice-think-fast-2.0', pricing, { per_audio_minute: '0.08' }),
  // An alias, which moved from 1.0 to 2.0.
  row('2026-04-23', 'grok-voice-latest', pricing, { per_audio_minute: '0.05' }),
  row('2026-08-05', 'grok-voice-latest', pricing, { per_audio_minute: '0.08' }),
  row('2026-04-23', undefined, pricing, {
    per_telephony_minute: '0.01',
    per_text_item: '0.004',
    per_1000_web_searches: '5',
    per_1000_x_searches: '5',
    per_1000_file_searches: '2.50',
  }),
  // The day since which it answers, and bills, for the models that were retired.
  row('2026-05-15', 'grok-4.3', pricing, {
    per_million_input_tokens: '1.25',
    per_million_output_tokens: '2.50',
  }),
];

/**
 * The prices of a day (YYYY-MM-DD): a user's row before a known one, one for the model before one for all, then the
 * newest that has begun. Before the first there is, that one: it names its day, so nobody is misled.
 */
export function priceList(date: string, own: readonly Rate[] = [], known = knownRates): PriceList {
  return (kind, model) => {
    const tiers = [own, known].flatMap((rates) => {
      const able = rates.filter(({ prices }) => prices[kind] !== undefined);
      return [able.filter((rate) => rate.model === model), able.filter((rate) => rate.model === undefined)];
    });
    const newest = tiers.map((rates) => latest(rates.filter(({ from = '' }) => from <= date)));
    const rate = newest.find(Boolean) ?? tiers.map(earliest).find(Boolean);
    const ticks = rate?.prices[kind];
    if (rate === undefined || ticks === undefined) return undefined;
    return { ticks, label: rate.from ?? rate.source, source: rate.source };
  };
}

/** Of two of one day the later in the list. */
function latest(rates: readonly Rate[]): Rate | undefined {
  return rates.reduce<Rate | undefined>(
    (best, rate) => (best === undefined || (rate.from ?? '') >= (best.from ?? '') ? rate : best),
    undefined,
  );
}

function earliest(rates: readonly Rate[]): Rate | undefined {
  return rates.reduce<Rate | undefined>(
    (best, rate) => (best === undefined || (rate.from ?? '') < (best.from ?? '') ? rate : best),
    undefined,
  );
}
