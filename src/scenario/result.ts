// What comes of a run of `agents test`, as reporters are given it, `--json` prints it and report files keep it: plain
// JSON, in snake_case. Parts of one run (`--shard`) are joined again by `agents test merge`.

import type { ExpectationKind } from './format.js';
import type { Ending } from './played.js';
import type { Place } from './scenario.js';

export const reportVersion = 1;

/** `error`: it could not be found out, which is kept apart from a failure everywhere. */
export type Verdict = 'passed' | 'failed' | 'error';

/** One expectation, looked at in one run or over all of them. */
export interface Check {
  kind: ExpectationKind | 'timeout' | 'answered' | 'interrupt' | 'turns';
  verdict: Verdict;
  /** What was asked for, in words: `says "confirmation"`. */
  expected: string;
  /** What was there instead, or was found. */
  got: string;
  place?: Place | undefined;
  /** The turn it is about, from 0 in `turns`; absent for the whole. */
  turn?: number | undefined;
}

export interface CallResult {
  name: string;
  arguments: unknown;
  output?: string | undefined;
  ms?: number | undefined;
  at_ms: number;
}

export interface TurnResult {
  said: string;
  by: 'person' | 'nobody';
  answer: string;
  status: string;
  interrupted: boolean;
  started_ms: number;
  ended_ms: number;
  calls: CallResult[];
  first_word_ms?: number | undefined;
  first_audio_ms?: number | undefined;
  total_ms?: number | undefined;
  audio_seconds: number;
  cost_usd: string | null;
}

export interface Problem {
  code: string;
  message: string;
  hint?: string | undefined;
}

/** Sound of a run for reports: where each piece begins, and its bytes as 8 kHz µ-law in base64. */
export interface Sound {
  from: 'user' | 'agent';
  at_ms: number;
  mulaw_8k: string;
}

export interface RunResult {
  /** From 1; a retry keeps the number. */
  run: number;
  /** From 1. */
  attempt: number;
  verdict: Verdict;
  /** Why it could not run. */
  problem?: Problem | undefined;
  checks: Check[];
  turns: TurnResult[];
  ending?: Ending | undefined;
  state?: unknown;
  /** Wall time of the conversation. */
  ms: number;
  cost_usd: string | null;
  /** A file for `agents replay`, where one was kept. */
  recording?: string | undefined;
  /** The command that shows it again. */
  replay?: string | undefined;
  sound?: Sound[] | undefined;
  /** One of very many that passed: only its numbers were kept, its checks and words were told when it was over. */
  abridged?: boolean | undefined;
}

export interface CaseResult {
  id: string;
  name: string;
  parameters: string;
  file: string;
  line: number;
  tags: string[];
  /** `skipped`: the run was over before it was its turn, or before all of it was played. */
  verdict: Verdict | 'skipped';
  /** Passed, but not at the first attempt. */
  flaky: boolean;
  /** How many of its runs passed, how many had to, and how many there were to be. */
  passed_runs: number;
  needed_runs: number;
  planned_runs: number;
  /** Over all runs: percentiles. */
  checks: Check[];
  /** All attempts, in order. */
  runs: RunResult[];
  ms: number;
  cost_usd: string | null;
}

export interface Totals {
  scenarios: number;
  passed: number;
  failed: number;
  errors: number;
  skipped: number;
  flaky: number;
  ms: number;
  /** The sum of what is known. */
  cost_usd: string;
}

export interface Report {
  version: typeof reportVersion;
  /** "agents/1.0.0 node/20.19.0". */
  product: string;
  started_at: string;
  /** The server's origin, or "local". */
  server: string;
  seed: number;
  /** "2/4" for a part. */
  shard?: string | undefined;
  /** What all parts together were to play: "9 scenarios, 3f2a91c4". Unknown of older reports. */
  plan?: string | undefined;
  /** Why it ended before all were run: "interrupted", "bail", "budget". */
  stopped?: string | undefined;
  /** How --max-cost was come to, though all may have been played: "--max-cost 0.03 is passed: about $0.05 is spent". */
  over_budget?: string | undefined;
  results: CaseResult[];
  totals: Totals;
}

/** What happens while it runs: `--json` prints these, one a line. */
export type TestEvent =
  | {
      type: 'test_started';
      scenarios: number;
      workers: number;
      seed: number;
      shard?: string | undefined;
    }
  | { type: 'scenario_started'; id: string }
  | ({ type: 'scenario_run'; id: string } & RunResult)
  | ({ type: 'scenario_done' } & CaseResult)
  | ({ type: 'test_done'; stopped?: string | undefined } & Totals);
