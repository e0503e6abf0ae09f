import { describe, expect, test } from 'vitest';
import { oneLine } from '../../src/one-line.js';
import { createStyle } from '../../src/terminal/style.js';
import { cut, table, textWidth } from '../../src/terminal/table.js';

type Row = [string, string, string];
const columns = [
  { title: 'ID', value: ([id]: Row) => id },
  { title: 'NAME', value: ([, name]: Row) => name, shrinks: 1 },
  { title: 'TEXT', value: ([, , text]: Row) => text, shrinks: 1 },
];
const show = (rows: Row[], width = Number.POSITIVE_INFINITY) =>
  table(rows, columns, createStyle(0, width)).split('\n');

describe('a table', () => {
  test('stands in columns, without blanks at the end of a line', () => {
    expect(
      show([
        ['a1', 'One', 'first'],
        ['agent_2', 'The second', ''],
        ['a3', '', ''],
      ]),
    ).toEqual(['ID       NAME        TEXT', 'a1       One         first', 'agent_2  The second', 'a3']);
  });

  test('without rows is its header', () => {
    expect(show([])).toEqual(['ID  NAME  TEXT']);
  });

  test('has each row on one line, whatever is in it', () => {
    expect(show([['a1', 'One\n\tTwo', '  x \r\n  y  ']])).toEqual(['ID  NAME     TEXT', 'a1  One Two  x y']);
  });

  test('is never cut where nothing has to be fitted', () => {
    const long = 'word '.repeat(200).trim();
    expect(show([['a1', long, long]])[1]).toBe(`a1  ${long}  ${long}`);
  });

  test('stands in columns of the screen, where characters are two wide or none', () => {
    expect(
      show([
        ['a1', '漢字', 'x'],
        ['a2', '👩‍🚀', 'x'],
        ['a3', 'e\u0301', 'x'],
        ['a4', 'plain', 'x'],
      ]),
    ).toEqual(['ID  NAME   TEXT', 'a1  漢字   x', 'a2  👩‍🚀     x', 'a3  e\u0301      x', 'a4  plain  x']);
  });

  test('has its header dimmed where there is colour', () => {
    expect(table([], columns, createStyle(1, 80))).toBe('\u001b[2mID  NAME  TEXT\u001b[22m');
  });

  test('may have more rows than fit in a call', () => {
    const rows = Array.from({ length: 200_000 }, (_, at): Row => [`a${at}`, 'Bot', 'x']);
    expect(show(rows)).toHaveLength(200_001);
  });
});

describe('a table on a screen', () => {
  const rows: Row[] = [
    ['agent_0123456789', 'A name of some length', 'Instructions that go on and on and on'],
    ['a1', '漢字漢字漢字漢字漢字', '漢字 and words 漢字 and more words'],
    ['a2', 'Bot', '👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀'],
  ];

  test.each([38, 39, 40, 50, 60, 61, 62, 63, 70, 78, 79, 80, 200])('of %i columns fits', (width) => {
    const widths = show(rows, width).map(textWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(width);
  });

  test.each([20, 26, 30, 40, 60, 100])('of %i columns fits whatever widths are in it', (width) => {
    for (const text of ['漢字', 'カスタマーサポート', '“quoted”…', 'नमस्ते', '❤️☎️✔️', '🇫🇷🇩🇪', '（注）']) {
      for (let times = 1; times < 30; times++) {
        const widths = show([['a1', text.repeat(times), `x${text.repeat(times)}`]], width).map(textWidth);
        expect(Math.max(...widths)).toBeLessThanOrEqual(width);
      }
    }
  });

  test('cuts those that need most, and leaves alone what needs less than its part', () => {
    expect(show([['a1', 'A name of 19 letter', 'and much text to read']], 40)).toEqual([
      'ID  NAME               TEXT',
      'a1  A name of 19 let…  and much text to…',
    ]);
    expect(show([['a1', 'Bot', 'and much text to read']], 26)).toEqual([
      'ID  NAME  TEXT',
      'a1  Bot   and much text t…',
    ]);
  });

  test('one long cell does not starve the others', () => {
    const rows: Row[] = [
      ['a1', 'x'.repeat(300), 'short text'],
      ['a2', 'Bot', 'text'],
    ];
    expect(show(rows, 40)).toEqual([
      'ID  NAME                      TEXT',
      `a1  ${'x'.repeat(23)}…  short text`,
      'a2  Bot                       text',
    ]);
  });

  test('gives those with a larger part more', () => {
    const weighed = columns.map((column, at) => (at === 1 ? { ...column, shrinks: 3 } : column));
    const shown = table([['a1', 'n'.repeat(99), 't'.repeat(99)] as Row], weighed, createStyle(0, 46));
    expect(shown.split('\n')[1]).toBe(`a1  ${'n'.repeat(29)}…  ${'t'.repeat(9)}…`);
  });

  test('leaves columns out from the last on where there is no room for them', () => {
    const row: Row = ['agent_0123456789', 'A name of 19 letter', 'and much text to read'];
    expect(show([row], 30)).toEqual(['ID                NAME', 'agent_0123456789  A name of 1…']);
    expect(show([row], 20)).toEqual(['ID', 'agent_0123456789']);
    expect(show([row], 10)).toEqual(['ID', 'agent_0123456789']);
  });

  test('never cuts a column that does not shrink', () => {
    const id = 'agent_0123456789abcdef0123456789abcdef';
    expect(show([[id, 'A long name indeed', 'A long text indeed']], 40)[1]).toContain(id);
  });

  test('leaves a column alone that is narrow already', () => {
    const narrow: Row[] = [['agent_0123456789abcdef', 'Bot', 'Hi']];
    expect(show(narrow, 34)).toEqual(show(narrow));
  });
});

describe('a text', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['漢字', 4],
    ['ｆｕｌｌ', 8],
    ['👩‍🚀', 2],
    ['🇫🇷', 2],
    ['e\u0301', 1],
    ['\u001b[31mred\u001b[39m', 3],
  ])('%j is %i columns wide', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test.each([
    ['that fits', 'plain', 5, 'plain'],
    ['that does not', 'plainly', 5, 'plai…'],
    ['of wide characters that fits', '漢字', 4, '漢字'],
    ['of wide characters, half of which would fit', '漢字漢字', 4, '漢…'],
    ['of wide characters that ends even', '漢字漢字', 5, '漢字…'],
    ['of joined emoji, which stay whole', '👩‍🚀👩‍🚀👩‍🚀', 5, '👩‍🚀👩‍🚀…'],
    ['of joined emoji, one of which would be half', '👩‍🚀👩‍🚀👩‍🚀', 4, '👩‍🚀…'],
    ['of flags', '🇫🇷🇩🇪🇮🇹', 5, '🇫🇷🇩🇪…'],
    ['with a mark of its own', 'e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['of full-width signs', '（注文）', 7, '（注文…'],
    ['of which nothing fits', '漢字', 1, '…'],
    ['that is empty', '', 5, ''],
    ['with no limit', 'x'.repeat(500), undefined, 'x'.repeat(500)],
  ])('is cut to a width: one %s', (_, text, width, shown) => {
    expect(cut(text, width)).toBe(shown);
  });

  test.each([
    ['a\nb', 'a b'],
    ['  a \t\r\n b  ', 'a b'],
    ['', ''],
    // Runners of CI jobs obey these wherever they stand.
    ['so ##[add-mask]x', 'so # #[add-mask]x'],
    ['##VSO[task.complete] #[ok]', '# #VSO[task.complete] #[ok]'],
  ])('is folded to one line: %j', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });
});
