import { describe, expect, test } from 'vitest';
import { Markup, markup } from '../../../src/scenario/report/markup.js';

describe('what is filled in', () => {
  test.each([
    ['<b>&"\'', '&lt;b&gt;&amp;&quot;&#39;'],
    ['&amp;', '&amp;amp;'],
    ['two\nlines\tand\r\nmore', 'two\nlines\tand\nmore'],
    ['a\u0000b\u001b[1m\rc\u007f', 'a␀b␛[1m␍c␡'],
    ['\u202eback\u2066 \u200f\u2028\u0085\ufeff', '[U+202E]back[U+2066] [U+200F][U+2028][U+0085][U+FEFF]'],
    ['half \ud83d of a pair, whole \u{1f600}', 'half [U+D83D] of a pair, whole \u{1f600}'],
    ['नमस्ते می‌خواهم', 'नमस्ते می‌خواهم'],
  ])('%j is text', (given, shown) => {
    expect(markup`<p title="${given}">${given}</p>`.text).toBe(`<p title="${shown}">${shown}</p>`);
  });

  test('markup stays markup, lists are joined, and what is not there is nothing', () => {
    const items = ['a', '<'].map((each) => markup`<li>${each}</li>`);
    expect(markup`<ul>${items}</ul>${undefined}${false}${0}${new Markup('<hr>')}`.text).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>0<hr>',
    );
  });
});
