// What the local API reads in a file, and what of it answers a question.

import { describe, expect, test } from 'vitest';
import { contentOf } from '../../src/emulator/knowledge/text.js';
import { bestSentences, fullTextQuery, isQuestion } from '../../src/emulator/knowledge/words.js';

const read = (text: string | Uint8Array, name = 'a.txt') =>
  contentOf(typeof text === 'string' ? Buffer.from(text) : text, name, '');

describe('the passages of a file', () => {
  test.each([
    ['text', 'a.txt', 'One.\r\n\r\nTwo\nlines.', ['One.\nTwo lines.']],
    [
      'Markdown',
      'a.md',
      '# Head\nSee **the** [page](http://x) `now`.\n- one\n2. two',
      ['Head\nSee the page now. one two'],
    ],
    [
      'HTML',
      'a.html',
      '<head><style>p{}</style></head><h1>Head</h1><script>alert("<p>")</script><p>Fish &amp; chips&#33; <b>Now</b><!-- no --></p>',
      ['Head\nFish & chips! Now'],
    ],
    ['unended HTML', 'a.htm', 'One <script>never ended', ['One']],
    [
      'CSV',
      'a.csv',
      'day,"opens, at"\nMonday,"nine, or ten"\nSunday,',
      ['day: Monday, opens, at: nine, or ten\nday: Sunday, opens, at:'],
    ],
    ['CSV without rows', 'a.csv', 'a,b', ['a, b']],
    [
      'JSON',
      'a.json',
      '{"shop":{"opens":"nine","id":12345678901234567890},"tags":["a","b"],"none":null}',
      ['shop opens: nine shop id: 12345678901234567890 tags: a tags: b'],
    ],
    ['JSON that is none', 'a.json', '{"shop', ['{"shop']],
    ['an unknown ending', 'a.log', 'One.', ['One.']],
    ['no ending', 'notes', 'One.', ['One.']],
  ])('%s', (_, name, text, passages) => {
    expect(read(text, name)).toEqual({ passages });
  });

  test('are about 800 characters long, and end between sentences', () => {
    const sentence = 'This is a sentence of forty-four characters. ';
    const { passages } = read(sentence.repeat(60)) as { passages: string[] };
    expect(passages.every((each) => each.length <= 800 && each.endsWith('.'))).toBe(true);
    expect(passages.join(' ')).toBe(sentence.repeat(60).trim());
    const unbroken = (read('x'.repeat(2000)) as { passages: string[] }).passages;
    expect(unbroken.map(({ length }) => length)).toEqual([800, 800, 400]);
  });

  test('UTF-16 with its mark is text as well', () => {
    expect(read(Buffer.from('\ufeffOne.', 'utf16le'))).toEqual({ passages: ['One.'] });
  });

  test.each([
    ['PDF', '%PDF-1.7', 'a.pdf', 'not PDF'],
    ['bytes', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'a.jpg', 'not a file of the kind jpg'],
    ['zeros', new Uint8Array(10), 'a.txt', 'not a file of the kind txt'],
    ['tags alone', '<p> </p>', 'a.html', 'there is no text in it'],
  ])('%s has none', (_, content, name, reason) => {
    expect(read(content, name)).toEqual({ failure: expect.stringContaining(reason) });
  });
});

describe('what never ends', () => {
  // Half a megabyte of each: read again from every place it begins at, it would take minutes.
  test.each([
    ['a.html', '<'],
    ['a.html', '<p '],
    ['a.html', '<br '],
    ['a.md', '['],
    ['a.md', '[a]('],
    ['a.md', '[a](b('],
  ])('in %s, %s, is read through once', (name, piece) => {
    expect(read(piece.repeat(500_000 / piece.length), name)).toMatchObject({ passages: expect.anything() });
  });

  test('tells a link with brackets from the text around it', () => {
    expect(read('See [the page](http://x/(y)z) and [1] now.', 'a.md')).toEqual({
      passages: ['See the page and [1] now.'],
    });
  });
});

test('a character of two halves is never cut between them', () => {
  const { passages } = read(`a${'\u{1f600}'.repeat(1000)}`) as { passages: string[] };
  expect(passages.join('')).toBe(`a${'\u{1f600}'.repeat(1000)}`);
  expect(passages.filter((passage) => /[\ud800-\udbff]$|^[\udc00-\udfff]/.test(passage))).toEqual([]);
});

describe('a query', () => {
  test.each([
    ['How long do refunds take?', '"long" OR "refunds" OR "take"'],
    ['ORD-42', '"ord" OR "42"'],
    ['"; DROP TABLE files; --', '"drop" OR "table" OR "files"'],
    ['what is it', '"what" OR "is" OR "it"'],
    ['Öffnungszeiten', '"öffnungszeiten"'],
    ['?!', undefined],
  ])('of %j is %j', (said, query) => {
    expect(fullTextQuery(said)).toBe(query);
  });

  test('is not made of a greeting', () => {
    expect([isQuestion('Hello, how are you?'), isQuestion('refunds')]).toEqual([false, true]);
  });
});

describe('the sentences that answer', () => {
  test.each([
    ['One thing. Refunds take five days. Another.', 'How long do refunds take?', 'Refunds take five days.'],
    ['Refunds\nRefunds take five days.', 'refunds', 'Refunds take five days.'],
    ['Opening hours\nNine to five.', 'opening', 'Opening hours. Nine to five.'],
    [
      'Orders ship today. Orders arrive tomorrow. Bye.',
      'orders',
      'Orders ship today. Orders arrive tomorrow.',
    ],
    ['shop opens: nine', 'opens', 'shop opens: nine.'],
  ])('%j to %j', (passage, said, sentences) => {
    expect(bestSentences(passage, said)).toBe(sentences);
  });

  test('are not longer than anybody listens', () => {
    expect(bestSentences(`${'word '.repeat(500)}refund.`, 'refund').length).toBeLessThan(700);
  });
});
