import { describe, expect, test } from 'vitest';
import type { TestEvent, Verdict } from '../../src/scenario/result.js';
import { type RunOptions, runCases } from '../../src/scenario/run.js';
import type { Case } from '../../src/scenario/scenario.js';
import { aRun } from '../support/reports.js';
import { aCase } from '../support/scenarios.js';

const named = (...names: string[]) => names.map((name) => aCase({ name }));

interface Ran {
  events: string[];
  order: string[];
  most: number;
  results: Awaited<ReturnType<typeof runCases>>;
}

/** Runs with verdicts by "name/run/attempt", "name/run" or "name"; others pass. */
async function run(
  cases: readonly Case[],
  verdicts: Record<string, Verdict> = {},
  given: Partial<RunOptions> = {},
): Promise<Ran> {
  const order: string[] = [];
  const events: string[] = [];
  let running = 0;
  let most = 0;
  const results = await runCases(cases, {
    workers: 1,
    repeat: 1,
    signal: new AbortController().signal,
    stopReason: () => undefined,
    onEvent: (event: TestEvent) => events.push(event.type),
    runOne: async ({ name }, at, attempt) => {
      order.push(`${name}/${at}/${attempt}`);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      const verdict = verdicts[`${name}/${at}/${attempt}`] ?? verdicts[`${name}/${at}`] ?? verdicts[name];
      return { result: aRun({ run: at, attempt, verdict: verdict ?? 'passed' }) };
    },
    ...given,
  });
  return { events, order, most, results };
}

const told = ({ results }: Ran) =>
  results.results.map(
    ({ name, verdict, passed_runs, flaky }) => `${name} ${verdict} ${passed_runs}${flaky ? ' flaky' : ''}`,
  );

