// What a route is: a row drives a method of the client and needs a handler in the local API.

import * as z from 'zod/mini';
import { isObject } from './json.js';

/**
 * What repeating a request would do, which decides what is retried: `read` and `remove` may be repeated after
 * a lost connection or a 5xx; `write` only when the service said 429, for then nothing was done; `purchase` never, which
 * goes for whatever must not happen late or twice.
 */
export type Effect = 'read' | 'remove' | 'write' | 'purchase';

export interface Route<Path extends string = string, Body = unknown, Query = unknown, Reply = unknown> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` where a parameter goes. */
  path: Path;
  effect: Effect;
  /** `management`: at another server, with a key of its own, where the user has one. */
  plane?: 'management';
  /** The body is a form with a file, streamed; `body` is not looked at then. */
  multipart?: true;
  /** What the service is known to accept; the local API refuses anything else. */
  body?: z.ZodMiniType<Body>;
  query?: z.ZodMiniType<Query>;
  /** What a reply is, where it is no JSON: `read` is given `Bytes` then. */
  reply?: 'bytes';
  /** Reads a reply tolerantly; undefined when it lacks what is needed. */
  read: (reply: unknown) => Reply | undefined;
}

/** A reply that is no text. */
export interface Bytes {
  bytes: Uint8Array;
  /** As the server names it, in lower case; "" where it does not. */
  type: string;
}

/** Whether a reply of this type is words. */
export const isTextType = (type: string) => /json|^text\//.test(type);

/** Reads sound: anything but nothing at all, and what a server says in words. */
export function readSound(reply: unknown): Bytes | undefined {
  const { bytes, type } = reply as Bytes;
  return bytes.length === 0 || isTextType(type) ? undefined : { bytes, type };
}

/** A row, its types kept. */
export function route<const Path extends string, Body = undefined, Query = undefined, Reply = unknown>(
  row: Route<Path, Body, Query, Reply>,
): Route<Path, Body, Query, Reply> {
  return row;
}

/** Reads a reply by a schema. */
export function reading<T>(schema: z.ZodMiniType<T>): (reply: unknown) => T | undefined {
  return (reply) => {
    const result = schema.safeParse(reply);
    return result.success ? result.data : undefined;
  };
}

/** What lists take: how many at most, and which page. */
export const ListQuery = z.looseObject({
  limit: z.optional(z.string().check(z.regex(/^\d{1,4}$/))),
  pagination_token: z.optional(z.string()),
});

const tokenNames = ['pagination_token', 'paginationToken', 'next_page_token', 'nextPageToken'];

/**
 * The list in a reply: under one of these names, under `data`, or bare. An envelope that says nothing but which page is next
 * is how proto-JSON writes an empty list, and null is how others do. Undefined when there is none.
 */
export function listIn(reply: unknown, names: readonly string[]): unknown[] | undefined {
  if (Array.isArray(reply)) return reply;
  if (!isObject(reply)) return undefined;
  const all = [...names, 'data'];
  const list = all.map((name) => reply[name]).find((value) => value !== undefined && value !== null);
  if (list !== undefined) return Array.isArray(list) ? list : undefined;
  const isNull = all.some((name) => Object.hasOwn(reply, name));
  return isNull || Object.keys(reply).every((name) => tokenNames.includes(name)) ? [] : undefined;
}

/** The page after this one, under any of the names that xAI's lists use; undefined on the last. */
export function nextPage(reply: unknown): string | undefined {
  const token = isObject(reply) ? tokenNames.map((name) => reply[name]).find((value) => value) : undefined;
  return typeof token === 'string' || typeof token === 'number' ? String(token) : undefined;
}
