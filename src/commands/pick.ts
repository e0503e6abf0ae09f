// One thing out of a list, by what somebody calls it.

import { CliError } from '../errors.js';

export interface Sought<T> {
  /** "agent", "phone number". */
  kind: string;
  /** What was typed. */
  text: string;
  /** The command that lists them, for the hint. */
  list: string;
  /** One of several, for people to tell apart. */
  title(one: T): string;
}

/** The only one found. Throws CliError `not_found` for none, and `usage` naming all for several. */
export function theOnly<T>(found: readonly T[], { kind, text, list, title }: Sought<T>): T {
  const [first, second] = found;
  if (first === undefined) {
    throw new CliError('not_found', `no ${kind} is called ${JSON.stringify(text)}`, {
      hint: `${list} shows what there is`,
    });
  }
  if (second === undefined) return first;
  throw new CliError(
    'usage',
    `${found.length} ${kind}s are called ${JSON.stringify(text)}: ${found.map(title).join(', ')}`,
    { hint: 'name the one you mean by its id' },
  );
}