describe('scenarios', () => {
  test('are run in their order, and told in it', async () => {
    const ran = await run(named('b', 'a', 'c'), { a: 'failed', c: 'error' });
    expect(ran.order).toEqual(['b/1/1', 'a/1/1', 'c/1/1']);
    expect(told(ran)).toEqual(['b passed 1', 'a failed 0', 'c error 0']);
    expect(ran.results.stopped).toBeUndefined();
    expect(ran.events.slice(0, 3)).toEqual(['scenario_started', 'scenario_run', 'scenario_done']);
  });

  test.each([1, 2, 5, 100])('run at most %i at a time', async (workers) => {
    const ran = await run(named(...'abcdefgh'), {}, { workers });
    expect(ran.most).toBe(Math.min(workers, 8));
    expect(told(ran)).toEqual([...'abcdefgh'].map((name) => `${name} passed 1`));
  });

  test.each<[string, Partial<Case>, Record<string, Verdict>, string]>([
    ['all must pass', { runs: 3 }, { 's/2': 'failed' }, 's failed 2'],
    ['as many as were asked for', { runs: 3, pass: 2 }, { 's/2': 'failed' }, 's passed 2'],
    ['one too few', { runs: 3, pass: 2 }, { 's/2': 'failed', 's/3': 'failed' }, 's failed 1'],
    [
      'what could not run might have made it',
      { runs: 3, pass: 2 },
      { 's/2': 'failed', 's/3': 'error' },
      's error 1',
    ],
    ['what could not run changes nothing', { runs: 3, pass: 1 }, { 's/3': 'error' }, 's passed 2'],
    [
      'too many failed, whatever the other does',
      { runs: 3 },
      { 's/2': 'failed', 's/3': 'error' },
      's failed 1',
    ],
  ])('with runs: %s', async (_, given, verdicts, line) => {
    const ran = await run([aCase({ name: 's', ...given })], verdicts);
    expect(ran.order).toHaveLength(3);
    expect(told(ran)).toEqual([line]);
  });

  test('are tried again as often as they may be, and are flaky then', async () => {
    const scenario = aCase({ name: 's', retries: 2 });
    const ran = await run([scenario], { 's/1/1': 'failed', 's/1/2': 'error' });
    expect(ran.order).toEqual(['s/1/1', 's/1/2', 's/1/3']);
    expect(told(ran)).toEqual(['s passed 1 flaky']);
    const never = await run([scenario], { s: 'failed' });
    expect(never.order).toHaveLength(3);
    expect(told(never)).toEqual(['s failed 0']);
  });

  test('are repeated with what must pass of them', async () => {
    const ran = await run([aCase({ name: 's', runs: 2, pass: 1 })], { 's/1': 'failed' }, { repeat: 3 });
    expect(ran.order).toHaveLength(6);
    expect(ran.results.results[0]).toMatchObject({ needed_runs: 3, planned_runs: 6, verdict: 'passed' });
  });

  test('stop when enough have not passed; the others are told as skipped', async () => {
    const ran = await run(named('a', 'b', 'c', 'd'), { a: 'failed', c: 'error' }, { bail: 2 });
    expect(ran.order).toEqual(['a/1/1', 'b/1/1', 'c/1/1']);
    expect(told(ran)).toEqual(['a failed 0', 'b passed 1', 'c error 0', 'd skipped 0']);
    expect(ran.results.stopped).toBe('bail');
    expect(ran.events.filter((type) => type === 'scenario_done')).toHaveLength(4);
  });

  test('do not wait for runs that change nothing any more', async () => {
    const ran = await run(
      [aCase({ name: 's', runs: 9, pass: 8 })],
      { 's/2': 'failed', 's/3': 'failed' },
      { bail: 1 },
    );
    expect(ran.order).toEqual(['s/1/1', 's/2/1', 's/3/1']);
    expect(told(ran)).toEqual(['s failed 1']);
    expect(ran.results.stopped).toBe('bail');
  });

  test('a last one that fails stops nothing', async () => {
    const ran = await run(named('a'), { a: 'failed' }, { bail: 1 });
    expect(ran.results.stopped).toBeUndefined();
  });

  test('stop for another reason', async () => {
    let left = 2;
    const ran = await run(
      named('a', 'b', 'c'),
      {},
      { stopReason: () => (left-- > 0 ? undefined : 'budget') },
    );
    expect(told(ran).at(-1)).toBe('c skipped 0');
    expect(ran.results.stopped).toBe('budget');
  });

  test('reject with a fault of ours, which is no interruption', async () => {
    let begun = 0;
    const failing = run(
      named('a', 'b', 'c'),
      {},
      {
        runOne: async () => {
          begun++;
          throw new TypeError('oops');
        },
      },
    );
    await expect(failing).rejects.toThrow('oops');
    expect(begun).toBe(1);
  });

  test('tell what ran when they are interrupted', async () => {
    const controller = new AbortController();
    const ran = await run(
      named('a', 'b'),
      {},
      {
        signal: controller.signal,
        runOne: async () => {
          controller.abort(new Error('stopped'));
          throw controller.signal.reason;
        },
      },
    );
    expect(told(ran)).toEqual(['a skipped 0', 'b skipped 0']);
    expect(ran.results.stopped).toBe('interrupted');
  });

  describe('with attempts left when all is stopped', () => {
    const flaky = (given: Partial<Case> = {}) => aCase({ name: 'flaky', retries: 3, ...given });

    test.each<Verdict>(['failed', 'error'])('are not over, though the last attempt %s', async (verdict) => {
      const ran = await run(
        [flaky(), ...named('b', 'c')],
        { flaky: verdict, b: 'failed' },
        { workers: 2, bail: 1 },
      );
      expect(ran.order).toEqual(['flaky/1/1', 'b/1/1', 'flaky/1/2']);
      expect(told(ran)).toEqual(['flaky skipped 0', 'b failed 0', 'c skipped 0']);
      expect(ran.results.stopped).toBe('bail');
      // What was tried is told all the same.
      expect(ran.results.results[0]?.runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(ran.events.filter((type) => type === 'scenario_done')).toHaveLength(3);
    });

    test('are not over where the budget is spent', async () => {
      let left = 1;
      const ran = await run(
        [flaky()],
        { flaky: 'failed' },
        { stopReason: () => (left-- > 0 ? undefined : 'budget') },
      );
      expect(told(ran)).toEqual(['flaky skipped 0']);
      expect(ran.results.stopped).toBe('budget');
    });

    test.each([
      ['after an attempt', 1],
      ['in the next', 2],
    ])('are not over when interrupted %s', async (_, at) => {
      const controller = new AbortController();
      const ran = await run(
        [flaky()],
        {},
        {
          signal: controller.signal,
          runOne: async (_, run, attempt) => {
            if (attempt === at) controller.abort(new Error('stopped'));
            if (attempt === 2) throw controller.signal.reason;
            return { result: aRun({ run, attempt, verdict: 'failed' }) };
          },
        },
      );
      expect(told(ran)).toEqual(['flaky skipped 0']);
      expect(ran.results.stopped).toBe('interrupted');
    });

    test.each<[string, Partial<Case>, string]>([
      ['the others may make up for those that have failed', { pass: 2 }, 'flaky skipped 0'],
      ['nothing can make up for those that have failed', { pass: 3 }, 'flaky failed 0'],
    ])('in one of several runs: %s', async (_, given, line) => {
      let left = 3;
      const ran = await run(
        [flaky({ runs: 3, retries: 1, ...given })],
        { flaky: 'failed' },
        { stopReason: () => (left-- > 0 ? undefined : 'budget') },
      );
      expect(ran.order).toEqual(['flaky/1/1', 'flaky/1/2', 'flaky/2/1']);
      expect(told(ran)).toEqual([line]);
    });

    test('have failed where it was the last attempt', async () => {
      const ran = await run(
        [flaky({ retries: 1 }), ...named('b')],
        { flaky: 'failed', b: 'failed' },
        { workers: 2, bail: 1 },
      );
      expect(ran.order).toEqual(['flaky/1/1', 'b/1/1', 'flaky/1/2']);
      expect(told(ran)).toEqual(['flaky failed 0', 'b failed 0']);
      expect(ran.results.stopped).toBeUndefined();
    });
  });

  test('a scenario of which a run has failed has failed, though others were not made', async () => {
    const controller = new AbortController();
    const ran = await run(
      [aCase({ name: 's', runs: 3 })],
      {},
      {
        signal: controller.signal,
        runOne: async (_, at) => {
          controller.abort(new Error('stopped'));
          return { result: aRun({ run: at, verdict: 'failed' }) };
        },
      },
    );
    expect(told(ran)).toEqual(['s failed 0']);
  });
});
