import { describe, expect, test } from 'vitest';
import { numberWords, ordinalWords } from '../../../src/scenario/expect/number-words.js';
import { finderOf, piecesOf } from '../../../src/scenario/expect/spoken.js';
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
  ['何？? 誰？！ a？b', 3],
  ['Why?!x', 0],
])('%j asks %i times', (text, count) => {
  expect(countQuestions(text)).toBe(count);
});

describe('an answer of 100,000 characters is looked at in one go', () => {
  const most = 100_000;
  test.each([
    '?',
    '!',
    '!?',
    '？',
    '.',
    '."',
    "'",
    '-',
    '_',
    ' ',
    '\n',
    '1',
    '1,',
    'a',
    'a ',
    '田',
    'が',
    '\u0316\u0301',
  ])('of nothing but %j', (part) => {
    const text = `${part.repeat(most / part.length)}x`;
    expect(folded(text).endsWith('x')).toBe(true);
    expect([countQuestions(text), countWords(text) >= 0]).toEqual([/？/.test(part) ? 1 : 0, true]);
    expect(excerpt(text, { at: most, length: 1 })).toContain('x');
    expect(sentenceAt(text, { at: most, length: 1 })).toContain('x');
    expect(piecesOf(text).length).toBeLessThanOrEqual(most);
    for (const value of [part.repeat(8), '1200.5', 'RC-1042', '2026-07-06T09:00', text])
      expect(finderOf(value)(text)?.length ?? 0).toBeLessThanOrEqual(text.length);
  });
});

test('no letter has more than thirty marks', () => {
  expect(folded(`e${'\u0316\u0301'.repeat(50)}`)).toBe(folded(`e${'\u0316\u0301'.repeat(15)}`));
  expect(folded('e\u0301')).toBe('é');
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
