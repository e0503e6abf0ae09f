// Lines that are longer than the screen is wide: those that are typed, and those that arrive meanwhile.

import { describe, expect, test } from 'vitest';
import { keys, sitDown } from './screen.js';

/** ASCII text as a screen of `columns` breaks it. */
const wrapped = (text: string, columns: number) =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''])
    .map((line) => line.trimEnd());

describe('text that is wider than the screen', () => {
  const words = 'the quick brown fox jumps over the lazy dog';

  test.each([7, 10, 43, 44])('wraps at %i columns, word by word', async (columns) => {
    const person = await sitDown({ columns });
    await person.type('abc');
    for (const word of words.split(/(?<= )/)) await person.arrive(word);
    expect(await person.screen()).toEqual([...wrapped(words, columns), '> abc|']);
  });

  test('that fills a line to its end goes on in the next', async () => {
    const person = await sitDown({ columns: 10 });
    await person.type('abc');
    await person.arrive('0123456789');
    expect(await person.screen()).toEqual(['0123456789', '> abc|']);
    await person.arrive('abc');
    expect(await person.screen()).toEqual(['0123456789', 'abc', '> abc|']);
  });

  test('that fills a line to its end and breaks it leaves no empty one', async () => {
    const person = await sitDown({ columns: 10 });
    await person.arrive('0123456789');
    await person.arrive('\n');
    await person.arrive('next\n');
    expect(await person.screen()).toEqual(['0123456789', 'next', '> |']);
  });

  test.each([
    ['a line of one row', ['abc'], ['> abc|']],
    ['a line of three rows', ['abcdefghijklmnopqrstuvw'], ['> abcdefgh', 'ijklmnopqr', 'stuvw|']],
    ['a line that ends with its row', ['abcdefgh'], ['> abcdefgh', '|']],
    ['a line with the cursor in its first row', ['abcdefghijklmno', keys.home], ['> |abcdefgh', 'ijklmno']],
    ['a line with the cursor in its second row', ['abcdefghijklmno', keys.left], ['> abcdefgh', 'ijklmn|o']],
    ['a line that was longer', [`abcdefghijklmno${keys.backspace.repeat(12)}`], ['> abc|']],
  ])('leaves %s as it is', async (_, typed, line) => {
    const person = await sitDown({ columns: 10, rows: 20 });
    await person.type(...typed);
    for (const word of ['the quick ', 'brown', ' fox\n', 'jumps']) await person.arrive(word);
    expect(await person.screen()).toEqual(['the quick', 'brown fox', 'jumps', ...line]);
  });

  test('leaves a line as it is that was pasted and is longer than the screen is wide', async () => {
    const person = await sitDown({ columns: 10, rows: 20 });
    await person.paste('abcdefghijklmnopqrstuvw');
    for (const word of ['the quick ', 'brown', ' fox\n', 'jumps']) await person.arrive(word);
    const line = ['> abcdefgh', 'ijklmnopqr', 'stuvw|'];
    expect(await person.screen()).toEqual(['the quick', 'brown fox', 'jumps', ...line]);
  });

  test('was pasted and is edited as any other', async () => {
    const person = await sitDown({ columns: 10 });
    await person.paste('abcdefghijklmnopqrstuvw');
    await person.type(keys.backspace);
    expect(await person.screen()).toEqual(['> abcdefgh', 'ijklmnopqr', 'stuv|']);
  });

  test('in wide characters joins without a hole, though one does not fit at the edge', async () => {
    const person = await sitDown({ columns: 10 });
    await person.type('abc');
    for (const word of ['a', '漢字漢字', '漢', '字', 'z', '漢字']) await person.arrive(word);
    expect(await person.screen()).toEqual(['a漢字漢字', '漢字z漢字', '> abc|']);
  });

  test('with tabs goes on where it ended', async () => {
    const person = await sitDown({ columns: 40 });
    await person.type('abc');
    for (const word of ['a\t', 'b', '\tc', 'd']) await person.arrive(word);
    expect(await person.screen()).toEqual(['a       b       cd', '> abc|']);
  });
});

/** mulberry32: the same seed gives the same conversation. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('forty conversations at random, and the screen is right after each', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const columns = 6 + Math.floor(random() * 20);
    const person = await sitDown({ columns, rows: 60 });
    let said = '';
    let typed = '';
    for (let move = 0; move < 18; move++) {
      if (random() < 0.4 && typed.length < columns * 2) {
        const letters = 'abcdefgh'.slice(0, 1 + Math.floor(random() * 8));
        typed += letters;
        await person.type(letters);
      } else {
        const length = 1 + Math.floor(random() * columns * 1.5);
        const word = random() < 0.2 ? '\n' : '0123456789'.repeat(4).slice(move % 10, (move % 10) + length);
        said += word;
        await person.arrive(word);
      }
    }
    const above = said === '' ? [] : wrapped(said.replace(/\n$/, ''), columns);
    const line: string[] = `> ${typed}`.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    if (line.at(-1)?.length === columns) line.push('');
    const expected = [...above, ...line.slice(0, -1), `${line.at(-1)}|`];
    expect({ seed, screen: await person.screen() }).toEqual({ seed, screen: expected });
    await person.close();
  }
});
