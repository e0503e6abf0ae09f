// JSON as text, read and written without changing a number. A leaf.
//
// JavaScript's own parser rounds integers beyond 2^53, and an order number or a database id would come back as
// another one. They are read as bigint, which is rare enough that everything else takes the fast way.

import { parse, stringify } from 'lossless-json';

/** `JSON.parse`, but integers that a number cannot hold are bigint. Throws SyntaxError. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!/\d{16}/.test(text)) return value;
  try {
    return parse(text, undefined, numberOf);
  } catch {
    // Stricter than JSON in one point: a name that comes twice. Then the last one holds, as everywhere.
    return value;
  }
}

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

/** `JSON.stringify`, for values that may hold bigint as well. */
export function writeJson(value: unknown, indent?: number | string): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // What only a bigint can cause; a circle is thrown again below.
    if (!(error instanceof TypeError)) throw error;
    return stringify(value, null, indent) ?? 'null';
  }
}
