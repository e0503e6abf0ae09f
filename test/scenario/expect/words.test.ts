import { describe, expect, test } from 'vitest';
import { conversation, ofTurn, ofWhole, type Row, turn, verdicts } from './support.js';

const booked = conversation([turn('Your confirmation number is RC-1042. See you on Monday!')]);
const typographic = conversation([turn('That’s “room\u00a01”\n — 9–10, o\u200bpen.')]);
const long = conversation([
  turn(
    `${'Of course, let me see. '.repeat(8)}Your confirmed room is on the second floor. ${'And so on. '.repeat(9)}`,
  ),
]);
const two = conversation([turn('I have nine'), turn('or eleven thirty.')]);

const says: Row[] = [
  [
    { says: 'CONFIRMATION number' },
    booked,
    ['passed', 'says "CONFIRMATION number"', '"Your confirmation number is RC-1042. See you on Monday!"'],
  ],
  [
    { says: 'reservation number' },
    booked,
    ['failed', 'says "reservation number"', '"Your confirmation number is RC-1042. See you on Monday!"'],
  ],
  [
    { says: ['Monday', 'Tuesday'] },
    booked,
    [
      'failed',
      'says "Monday" and "Tuesday"',
      'not "Tuesday": "Your confirmation number is RC-1042. See you on Monday!"',
    ],
  ],
  [
    { says: 'your confirmation is done' },
    long,
    [
      'failed',
      'says "your confirmation is done"',
      '"…let me see. Of course, let me see. Your confirmed room is on the second floor. And so on.…"',
    ],
  ],
  [
    { says: `That's "room 1" - 9-10, open` },
    typographic,
    ['passed', String.raw`says "That's \"room 1\" - 9-10, open"`, `"That's "room 1" - 9-10, open."`],
  ],
  [{ says: 'That’s' }, conversation([turn("That's it.")]), ['passed', 'says "That’s"', `"That's it."`]],
  [
    { says: { any: ['Tuesday', 'Monday'] } },
    booked,
    ['passed', 'says "Tuesday" or "Monday"', '"Your confirmation number is RC-1042. See you on Monday!"'],
  ],
  [
    { says: { any: ['Tuesday', 'Friday'] } },
    conversation([turn('See you.')]),
    ['failed', 'says "Tuesday" or "Friday"', '"See you."'],
  ],
  [
    { says: { matches: 'rc-\\d{4}' } },
    booked,
    ['passed', 'says what matches /rc-\\d{4}/', '"Your confirmation number is RC-1042. See you on Monday!"'],
  ],
  [
    { says: { matches: '“room' } },
    typographic,
    ['passed', 'says what matches /“room/', '"That’s “room\u00a01” / — 9–10, o\u200bpen."'],
  ],
  [
    { says: { matches: '^monday' } },
    conversation([turn('On Monday.')]),
    ['failed', 'says what matches /^monday/', '"On Monday."'],
  ],
  [
    { says: { equals: 'see  YOU.' } },
    conversation([turn(' See\nyou. ')]),
    ['passed', 'says just "see  YOU."', '"See you."'],
  ],
  [
    { says: { equals: 'See' } },
    conversation([turn('See you.')]),
    ['failed', 'says just "See"', '"See you."'],
  ],
  [
    { says: { contains: ['see', 'you'], matches: 'x' } },
    conversation([turn('See you.')]),
    ['failed', 'says "see", "you" and what matches /x/', 'not what matches /x/: "See you."'],
  ],
  [{ says: 'a' }, conversation([turn('')]), ['failed', 'says "a"', 'nothing was said']],
  [
    { says: 'on {{today+2}}' },
    conversation([turn('It is on 2026-07-06.')]),
    ['passed', 'says "on 2026-07-06"', '"It is on 2026-07-06."'],
  ],
  [
    { says: { matches: 'on {{ today }}$' } },
    conversation([turn('It is on 2026-07-06')]),
    ['failed', 'says what matches /on 2026-07-04$/', '"It is on 2026-07-06"'],
  ],
];

const notSays: Row[] = [
  [
    { not_says: 'aspirin' },
    conversation([turn('I see. You should take an Aspirin, twice a day. Anything else?')]),
    ['failed', 'does not say "aspirin"', '"You should take an Aspirin, twice a day."'],
  ],
  [
    { not_says: ['ibuprofen', 'aspirin'] },
    conversation([turn('Please ask a doctor.')]),
    ['passed', 'does not say "ibuprofen" or "aspirin"', '"Please ask a doctor."'],
  ],
  [
    { not_says: { contains: ['x'], matches: 'ask .+', any: ['a nurse', 'a doctor'] } },
    conversation([turn('Hello. Please ask a doctor. Bye.')]),
    [
      'failed',
      'does not say "x", "a nurse" or "a doctor" or what matches /ask .+/',
      '"Please ask a doctor."',
    ],
  ],
  [
    { not_says: { equals: 'no.' } },
    conversation([turn('No.')]),
    ['failed', 'does not say just "no."', '"No."'],
  ],
  [{ not_says: 'a' }, conversation([turn(' ')]), ['passed', 'does not say "a"', 'nothing was said']],
];

