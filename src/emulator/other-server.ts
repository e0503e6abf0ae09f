// Servers of other makers that speak as OpenAI's do: where they are asked, and why they failed.

import { messageOf, systemCode } from '../errors.js';
import { parseJson } from '../protocol/json.js';

/** The address of `path` there: `http://host`, `http://host/v1` and the whole address mean the same. */
export function addressOf({ origin, pathname, search }: URL, path: string): string {
  const base = pathname.replace(/\/+$/, '');
  if (base.endsWith(`/${path}`)) return `${origin}${base}${search}`;
  return `${origin}${base}${/\/v\d+\w*(\/|$)/.test(base) ? '' : '/v1'}/${path}${search}`;
}

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
