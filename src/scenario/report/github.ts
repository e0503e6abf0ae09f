// What GitHub shows of a run: annotations beside the lines of scenario files, and the summary of a step.

import type { CaseResult, Check, Report, Totals } from '../result.js';
import { failingChecks, failureStory, headline, storyText, toldRun } from './failure-text.js';
import { shortLine, titleOf } from './lines.js';
import { totalsText } from './totals.js';
import { counted, verdictWords } from './words.js';

interface Annotation {
  level: 'error' | 'warning';
  file?: string | undefined;
  line?: number | undefined;
  col?: number | undefined;
  title: string;
  message: string;
  /** GitHub shows ten of a step: the first of each scenario come before the second of any. */
  rank: number;
}

/**
 * Workflow commands, each on a line. `fileOf` gives a scenario's file as the repository names it, which may not be where
 * the command runs.
 */
export function annotations(
  { results, stopped, totals }: Report,
  fileOf: (file: string) => string = (file) => file,
): string[] {
  const found = results.flatMap((result) => annotationsOf(result));
  const all = found.sort((a, b) => a.rank - b.rank);
  if (stopped !== undefined) all.push(stoppedNote(stopped, totals.skipped));
  return all.map((each) => annotationText(each, fileOf));
}

/** The same for what kept a run from beginning: each line of `message` that names a place is told there. */
export function faultAnnotations(
  message: string,
  fileOf: (file: string) => string = (file) => file,
): string[] {
  const title = 'nothing was run';
  return message.split('\n').map((line) => {
    const [, file, at, col, problem] = /^\s*(.+?):(\d+):(\d+): (.*)$/.exec(line) ?? [];
    const place = file === undefined ? {} : { file, line: Number(at), col: Number(col) };
    return annotationText({ level: 'error', ...place, title, message: problem ?? line, rank: 0 }, fileOf);
  });
}

function annotationText(
  { level, file, line, col, title, message }: Annotation,
  fileOf: (file: string) => string,
): string {
  const properties = Object.entries({ file: file && fileOf(file), line, col, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapedData(message)}`;
}

function annotationsOf(result: CaseResult): Annotation[] {
  const { verdict, flaky, file, line } = result;
  const isBad = verdict === 'failed' || verdict === 'error';
  if (!isBad && !flaky) return [];
  const level = isBad ? 'error' : 'warning';
  const title = `${outcomeOf(result)}: ${titleOf(result)}`;
  const replay = toldRun(result)?.replay;
  const about = (message: string, at: number, rank: number): Annotation => ({
    level,
    file,
    line: at,
    title,
    message: replay === undefined ? message : `${message}\n${replay}`,
    rank,
  });
  const checks = toldRun(result)?.problem === undefined ? failingChecks(result) : [];
  if (checks.length === 0) return [about(headline(result), line, 0)];
  return checks.map((check, rank) => about(checkText(check), check.place?.line ?? line, rank));
}

const checkText = ({ expected, got, verdict }: Check) =>
  `expected ${shortLine(expected)}\n${verdict === 'error' ? 'unknown:' : 'got'} ${shortLine(got)}`;

const stoppedNote = (stopped: string, skipped: number): Annotation => ({
  level: 'warning',
  title: `stopped: ${stopped}`,
  message: `${counted(skipped, 'scenario')} ${skipped === 1 ? 'was' : 'were'} not run`,
  rank: 0,
});

const escapedData = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string) => escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** GitHub refuses the summary of a step that is larger than 1 MiB, as a whole. */
const largestSummaryBytes = 1_000_000;

/** Markdown for `$GITHUB_STEP_SUMMARY`. */
export function stepSummary(report: Report): string {
  const told = report.results.filter(
    ({ verdict, flaky }) => verdict === 'failed' || verdict === 'error' || flaky,
  );
  const head = `## ${markOf(report.totals)} agents test\n\n${escapedMarkdown(totalsText(report))}\n`;
  const table =
    told.length === 0
      ? []
      : ['\n| | Scenario | Expected | Got |\n| --- | --- | --- | --- |\n', ...told.map(row)];
  return withinBytes([head, ...table, ...told.map(details)], largestSummaryBytes);
}

function markOf({ failed, errors, skipped }: Totals): string {
  if (failed + errors > 0) return '❌';
  return skipped > 0 ? '⚠️' : '✅';
}

const outcomeOf = ({ verdict, flaky }: CaseResult) =>
  verdict === 'passed' && flaky ? 'flaky' : verdictWords[verdict];

function row(result: CaseResult): string {
  const [first] = toldRun(result)?.problem === undefined ? failingChecks(result) : [];
  const found = first === undefined ? ['', headline(result)] : [first.expected, first.got];
  const cells = [outcomeOf(result), `${titleOf(result)} (${result.file}:${result.line})`, ...found];
  return `| ${cells.map((cell) => escapedMarkdown(shortLine(cell))).join(' | ')} |\n`;
}

function details(result: CaseResult): string {
  const title = escapedHtml(`${outcomeOf(result)}: ${shortLine(result.id)}`);
  const story = escapedHtml(storyText(failureStory(result)));
  return `\n<details><summary>${title}</summary>\n\n<pre>\n${story}\n</pre>\n\n</details>\n`;
}

function withinBytes(parts: readonly string[], limit: number): string {
  const kept: string[] = [];
  let size = 0;
  for (const part of parts) {
    size += Buffer.byteLength(part);
    if (size > limit) {
      kept.push('\nThere is more than a summary can hold: see the log, or another report.\n');
      break;
    }
    kept.push(part);
  }
  return kept.join('');
}

const escapedHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text that stays text in a cell, whatever stands in it; addresses are not made links. */
const escapedMarkdown = (text: string) =>
  escapedHtml(text).replace(/[\\`*_[\]|~#$@:]/g, (character) => `&#${character.charCodeAt(0)};`);
