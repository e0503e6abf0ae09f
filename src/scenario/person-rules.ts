// A person played by rules: the first that fits what the agent said answers. Every choice is the seed's.

import { createChance } from '../chance.js';
import { CliError, messageOf } from '../errors.js';
import { firstMatch } from '../patterns.js';
import { folded, searchable } from './expect/text.js';
import type { User, UserRule } from './format.js';
import type { LastTurn, Person, PersonTurn } from './person.js';

type Groups = readonly (string | undefined)[];

interface Rule {
  says: readonly string[];
  isLast: boolean;
  /** What `matches` found, the whole first; nothing but that it fits is an empty list. Undefined when it does not. */
  fits(last: LastTurn): Groups | undefined;
}

export function playedByRules(user: User, written: readonly UserRule[], seed: number): Person {
  const rules = written.map(compile);
  const random = createChance(seed, 'person');
  let hasOpened = false;
  let isDone = false;
  /** The rule that answered last, and what it answered. */
  let before: { rule: Rule; said: string } | undefined;

  function fitting(last: LastTurn): { rule: Rule; groups: Groups } | undefined {
    for (const rule of rules) {
      // The same answer to the same words would go round in a circle.
      if (before?.rule === rule && before.said === last.said) continue;
      const groups = rule.fits(last);
      if (groups !== undefined) return { rule, groups };
    }
    return undefined;
  }

  function answer(last: LastTurn): PersonTurn {
    const found = fitting(last);
    if (found === undefined) return { stuck: `no rule of the person fits: ${quoted(last.said)}` };
    const { rule, groups } = found;
    before = { rule, said: last.said };
    isDone = rule.isLast;
    const words = rule.says[Math.floor(random() * rule.says.length)];
    return words === undefined ? { done: true } : { say: filled(words, groups) };
  }

  return {
    isDoneAfter: (last) => isDone || (hasOpened && last !== undefined && fitting(last)?.rule.isLast === true),
    async next(last) {
      if (isDone) return { done: true };
      if (hasOpened) return answer(last ?? { said: '', calls: [] });
      hasOpened = true;
      return { say: user.opens ?? user.goal };
    },
  };
}

function compile({ when = {}, say, done = false }: UserRule, at: number): Rule {
  const place = `user.rules[${at}]`;
  if (say === undefined && !done) throw new CliError('invalid_spec', `${place} needs say or done`);
  const { contains, matches, called } = when;
  const wanted = contains === undefined ? undefined : [contains].flat().map(searchable);
  const pattern = matches === undefined ? undefined : patternOf(matches, `${place}.when.matches`);
  return {
    says: say === undefined ? [] : [say].flat(),
    isLast: done,
    fits({ said, calls }) {
      // As `says` compares: whether an apostrophe is typographic, nobody hears.
      const lower = searchable(said);
      if (wanted?.some((text) => lower.includes(text)) === false) return undefined;
      if (called !== undefined && !calls.some(({ name }) => name === called)) return undefined;
      // What a pattern has in typographic characters stands in the words as they came.
      return pattern === undefined ? [] : firstMatch(pattern, [folded(said), said])?.match;
    },
  };
}

function patternOf(source: string, place: string): RegExp {
  try {
    return new RegExp(source, 'iu');
  } catch (cause) {
    throw new CliError('invalid_spec', `${place} is no regular expression: ${messageOf(cause)}`, { cause });
  }
}

/** `$1` to `$9`, as far as the pattern has groups: other words may speak of dollars. */
function filled(text: string, groups: Groups): string {
  return text.replace(/\$([1-9])(?!\d)/g, (mark, digit: string) =>
    Number(digit) < groups.length ? (groups[Number(digit)] ?? '') : mark,
  );
}

const longestQuote = 200;

function quoted(said: string): string {
  const text = said.trim();
  if (text === '') return 'the agent said nothing';
  return `"${text.length > longestQuote ? `${text.slice(0, longestQuote - 1)}…` : text}"`;
}
