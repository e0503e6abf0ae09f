// The user's own prices: `rates.yaml` in the config folder, or the file AGENTS_RATES names.

import { join } from 'node:path';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { isFile } from '../files.js';
import { parseUsd, type Ticks } from '../money.js';
import { isObject } from '../protocol/json.js';
import { type PriceKind, type PriceList, priceKinds, priceList, type Rate } from '../session/rates.js';

/** Prices of today, or of the day of `nowMs`; the user's own first. Throws CliError `unreadable`, `invalid_spec`. */
export async function loadPrices(context: Context, nowMs = context.clock.now()): Promise<PriceList> {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const { AGENTS_RATES: named } = context.host.env;
  const usual = join(context.folders.config, 'rates.yaml');
  const path = named || (isFile(usual) ? usual : undefined);
  return priceList(today, path === undefined ? [] : await readRates(context, path));
}

/** What to write where, for a price nobody knows. */
export function rateHint({ folders }: Context, model: string): string {
  const file = join(folders.config, 'rates.yaml');
  return `give its price in ${file} (or in the file AGENTS_RATES names): "- { model: ${model}, per_audio_minute: 0.05 }"`;
}

async function readRates(context: Context, path: string): Promise<Rate[]> {
  const { parseValues } = await import('../spec/parse.js');
  const { text, source } = await context.read(path);
  const { values } = await parseValues(text, source);
  const rows = values.flatMap(({ value, place }) =>
    isObject(value) && Array.isArray(value.rates)
      ? value.rates.map((row: unknown, at) => ({ value: row, place: `${place}: rates[${at}]` }))
      : [{ value, place }],
  );
  const { didYouMean } = await import('../spec/did-you-mean.js');
  return rows.map(({ value, place }) => readRate(value, place, source, didYouMean));
}

const members = ['model', 'from', 'source', ...Object.keys(priceKinds)];

function readRate(
  row: unknown,
  place: string,
  file: string,
  didYouMean: (given: string, known: readonly string[]) => string,
): Rate {
  if (!isObject(row))
    throw wrong(place, ['must be a row such as { model: grok-voice-latest, per_audio_minute: 0.05 }']);
  const problems: string[] = [];
  const prices: Partial<Record<PriceKind, Ticks>> = {};
  for (const [name, value] of Object.entries(row)) {
    if (isPriceKind(name)) {
      const ticks = readPrice(value);
      if (ticks === undefined)
        problems.push(`${name} must be a number of US dollars, got ${JSON.stringify(value)}`);
      else prices[name] = ticks;
    } else if (!members.includes(name)) {
      problems.push(`${name} is not known${didYouMean(name, members)}`);
    } else if (typeof value !== 'string' || value === '') {
      problems.push(`${name} must be text, got ${JSON.stringify(value)}`);
    } else if (name === 'from' && !isDay(value)) {
      problems.push(`from must be a day such as 2026-08-05, got ${value}`);
    }
  }
  if (problems.length === 0 && Object.keys(prices).length === 0) problems.push('holds no price');
  if (problems.length > 0) throw wrong(place, problems);
  const { model, from, source = file } = row as { model?: string; from?: string; source?: string };
  return { model, from, source, prices };
}

function wrong(place: string, problems: readonly string[]): CliError {
  return new CliError('invalid_spec', `${place}: ${problems.join('; ')}`, {
    hint: `a row may hold ${members.join(', ')}`,
  });
}

const isPriceKind = (name: string): name is PriceKind => Object.hasOwn(priceKinds, name);

/** More would be a slip of the pen. */
const mostUsd = '1000';

function readPrice(value: unknown): Ticks | undefined {
  const text = typeof value === 'number' ? plainNumber(value) : value;
  const ticks = typeof text === 'string' ? parseUsd(text) : undefined;
  return ticks !== undefined && ticks <= (parseUsd(mostUsd) as Ticks) ? ticks : undefined;
}

/** As it was written, as far as that is possible: small numbers would come out as "1e-7". */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e-') ? value.toFixed(12).replace(/0+$/, '') : text;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}
