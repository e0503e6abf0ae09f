// `{{…}}` in canned answers: an argument of the call, a value of the state, or a day counted from today.
//
//   {{order_id}}                 an argument; a text that is nothing else keeps the argument's own type
//   {{state.days[date].open}}    a value of the state; [date] is the argument's value as a name
//   {{today}} {{today+1}}        a date as YYYY-MM-DD

import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { dayNamed, withTexts } from '../spec/days.js';

export interface Scope {
  given: Record<string, unknown>;
  state: unknown;
  /** Unix milliseconds. */
  nowMs: number;
}

/** A copy of a value with every template in it filled, names of members too. What is not there is `null`. */
export function filled(value: unknown, scope: Scope): unknown {
  return withTexts(
    value,
    (text) => filledText(text, scope),
    (name) => asText(filledText(name, scope)),
  );
}

const expression = /\{\{\s*(today(?:[+-]\d{1,4})?|[A-Za-z_][\w-]*(?:\.[\w-]+|\[[\w-]+\])*)\s*\}\}/;

function filledText(text: string, scope: Scope): unknown {
  const whole = new RegExp(`^${expression.source}$`).exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, scope);
  return text.replace(new RegExp(expression.source, 'g'), (_, name: string) => asText(lookUp(name, scope)));
}

function lookUp(name: string, { given, state, nowMs }: Scope): unknown {
  const day = dayNamed(name, nowMs);
  if (day !== undefined && !Object.hasOwn(given, 'today')) return day;
  const [first = '', ...steps] = name.match(/[\w-]+(?=\])|[\w-]+|\[/g) ?? [];
  let at: unknown = first === 'state' ? state : memberOf(given, first);
  for (let step = 0; step < steps.length; step++) {
    const isArgument = steps[step] === '[';
    if (isArgument) step++;
    const key = steps[step] ?? '';
    at = memberOf(at, isArgument ? asText(memberOf(given, key)) : key);
  }
  return at ?? null;
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? writeJson(value) : String(value);
}
