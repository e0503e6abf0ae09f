import { describe, expect, test } from 'vitest';
import { clean, cleanText, colourLevel, createStyle, jsonText } from '../../src/terminal/style.js';

const terminal = (depth: number) => ({ isTTY: true, getColorDepth: () => depth });
const pipe = { isTTY: false, getColorDepth: () => 24 };

describe('colour', () => {
  test.each([
    ['a terminal of two colours', terminal(1), {}, 0],
    ['a terminal of 16', terminal(4), {}, 1],
    ['a terminal of 256', terminal(8), {}, 2],
    ['a terminal of all', terminal(24), {}, 3],
    ['a terminal that does not tell', { isTTY: true }, {}, 1],
    ['a pipe', pipe, {}, 0],
    ['a stream that is nothing', {}, {}, 0],
    ['TERM=dumb', terminal(24), { TERM: 'dumb' }, 0],
    ['another TERM', terminal(24), { TERM: 'xterm-256color' }, 3],
    ['NO_COLOR', terminal(24), { NO_COLOR: '1' }, 0],
    ['NO_COLOR of any value', terminal(24), { NO_COLOR: '0' }, 0],
    ['an empty NO_COLOR, which says nothing', terminal(24), { NO_COLOR: '' }, 3],
    ['NO_COLOR before FORCE_COLOR', terminal(24), { NO_COLOR: '1', FORCE_COLOR: '3' }, 0],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, 1],
    ['FORCE_COLOR=true', pipe, { FORCE_COLOR: 'true' }, 1],
    ['FORCE_COLOR=2', pipe, { FORCE_COLOR: '2' }, 2],
    ['FORCE_COLOR=3', pipe, { FORCE_COLOR: '3' }, 3],
    ['FORCE_COLOR=0', terminal(24), { FORCE_COLOR: '0' }, 0],
    ['FORCE_COLOR=false', terminal(24), { FORCE_COLOR: 'false' }, 0],
    ['an empty FORCE_COLOR, which says nothing', terminal(8), { FORCE_COLOR: '' }, 2],
    ['FORCE_COLOR before TERM=dumb', terminal(24), { FORCE_COLOR: '1', TERM: 'dumb' }, 1],
  ])('%s: %o %o → %i', (_, stream, env, level) => {
    expect(colourLevel(stream, env as Record<string, string>)).toBe(level);
  });

  test('of no level leaves text as it is', () => {
    expect(createStyle(0, 80).chalk.red.bold('x')).toBe('x');
    expect(createStyle(1, 80).chalk.red('x')).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('text from elsewhere', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['a title for the window', '\u001b]0;owned\u0007x', ']0;ownedx'],
    ['a link', '\u001b]8;;http://evil\u001b\\x', ']8;;http://evil\\x'],
    ['going back to the start of the line', 'safe\rEVIL', 'safeEVIL'],
    ['going back one', 'ab\b\bxy', 'abxy'],
    ['clearing the screen', '\u001bcx\fy\vz', 'cxyz'],
    ['the bell', 'x\u0007', 'x'],
    ['controls of eight bits', 'a\u009b31mb\u0085c\u0090d', 'a31mbcd'],
    ['delete', 'a\u007fb', 'ab'],
    ['null', 'a\u0000b', 'ab'],
    ['turning round', 'abc\u202edcba\u202c', 'abcdcba'],
    ['isolating', '\u2066abc\u2069', 'abc'],
    ['marks of direction', 'a\u200eb\u200fc', 'abc'],
    ['the Arabic mark of direction', 'a\u061cb', 'ab'],
  ])('loses %s', (_, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  test.each([
    ['lines', 'one\ntwo\n', 'one\ntwo\n'],
    ['lines of other systems, as lines', 'one\r\ntwo\r\n', 'one\ntwo\n'],
    ['tabs', 'a\tb', 'a\tb'],
    ['other scripts', 'Zoë 漢字 עברית العربية', 'Zoë 漢字 עברית العربية'],
    ['joined emoji', '👩‍🚀 🏳️‍🌈 🇫🇷', '👩‍🚀 🏳️‍🌈 🇫🇷'],
    ['nothing', '', ''],
  ])('keeps %s', (_, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  test('keeps no character that steers: none of all there are', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('');
    const left = [...cleanText(all)].filter((character) => /[\p{Cc}\p{Bidi_Control}]/u.test(character));
    expect(left).toEqual(['\t', '\n']);
  });
});

describe('a value from elsewhere', () => {
  test('is cleaned in every string of it, names too', () => {
    expect(
      clean({
        name: 'a\u001b[31m',
        list: ['b\u0007', { 'c\u009b': 'd\u202e' }, 5, null, true],
        deep: { deeper: { deepest: '\u0000' } },
      }),
    ).toEqual({
      name: 'a[31m',
      list: ['b', { c: 'd' }, 5, null, true],
      deep: { deeper: { deepest: '' } },
    });
  });

  test.each([
    ['text', 'text'],
    [5, 5],
    [true, true],
    [null, null],
    [undefined, undefined],
  ])('may be as plain as %j', (value, cleaned) => {
    expect(clean(value)).toBe(cleaned);
  });

  test('stays as it was', () => {
    const value = { name: 'a\u0007', list: ['b\u0007'] };
    clean(value);
    expect(value).toEqual({ name: 'a\u0007', list: ['b\u0007'] });
  });

  test('keeps a member called __proto__ as a member', () => {
    const text = '{"__proto__":{"name":"x"},"a":"b"}';
    expect(JSON.stringify(clean(JSON.parse(text)))).toBe(text);
  });
});

describe('JSON for printing', () => {
  const nasty = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('');

  test.each([
    ['every character that could steer', { text: nasty, [nasty]: 1 }],
    ['what looks escaped already', { text: '\\u009b \\\\u202e' }],
    ['half a character', { text: '\ud800' }],
    ['everything else', { a: [1, 2.5, true, null, 'x', { b: [] }], c: '漢字 👩‍🚀' }],
    ['text alone', '\u202e'],
  ])('reads back as the same value: %s', (_, value) => {
    expect(JSON.parse(jsonText(value))).toEqual(value);
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
  });

  test('holds no character that steers, and stands on one line', () => {
    const left = [...jsonText({ text: nasty, [nasty]: 1 })].filter((character) =>
      /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(character),
    );
    expect(left).toEqual([]);
  });

  test.each([
    ['\u009b', '"\\u009b"'],
    ['\u007f', '"\\u007f"'],
    ['\u202e', '"\\u202e"'],
    ['\u2028', '"\\u2028"'],
    ['\u001b', '"\\u001b"'],
    ['é漢', '"é漢"'],
  ])('writes %j as %s', (text, json) => {
    expect(jsonText(text)).toBe(json);
  });

  test('is indented where asked', () => {
    expect(jsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});
