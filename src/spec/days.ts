// `{{today}}` and `{{today+1}}` in files that people write: days counted from the day it is, as YYYY-MM-DD.

import { localDate } from '../clock.js';
import { isObject } from '../protocol/json.js';

/** The date that "today" or "today+1" stands for at a moment (Unix milliseconds); undefined for any other name. */
export function dayNamed(name: string, nowMs: number): string | undefined {
  const days = /^today([+-]\d{1,4})?$/.exec(name);
  return days === null ? undefined : localDate(nowMs, Number(days[1] ?? 0));
}

/** A copy of a value in which every text, and by `nameOf` every name of a member, is what becomes of it. */
export function withTexts(
  value: unknown,
  textOf: (text: string) => unknown,
  nameOf: (name: string) => string,
): unknown {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map((entry) => withTexts(entry, textOf, nameOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [nameOf(name), withTexts(member, textOf, nameOf)]),
  );
}

const day = /\{\{\s*(today(?:[+-]\d{1,4})?)\s*\}\}/g;

/** A copy of a value with its days filled in, in names of members too; whatever else stands in braces stays. */
export function filledDays<T>(value: T, nowMs: number): T {
  const filled = (text: string) => text.replace(day, (whole, name: string) => dayNamed(name, nowMs) ?? whole);
  return withTexts(value, filled, filled) as T;
}