describe('words', () => {
  test.each([...says, ...notSays])('%j', async (written, played, check) => {
    expect(await ofTurn(written, played)).toEqual([check]);
    expect(await ofWhole(written, played)).toEqual([check]);
  });

  test('of the whole are looked for in every answer, and not across two', async () => {
    expect(await ofWhole({ says: 'eleven' }, two)).toEqual([
      ['passed', 'says "eleven"', '"I have nine / or eleven thirty."'],
    ]);
    expect(verdicts(await ofWhole({ says: 'nine or' }, two))).toEqual(['failed']);
    expect(verdicts(await ofWhole({ not_says: { matches: 'nine.or' } }, two))).toEqual(['passed']);
    expect(verdicts(await ofWhole({ says: { equals: 'or eleven thirty.' } }, two))).toEqual(['passed']);
    expect(await ofTurn({ says: 'eleven' }, two)).toEqual([['failed', 'says "eleven"', '"I have nine"']]);
  });

  test.each<[matches: string, answers: string[], verdict: string, got: string]>([
    ['^or', ['I have nine', 'or eleven.'], 'passed', '"I have nine / or eleven."'],
    ['nine$', ['I have nine', 'or eleven.'], 'passed', '"I have nine / or eleven."'],
    ['^I have nine$', ['Hello.', 'I have nine', 'Bye.'], 'passed', '"Hello. / I have nine / Bye."'],
    ['there[^x]*sorry', ['Hello there.', 'I am sorry.'], 'failed', '"Hello there. / I am sorry."'],
    ['nine\\s+or', ['I have nine', 'or eleven.'], 'failed', '"I have nine / or eleven."'],
    ['^“or', ['I have nine', ' “or eleven”'], 'passed', '"I have nine / “or eleven”"'],
    ['nine“', ['I have “nine', '“or eleven”'], 'failed', '"I have "nine / "or eleven""'],
    ['^$', ['I have nine', 'or eleven.'], 'failed', '"I have nine / or eleven."'],
  ])('/%s/ is looked for in each answer of %j by itself', async (matches, answers, verdict, got) => {
    const played = conversation(answers.map((answer) => turn(answer)));
    expect(await ofWhole({ says: { matches } }, played)).toEqual([
      [verdict, `says what matches /${matches}/`, got],
    ]);
    const opposite = verdict === 'passed' ? 'failed' : 'passed';
    expect(verdicts(await ofWhole({ not_says: { matches } }, played))).toEqual([opposite]);
  });

  test('of a turn are those of all answers to it', async () => {
    const twice = conversation([
      turn('One moment.'),
      turn('Still there?', { by: 'nobody', index: undefined }),
    ]);
    const both = { ...twice, turns: twice.turns.map((each) => ({ ...each, index: 0 })) };
    expect(verdicts(await ofTurn({ says: ['moment', 'there'] }, both))).toEqual(['passed']);
  });

  test('that are the same over and over are looked for in one go', async () => {
    const played = conversation([turn('and so '.repeat(15_000))]);
    const [found] = await ofTurn({ says: `${'and so '.repeat(300)}on` }, played);
    expect(found?.[0]).toBe('failed');
    expect(found?.[2]).toMatch(/^"(and so )+/);
  });

  test('several kinds in one entry are a check each', async () => {
    expect(verdicts(await ofTurn({ says: 'RC', not_says: 'RC' }, booked))).toEqual(['passed', 'failed']);
  });

  test('what is no pattern, or asks for nothing, is an error and no pass', async () => {
    expect(
      await ofTurn([{ says: { matches: '(' } }, { not_says: { matches: '[' } }, { says: {} }], booked),
    ).toEqual([
      ['error', 'says {"matches":"("}', 'says.matches is no regular expression: unterminated group'],
      [
        'error',
        'not_says {"matches":"["}',
        'not_says.matches is no regular expression: unterminated character class',
      ],
      ['error', 'says {}', 'says must name contains, any, matches or equals'],
    ]);
  });

  test('of nothing but blanks are an error and no pass', async () => {
    const found = await ofTurn(
      [{ not_says: ' ' }, { not_says: { any: ['x', '\t'] } }, { not_says: '\u200b' }],
      booked,
    );
    expect(found.map(([verdict, , got]) => [verdict, got])).toEqual([
      ['error', 'not_says must not be blank'],
      ['error', 'not_says.any[1] must not be blank'],
      ['error', 'not_says must not be blank'],
    ]);
  });
});
