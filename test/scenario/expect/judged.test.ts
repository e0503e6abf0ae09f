import { describe, expect, test } from 'vitest';
import type { Judge } from '../../../src/scenario/judge.js';
import type { Played } from '../../../src/scenario/played.js';
import { conversation, ofTurn, ofWhole, turn } from './support.js';

const played = conversation([turn('One.'), turn('Two.'), turn('Three.')]);
const scoring =
  (score: number, reason = 'it is kind'): Judge =>
  async () => ({ score, reason });
const failing: Judge = async () => {
  throw new Error('no model answers at http://127.0.0.1:1');
};

describe('a judge', () => {
  test.each<[unknown, Judge | undefined, string[]]>([
    [
      { judge: 'Is it kind?' },
      scoring(0.7),
      ['passed', 'judged 0.7 or more: Is it kind?', '0.7: it is kind'],
    ],
    [{ judge: 'Is it kind?' }, scoring(0.699, ''), ['failed', 'judged 0.7 or more: Is it kind?', '0.699']],
    [
      { judge: { rubric: 'Is it kind?', least: 0.9 } },
      scoring(0.8),
      ['failed', 'judged 0.9 or more: Is it kind?', '0.8: it is kind'],
    ],
    [{ judge: { rubric: 'x', least: 0 } }, scoring(0), ['passed', 'judged 0 or more: x', '0: it is kind']],
    [{ judge: 'x' }, undefined, ['error', 'judged 0.7 or more: x', 'no model is set to judge']],
    [
      { judge: 'x' },
      failing,
      ['error', 'judged 0.7 or more: x', 'the judge failed: no model answers at http://127.0.0.1:1'],
    ],
    [
      { judge: 'x' },
      scoring(7),
      ['error', 'judged 0.7 or more: x', 'the judge answered 7, which is no score from 0 to 1'],
    ],
    [
      { judge: 'x' },
      scoring(Number.NaN),
      ['error', 'judged 0.7 or more: x', 'the judge answered NaN, which is no score from 0 to 1'],
    ],
    [{ judge: 'x' }, scoring(-0.1), ['error', 'judged 0.7 or more: x', expect.stringContaining('-0.1')]],
    [
      { judge: 'x' },
      (async () => ({ score: '1', reason: 'y' })) as unknown as Judge,
      ['error', 'judged 0.7 or more: x', 'the judge answered "1", which is no score from 0 to 1'],
    ],
    [
      { judge: 'x' },
      (async () => undefined) as unknown as Judge,
      ['error', 'judged 0.7 or more: x', expect.stringContaining('the judge failed')],
    ],
  ])('%j', async (written, judge, check) => {
    expect(await ofWhole(written, played, judge)).toEqual([check]);
  });

  test('of a turn is shown the conversation up to it, of the whole all of it', async () => {
    const seen: [string, number][] = [];
    const judge: Judge = async (rubric: string, { turns }: Played) => {
      seen.push([rubric, turns.length]);
      return { score: 1, reason: '' };
    };
    await ofTurn({ judge: 'by {{today}}' }, played, judge);
    await ofWhole({ judge: 'all' }, played, judge);
    expect(seen).toEqual([
      ['by 2026-07-04', 1],
      ['all', 3],
    ]);
  });

  test('is asked after everything else was looked at, and not of a turn that never came', async () => {
    const seen: string[] = [];
    const judge: Judge = async (rubric) => {
      seen.push(rubric);
      return { score: 1, reason: 'fine' };
    };
    const checks = await ofWhole([{ judge: 'first' }, { says: 'One' }, { judge: 'second' }], played, judge);
    expect(checks.map(([, expected]) => expected)).toEqual([
      'says "One"',
      'judged 0.7 or more: first',
      'judged 0.7 or more: second',
    ]);
    const nothing = conversation([turn('Hi', { index: undefined })]);
    expect(await ofTurn({ judge: 'third' }, nothing, judge)).toEqual([
      [
        'failed',
        'judged 0.7 or more: third',
        'the conversation was over before this turn: all turns were taken',
      ],
    ]);
    expect(seen).toEqual(['first', 'second']);
  });
});
