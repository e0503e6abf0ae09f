// How a run of tests looks: a line a scenario as each is done, at a terminal a line that tells how far it is, at the
// end what failed and why.

import { oneLine } from '../one-line.js';
import type { StoryLine } from '../scenario/report/failure-text.js';
import type { CaseResult, Check, TestEvent } from '../scenario/result.js';
import type { Io } from './io.js';
import type { Output } from './output.js';
import { cleanText, colourLevel, createStyle, type Style } from './style.js';
import { cut } from './table.js';

export interface TestView {
  told(event: TestEvent): void;
  /** Takes away what tells how far it is. */
  close(): void;
}

/** How reports of all kinds tell of a run: what belongs to the layer of scenarios is handed in. */
export interface TestWords {
  /** The story of one that did not pass. */
  story(result: CaseResult): readonly StoryLine[];
  /** What a line of it is, before it. */
  labels: Readonly<Record<StoryLine['kind'], string>>;
  /** The sums, in a line. */
  totals(event: TestEvent & { type: 'test_done' }): string;
  /** "640 ms", "12.3 s". */
  duration(ms: number): string;
  /** "about $0.0123"; "" for nothing. */
  cost(usd: string | null): string;
}

export interface TestViewOptions {
  io: Io;
  output: Output;
  env: Record<string, string | undefined>;
  /** Whether scenarios are told on stdout; not where something else goes there. */
  shown: boolean;
  words: TestWords;
}

/** Shows events to people; under `--json` nothing is shown. */
export function createTestView({ io, output, env, shown, words }: TestViewOptions): TestView {
  const live = createLiveLine(io, env, output.json);
  const unpassed: CaseResult[] = [];
  const running = new Set<string>();
  let planned = 0;
  let done = 0;

  function advance(event: TestEvent): void {
    if (event.type === 'test_started') planned = event.scenarios;
    if (event.type === 'scenario_started') running.add(event.id);
    if (event.type === 'scenario_done') {
      running.delete(event.id);
      done++;
      if (!['passed', 'skipped'].includes(event.verdict)) unpassed.push(event);
    }
    const failed = unpassed.length === 0 ? '' : `, ${unpassed.length} not passed`;
    const [first = ''] = running;
    live.set(event.type === 'test_done' ? '' : `${done} of ${planned}${failed}  ${first}`);
  }

  function show(event: TestEvent): void {
    // Of what was not run the sums tell: a thousand lines of it would push away what was.
    if (event.type === 'scenario_done' && (event.verdict !== 'skipped' || event.runs.length > 0))
      output.emit(inShort(event), (told, style) => caseLine(told, words, style));
    if (event.type !== 'test_done') return;
    for (const result of unpassed) {
      const { id, verdict } = result;
      const story = { id, verdict, lines: words.story(result) };
      output.emit(story, (told, style) => storyText(told, words, style));
    }
    output.emit(event, (told, style) => `\n${style.chalk.bold(words.totals(told))}\n`);
  }

  return {
    told: (event) => {
      advance(event);
      if (shown && !output.json) show(event);
    },
    close: () => live.set(''),
  };
}

const colours = { passed: 'green', failed: 'red', error: 'yellow', skipped: 'dim' } as const;

/** What the line of a scenario tells: it may have had thousands of runs. */
interface Short
  extends Pick<CaseResult, 'verdict' | 'id' | 'planned_runs' | 'passed_runs' | 'flaky' | 'ms' | 'cost_usd'> {
  /** Why it did not pass: the whole story stands at the end. */
  check: Check | undefined;
  problem: string | undefined;
}

function inShort({ runs, checks, ...result }: CaseResult): Short {
  const { verdict, id, planned_runs, passed_runs, flaky, ms, cost_usd } = result;
  const told = { verdict, id, planned_runs, passed_runs, flaky, ms, cost_usd };
  if (verdict === 'passed') return { ...told, check: undefined, problem: undefined };
  const isReason = (check: Check) => check.verdict === verdict;
  const failing = [{ checks }, ...runs].find((each) => each.checks.some(isReason));
  const problem = runs.find((run) => run.problem !== undefined)?.problem?.message;
  return { ...told, check: failing?.checks.find(isReason), problem };
}

function caseLine(short: Short, words: TestWords, { chalk }: Style): string {
  const { verdict, id, planned_runs, passed_runs, flaky, ms, cost_usd } = short;
  const facts = [
    planned_runs > 1 && `${passed_runs} of ${planned_runs} runs`,
    flaky && 'not at the first attempt',
    words.duration(ms),
    words.cost(cost_usd),
  ].filter(Boolean);
  const word = chalk[colours[verdict]](verdict.padEnd(7));
  return `${word}  ${oneLine(id)}${chalk.dim(`  ${facts.join(', ')}`)}\n${reasonLines(short, chalk)}`;
}

function reasonLines({ check, problem }: Short, chalk: Style['chalk']): string {
  if (check !== undefined) return checkLines(check, chalk, '         ');
  return problem === undefined ? '' : `         ${oneLine(problem)}\n`;
}

function checkLines({ expected, got }: Check, chalk: Style['chalk'], indent: string): string {
  return `${indent}${chalk.dim('expected')} ${oneLine(expected)}\n${indent}${chalk.dim('got     ')} ${oneLine(got)}\n`;
}

const marks: Partial<Record<StoryLine['kind'], 'bold' | 'green' | 'red' | 'yellow' | 'cyan' | 'reset'>> = {
  expected: 'green',
  got: 'red',
  unknown: 'yellow',
  problem: 'yellow',
  person: 'bold',
  agent: 'reset',
  tool: 'cyan',
  command: 'reset',
};

interface Story {
  id: string;
  verdict: CaseResult['verdict'];
  lines: readonly StoryLine[];
}

function storyText({ id, verdict, lines }: Story, { labels }: TestWords, { chalk }: Style): string {
  const shown = lines.map(({ kind, text, place }) => {
    const where = place === undefined ? '' : chalk.dim(`  (${place})`);
    return `${chalk.dim(labels[kind].padStart(10))}  ${chalk[marks[kind] ?? 'dim'](text)}${where}`.trimEnd();
  });
  return `\n${chalk[colours[verdict]].bold(verdict)}  ${chalk.bold(oneLine(id))}\n${shown.join('\n')}\n`;
}

interface LiveLine {
  /** "" takes it away. */
  set(text: string): void;
}

/** A line on stderr that stays below all else; nothing where nobody watches. */
function createLiveLine(io: Io, env: Record<string, string | undefined>, json: boolean): LiveLine {
  const { chalk } = createStyle(colourLevel(io.stderr, env), io.width.stderr);
  if (json || io.stderr.isTTY !== true || chalk.level === 0) return { set: () => {} };
  let text = '';
  let release = () => {};

  /** Changes what stands above the line, or the line itself. */
  function between(change: () => void): void {
    release();
    if (text !== '') io.write('stderr', '\r\u001b[K');
    change();
    if (text !== '') io.write('stderr', chalk.dim(text));
    release =
      text === '' ? () => {} : io.interpose((target, given) => between(() => io.write(target, given)));
  }

  return {
    set: (wanted) => {
      // A line that fills its row would wrap, and could not be taken away again.
      const next = cut(oneLine(cleanText(wanted)), Math.max(8, io.width.stderr - 1));
      if (next === text) return;
      between(() => {
        text = next;
      });
    },
  };
}
