// What a tool answered, as expectations look at it.

import { isObject, parseJson } from '../../protocol/json.js';
import type { PlayedCall } from '../played.js';

/** Parsed; text that is no JSON stays text. Undefined where there was none. */
export function resultOf({ output }: PlayedCall): unknown {
  if (output === undefined) return undefined;
  try {
    return parseJson(output);
  } catch {
    return output;
  }
}

/** Why the tool failed, by its own answer; undefined where it did not. */
export function failureOf(result: unknown): string | undefined {
  if (!isObject(result) || !result.error) return undefined;
  const { error } = result;
  if (isObject(error) && typeof error.message === 'string') return error.message;
  return typeof error === 'string' ? error : JSON.stringify(error);
}

/** A piece of a result: where it is, and what it is. */
export interface Leaf {
  path: readonly PropertyKey[];
  value: unknown;
}

/**
 * All that a result holds, names of members with a number in them too: a tool that answers { "09:00": "room 1" } tells
 * a time.
 */
export function leavesOf(value: unknown, path: readonly PropertyKey[] = []): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => leavesOf(each, [...path, at]));
  if (!isObject(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(isData(name) ? [{ path: [...path, name], value: name }] : []),
    ...leavesOf(member, [...path, name]),
  ]);
}

const isData = (name: string) => /\d/.test(name) && !/^[A-Za-z_]\w*$/.test(name);

/** The part of a value that a path as "slots[0].time" names; undefined where there is none. */
export function partAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (Array.isArray(at)) at = at[Number(step)];
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}
