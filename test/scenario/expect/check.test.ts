import { describe, expect, test } from 'vitest';
import { checkOverRuns, checkRun } from '../../../src/scenario/expect/check.js';
import { expectationKinds } from '../../../src/scenario/format.js';
import type { Ending, PlayedTurn } from '../../../src/scenario/played.js';
import { call, conversation, overRuns, scenario, turn } from './support.js';

const greeting = turn('Hello, how can I help?', { index: undefined, by: 'nobody', said: '' });

describe('the checks of a run', () => {
  test('come by turn, then of the whole, each with its place and the turn it was played in', async () => {
    const wanted = scenario({ perTurn: { says: 'Hi' }, whole: [{ says: 'help' }, { says: 'x' }] });
    const played = { ...conversation([]), turns: [greeting, turn('Hi there.')] };
    const place = { line: 3, column: 5 };
    expect(await checkRun(wanted, played)).toEqual([
      { kind: 'says', verdict: 'passed', expected: 'says "Hi"', got: '"Hi there."', place, turn: 1 },
      {
        kind: 'says',
        verdict: 'passed',
        expected: 'says "help"',
        got: '"Hello, how can I help? / Hi there."',
        place,
      },
      {
        kind: 'says',
        verdict: 'failed',
        expected: 'says "x"',
        got: '"Hello, how can I help? / Hi there."',
        place,
      },
    ]);
  });

  test.each<[Ending, string]>([
    ['agent', 'the agent ended it'],
    ['user', 'the person had what they wanted'],
    ['most_turns', 'the person had no turns left'],
    ['script', 'all turns were taken'],
    ['timeout', 'its time was up'],
  ])('of a turn that was never reached fail, whatever is expected (%s)', async (ending, words) => {
    const every = [
      {
        says: 'a',
        not_says: 'a',
        calls: 'a',
        only_calls: [],
        not_calls: 'a',
        uses_result: 'a',
        questions: 1,
      },
      { language: 'en', words: 1, seconds: 1, silence: 1, latency: { total: 1 }, cost: 1, ends: 'properly' },
      { state: { a: null }, judge: 'a' },
    ];
    const played = { ...conversation([], { ending }), turns: [greeting] };
    const checks = await checkRun(scenario({ perTurn: every }), played, {
      judge: async () => ({ score: 1, reason: '' }),
    });
    const written = checks.filter(({ kind }) => kind !== 'timeout' && kind !== 'turns');
    expect(written.map(({ kind }) => kind).sort()).toEqual(Object.keys(expectationKinds).sort());
    for (const { verdict, got, expected, turn: at } of written) {
      expect([verdict, got, at]).toEqual([
        'failed',
        `the conversation was over before this turn: ${words}`,
        undefined,
      ]);
      expect(expected).not.toBe('');
    }
  });

  test('fill in the days that are counted from the moment it was played', async () => {
    const played = conversation([turn('On 2026-07-05.', { calls: [call('look', { date: '2026-07-03' })] })]);
    const expected = { says: '{{today+1}}', calls: { tool: 'look', with: { date: '{{ today-1 }}' } } };
    const checks = await checkRun(scenario({ whole: expected }), played);
    expect(checks.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });
});

describe('what no run may be without', () => {
  const statuses: [status: PlayedTurn['status'], more: Partial<PlayedTurn>, got: string | undefined][] = [
    ['completed', {}, undefined],
    ['completed', { audio_seconds: 0 }, 'nothing was said'],
    ['completed', { audio_seconds: 0, calls: [call('look')] }, undefined],
    ['completed', { audio_seconds: 0, interrupted: true }, undefined],
    ['completed', { audio_seconds: 0, by: 'nobody' }, undefined],
    ['failed', {}, 'the answer failed'],
    ['unanswered', {}, 'no answer'],
    ['timeout', {}, 'the answer took too long'],
    ['cancelled', {}, 'the answer was cut off'],
    ['cancelled', { interrupted: true }, undefined],
    ['cancelled', { calls: [call('end_call')] }, undefined],
    ['failed', { calls: [call('end_call')] }, undefined],
    ['failed', { calls: [call('look')] }, 'the answer failed'],
    ['unanswered', { by: 'nobody' }, undefined],
    ['failed', { by: 'nobody' }, undefined],
  ];
  test.each(statuses)('a turn that is %s %j', async (status, more, got) => {
    const played = conversation([turn('Hi'), turn('', { said: 'And now?', status, ...more })]);
    expect(await checkRun(scenario({}, 2), played)).toEqual(
      got === undefined
        ? []
        : [{ kind: 'answered', verdict: 'failed', expected: 'answers "And now?"', got, turn: 1 }],
    );
  });

  test('is its time', async () => {
    const played = conversation([turn('Hi')], { ending: 'timeout' });
    expect(await checkRun(scenario({}), played)).toEqual([
      { kind: 'timeout', verdict: 'failed', expected: 'is over within 120 s', got: 'took longer than 120 s' },
    ]);
  });

  test('is that all is tried that stands in the scenario', async () => {
    const left = conversation([turn('Hi')], { ending: 'agent' });
    expect(await checkRun(scenario({}, 3), left)).toEqual([
      {
        kind: 'turns',
        verdict: 'failed',
        expected: 'takes all 3 turns',
        got: 'the agent ended it after 1 of 3 turns',
      },
    ]);
    expect(await checkRun(scenario({}), left)).toEqual([]);
    const wanted = { kind: 'turns', verdict: 'failed', expected: 'the person gets what they want' };
    expect(await checkRun(scenario({}), conversation([turn('Hi')], { ending: 'most_turns' }))).toEqual([
      { ...wanted, got: 'the person had no turns left' },
    ]);
    const hungUp = conversation([turn('Bye', { calls: [call('end_call')] })], {
      ending: 'agent',
      unsatisfied: true,
    });
    expect(await checkRun(scenario({}), hungUp)).toEqual([{ ...wanted, got: 'the agent ended it before' }]);
    // An agent that is to hang up on somebody does what it should.
    const asked = await checkRun(scenario({ whole: { ends: { with: 'end_call' } } }), hungUp);
    expect(asked.map(({ verdict }) => verdict)).toEqual(['passed']);
  });
});

describe('an interruption', () => {
  const cut = scenario({}, 1);
  const wanted = (interrupt: object) => ({
    ...cut,
    turns: cut.turns.map((each) => ({ ...each, interrupt })),
  });

  test.each<[object, Partial<PlayedTurn>, string | undefined]>([
    [{ after: 'Monday' }, { interrupted: true, status: 'cancelled' }, undefined],
    [{ after: 'Monday' }, {}, 'is cut off after "Monday"'],
    [{ after_ms: 800 }, {}, 'is cut off 800 ms after its first word'],
    [{ after: 'a', after_ms: 8 }, {}, 'is cut off after "a" or 8 ms after its first word'],
  ])('%j of a turn that is %j', async (interrupt, more, expected) => {
    const checks = await checkRun(wanted(interrupt), conversation([turn('We are open.', more)]));
    expect(checks.map((check) => [check.kind, check.expected, check.got])).toEqual(
      expected === undefined ? [] : [['interrupt', expected, 'the answer was over before: "We are open."']],
    );
  });
});

describe('percentiles over all runs', () => {
  const run = (...ms: number[]) =>
    conversation(
      ms.map((first_word_ms) =>
        turn('Hi', { first_word_ms, calls: [call('look', {}, { ms: 2 * first_word_ms })] }),
      ),
    );
  const hundred = Array.from({ length: 20 }, (_, at) => run(...[1, 2, 3, 4, 5].map((ms) => 5 * at + ms)));

  test.each<[unknown, ReturnType<typeof run>[], string[][]]>([
    [
      { latency: { first_word: { p50: 50, p95: 94 } } },
      hundred,
      [
        ['passed', 'first word within 50 ms at p50', '50 ms over 100 answers of 20 runs'],
        ['failed', 'first word within 94 ms at p95', '95 ms over 100 answers of 20 runs'],
      ],
    ],
    [
      { latency: { tool: { p95: 100 }, total: { most: 1 } } },
      [run(40)],
      [['passed', 'every tool within 100 ms at p95', '80 ms over 1 call of 1 run']],
    ],
    [
      { latency: { first_word: { p50: 10 } } },
      [run(30, 10), run(20, 40)],
      [['failed', 'first word within 10 ms at p50', '20 ms over 4 answers of 2 runs']],
    ],
    [
      { latency: { first_word: { p50: 10 } } },
      [],
      [['error', 'first word within 10 ms at p50', 'no run was played']],
    ],
    [
      { latency: { tool: { p50: 10 } } },
      [conversation([turn('Hi')])],
      [['failed', 'every tool within 10 ms at p50', 'no tool was called']],
    ],
    [{ latency: { first_word: 10 }, says: 'x' }, [run(1)], []],
  ])('%j', (written, runs, checks) => {
    expect(overRuns(written, runs)).toEqual(checks);
  });

  test('of a turn are those of that turn in every run', () => {
    const wanted = scenario({ perTurn: { latency: { first_word: { p95: 25 } } } }, 2);
    expect(checkOverRuns(wanted, [run(10, 500), run(20, 900)])).toEqual([
      {
        kind: 'latency',
        verdict: 'passed',
        expected: 'first word within 25 ms at p95',
        got: '20 ms over 2 answers of 2 runs',
        place: { line: 3, column: 5 },
      },
    ]);
  });
});
