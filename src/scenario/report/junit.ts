// JUnit's XML as GitHub, GitLab and Jenkins take it: a suite a file, a test case a scenario.

import type { CaseResult, Report } from '../result.js';
import { failureStory, headline, storyText, toldRun, transcriptLines } from './failure-text.js';
import { titleOf } from './lines.js';
import { totalsOf } from './totals.js';

import { element, type Xml, xmlDocument } from './xml.js';

/** A whole document. */
export function junit(report: Report): string {
  const files = new Map<string, CaseResult[]>();
  for (const result of report.results) files.set(result.file, [...(files.get(result.file) ?? []), result]);
  const suites = [...files].map(([file, results]) => suite(report, file, results));
  return xmlDocument(
    element('testsuites', { name: 'agents test', ...counts(report.results, report.totals.ms) }, suites),
  );
}

function suite(report: Report, file: string, results: readonly CaseResult[]): Xml {
  const { product, server, seed, shard } = report;
  const ms = results.reduce((sum, result) => sum + result.ms, 0);
  return element(
    'testsuite',
    // Without its zone, which the schema of JUnit does not know: it is UTC.
    { name: file, ...counts(results, ms), timestamp: report.started_at.replace(/(\.\d+)?Z$/, '') },
    [
      properties({ product, server, seed, shard, stopped: report.stopped }),
      ...results.map((result) => testCase(report, result)),
    ],
  );
}

function counts(results: readonly CaseResult[], ms: number) {
  const { scenarios, failed, errors, skipped } = totalsOf(results, ms);
  return { tests: scenarios, failures: failed, errors, skipped, time: seconds(ms) };
}

function testCase(report: Report, result: CaseResult): Xml {
  const { file, line, flaky, passed_runs, planned_runs, cost_usd, tags } = result;
  const run = toldRun(result) ?? result.runs.findLast(({ abridged }) => !abridged);
  return element(
    'testcase',
    { name: titleOf(result), classname: file, time: seconds(result.ms), file, line },
    [
      properties({
        runs: `${passed_runs}/${planned_runs}`,
        cost_usd: cost_usd ?? undefined,
        flaky: flaky ? 'true' : undefined,
        tags: tags.length === 0 ? undefined : tags.join(' '),
      }),
      ...outcome(report, result),
      ...(run === undefined ? [] : [element('system-out', {}, storyText(transcriptLines(run)))]),
    ],
  );
}

function outcome({ stopped }: Report, result: CaseResult): Xml[] {
  switch (result.verdict) {
    case 'passed':
      return [];
    case 'skipped':
      return [element('skipped', { message: stopped === undefined ? 'not run' : `stopped: ${stopped}` })];
    case 'failed':
      return [element('failure', { message: headline(result), type: 'failed' }, story(result))];
    case 'error':
      return [
        element(
          'error',
          { message: headline(result), type: toldRun(result)?.problem?.code ?? 'error' },
          story(result),
        ),
      ];
  }
}

const story = (result: CaseResult) => storyText(failureStory(result));

function properties(values: Record<string, string | number | undefined>): Xml {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return element(
    'properties',
    {},
    known.map(([name, value]) => element('property', { name, value })),
  );
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);
