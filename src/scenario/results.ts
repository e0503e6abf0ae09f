// From what was played to what is told: a run's result, and what the runs of a scenario come to.

import { parseUsd, type Ticks, usdExact } from '../money.js';
import { lastAttempts } from './attempts.js';
import { checkOverRuns } from './expect/check.js';
import type { Played, PlayedTurn } from './played.js';
import type { CaseResult, Check, RunResult, TurnResult, Verdict } from './result.js';
import type { Case } from './scenario.js';

export interface RunOutcome {
  result: RunResult;
  /** Undefined where nothing was played. */
  played?: Played | undefined;
}

export type CaseOutcome = RunOutcome[];

/** What one run comes to: `problem` keeps it from being a failure. */
export function verdictOf(checks: readonly Check[], problem: unknown): Verdict {
  if (problem !== undefined) return 'error';
  // A check that failed is known; one that could not be made would change nothing.
  if (checks.some(({ verdict }) => verdict === 'failed')) return 'failed';
  return checks.some(({ verdict }) => verdict === 'error') ? 'error' : 'passed';
}

/** A turn as it is reported. */
export function turnResult(turn: PlayedTurn): TurnResult {
  const { index: _index, calls, cost_ticks, longest_silence_ms: _silence, ...told } = turn;
  return {
    ...told,
    calls: calls.map(({ call_id: _id, said_before: _before, ...call }) => call),
    cost_usd: usdOf(cost_ticks),
  };
}

/** An amount as reports have it; null where it is not known. */
export const usdOf = (ticks: Ticks | undefined) => (ticks === undefined ? null : usdExact(ticks));

/** What a scenario comes to, all its runs being over. */
export function caseResult(scenario: Case, outcomes: CaseOutcome, repeat: number): CaseResult {
  const runs = sorted(outcomes.map(({ result }) => result));
  const last = lastAttempts(runs);
  // An attempt that was made again does not count.
  const counts = new Set(last);
  const played = outcomes.flatMap(({ result, played }) => (counts.has(result) ? (played ?? []) : []));
  const checks = checkOverRuns(scenario, played);
  const passed = last.filter(({ verdict }) => verdict === 'passed').length;
  const errors = last.filter(({ verdict }) => verdict === 'error').length;
  const told = about(scenario, runs, repeat);
  return {
    ...told,
    verdict: worst(verdictOfRuns(passed, errors, told.needed_runs), verdictOf(checks, undefined)),
    flaky: last.some(({ verdict, attempt }) => verdict === 'passed' && attempt > 1),
    passed_runs: passed,
    checks,
  };
}

/** A scenario that was not, or not wholly, run. */
export function skippedCase(scenario: Case, outcomes: CaseOutcome, repeat: number): CaseResult {
  const runs = sorted(outcomes.map(({ result }) => result));
  const last = lastAttempts(runs);
  const passed = last.filter(({ verdict }) => verdict === 'passed').length;
  return {
    ...about(scenario, runs, repeat),
    // What failed has failed, whatever was still to come; what may be tried again has not.
    verdict: isLost(scenario, failures(last, scenario), repeat) ? 'failed' : 'skipped',
    flaky: false,
    passed_runs: passed,
    checks: [],
  };
}

/** Whether so many runs have failed that the others cannot make up for them. */
export const isLost = ({ runs, pass }: Case, failed: number, repeat: number): boolean =>
  failed > (runs - pass) * repeat;

const failures = (runs: readonly RunResult[], { retries }: Case) =>
  runs.filter(({ verdict, attempt }) => verdict === 'failed' && attempt > retries).length;

/** Too few passed: a failure, unless the runs that could not be made might have made the difference. */
function verdictOfRuns(passed: number, errors: number, needed: number): Verdict {
  if (passed >= needed) return 'passed';
  return passed + errors >= needed ? 'error' : 'failed';
}

const rank: Record<Verdict, number> = { passed: 0, error: 1, failed: 2 };
const worst = (one: Verdict, other: Verdict) => (rank[other] > rank[one] ? other : one);

function about(
  { id, name, parameters, file, place, tags, runs, pass }: Case,
  done: RunResult[],
  repeat: number,
) {
  return {
    id,
    name,
    parameters,
    file,
    line: place.line,
    tags: [...tags],
    needed_runs: pass * repeat,
    planned_runs: runs * repeat,
    runs: done,
    ms: done.reduce((sum, { ms }) => sum + ms, 0),
    cost_usd: totalUsd(done.map(({ cost_usd }) => cost_usd)),
  };
}

/** The sum of amounts; null when one is not known. */
function totalUsd(amounts: readonly (string | null)[]): string | null {
  let sum = 0n;
  for (const each of amounts) {
    const ticks = each === null ? undefined : parseUsd(each);
    if (ticks === undefined) return null;
    sum += ticks;
  }
  return usdExact(sum);
}

const sorted = (runs: RunResult[]) =>
  runs.sort((one, other) => one.run - other.run || one.attempt - other.attempt);
