import { expect, test } from 'vitest';
import { numberWords, ordinalWords } from '../../../src/scenario/expect/number-words.js';
import {
  countQuestions,
  countWords,
  excerpt,
  folded,
  listed,
  sentenceAt,
} from '../../../src/scenario/expect/text.js';

test.each([
  ['“It’s”\u00a0 9–10\n…', `"It's" 9-10 ...`],
  ['ｆｕｌｌ ﬁne\u200b', 'full fine'],
])('%j is read as %j', (text, plain) => {
  expect(folded(text)).toBe(plain);
});

test.each([
  ['', 0],
  ["I can't, at 9:30 — sorry!", 5],
  ['check-up … 12 %', 2],
])('%j has %i words', (text, count) => {
  expect(countWords(text)).toBe(count);
});

test('words without blanks between them are counted too', () => {
  // How many depends on the tables of this Node.
  expect(countWords('ご用件をお伺いします。')).toBeGreaterThan(2);
  expect(countWords('今日 ok')).toBeGreaterThan(1);
});

test.each([
  ['', 0],
  ['Why? When?', 2],
  ['Really?! "Why?" (Who?) ¿Qué?', 4],
  ['https://a.example/?b=c and a?b', 0],
  ['何時？誰？ متى؟', 3],
  ['What???', 1],
])('%j asks %i times', (text, count) => {
  expect(countQuestions(text)).toBe(count);
});

test('the sentence a place stands in is told alone', () => {
  const text = 'Dr. Who? I see. He said "Take it." Then he left.\nNo. 七時です。八時です。';
  const around = (word: string) => sentenceAt(text, { at: text.indexOf(word), length: word.length });
  expect(['see', 'Take', 'he left', 'No', '八', 'left.\nNo'].map(around)).toEqual([
    '"I see."',
    '"He said "Take it.""',
    '"Then he left."',
    '"No."',
    '"八時です。"',
    '"Then he left. / No."',
  ]);
});

test('an excerpt is of whole words, and holds the place it is about', () => {
  const text = Array.from({ length: 100 }, (_, at) => `word${at}`).join(' ');
  for (const word of ['word0', 'word50', 'word99']) {
    const cut = excerpt(text, { at: text.indexOf(word), length: word.length });
    expect(cut.length).toBeLessThanOrEqual(104);
    expect(cut).toMatch(new RegExp(`\\b${word}\\b`));
    expect(cut).toMatch(/^"…?word\d+( word\d+)*…?"$/);
  }
  expect(excerpt('x'.repeat(300), { at: 150, length: 10 })).toBe(`"…${'x'.repeat(100)}…"`);
});

test('lists are told in words', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b', 'c']), listed(['a', 'b'], 'or')]).toEqual([
    '',
    'a',
    'a, b and c',
    'a or b',
  ]);
});

test.each([
  [0, 'zero'],
  [13, 'thirteen'],
  [20, 'twenty'],
  [42, 'forty-two'],
  [100, 'a hundred'],
  [215, 'two hundred and fifteen'],
  [1200, 'one thousand two hundred'],
  [2005, 'two thousand and five'],
  [310_000, 'three hundred ten thousand'],
])('%i is %s', (value, said) => {
  expect(said).toMatch(new RegExp(`^${numberWords(value)}$`));
});

test.each([
  [1, 'first'],
  [12, 'twelfth'],
  [15, 'fifteenth'],
  [20, 'twentieth'],
  [22, 'twenty-second'],
  [31, 'thirty first'],
])('%i is the %s', (value, said) => {
  expect(said).toMatch(new RegExp(`^${ordinalWords(value)}$`));
});
