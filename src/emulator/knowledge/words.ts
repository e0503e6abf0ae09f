// From what somebody says to what SQLite is asked, and back to the sentence that answers it.

import { contentStems } from '../words.js';

/** More words than any question has. */
const mostWords = 64;

/**
 * A query of FTS5 for passages with any of these words; undefined when there is no word in them. Each word is a quoted
 * string of letters and digits alone: nothing in it can be syntax.
 */
export function fullTextQuery(said: string): string | undefined {
  const words = new Set(said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const telling = [...words].filter((word) => contentStems(word).size > 0 || /\p{N}/u.test(word));
  // A search for nothing but small words is still a search.
  const asked = (telling.length > 0 ? telling : [...words]).slice(0, mostWords);
  return asked.length === 0 ? undefined : asked.map((word) => `"${word}"`).join(' OR ');
}

/** Whether anything in it is worth searching for: nobody looks up a greeting. */
export const isQuestion = (said: string) => contentStems(said).size > 0;

/** As much as is spoken of a passage, in characters. */
const longestQuote = 300;

/** The sentences of a passage that fit best what was said, in their order. */
export function bestSentences(passage: string, said: string): string {
  const stems = contentStems(said);
  const sentences = passage.match(/[^.!?\n]+[.!?]*/g)?.map((sentence) => sentence.trim()) ?? [];
  const points = (sentence: string) => [...contentStems(sentence)].filter((stem) => stems.has(stem)).length;
  const ranked = sentences
    .map((sentence, at) => ({ sentence, at, points: points(sentence) }))
    .filter(({ sentence }) => sentence !== '')
    .sort((one, other) => other.points - one.points || one.at - other.at);
  const best = ranked[0];
  if (best === undefined) return passage.slice(0, longestQuote);
  const equal = ranked.filter((each) => each === best || (each.points > 0 && each.points === best.points));
  // A heading beside a sentence says nothing more than it.
  const whole = equal.filter(({ sentence }) => /[.!?]$/.test(sentence));
  const fitting = whole.length > 0 ? whole : equal;
  const kept: typeof ranked = [];
  let length = 0;
  for (const each of fitting) {
    length += each.sentence.length + 1;
    if (kept.length > 0 && length > longestQuote) break;
    kept.push(each);
  }
  // A heading alone answers nothing: what stands below it is said as well.
  const only = kept.length === 1 ? kept[0] : undefined;
  const next =
    only && !/[.!?]$/.test(only.sentence) ? ranked.find(({ at }) => at === only.at + 1) : undefined;
  if (next !== undefined) kept.push(next);
  const quoted = kept.sort((one, other) => one.at - other.at).map(({ sentence }) => withStop(sentence));
  const text = quoted.join(' ');
  return text.length > 2 * longestQuote ? `${text.slice(0, 2 * longestQuote)}…` : text;
}

const withStop = (sentence: string) => (/[.!?…:]$/.test(sentence) ? sentence : `${sentence}.`);
