import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Remark, scenarioText, turnText } from '../../src/scenario/write.js';

const value = {
  name: 'a',
  tools: { answers: { look: [{ when: { id: 'A-1' }, return: { times: ['9:00', '10:30'] } }] } },
  turns: [{ user: 'Hello' }, { user: 'Bye', expect: { calls: { tool: 'look', with: { id: 'A-1' } } } }],
  expect: { ends: 'properly' },
};

describe('a scenario as text', () => {
  test('has its parts on lines of their own, and small tables on one', () => {
    expect(scenarioText(value, { head: ['One.', 'Two.'] })).toBe(`# One.
# Two.

name: a
tools:
  answers:
    look:
      - { when: { id: A-1 }, return: { times: [ '9:00', '10:30' ] } }

turns:
  - user: Hello
  - user: Bye
    expect: { calls: { tool: look, with: { id: A-1 } } }

expect: { ends: properly }
`);
  });

  test('has comments before, beside and after what they are about', () => {
    const remarks: Remark[] = [
      { at: ['turns', 0, 'user'], text: 'beside', where: 'beside' },
      { at: ['turns', 0], text: 'before', where: 'before' },
      { at: ['turns', 0], text: 'after\n  all', where: 'after' },
      { at: ['turns', 0], text: 'more', where: 'after' },
      { at: ['turns', 1, 'expect', 'calls', 'with', 'id'], text: 'deep', where: 'beside' },
      { at: ['turns'], text: 'the end', where: 'after' },
    ];
    const text = scenarioText(value, { head: [], remarks });
    expect(text.slice(text.indexOf('turns:'))).toBe(`turns:
  # before
  - user: Hello # beside
    # after
    #   all
    # more
  - user: Bye
    expect:
      calls:
        tool: look
        with:
          id: A-1 # deep
  # the end

expect: { ends: properly }
`);
    expect(parse(text)).toEqual(value);
  });

  const hard: unknown[] = [
    ...[
      'yes',
      'No',
      'on',
      '2026-07-01',
      '9:30',
      '12:30:00',
      'null',
      '0x1f',
      '+14155550123',
      '1e3',
      '',
      ' a ',
      '- a',
    ],
    ...[
      'a: b',
      'a # b',
      '#a',
      '{a}',
      '"a"',
      "it's",
      'line\nbreak\n',
      '\u001b[31mred',
      '\u2028',
      '\u202eback',
      '•••',
      '{{today}}',
    ],
    ...['word '.repeat(60).trim(), 'x'.repeat(400)],
    ...[
      12345678901234567890n,
      0.1,
      true,
      null,
      [],
      {},
      [[]],
      { a: { b: [{ c: 'yes' }] } },
      { yes: 1, '2026-07-01': 2, '1': 3 },
    ],
  ];

  test.each(hard.map((given) => ({ given })))('gives back what is hard to write (%#)', ({ given }) => {
    const all = {
      name: 'a',
      tools: { state: { given } },
      turns: [{ user: 'a', expect: { state: { given } } }],
    };
    const text = scenarioText(all, { head: [] });
    expect(parse(text, { intAsBigInt: typeof given === 'bigint' })).toEqual(all);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  test.each(['yes', 'no', 'on', '2026-07-01', '9:30'])(
    'quotes %s, which older readers take for something else',
    (given) => {
      expect(scenarioText({ name: given }, { head: [] })).toContain(`name: '${given}'`);
    },
  );

  test('writes what stands twice twice', () => {
    const twice = { id: 'A-1' };
    expect(scenarioText({ tools: { state: { a: twice, b: twice } } }, { head: [] })).not.toMatch(/[&*]a1/);
  });

  test.each(['a\rb: c', 'a\u0085b: c', 'a\u2028b: c', '\u001b[0m', 'a\n\nb: c', '\u202e'])(
    'keeps what comments say in comments: %j',
    (said) => {
      const remarks: Remark[] = (['before', 'after'] as const).flatMap((where) => [
        { at: ['turns', 0], text: said, where },
        { at: ['turns'], text: said, where },
      ]);
      remarks.push({ at: ['turns', 0, 'user'], text: said.replaceAll('\n', ' '), where: 'beside' });
      const text = scenarioText(value, { head: [said], remarks });
      expect(parse(text)).toEqual(value);
      expect(text).not.toMatch(/[\r\u001b\u0085\u2028\u202e]/);
    },
  );

  test('knows no place that is not there', () => {
    const remarks: Remark[] = [{ at: ['turns', 7], text: 'a', where: 'after' }];
    expect(() => scenarioText(value, { head: [], remarks })).toThrow('nothing stands at turns.7');
  });
});

test('a turn for a comment stands as it would in turns', () => {
  expect(turnText(value.turns[1] ?? {})).toBe(`- user: Bye
  expect: { calls: { tool: look, with: { id: A-1 } } }`);
});
