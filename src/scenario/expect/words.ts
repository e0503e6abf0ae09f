// says and not_says: words looked for in what the agent said, each answer by itself, so that nothing is found across two.

import { firstMatch } from '../../patterns.js';
import type { Words } from '../format.js';
import { type Demand, failed, outcome, passed, type Read, type Scope, shown } from './demand.js';
import { excerpt, type Found, folded, foundIn, listed, literal, searchable, sentenceAt } from './text.js';

interface Part {
  /** What is looked for: '"room 1"'. */
  words: string;
  find(said: Said): (Found & { text: string }) | undefined;
  /** The texts something like which may have been said. */
  texts: readonly string[];
}

/** What was said, answer by answer. */
interface Said {
  folded: readonly string[];
  /** As it was said. */
  raw: readonly string[];
  /** All of it folded, a line an answer. */
  all: string;
}

export const says: Read<'says'> = (value, scope) => {
  const parts = partsOf(value);
  return demand('says', parts, scope, (said) => {
    const missing = parts.find((part) => part.find(said) === undefined);
    if (missing === undefined) {
      const found = parts[0]?.find(said);
      return passed(excerpt(found?.text ?? said.all, found));
    }
    const name = parts.length > 1 ? `not ${missing.words}: ` : '';
    return failed(`${name}${excerpt(said.all, nearest(missing.texts, said.all))}`);
  });
};

export const notSays: Read<'not_says'> = (value, scope) => {
  const parts = partsOf(value);
  return demand(
    'does not say',
    parts,
    scope,
    (said) => {
      for (const part of parts) {
        const found = part.find(said);
        if (found !== undefined) return failed(sentenceAt(found.text, found));
      }
      return passed(excerpt(said.all));
    },
    'or',
  );
};

function demand(
  verb: string,
  parts: readonly Part[],
  scope: Scope,
  look: (said: Said) => ReturnType<typeof passed>,
  join = 'and',
): Demand {
  const answers = scope.turns.map(({ answer }) => answer.trim()).filter((answer) => answer !== '');
  const plain = answers.map(folded);
  const said: Said = { folded: plain, raw: answers, all: plain.join('\n') };
  return {
    expected: `${verb} ${listed(
      parts.map(({ words }) => words),
      join,
    )}`,
    look: () => (answers.length === 0 ? outcome(join === 'or', 'nothing was said') : look(said)),
  };
}

function partsOf(value: Words): Part[] {
  if (typeof value === 'string' || Array.isArray(value)) return many(value).map((text) => anyOf([text]));
  const { contains, any, matches, equals } = value;
  return [
    ...(contains === undefined ? [] : many(contains).map((text) => anyOf([text]))),
    ...(any === undefined ? [] : [anyOf(any)]),
    ...(matches === undefined ? [] : [matching(matches)]),
    ...(equals === undefined ? [] : [just(equals)]),
  ];
}

const many = (value: string | readonly string[]) => (typeof value === 'string' ? [value] : value);

function anyOf(texts: readonly string[]): Part {
  const patterns = texts
    .map(folded)
    .filter(Boolean)
    .map((text) => new RegExp(literal(text), 'iu'));
  return {
    words: listed(texts.map(shown), 'or'),
    texts,
    find: ({ all: text }) => {
      for (const pattern of patterns) {
        const found = foundIn(text, pattern);
        if (found !== undefined) return { ...found, text };
      }
      return undefined;
    },
  };
}

function matching(source: string): Part {
  const pattern = new RegExp(source, 'iu');
  return {
    words: `what matches /${source}/`,
    texts: [],
    find: (said) => {
      // What a pattern has in typographic characters stands in the text as it was said.
      return matchIn(said.folded, pattern) ?? matchIn(said.raw, pattern);
    },
  };
}

/** Where a pattern fits one of the answers, and all of them, a line each. */
function matchIn(answers: readonly string[], pattern: RegExp) {
  const { index, match } = firstMatch(pattern, answers) ?? {};
  if (index === undefined || match === undefined) return undefined;
  const before = answers.slice(0, index).reduce((sum, answer) => sum + answer.length + 1, 0);
  return { at: before + match.index, length: match[0].length, text: answers.join('\n') };
}

function just(text: string): Part {
  const wanted = searchable(text);
  return {
    words: `just ${shown(text)}`,
    texts: [text],
    find: ({ folded: answers, all }) => {
      const same = [...answers, answers.join(' ')].find((answer) => answer.toLowerCase() === wanted);
      return same === undefined ? undefined : { at: 0, length: same.length, text: all };
    },
  };
}

/** Where most words in a row stand of one of the texts; the beginning where there is none. */
function nearest(texts: readonly string[], said: string): Found | undefined {
  const words = wordsIn(said);
  let best: Found | undefined;
  let longest = 0;
  for (const wanted of texts.map(folded).map(wordsIn)) {
    /** How many words before each of those wanted are as those before the last that was looked at. */
    let runs: number[] = [];
    for (const [at, last] of words.entries()) {
      const before = runs;
      runs = wanted.map((each, to) => (isLike(last.text, each.text) ? (before[to - 1] ?? 0) + 1 : 0));
      const run = runs.reduce((most, each) => Math.max(most, each), 0);
      const start = words[at - run + 1]?.at ?? 0;
      if (run > longest) best = { at: start, length: last.at + last.length - start };
      longest = Math.max(longest, run);
    }
  }
  return best;
}

const wordsIn = (text: string) =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    text: word.toLowerCase(),
    at: index,
    length: word.length,
  }));

/** The same word, or one with the same beginning. */
const isLike = (one: string, other: string) =>
  one === other || (Math.min(one.length, other.length) >= 5 && one.slice(0, 5) === other.slice(0, 5));
