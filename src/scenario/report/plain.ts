// A report as text, for whoever reads it after the run.

import type { CaseResult, Report } from '../result.js';
import { failureStory, storyText } from './failure-text.js';
import { shortLine } from './lines.js';
import { totalsText } from './totals.js';
import { verdictWords } from './words.js';

/** A line a scenario, below it what went wrong, and the sums at the end. */
export function reportText(report: Report): string {
  return [...report.results.map(caseText), `${totalsText(report)}\n`].join('');
}

function caseText(result: CaseResult): string {
  const { id, verdict, flaky } = result;
  const line = `${verdictWords[verdict]}${flaky ? ' (flaky)' : ''}: ${shortLine(id)}\n`;
  const isBad = verdict === 'failed' || verdict === 'error';
  return isBad ? `${line}${storyText(failureStory(result))}\n\n` : line;
}
