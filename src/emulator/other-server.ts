// Servers of other makers: why they failed, and what they said.

import { messageOf, systemCode } from '../errors.js';
import { parseJson } from '../protocol/json.js';

/** Why a request failed, which Node hides in the cause. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `${messageOf(root)}${code === undefined ? '' : ` (${code})`}`;
}

/** What a text holds as JSON; undefined where it holds none. */
export function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
