// Reading a refusal. The service has been seen to answer in five shapes, and proxies add their own.

import { isObject } from './json.js';

export interface WireError {
  /** The service's words, fit for people. */
  message: string;
  /** The service's code: a phrase, a slug, or a number as text. */
  code?: string;
}

/**
 * The message in an error body: `{"code","error"}`, `{"error":{"message","code"}}`, `{"error":"…"}`,
 * `{"message"}`, plain text. Undefined for an empty body or a page of HTML, which say nothing true.
 */
export function readWireError(body: string): WireError | undefined {
  const text = body.trim();
  if (text === '' || /^<(!doctype|html|\?xml|head|body)/i.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { message: tidy(text) };
  }
  return readErrorValue(value) ?? { message: tidy(text) };
}

/** The same, for a body that is already parsed, such as the JSON of a stream that failed with status 200. */
export function readErrorValue(value: unknown): WireError | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value.error) ? value.error : undefined;
  const message = inner?.message ?? value.error ?? value.message ?? value.detail;
  if (typeof message !== 'string' || message === '') return undefined;
  const code = inner?.code ?? inner?.type ?? value.code;
  return {
    message: tidy(message),
    ...(code !== undefined && code !== null && { code: String(code) }),
  };
}

// Messages can end in tags such as "[WKE=unauthenticated:bad-credentials]": noise for people.
function tidy(message: string): string {
  const line = message.replace(/\s*\[WKE=[^\]]*\]/g, '').trim();
  return line.length > 500 ? `${line.slice(0, 497)}…` : line;
}
