// The sums of a report, and what a run ends with.

import { exit } from '../../errors.js';
import { parseUsd, usdExact } from '../../money.js';
import type { CaseResult, Totals } from '../result.js';
import { costNote, listed } from './lines.js';
import { counted, durationText, verdictWords } from './words.js';

/** `ms` is the wall time of the whole run: scenarios run beside each other. */
export function totalsOf(results: readonly CaseResult[], ms: number): Totals {
  const count = (verdict: CaseResult['verdict']) =>
    results.filter((result) => result.verdict === verdict).length;
  const cost = results.reduce((sum, { cost_usd }) => sum + (parseUsd(cost_usd ?? '') ?? 0n), 0n);
  return {
    scenarios: results.length,
    passed: count('passed'),
    failed: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    flaky: results.filter(({ flaky }) => flaky).length,
    ms,
    cost_usd: usdExact(cost),
  };
}

/**
 * 1 when a scenario could not run, else 6 when one failed: of what could not run nobody knows whether it would fail. One
 * that was left out counts as one that could not run, unless a failure was the reason to stop; 0 is for all passed.
 */
export function exitCodeOf({ errors, failed, skipped }: Totals): number {
  if (errors > 0) return exit.failed;
  if (failed > 0) return exit.negative;
  return skipped > 0 ? exit.failed : exit.done;
}

/** In the order in which reports tell of scenarios, whatever order they ran in. */
export const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** "12 scenarios: 9 passed (1 flaky), 1 failed, 1 could not run, 1 not run; 12 s, about $0.0123". */
export function totalsText({ totals, stopped }: { totals: Totals; stopped?: string | undefined }): string {
  const { scenarios, passed, flaky, failed, errors, skipped } = totals;
  const outcomes = listed([
    passed > 0 && `${passed} passed${flaky > 0 ? ` (${flaky} flaky)` : ''}`,
    ...(
      [
        ['failed', failed],
        ['error', errors],
        ['skipped', skipped],
      ] as const
    ).map(([verdict, count]) => count > 0 && `${count} ${verdictWords[verdict]}`),
  ]);
  const effort = listed([durationText(totals.ms), costNote(totals.cost_usd)]);
  const all = `${counted(scenarios, 'scenario')}${outcomes === '' ? '' : `: ${outcomes}`}; ${effort}`;
  return stopped === undefined ? all : `${all}; stopped: ${stopped}`;
}
