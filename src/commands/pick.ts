// One thing out of a list, by what somebody calls it.

import { CliError } from '../errors.js';
import { didYouMean } from '../spec/did-you-mean.js';

export interface Kind<T> {
  /** "agent", "phone number". */
  noun: string;
  /** The command that lists them, for the hint. */
  list: string;
  /** What means this one and no other: its id first. */
  ids(one: T): readonly (string | undefined)[];
  name(one: T): string | null | undefined;
}

/** The one of this id or, where there is none, of exactly this name. Throws CliError `not_found`, or `usage` naming all. */
export function theOneCalled<T>(text: string, all: readonly T[], { noun, list, ids, name }: Kind<T>): T {
  const byId = all.filter((one) => ids(one).includes(text));
  const [found, ...others] = byId.length > 0 ? byId : all.filter((one) => name(one) === text);
  if (found === undefined) {
    const known = all.flatMap((one) => name(one) ?? []);
    throw new CliError('not_found', `there is no ${noun} ${text}${didYouMean(text, known)}`, {
      hint: `${list} shows what there is`,
    });
  }
  if (others.length === 0) return found;
  const titles = [found, ...others].map((one) => ids(one).filter(Boolean).join(' '));
  throw new CliError('usage', `${titles.length} ${noun}s are called ${text}: ${titles.join(', ')}`, {
    hint: 'name the one you mean by its id',
  });
}
