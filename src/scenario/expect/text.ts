// What is said, as text: compared the way people mean it, counted, and cut to the piece that matters.

/**
 * Text as it is compared: typographic quotes, dashes and blanks as typewriters have them, invisible characters gone,
 * case left alone.
 */
export function folded(text: string): string {
  return text
    .replace(marksInARow, '$1')
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\u2018-\u201b\u2032\u02bc\u00b4`]/g, "'")
    .replace(/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Text as words are looked for in it: folded, and without case. */
export const searchable = (text: string) => folded(text).toLowerCase();

/** No letter has so many. To put them in order takes the square of their number. */
const marksInARow = /(\p{M}{30})\p{M}+/gu;

/** A folded text without accents, as long as it was; kana and others that are no letters without their marks stay. */
export const unaccented = (text: string) =>
  text.replace(/(?=[\u0080-\uffff])[\p{Script=Latin}\p{Script=Greek}]/gu, (letter) =>
    letter.normalize('NFD').replace(/\p{M}/gu, ''),
  );

/** A text as the pattern that finds just it. */
export const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Where something stands in a text. */
export interface Found {
  at: number;
  length: number;
}

/** The first place a pattern fits; one that fits nothing at all is not found. */
export function foundIn(text: string, pattern: RegExp): Found | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : { at: match.index, length: match[0].length };
}

/** A text, cut at its end. Halves of characters, which cutting may leave, are gone: no report could hold them. */
export function shortText(text: string, most = 100): string {
  const cut = text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
  return cut.replace(/\p{Surrogate}/gu, '');
}

const longestExcerpt = 100;

/** What was said around a place, in quotes, whole words of it; between two answers stands a stroke. */
export function excerpt(text: string, { at, length }: Found = { at: 0, length: 0 }): string {
  const before = Math.floor(Math.max(0, longestExcerpt - length) / 2);
  const start = Math.max(0, Math.min(at - before, text.length - longestExcerpt));
  const end = start + longestExcerpt;
  const blankAfter = text.indexOf(' ', start) + 1;
  const blankBefore = text.lastIndexOf(' ', end);
  const from = start === 0 ? 0 : blankAfter > start && blankAfter <= at ? blankAfter : start;
  const to = end >= text.length ? text.length : blankBefore >= at + length ? blankBefore : end;
  const line = text.slice(from, to).replace(/\s*[\n\r]+\s*/g, ' / ');
  return `"${from > 0 ? '…' : ''}${line.trim()}${to < text.length ? '…' : ''}"`;
}

/** The sentence a place stands in, in quotes. */
export function sentenceAt(text: string, { at, length }: Found): string {
  let from = 0;
  for (const end of text.matchAll(sentenceEnd)) {
    const next = end.index + end[0].length;
    // What ends within the place does not end its sentence.
    if (next >= at + length && next > at)
      return excerpt(text.slice(from, next).trimEnd(), { at: at - from, length });
    if (next <= at) from = next;
  }
  return excerpt(text.slice(from), { at: at - from, length });
}

const sentenceEnd = /[.!?…]["')]*\s+|[。！？]|\n/g;

/** How many words a text has; those of languages written without blanks by the rules of Unicode. */
export function countWords(text: string): number {
  const words = text.split(/[\s\u2013\u2014]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.reduce((sum, word) => sum + (unspaced.test(word) ? countUnspaced(word) : 1), 0);
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
function countUnspaced(text: string): number {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  let count = 0;
  // The segmenter takes the square of a length; one word in a thousand characters is cut in two.
  for (const [piece] of text.matchAll(/.{1,1000}/gsu)) {
    for (const { isWordLike } of segmenter.segment(piece)) count += isWordLike === true ? 1 : 0;
  }
  return count;
}

/** How many sentences of a text ask something. */
export function countQuestions(text: string): number {
  let count = 0;
  for (const { 0: marks, index } of text.matchAll(/[?!؟？]+/g)) {
    // One in the middle of a word is part of an address, unless it is as wide as a letter.
    const isEnd = endsAsking.test(text.charAt(index + marks.length));
    if (marks.includes('？') || (isEnd && /[?؟]/.test(marks))) count++;
  }
  return count;
}
const endsAsking = /^(?:[\s"'”’»)\]*_]|$)/;

/** "a, b and c". */
export function listed(texts: readonly string[], last = 'and'): string {
  if (texts.length <= 1) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} ${last} ${texts.at(-1)}`;
}
