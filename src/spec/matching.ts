// Whether a value is as somebody wrote it down: canned answers ask it of arguments and state, scenarios of what was
// called and what was left behind. One rule, so that both read a file alike; only scenarios also compare types.

import { isObject } from '../protocol/json.js';

/** Where a value is not as wanted, and what is there: undefined where there is nothing. */
export interface Difference {
  path: readonly PropertyKey[];
  value: unknown;
}

/** Compares what an object asks for in a way of its own; undefined leaves it to the rule. */
export type Matcher = (
  wanted: Record<string, unknown>,
  value: unknown,
  path: readonly PropertyKey[],
) => Difference[] | undefined;

export interface Comparison {
  matcher?: Matcher | undefined;
  /** Whether 2 is not "2", nor true "true": canned answers forgive it, for what they are given is a model's. */
  typed?: boolean | undefined;
}

/**
 * How a value differs from what is wanted; nothing when it does not. Members that are not named do not matter, but `{}`
 * is only what is empty; `null` is also what is not there; texts and numbers are compared as text, in any case of
 * letters and without blanks around, and of one type where types are compared.
 */
export function differences(
  wanted: unknown,
  value: unknown,
  comparison: Comparison = {},
  path: readonly PropertyKey[] = [],
): Difference[] {
  const other = [{ path, value }];
  if (wanted === null) return isNothing(value) ? [] : other;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(value) || value.length !== wanted.length) return other;
    return wanted.flatMap((each, at) => differences(each, value[at], comparison, [...path, at]));
  }
  if (!isObject(wanted)) return isSame(wanted, value, comparison) ? [] : other;
  const found = comparison.matcher?.(wanted, value, path);
  if (found !== undefined) return found;
  if (Object.keys(wanted).length === 0) {
    return isObject(value) && Object.keys(value).length === 0 ? [] : other;
  }
  // What is not there has no members either: so `null` can be asked for at any depth.
  if (!isObject(value) && !isNothing(value)) return other;
  return memberDifferences(wanted, value, comparison, path);
}

/** The same for the members that are named, and no others: `{}` asks for nothing. */
export function memberDifferences(
  wanted: Record<string, unknown>,
  value: unknown,
  comparison: Comparison = {},
  path: readonly PropertyKey[] = [],
): Difference[] {
  return Object.entries(wanted).flatMap(([name, member]) =>
    differences(member, ownMember(value, name), comparison, [...path, name]),
  );
}

/** A member of an object's own; undefined where there is none, or no object. */
export const ownMember = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** What is written as null, or not at all. */
export const isNothing = (value: unknown) => value === null || value === undefined;

/** A text, a number or a truth value: what can be compared as text. */
export const isPlain = (value: unknown) => !isNothing(value) && typeof value !== 'object';
const isSame = (wanted: unknown, value: unknown, { typed }: Comparison) =>
  isPlain(value) &&
  comparable(wanted) === comparable(value) &&
  (typed !== true || isOfOneType(wanted, value));

/** Whether both are texts, both numbers (of any size) or both truth values. */
export const isOfOneType = (one: unknown, other: unknown) => typeName(one) === typeName(other);
const typeName = (value: unknown) => (typeof value === 'bigint' ? 'number' : typeof value);
const comparable = (value: unknown) => String(value).trim().toLowerCase();
