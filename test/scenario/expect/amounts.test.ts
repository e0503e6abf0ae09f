import { describe, expect, test } from 'vitest';
import { call, conversation, ofTurn, ofWhole, type Row, turn } from './support.js';

const short = 'Which day?';
const long = 'I have nine or half past eleven. Which would you like? And what is your name?';

/** Of a single turn, where turn and whole say nearly the same. */
const ofOne: Row[] = [
  [{ questions: 1 }, conversation([turn(short)]), ['passed', 'asks at most 1 question', '1 question']],
  [
    { questions: 1 },
    conversation([turn(long)]),
    ['failed', 'asks at most 1 question', `2 questions: "${long}"`],
  ],
  [
    { questions: { least: 1 } },
    conversation([turn('Fine.')]),
    ['failed', 'asks at least 1 question', '0 questions: "Fine."'],
  ],
  [
    { questions: 0 },
    conversation([turn('See https://a.example/?q=1 or say "why?" Really?! 何時? 何時？')]),
    [
      'failed',
      'asks at most 0 questions',
      '4 questions: "See https://a.example/?q=1 or say "why?" Really?! 何時? 何時？"',
    ],
  ],
  [{ questions: 1 }, conversation([turn('')]), ['passed', 'asks at most 1 question', 'nothing was said']],
  [
    { questions: { least: 1, most: 1 } },
    conversation([turn('')]),
    ['failed', 'asks exactly 1 question', 'nothing was said'],
  ],
  [{ words: 2 }, conversation([turn('Which — day?')]), ['passed', 'answers in at most 2 words', '2 words']],
  [
    { words: 1 },
    conversation([turn(short)]),
    ['failed', 'answers in at most 1 word', '2 words: "Which day?"'],
  ],
  [
    { words: { least: 3, most: 5 } },
    conversation([turn(short)]),
    ['failed', 'answers in 3 words to 5 words', '2 words: "Which day?"'],
  ],
  [
    { words: 1 },
    conversation([turn("It's 09:00")]),
    ['failed', 'answers in at most 1 word', '2 words: "It\'s 09:00"'],
  ],
  [
    { words: { least: 1 } },
    conversation([turn('')]),
    ['failed', 'answers in at least 1 word', 'nothing was said'],
  ],
  [{ seconds: 2 }, conversation([turn(short)]), ['passed', 'speaks for at most 2 s', '2 s']],
  [
    { seconds: { most: 1.5 } },
    conversation([turn(short, { audio_seconds: 2.128 })]),
    ['failed', 'speaks for at most 1.5 s', '2.13 s: "Which day?"'],
  ],
  [
    { seconds: 10 },
    conversation([turn(short, { audio_seconds: 0 })]),
    ['failed', 'speaks for at most 10 s', 'nothing was to be heard'],
  ],
  [{ silence: 1 }, conversation([turn(short)]), ['passed', 'is silent for at most 1 s', '0.5 s']],
  [
    { silence: 0.4 },
    conversation([turn(short)]),
    ['failed', 'is silent for at most 0.4 s', '0.5 s: "Which day?"'],
  ],
  [
    { silence: 3 },
    conversation([turn(short, { longest_silence_ms: undefined })]),
    ['failed', 'is silent for at most 3 s', 'nothing was to be heard'],
  ],
];

const three = conversation([
  turn('', { by: 'nobody', said: '(3 s of silence)', longest_silence_ms: 3000 }),
  turn(short, { said: 'I would like to see a doctor about my knee' }),
  turn(long, { said: 'Monday', audio_seconds: 6 }),
]);

describe('amounts', () => {
  test.each(ofOne)('%j', async (written, played, [verdict, expected, got]) => {
    expect(await ofTurn(written, played)).toEqual([[verdict, expected, got]]);
    // Of the whole the turn is named.
    const [[ofAll, , named = ''] = []] = await ofWhole(written, played);
    expect([ofAll, named.replace(' after "Hello"', '')]).toEqual([verdict, got]);
  });

  test.each<[unknown, string[]]>([
    [{ words: 20 }, ['passed', 'answers in at most 20 words', '2 words to 16 words']],
    [{ words: 10 }, ['failed', 'answers in at most 10 words', `16 words after "Monday": "${long}"`]],
    [
      { words: { least: 3 } },
      [
        'failed',
        'answers in at least 3 words',
        '2 words after "I would like to see a doctor about my k…": "Which day?"',
      ],
    ],
    [{ questions: { least: 1, most: 2 } }, ['passed', 'asks 1 question to 2 questions', '2 questions']],
    [{ questions: 1 }, ['failed', 'asks at most 1 question', `2 questions after "Monday": "${long}"`]],
    [{ seconds: 6 }, ['passed', 'speaks for at most 6 s', '2 s to 6 s']],
    [{ silence: 2 }, ['failed', 'is silent for at most 2 s', '3 s after (3 s of silence)']],
  ])('of the whole are those of every answer: %j', async (written, check) => {
    expect(await ofWhole(written, three)).toEqual([check]);
  });
});

