// `{{name}}` filled in from the parameters of `each`. What they do not give stays: days ({{today+1}}) are filled in when
// a scenario is run, and canned answers have templates of their own.

import type * as z from 'zod/mini';
import { isObject } from '../protocol/json.js';
import { didYouMean } from '../spec/did-you-mean.js';
import type { Found, Keys } from './faults.js';
import { type Kinds, kindsOf, memberKinds } from './schema-walk.js';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/**
 * A copy with all parameters filled in, names of members too. Text that is nothing but a parameter becomes its value
 * where the schema takes that, and its text where it does not.
 */
export function filledIn<T>(value: T, parameters: Parameters, schema: z.ZodMiniType): T {
  return filled(value, parameters, kindsOf(schema)) as T;
}

function filled(value: unknown, parameters: Parameters, kinds: Kinds): unknown {
  if (typeof value === 'string') return filledText(value, parameters, kinds);
  if (Array.isArray(value))
    return value.map((entry, at) => filled(entry, parameters, memberKinds(kinds, at)));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      String(filledText(name, parameters, textOnly)),
      filled(member, parameters, memberKinds(kinds, name)),
    ]),
  );
}

const textOnly: Kinds = [];

function filledText(text: string, parameters: Parameters, kinds: Kinds): string | number | boolean {
  const whole = /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(text)?.[1];
  const value = whole === undefined ? undefined : own(parameters, whole);
  if (value !== undefined && kinds.some(({ _zod: { def } }) => ['unknown', typeof value].includes(def.type)))
    return value;
  return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (written, name: string) =>
    String(own(parameters, name) ?? written),
  );
}

function own(parameters: Parameters, name: string) {
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

/**
 * What of a scenario without `each` asks for a parameter: words that nobody fills in are never said, and `not_says` of them
 * would always pass. Canned answers and programs have templates of their own.
 */
export function unknownParameters(members: Record<string, unknown>, at: Keys): Found[] {
  const { tools: _tools, setup: _setup, teardown: _teardown, ...rest } = members;
  return textsIn(rest, at).flatMap(({ text, keys }) =>
    namesIn(text).map((name) => {
      const near = didYouMean(name, ['today', 'today+1', 'today-1']);
      return { keys, problem: `uses {{${name}}}, which is no day, and there is no each to give it${near}` };
    }),
  );
}

/** What of a scenario still asks for a parameter, after entry `row` of `each` was filled in; `known` are all it has. */
export function missingParameters(
  { tools, ...rest }: Record<string, unknown>,
  known: readonly string[],
  row: number,
  at: Keys,
): Found[] {
  return textsIn(rest, at).flatMap(({ text, keys }) =>
    namesIn(text).map((name) => {
      const giver = known.includes(name) ? `each[${row}]` : 'each';
      return {
        keys,
        problem: `uses {{${name}}}, which ${giver} does not give${known.includes(name) ? '' : didYouMean(name, known)}`,
      };
    }),
  );
}

/** All text in a value, names of members too. */
function textsIn(value: unknown, keys: Keys): { text: string; keys: Keys }[] {
  if (typeof value === 'string') return [{ text: value, keys }];
  if (Array.isArray(value)) return value.flatMap((entry, at) => textsIn(entry, [...keys, at]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    { text: name, keys: [...keys, name] },
    ...textsIn(member, [...keys, name]),
  ]);
}

/** `today`, `today+1`: filled in when a scenario is run. */
export function isDay(name: string): boolean {
  return /^today([+-]\d+)?$/.test(name);
}

function namesIn(text: string): string[] {
  const names = [...text.matchAll(/\{\{\s*([A-Za-z_][\w-]*(?:\s*[+-]\s*\w*)?)\s*\}\}/g)].map(
    ([, name]) => name ?? '',
  );
  return names.filter((name) => !isDay(name));
}
