// Whether a value turns up in what was said. Values of tools are data, speech is not: a time, a date or a number counts
// however people say it, a code however it is spelt out, anything else as it is written, but for case, accents and what
// stands between words: "out_for_delivery" is said as "out for delivery".

import { numberAlone } from './number-words.js';
import { datePatterns, timePatterns } from './spoken-time.js';
import { type Found, folded, foundIn, literal, unaccented } from './text.js';

/** Looks for a value in a folded text: where it is said, or undefined. */
export type Finder = (said: string) => Found | undefined;

/** What finds a text, number or truth value. */
export function finderOf(value: unknown): Finder {
  const text = folded(String(value));
  if (text === '') return () => undefined;
  if (text.length > longestPattern) {
    return (said) => {
      const at = plain(said).indexOf(plain(text));
      return at < 0 ? undefined : { at, length: text.length };
    };
  }
  const pattern = bounded(patternsOf(text));
  const bareText = unaccented(text);
  return (said) => {
    const found = foundIn(said, pattern);
    const bare = unaccented(said);
    if (found !== undefined || (bare === said && bareText === text)) return found;
    // Dates and times have accents of their own: words alone are looked for without.
    return foundIn(bare, bounded([asWritten(bareText)]));
  };
}

const between = /(?<=[\p{L}\p{N}])[ _-]+(?=[\p{L}\p{N}])/gu;
/** The pattern of a text, whatever joins its words. */
const literalWords = (text: string) => text.split(between).map(literal).join('[ _-]+');

/** A text as words are compared: without accents and what joins them. */
const plain = (text: string) =>
  unaccented(text)
    .replace(between, (joint) => ' '.repeat(joint.length))
    .toLowerCase();

/** Whoever reads out more than this says it as it is written; and no pattern is that long. */
const longestPattern = 500;

/**
 * The values in a longer text of a tool: its dates, times and codes. Whoever is told "Fully booked; 2026-07-06 has an
 * open time" says the date and not the sentence.
 */
export function piecesOf(text: string): string[] {
  // Its date and its time are found as they are.
  if (momentOf(text) !== undefined) return [];
  const pieces = folded(text).match(piece) ?? [];
  return pieces.length === 1 && pieces[0] === text ? [] : pieces;
}

const piece =
  /\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}|(?<![\p{L}\p{N}])[\p{L}\p{N}]*\d[\p{L}\p{N}]*(?:[-.,:/][\p{L}\p{N}]+)*/gu;

function patternsOf(text: string): string[] {
  const { date, time } = momentOf(text) ?? {};
  return [
    asWritten(text),
    ...timePatterns(time ?? text),
    ...datePatterns(date ?? text),
    ...(date === undefined ? [] : [literal(date)]),
    ...numberPatterns(text),
    ...codePatterns(text),
  ];
}

/** The date and the time of a text that is both: 2026-07-06T09:00:00Z. */
export function momentOf(text: string): { date: string; time: string } | undefined {
  const [, date, time] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? [];
  return date === undefined || time === undefined ? undefined : { date, time };
}

/** A text as it stands there; digits of a number not where they are a part of another. */
const asWritten = (text: string) => (number.test(text) ? numberAsDigits(literal(text)) : literalWords(text));
const number = /^(-?)(0|[1-9]\d{0,11})(?:\.(\d{1,6}))?$/;

/** -5 is not 5, though 9-5, 5-6 and RC-5 have it in them, nor is 5 million. */
function numberAsDigits(digits: string): string {
  const notBefore = digits.startsWith('-')
    ? '[\\p{L}\\p{N}]'
    : '(?<![\\p{L}\\p{N}])-[$€£]?|\\b(?:minus|negative) ';
  return `(?<!${notBefore})${digits}(?! ?(?:hundred|thousand|million|billion)\\b)`;
}

/** 1200.5 is also "1,200.50", "1.200,5"; 12 is also "twelve". */
function numberPatterns(text: string): string[] {
  const [, sign = '', whole = '', part = ''] = number.exec(text) ?? [];
  if (whole === '') return [];
  const grouped = whole.replace(/(?<=\d)(?=(?:\d{3})+$)/g, "[,.' ]?");
  const digits = part.replace(/0+$/, '');
  const fraction = digits === '' ? '(?:[.,]0{1,2})?' : `[.,]${digits}0*`;
  const isPlain = sign === '' && digits === '' && Number(whole) < 1_000_000;
  return [numberAsDigits(`${sign}${grouped}${fraction}`), ...(isPlain ? [numberAlone(Number(whole))] : [])];
}

/** RC-1042 is also "R C 1 0 4 2". What is short would turn up by chance. */
function codePatterns(text: string): string[] {
  const characters = text.match(/[\p{L}\p{N}]/gu) ?? [];
  const isCode = /\d/.test(text) && !/\s/.test(text) && characters.length >= 4 && characters.length <= 40;
  if (!isCode) return [];
  const joined = (joint: string) => characters.map(literal).join(joint);
  const isNumber = number.test(text);
  if (!/^\d+$/.test(text)) return isNumber ? [] : [joined('[-–.,:/ ]{0,3}')];
  // Digits are read out one by one; but 10:00 and 10.00 are not 1000, and only telephone numbers have points.
  const digits = joined(text.length < 7 ? '(?:[-– ]|, ){0,3}' : '[-–.,/ ]{0,3}');
  return [isNumber ? numberAsDigits(digits) : digits];
}

/** What stands in the middle of another word or number is not said; some languages leave no blanks between words. */
const bounded = (patterns: readonly string[]) =>
  new RegExp(
    `(?<!${letter}(?=${letter})|\\d(?=\\d)|\\d[.,:](?=\\d))(?:${patterns.join('|')})(?!(?<=${letter})${letter}|(?<=\\d)\\d|(?<=\\d)[.,:]\\d)`,
    'iu',
  );
const letter = '[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Arabic}\\p{Script=Hebrew}]';
