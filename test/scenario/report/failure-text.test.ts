import { describe, expect, test } from 'vitest';
import {
  failureStory,
  headline,
  storyText,
  toldRun,
  transcriptLines,
} from '../../../src/scenario/report/failure-text.js';
import { check, nasty, result, run, turn } from './made.js';

const story = (given: Parameters<typeof failureStory>[0]) => storyText(failureStory(given)).split('\n');
/** As many turns as asked for, numbered. */
const turns = (count: number) =>
  Array.from({ length: count }, (_, at) => turn(`question ${at}`, `answer ${at}`));

describe('the story of a failure', () => {
  test('has expected beside got, the words, the tools, the times and the command', () => {
    const told = result('A clean booking', 'failed', {
      runs: [
        run('failed', {
          checks: [
            check('passed'),
            check('failed', { turn: 0 }),
            check('failed', {
              kind: 'calls',
              expected: 'calls book_slot {"day":"monday"}',
              got: 'book_slot {"day":"tuesday"}',
              place: undefined,
            }),
          ],
          turns: [
            turn('On Monday.', 'Booked.', {
              calls: [
                { name: 'book_slot', arguments: { day: 'tuesday' }, output: '{"ok":true}', ms: 12, at_ms: 5 },
                { name: 'send', arguments: {}, at_ms: 9 },
              ],
              first_audio_ms: 340,
            }),
          ],
        }),
      ],
    });
    expect(story(told)).toEqual([
      'expected  says "confirmed"  (booking.scenario.yaml:14)',
      '     got  "Good morning."',
      'expected  calls book_slot {"day":"monday"}  (booking.scenario.yaml)',
      '     got  book_slot {"day":"tuesday"}',
      '  person  On Monday.',
      '    tool  book_slot {"day":"tuesday"} → {"ok":true} (12 ms)',
      '    tool  send {} → no result',
      '   agent  Booked.',
      '          first word 120 ms, first audio 340 ms, total 400 ms, about $0.0010',
      '          all turns were taken, 1.5 s, about $0.0010',
      '  replay  agents replay a.jsonl',
    ]);
  });

  test.each<[string, number, number[], string[]]>([
    ['the first turn', 9, [0], ['0', '1', '… 7 turns']],
    ['a turn in the middle', 9, [4], ['… 3 turns', '3', '4', '5', '… 3 turns']],
    ['the last turn', 9, [8], ['… 7 turns', '7', '8']],
    ['neighbours', 9, [4, 5], ['… 3 turns', '3', '4', '5', '6', '… 2 turns']],
    ['two far apart', 9, [1, 7], ['0', '1', '2', '… 3 turns', '6', '7', '8']],
    ['a gap of one', 5, [3], ['… 2 turns', '2', '3', '4']],
    ['the whole of a short one', 5, [], ['0', '1', '2', '3', '4']],
    ['the whole of a long one', 9, [], ['… 6 turns', '6', '7', '8']],
    ['a turn that is not there', 2, [7], ['… 2 turns']],
  ])('around %s tells the turn before and the turn after', (_, count, failing, shown) => {
    const checks =
      failing.length === 0 ? [check('failed')] : failing.map((at) => check('failed', { turn: at }));
    const lines = failureStory(
      result('x', 'failed', { runs: [run('failed', { checks, turns: turns(count) })] }),
    );
    const told = lines.flatMap(({ kind, text }) =>
      kind === 'gap' ? [text] : kind === 'person' ? [text.replace('question ', '')] : [],
    );
    expect(told).toEqual(shown);
    const marked = lines.filter(({ kind, failing: isFailing }) => kind === 'agent' && isFailing === true);
    expect(marked.map(({ text }) => text)).toEqual(
      failing.filter((at) => at < count).map((at) => `answer ${at}`),
    );
  });

  test('says how an answer ended that was not completed', () => {
    const agent = (more: object) =>
      transcriptLines(run('failed', { turns: [turn('a', 'Well, I', more)] })).find(
        ({ kind }) => kind === 'agent',
      )?.text;
    expect(agent({ interrupted: true, status: 'cancelled' })).toBe('Well, I (interrupted)');
    expect(agent({ status: 'failed' })).toBe('Well, I (failed)');
    expect(agent({ status: 'unanswered', answer: '' })).toBe('(unanswered)');
    expect(agent({ answer: '' })).toBeUndefined();
  });

  test('of several runs names the one it tells, and what went wrong in others', () => {
    const other = check('failed', { expected: 'asks 1 question' });
    const told = result('x', 'failed', {
      planned_runs: 4,
      needed_runs: 3,
      passed_runs: 1,
      runs: [
        run('passed'),
        run('failed', { run: 2 }),
        run('failed', { run: 3, checks: [check('failed'), other, other] }),
        run('failed', { run: 4, checks: [other] }),
      ],
    });
    expect(toldRun(told)?.run).toBe(2);
    expect(story(told)).toContain('          1 of 4 runs passed, 3 had to, this is run 2');
    expect(story(told)).toContain('          in 2 other runs not: asks 1 question');
  });

  test('of a run that was tried again tells the last attempt', () => {
    const told = result('x', 'failed', {
      runs: [run('error'), run('failed', { attempt: 2 }), run('failed', { attempt: 3 })],
    });
    expect(toldRun(told)?.attempt).toBe(3);
    expect(story(told)).toContain('          attempt 3 of 3');
  });

  test('of a flaky scenario tells what went wrong at first', () => {
    const told = result('x', 'passed', { flaky: true, runs: [run('failed'), run('passed', { attempt: 2 })] });
    expect(toldRun(told)?.attempt).toBe(1);
    expect(headline(told)).toBe('expected says "confirmed", got "Good morning."');
  });

  test('over all runs stands without a run', () => {
    const slow = check('failed', { expected: 'first word at most 100 ms at p95', got: '140 ms' });
    const told = result('x', 'failed', {
      planned_runs: 2,
      needed_runs: 2,
      runs: [run('passed'), run('passed', { run: 2 })],
      checks: [slow],
    });
    expect(story(told)).toEqual([
      'expected  first word at most 100 ms at p95  (booking.scenario.yaml:14)',
      '     got  140 ms',
      '          2 of 2 runs passed, 2 had to',
    ]);
    expect(headline(told)).toBe('expected first word at most 100 ms at p95, got 140 ms');
  });

  test('that could not run has the problem and what to do', () => {
    const problem = { code: 'network', message: 'cannot reach x.example', hint: 'try again' };
    const told = result('x', 'error', { runs: [run('error', { problem, checks: [], turns: [], ms: 3 })] });
    expect(headline(told)).toBe('cannot reach x.example');
    expect(story(told).slice(0, 2)).toEqual([' problem  cannot reach x.example', '          try again']);
  });

  test('that could not be judged is not told as a failure', () => {
    const unjudged = check('error', { kind: 'judge', expected: 'is kind', got: 'no judge is configured' });
    const told = result('x', 'error', { runs: [run('error', { checks: [check('failed'), unjudged] })] });
    expect(headline(told)).toBe('expected is kind, unknown: no judge is configured');
    expect(story(told)).toContain(' unknown  no judge is configured');
  });

  test('is a line for each thing, whatever was said, and has an end', () => {
    const told = result('x', 'failed', {
      runs: [
        run('failed', {
          checks: [check('failed', { expected: nasty, got: nasty, turn: 0 })],
          turns: [
            turn(nasty, `${'😀'.repeat(1500)}`, {
              calls: [{ name: nasty, arguments: nasty, output: nasty, at_ms: 1 }],
            }),
          ],
        }),
      ],
    });
    const lines = failureStory(told);
    expect(lines.filter(({ text }) => /[\n\r\u2028]/.test(text))).toEqual([]);
    expect(storyText(lines).split('\n')).toHaveLength(lines.length);
    expect(lines.find(({ kind }) => kind === 'agent')?.text).toBe(
      `${'😀'.repeat(1000)} … (1000 characters more)`,
    );
  });

  test('is told for a scenario of which nothing is known', () => {
    const told = result('x', 'failed', { runs: [] });
    expect([headline(told), story(told)]).toEqual(['0 of 1 run passed, 1 had to', ['']]);
  });
});
