import { describe, expect, test } from 'vitest';
import { createKeeping } from '../../src/scenario/kept.js';
import type { RunResult, TurnResult } from '../../src/scenario/result.js';
import { aRun } from '../support/reports.js';
import { aCase, aPlay, aTurn } from '../support/scenarios.js';

const turn: TurnResult = {
  said: 'Hello',
  by: 'person',
  answer: 'Good morning.',
  status: 'completed',
  interrupted: false,
  started_ms: 1,
  ended_ms: 90,
  calls: [{ name: 'look', arguments: { a: 1 }, output: '{"b":2}', ms: 4, at_ms: 30 }],
  first_word_ms: 20,
  audio_seconds: 1.5,
  cost_usd: '0.001',
};

const aFullRun = (given: Partial<RunResult> = {}) =>
  aRun({
    checks: [{ kind: 'says', verdict: 'passed', expected: 'says "x"', got: '"x"' }],
    turns: [turn],
    state: { seen: true },
    ms: 10,
    cost_usd: '0',
    ...given,
  });

const sounding = (length: number): Pick<RunResult, 'sound'> => ({
  sound: [{ from: 'agent', at_ms: 0, mulaw_8k: 'A'.repeat(length) }],
});

describe('of runs that are over', () => {
  test('those that passed are kept whole at first, of later ones the numbers, scenario by scenario', () => {
    const keeping = createKeeping({ runs: 2, sound: 100 });
    const keep = keeping.for(aCase());
    const runs = [1, 2, 3].map((run) => aFullRun({ run, ...sounding(1) }));
    const [one, two, three] = runs.map((result) => keep({ result }).result);
    expect([one, two]).toEqual(runs.slice(0, 2));
    expect(three).toEqual({
      run: 3,
      attempt: 1,
      verdict: 'passed',
      abridged: true,
      checks: [],
      turns: [
        {
          ...turn,
          said: '',
          answer: '',
          calls: [{ name: 'look', arguments: null, ms: 4, at_ms: 30 }],
        },
      ],
      ending: 'script',
      ms: 10,
      cost_usd: '0',
    });
    expect(keeping.for(aCase({ name: 'Another' }))({ result: aFullRun() }).result.abridged).toBeUndefined();
  });

  test.each(['failed', 'error'] as const)('those that %s are kept whole, and count for none', (verdict) => {
    const keep = createKeeping({ runs: 1, sound: 0 }).for(aCase());
    const bad = aFullRun({ verdict, ...sounding(5) });
    expect(keep({ result: bad }).result).toEqual(bad);
    expect(keep({ result: aFullRun() }).result.abridged).toBeUndefined();
    expect(keep({ result: aFullRun() }).result.abridged).toBe(true);
    expect(keep({ result: bad }).result).toEqual(bad);
  });

  test('so much sound is kept over all scenarios', () => {
    const keeping = createKeeping({ runs: 9, sound: 10 });
    const lengths = [6, 6, 4, 1].map((length) => {
      const { sound } = keeping.for(aCase())({ result: aFullRun(sounding(length)) }).result;
      return (sound ?? []).map(({ mulaw_8k }) => mulaw_8k.length);
    });
    expect(lengths).toEqual([[6], [], [4], []]);
  });

  test('what was played is kept for percentiles alone', () => {
    const played = aPlay([aTurn()]);
    const latency = (value: { total: number | { p95: number } }) =>
      aCase({ expect: [{ kind: 'latency', value, place: { line: 1, column: 1 } }] });
    const kept = [aCase(), latency({ total: 9 }), latency({ total: { p95: 9 } })].map(
      (scenario) => createKeeping().for(scenario)({ result: aRun(), played }).played,
    );
    expect(kept).toEqual([undefined, undefined, played]);
  });
});
