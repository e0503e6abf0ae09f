// The address of another server, as a flag of `agents dev` gives it.

import { CliError } from '../errors.js';

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
