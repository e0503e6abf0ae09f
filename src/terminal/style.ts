// Colour, width, and what may reach a terminal at all. Rendering is pure: (value, style) → text.

import { Chalk, type ChalkInstance } from 'chalk';
import { writeJson } from '../json-text.js';

export interface Style {
  chalk: ChalkInstance;
  /** Columns to fit into; Infinity where nothing has to be fitted. */
  width: number;
}

export type Render<T> = (value: T, style: Style) => string;

interface ColourStream {
  isTTY?: boolean;
  getColorDepth?(env?: object): number;
}

/** 0 (none) to 3 (true colour), by NO_COLOR, FORCE_COLOR, TERM and the stream, in this order. */
export function colourLevel(stream: ColourStream, env: Record<string, string | undefined>): 0 | 1 | 2 | 3 {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== '') {
    if (forced === 'false' || forced === '0') return 0;
    return forced === '2' ? 2 : forced === '3' ? 3 : 1;
  }
  if (stream.isTTY !== true || env.TERM === 'dumb') return 0;
  const depth = stream.getColorDepth?.(env) ?? 4;
  if (depth >= 24) return 3;
  if (depth >= 8) return 2;
  return depth >= 4 ? 1 : 0;
}

export function createStyle(level: 0 | 1 | 2 | 3, width: number): Style {
  return { chalk: new Chalk({ level }), width };
}

// C0 but line break and tab, DEL, C1, and what turns the direction of text around.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from elsewhere without the characters that would steer a terminal. */
export function cleanText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controls, '');
}

/** A copy of a value with every string in it cleaned, names of members too. */
export function clean<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (Array.isArray(value)) return value.map(clean) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [cleanText(key), clean(member)]),
  ) as T;
}

// JSON itself escapes C0 only; the rest is escaped here, so that nothing is lost and nothing steers.
const unsafeInJson = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** JSON that is safe to print: indented, or on one line. */
export function jsonText(value: unknown, indent?: number): string {
  return writeJson(value, indent).replace(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
