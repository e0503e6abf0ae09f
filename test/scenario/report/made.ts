// Results of scenarios made up for tests: what a test does not give is ordinary.

import { totalsOf } from '../../../src/scenario/report/totals.js';
import type { CaseResult, Check, Report, RunResult, TurnResult } from '../../../src/scenario/result.js';

export const file = 'booking.scenario.yaml';

export function turn(said: string, answer: string, more: Partial<TurnResult> = {}): TurnResult {
  return {
    said,
    by: said === '' ? 'nobody' : 'person',
    answer,
    status: 'completed',
    interrupted: false,
    started_ms: 0,
    ended_ms: 400,
    calls: [],
    first_word_ms: 120,
    total_ms: 400,
    audio_seconds: 0,
    cost_usd: '0.001',
    ...more,
  };
}

export function check(verdict: Check['verdict'], more: Partial<Check> = {}): Check {
  return {
    kind: 'says',
    verdict,
    expected: 'says "confirmed"',
    got: '"Good morning."',
    place: { line: 14, column: 5 },
    ...more,
  };
}

export function run(verdict: RunResult['verdict'], more: Partial<RunResult> = {}): RunResult {
  return {
    run: 1,
    attempt: 1,
    verdict,
    checks: [check(verdict, { turn: 0 })],
    turns: [turn('A checkup, please.', 'Good morning.')],
    ending: 'script',
    ms: 1500,
    cost_usd: '0.001',
    ...(verdict !== 'passed' && { replay: 'agents replay a.jsonl' }),
    ...more,
  };
}

/** Named by its title, with the parameters in brackets: "A clean booking [monday]". */
export function result(
  title: string,
  verdict: CaseResult['verdict'],
  more: Partial<CaseResult> = {},
): CaseResult {
  const [, name = title, parameters = ''] = /^(.*?) \[(.*)\]$/.exec(title) ?? [];
  const runs = more.runs ?? (verdict === 'skipped' ? [] : [run(verdict)]);
  return {
    id: `${more.file ?? file} › ${title}`,
    name,
    parameters,
    file,
    line: 3,
    tags: [],
    verdict,
    flaky: false,
    passed_runs: runs.filter((each) => each.verdict === 'passed').length,
    needed_runs: 1,
    planned_runs: 1,
    checks: [],
    ms: 1500,
    cost_usd: verdict === 'skipped' ? null : '0.001',
    ...more,
    runs,
  };
}

export function report(results: CaseResult[], more: Partial<Report> = {}): Report {
  return {
    version: 1,
    product: 'agents/1.0.0 node/20.19.0',
    started_at: '2026-07-01T12:00:00.250Z',
    server: 'local',
    seed: 7,
    results,
    totals: totalsOf(results, 2000),
    ...more,
  };
}

/** Characters that have broken reports of other tools. */
export const nasty = [
  '</system-out>]]><script>alert(1)</script>&amp;&',
  `"quoted" 'and' \`ticked\` | piped | *starred* _under_ [link](https://x.example) <b>`,
  'zero\u0000 bell\u0007 escape\u001b[31m delete\u007f c1\u0085\u009b half\ud800 none\ufffe\uffff',
  'lines\nand\r\nreturns\ttabs\u2028separators',
  '::error file=x::taken # SKIP not \\ this, %0A: 100 %',
  '--- \n  ...\nBail out!\nok 99 - forged',
  'größer 日本語 😀',
].join(' ~ ');
