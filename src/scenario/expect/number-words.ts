// Numbers in English words, as patterns: whether people say "and" or a hyphen does not matter.

const ones = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const tens = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A whole number from 0 to 999,999. */
export function numberWords(value: number): string {
  if (value < 20) return ones[value] ?? '';
  if (value < 100) return joined(tens[Math.floor(value / 10)] ?? '', value % 10, '[ -]?');
  if (value < 1000) return joined(`${hundreds(Math.floor(value / 100))} hundred`, value % 100, '(?: and)? ');
  return joined(`${numberWords(Math.floor(value / 1000))} thousand`, value % 1000, ',?(?: and)? ');
}

const hundreds = (count: number) => (count === 1 ? '(?:one|a)' : ones[count]);
const joined = (first: string, rest: number, between: string) =>
  rest === 0 ? first : `${first}${between}${numberWords(rest)}`;

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