describe('latency', () => {
  const slow = conversation([
    turn('Yes.', { calls: [call('look', { id: 7 }, { ms: 1234.4 })] }),
    turn('No.', { said: 'Really?', first_word_ms: 1250, first_audio_ms: undefined, total_ms: 2000 }),
  ]);
  test.each<[unknown, string[][]]>([
    [{ latency: { first_word: 300 } }, [['failed', 'first word within 300 ms', '1250 ms after "Really?"']]],
    [{ latency: { first_word: { most: 1250 } } }, [['passed', 'first word within 1250 ms', '1250 ms']]],
    [{ latency: { first_audio: 500 } }, [['passed', 'first sound within 500 ms', '400 ms']]],
    [
      { latency: { tool: 1000, total: 2500 } },
      [
        ['failed', 'every tool within 1000 ms', '1234 ms for look {"id":7} after "Hello"'],
        ['passed', 'whole answer within 2500 ms', '2000 ms'],
      ],
    ],
    // Percentiles are for all runs together.
    [{ latency: { first_word: { p50: 1, p95: 1 } } }, []],
  ])('%j', async (written, checks) => {
    expect(await ofWhole(written, slow)).toEqual(checks);
  });

  test('is not passed by what did not come', async () => {
    const silent = conversation([
      turn('', {
        first_word_ms: undefined,
        first_audio_ms: undefined,
        total_ms: undefined,
        calls: [call('look', {}, { ms: undefined })],
      }),
    ]);
    const all = { latency: { first_word: 1, first_audio: 1, tool: 1, total: 1 } };
    expect(await ofTurn(all, silent)).toEqual([
      ['failed', 'first word within 1 ms', 'nothing was said'],
      ['failed', 'first sound within 1 ms', 'nothing was to be heard'],
      ['failed', 'every tool within 1 ms', 'look had no result'],
      ['failed', 'whole answer within 1 ms', 'nothing was answered'],
    ]);
    const none = conversation([turn('Hi')]);
    expect(await ofWhole({ latency: { tool: 1 } }, none)).toEqual([
      ['passed', 'every tool within 1 ms', 'no tool was called'],
    ]);
    // Of a turn it is said because one is to be called.
    expect(await ofTurn({ latency: { tool: 1 } }, none)).toEqual([
      ['failed', 'every tool within 1 ms', 'no tool was called'],
    ]);
  });

  test('without a limit is an error', async () => {
    const none = [{ latency: {} }, { latency: { total: {} } }, { words: {} }];
    expect(await ofWhole(none, slow)).toEqual([
      ['error', 'latency {}', 'latency must name first_word, first_audio, tool or total'],
      ['error', 'latency {"total":{}}', 'latency.total must name most, p50 or p95'],
      ['error', 'words {}', 'words must name least or most'],
    ]);
  });
});

describe('cost', () => {
  const row = (most: unknown, cost_ticks: bigint | undefined) =>
    ofWhole({ cost: most }, conversation([turn('Hi')], { cost_ticks }));

  test('is met to the last digit', async () => {
    expect(await row(0.05, 500_000_000n)).toEqual([['passed', 'costs at most $0.05', '$0.05']]);
    expect(await row(0.05, 500_000_001n)).toEqual([['failed', 'costs at most $0.05', '$0.0500000001']]);
    expect(await row({ least: 0.01, most: 0.02 }, 0n)).toEqual([['failed', 'costs $0.01 to $0.02', '$0']]);
  });

  test('that is not known is an error', async () => {
    expect(await row(1, undefined)).toEqual([['error', 'costs at most $1', 'the price is not known']]);
  });

  test('of a turn is its own', async () => {
    const played = conversation([turn('Hi'), turn('Ho', { cost_ticks: undefined })]);
    expect(await ofTurn({ cost: 0.01 }, played)).toEqual([['passed', 'costs at most $0.01', '$0.01']]);
  });
});
