// TAP 14: a plan, a line a scenario, and what is to be known of it in YAML below. Of YAML only what is JSON too is
// written, so that no text can be taken for anything else.

import { writeJson } from '../../json-text.js';
import type { CaseResult, TestEvent } from '../result.js';
import { failureStory, headline, storyText } from './failure-text.js';
import { shortLine } from './lines.js';

/** The beginning, for so many scenarios. */
export function tapHeader(count: number): string {
  return `TAP version 14\n1..${count}${count === 0 ? ' # no scenarios' : ''}\n`;
}

/** One scenario; numbers are from 1, in the order of printing. */
export function tapLine(result: CaseResult, number: number): string {
  const { id, verdict } = result;
  const isOk = verdict === 'passed' || verdict === 'skipped';
  const point = `${isOk ? '' : 'not '}ok ${number} - ${escaped(id)}`;
  if (verdict === 'skipped') return `${point} # SKIP not run\n`;
  return `${point}\n${diagnostics(aboutOf(result))}`;
}

/** The end; a run that was stopped has no verdict on what it left out. */
export function tapEnd(stopped: string | undefined): string {
  return stopped === undefined ? '' : `Bail out! ${escaped(stopped)}\n`;
}

/** What each event of a run adds. */
export function createTap(): (event: TestEvent) => string {
  let number = 0;
  return (event) => {
    if (event.type === 'test_started') return tapHeader(event.scenarios);
    if (event.type === 'scenario_done') return tapLine(event, ++number);
    return event.type === 'test_done' ? tapEnd(event.stopped) : '';
  };
}

function aboutOf(result: CaseResult): Record<string, unknown> {
  const { verdict, file, line, ms, passed_runs, planned_runs, flaky, cost_usd } = result;
  const effort = {
    duration_ms: Math.round(ms),
    ...(planned_runs > 1 && { runs: `${passed_runs}/${planned_runs}` }),
    ...(flaky && { flaky }),
    ...(cost_usd !== null && { cost_usd }),
  };
  if (verdict === 'passed') return effort;
  return {
    message: headline(result),
    severity: verdict === 'error' ? 'error' : 'fail',
    at: { file, line },
    ...effort,
    story: storyText(failureStory(result)).split('\n'),
  };
}

function diagnostics(members: Record<string, unknown>): string {
  const lines = Object.entries(members).flatMap(([name, value]) =>
    Array.isArray(value)
      ? [`${name}:`, ...value.map((each) => `  - ${scalar(each)}`)]
      : [`${name}: ${scalar(value)}`],
  );
  return ['---', ...lines, '...'].map((line) => `  ${line}\n`).join('');
}

/** JSON's own escapes leave some that YAML does not allow as they are, or takes for line breaks. */
const scalar = (value: unknown) =>
  writeJson(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A # would begin a directive. */
const escaped = (text: string) => shortLine(text).replace(/[\\#]/g, '\\$&');
