// Runs scenarios side by side: which run comes next, when to stop, and what each scenario comes to. How one is played
// is handed in.

import { createKeeping } from './kept.js';
import type { CaseResult, TestEvent, Verdict } from './result.js';
import type { CaseOutcome, RunOutcome } from './results.js';
import { caseResult, isLost, skippedCase } from './results.js';
import type { Case } from './scenario.js';

export interface RunOptions {
  /** Runs at a time. */
  workers: number;
  /** Each scenario so many times over. */
  repeat: number;
  /** Stops after so many failures; never without. */
  bail?: number | undefined;
  /** Plays one run; `attempt` counts from 1. Rejects only when the whole is stopped. */
  runOne(scenario: Case, run: number, attempt: number): Promise<RunOutcome>;
  /** Why no other run may begin: "budget". */
  stopReason(): string | undefined;
  signal: AbortSignal;
  onEvent(event: TestEvent): void;
}

export interface RanCases {
  /** In the order of the scenarios. */
  results: CaseResult[];
  /** "interrupted", "bail", or what `stopReason` gave; undefined when all were run. */
  stopped?: string | undefined;
}

/** Runs all scenarios. What was stopped is told in the results; rejects with what is a fault of ours. */
export async function runCases(cases: readonly Case[], options: RunOptions): Promise<RanCases> {
  const { workers, repeat, bail = Number.POSITIVE_INFINITY, signal, onEvent } = options;
  const keeping = createKeeping();
  const tables = cases.map((scenario) => createTable(scenario, repeat, keeping.for(scenario)));
  let failures = 0;
  let stopped: string | undefined;
  const faults: unknown[] = [];

  function reasonToStop(): string | undefined {
    if (signal.aborted) return 'interrupted';
    return stopped ?? (failures >= bail ? 'bail' : options.stopReason());
  }

  async function work(jobs: Iterator<Job>): Promise<void> {
    for (;;) {
      stopped = reasonToStop();
      if (stopped !== undefined) return;
      const job = jobs.next();
      if (job.done) return;
      await runJob(job.value).catch((error: unknown) => {
        stopped = reasonToStop();
        if (stopped !== undefined) return;
        // The others end what they have begun.
        stopped = 'interrupted';
        faults.push(error);
      });
    }
  }

  async function runJob({ table, run }: Job): Promise<void> {
    const { scenario } = table;
    if (!table.isStarted) onEvent({ type: 'scenario_started', id: scenario.id });
    table.isStarted = true;
    let verdict: Verdict;
    for (let attempt = 1; ; attempt++) {
      const outcome = await options.runOne(scenario, run, attempt);
      onEvent({ type: 'scenario_run', id: scenario.id, ...outcome.result });
      table.outcomes.push(table.keep(outcome));
      verdict = outcome.result.verdict;
      if (verdict === 'passed' || attempt > scenario.retries) break;
      // It might have passed the next time: it is not over, as one that was interrupted is not.
      if (reasonToStop() !== undefined) return;
    }
    if (verdict === 'failed') table.failed++;
    table.left--;
    if (table.left > 0) return bailEarly(table);
    table.result = caseResult(scenario, table.outcomes, repeat);
    table.outcomes = [];
    if (table.result.verdict !== 'passed' && !table.isLost) failures++;
    onEvent({ type: 'scenario_done', ...table.result });
  }

  /** Who stops at the first failure does not wait for runs that change nothing any more. */
  function bailEarly(table: Table): void {
    if (table.isLost || !isLost(table.scenario, table.failed, repeat)) return;
    table.isLost = true;
    failures++;
  }

  const jobs = jobsOf(tables);
  await Promise.all(Array.from({ length: Math.max(1, workers) }, () => work(jobs)));
  if (faults.length > 0) throw faults[0];
  stopped = reasonToStop() ?? stopped;
  const isCut = tables.some(({ result }) => result === undefined);
  const results = tables.map(({ scenario, outcomes, result }) => {
    const told = result ?? skippedCase(scenario, outcomes, repeat);
    if (result === undefined) onEvent({ type: 'scenario_done', ...told });
    return told;
  });
  return { results, ...(isCut && { stopped: stopped ?? 'interrupted' }) };
}

interface Table {
  scenario: Case;
  isStarted: boolean;
  /** Whether it is known to have failed though runs are left. */
  isLost: boolean;
  /** Runs that have failed, whatever was tried. */
  failed: number;
  outcomes: CaseOutcome;
  /** What is kept of a run. */
  keep(outcome: RunOutcome): RunOutcome;
  /** Runs that are not over. */
  left: number;
  result?: CaseResult;
}

interface Job {
  table: Table;
  run: number;
}

function createTable(scenario: Case, repeat: number, keep: Table['keep']): Table {
  return {
    scenario,
    isStarted: false,
    isLost: false,
    failed: 0,
    outcomes: [],
    keep,
    left: scenario.runs * repeat,
  };
}

/** Scenario by scenario: the first results come early, and what belongs together ends together. */
function* jobsOf(tables: readonly Table[]): Generator<Job> {
  for (const table of tables) {
    const runs = table.left;
    for (let run = 1; run <= runs; run++) yield { table, run };
  }
}
