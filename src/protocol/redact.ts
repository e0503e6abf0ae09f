// What must never be shown: keys, tokens, passwords, by the name of the member or header that holds them.

import { isObject } from './json.js';

const secretName =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key)$|api[-_]?key|secret|token$|password|signing/i;
/** Secrets that give themselves away, wherever they stand. */
const secretText = /\b(xai-|whsec_|Bearer\s+)[A-Za-z0-9._~+/=-]{4,}/gi;

export const hidden = '[hidden]';

/** A copy of a JSON value with every secret in it replaced. */
export function hideSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return isSecretName(name) ? hidden : hideInText(value);
  if (Array.isArray(value)) return value.map((entry) => hideSecrets(entry, name));
  if (!isObject(value)) return value;
  // The reply that makes an ephemeral secret calls it `value`.
  const isSecret = typeof value.value === 'string' && ('expires_at' in value || isSecretName(name));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      (isSecret && key === 'value') || isToolHeaders(value, name) ? hidden : hideSecrets(member, key),
    ]),
  );
}

/** What an mcp tool's `headers` hold is for its server alone, under whatever names. */
function isToolHeaders(value: Record<string, unknown>, name: string): boolean {
  return name === 'headers' && Object.values(value).every((member) => typeof member === 'string');
}

/** Text with the secrets in it replaced: those that look like one, and `key` whatever it looks like. */
export function hideInText(text: string, key?: string): string {
  const withoutKey = key === undefined ? text : text.replaceAll(key, hidden);
  return withoutKey.replace(secretText, (_match, start: string) => `${start}${hidden}`);
}

/**
 * Numbers as E.164 writes them, and those of tel: and sip: addresses, where a tel: may part its digits. Nothing else of digits: ids, times and prices stay, and
 * so does base64, where letters stand around it.
 */
const phoneNumber =
  /(?<![\w+.-])(?:\+|%2B)[1-9]\d{6,14}(?!\w|\.\d)|(?<=\bsips?:)(?:\+|%2B)?\d{7,15}(?!\w)|(?<=\btel:)(?:\+|%2B)?\d(?:[().-]?\d){6,14}(?!\w)/gi;

/** Text with the phone numbers in it masked. What is masked already stays as it is. */
export function maskNumbers(text: string): string {
  return text.replace(phoneNumber, (number) => maskNumber(number.replace(/^%2B/i, '+')));
}

// `pagination_token` and the counts of tokens are no secrets.
function isSecretName(name: string): boolean {
  return secretName.test(name) && !/pagination_?token|next_?page_?token|redacted/i.test(name);
}

/** A phone number as it may be shown: "+1415•••0123". Country and area stay, and the last four digits. */
export function maskNumber(number: string): string {
  const [, sign = '', digits = ''] = /^(\+?)(\d+)$/.exec(number.replace(/[\s().-]/g, '')) ?? [];
  // Too short to leave out the middle and hide anything.
  if (digits.length < 9) return '•••';
  return `${sign}${digits.slice(0, digits.length < 11 ? 2 : 4)}•••${digits.slice(-4)}`;
}
