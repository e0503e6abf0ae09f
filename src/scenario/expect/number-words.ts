// Numbers in English words, as patterns: whether people say "and" or a hyphen does not matter.

const ones = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const tens = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth'.split(' ');
const big = ['hundred', 'thousand', 'million', 'billion'];

/** A whole number from 0 to 999,999. */
export function numberWords(value: number): string {
  if (value < 20) return ones[value] ?? '';
  if (value < 100) return joined(tens[Math.floor(value / 10)] ?? '', value % 10, '[ -]?');
  if (value < 1000) return joined(`${hundreds(Math.floor(value / 100))} hundred`, value % 100, '(?: and)? ');
  const thousands = Math.floor(value / 1000);
  return joined(
    `${thousands === 1 ? hundreds(1) : numberWords(thousands)} thousand`,
    value % 1000,
    ',?(?: and)? ',
  );
}

const hundreds = (count: number) => (count === 1 ? '(?:one|a)' : ones[count]);
const joined = (first: string, rest: number, between: string) =>
  rest === 0 ? first : `${first}${between}${numberWords(rest)}`;

const oneOf = (words: readonly string[]) => `(?:${words.join('|')})\\b`;
/** A word of any number, as a pattern. */
export const anyNumber = oneOf([...ones, ...tens.slice(2), ...big]);
/** One of those that begin at ten: "ten", "nineteen", "twenty". */
export const twoDigits = oneOf([...ones.slice(10), ...tens.slice(2)]);
/** Joins a number to a noun: "two-bedroom". */
const asAdjective = `-(?!${anyNumber}|${oneOf(ordinals)})[a-z]`;

/**
 * A whole number that is no part of another: 5 is not said by "twenty-five", "five hundred" or "five thirty", but by
 * "five and six" and, before a noun, by "three five-bedroom homes".
 */
export function numberAlone(value: number): string {
  const words = numberWords(value);
  return `${notBegunBefore(value)}(?:${words}(?=${asAdjective})|${notInARow}${words}${notGoingOn(value)})`;
}

/** That no longer number has begun before it. A hundred and five are one number, a hundred and five hundred are two. */
export function notBegunBefore(value: number): string {
  const above = big.slice(value < 100 ? 0 : value < 1000 ? 1 : 2).join('|');
  const begun = [`(?:${tens.slice(2).join('|')})[ -]`, `(?:${above}),?(?: and)? `, `(?:${ones.join('|')})-`];
  return `(?<!\\b(?:${begun.join('|')}|minus |negative ))`;
}

/** "four two five" are the digits of one number; the one of "that one" counts nothing. */
const notInARow = `(?<!\\b(?:${ones.filter((word) => word !== 'one').join('|')}) )`;

/** That the number ends there. */
export function notGoingOn(value: number): string {
  const more = [
    `-${anyNumber}`,
    ` (?:${anyNumber}|oh\\b)(?!${asAdjective})`,
    ` point ${anyNumber}`,
    ' and a (?:half|quarter)\\b',
    ...(value >= 20 && value % 10 === 0 ? [`[ -]${oneOf(ordinals)}(?!${asAdjective})`] : []),
    ...(value > 0 && value % 100 === 0 ? [`,? and ${anyNumber}(?! hundred\\b)`] : []),
  ];
  return `(?!${more.join('|')})`;
}

const irregular: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** The same for its place in a row, from 1 to 99: "twenty[ -]?first". */
export function ordinalWords(value: number): string {
  const words = numberWords(value);
  const last = /[a-z]+$/.exec(words)?.[0] ?? '';
  const ordinal = irregular[last] ?? `${last.replace(/y$/, 'ie')}th`;
  return `${words.slice(0, words.length - last.length)}${ordinal}`;
}
