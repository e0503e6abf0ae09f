// What --last-failed goes by: kept for each folder, by runs that may go on side by side.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLastFailed, writeLastFailed } from '../../../src/commands/test/last-run.js';
import type { CaseResult } from '../../../src/scenario/result.js';
import { result } from '../../scenario/report/made.js';
import { temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';

const results = (verdicts: Record<string, CaseResult['verdict']>) =>
  Object.entries(verdicts).map(([id, verdict]) => result(id, verdict, { id }));

/** Runs in one folder, each with a clock of its own. */
function place(cwd = temporaryFolder()) {
  const home = temporaryFolder();
  const run = (now = 0) => testContext({}, { env: { HOME: home }, cwd, clock: { now: () => now } }).context;
  const last = join(run().folders.state, 'tests', 'last');
  return {
    last,
    run,
    keep: (verdicts: Record<string, CaseResult['verdict']>, now?: number) =>
      writeLastFailed(run(now), results(verdicts)),
    known: async () => {
      const ids = await readLastFailed(run());
      return ids && [...ids].sort();
    },
  };
}

describe('what failed the last time', () => {
  test('is unknown at first, then what did not pass; of others what was known stays', async () => {
    const { keep, known, last } = place();
    expect(await known()).toBeUndefined();
    await keep({ a: 'passed', b: 'failed', c: 'error', d: 'skipped' });
    expect(await known()).toEqual(['b', 'c']);
    await keep({ b: 'passed', c: 'skipped', e: 'failed' });
    expect(await known()).toEqual(['c', 'e']);
    await keep({ c: 'passed', e: 'passed' });
    expect(await known()).toEqual([]);
    expect(readdirSync(last)).toHaveLength(1);
  });

  test('is of a folder', async () => {
    const home = place();
    await home.keep({ a: 'failed' });
    expect(await place().known()).toBeUndefined();
  });

  test('is lost by none of several runs that end together', async () => {
    const { keep, known, last } = place();
    await keep({ x: 'failed', y: 'failed' });
    const names = Array.from({ length: 12 }, (_, at) => `s${at}`);
    await Promise.all([
      keep({ x: 'passed' }),
      ...names.map((name) => keep({ [name]: 'failed' })),
      keep({ y: 'error' }),
    ]);
    expect(await known()).toEqual([...names, 'y'].sort());
    await keep({ s0: 'passed' });
    expect(await known()).toEqual([...names.slice(1), 'y'].sort());
    expect(readdirSync(last)).toHaveLength(1);
  });

  test('is what ran last, whatever the clock says', async () => {
    const { keep, known } = place();
    await keep({ a: 'failed', b: 'passed' }, 1_000_000);
    await keep({ a: 'passed', b: 'failed' }, 5);
    expect(await known()).toEqual(['b']);
  });

  test('is read from what earlier versions wrote, and not from what is none', async () => {
    const { keep, known, last, run } = place();
    await keep({ a: 'passed' }, 1);
    const [file = ''] = readdirSync(last);
    const { cwd } = run().host;
    writeFileSync(
      join(last, `${file.split('-')[0]}.json`),
      JSON.stringify({ folder: cwd, failed: ['a', 'b'] }),
    );
    writeFileSync(join(last, `${file.split('-')[0]}-torn.json`), '{"scenar');
    expect(await known()).toEqual(['b']);
    await keep({ b: 'passed' });
    expect(await known()).toEqual([]);
  });

  test('is no trouble where it cannot be written, and told', async () => {
    const { context, written } = testContext({}, { env: { AGENTS_STATE_DIR: '/dev/null/state' } });
    await writeLastFailed(context, results({ a: 'failed' }));
    expect(written().stderr).toMatch(/^note: what failed is not kept for --last-failed: cannot write \/dev/);
  });
});
