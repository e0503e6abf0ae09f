// The address of a server of another maker, as a flag gives it.

import { CliError } from '../errors.js';
import { isLoopback } from '../protocol/address.js';

/** Throws CliError `usage` for what is no http address, or holds a password; `hint` says where that belongs. */
export function readServerUrl(flag: string, text: string, example: string, hint: string): URL {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new CliError('usage', `${flag} ${text}: not an http or https URL`, {
      hint: `it looks like ${example}`,
    });
  }
  const url = new URL(text);
  if (url.username === '' && url.password === '') return url;
  throw new CliError('usage', `${flag} ${url.origin}: holds a user name or password`, { hint });
}

/** Of a model server. */
export const modelServerExample = 'http://localhost:11434';

/**
 * A server of models, and the key that `variable` holds for it. Throws CliError `usage` for an address that is none, or to
 * which the key must not travel.
 */
export function readModelServer(
  flag: string,
  text: string,
  variable: string,
  env: Record<string, string | undefined>,
): { url: URL; key: string | undefined } {
  const url = readServerUrl(flag, text, modelServerExample, `the key comes from ${variable}`);
  const wrong = (problem: string, hint: string) =>
    new CliError('usage', `${flag} ${url.origin}: ${problem}`, { hint });
  if (url.search !== '' || url.hash !== '')
    throw wrong('must end with its path', 'leave out everything from ? or # on');
  const key = env[variable]?.trim() || undefined;
  if (key !== undefined && url.protocol === 'http:' && !isLoopback(url)) {
    throw wrong('the key would travel in the clear', `use https, or unset ${variable}`);
  }
  return { url, key };
}
