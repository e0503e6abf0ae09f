// The story of a scenario that did not pass, as lines that every report for people tells alike: what was expected
// beside what was there, the words around it, what the tools were given and gave, and how to see it again.

import { writeJson } from '../../json-text.js';
import { lastAttempts } from '../attempts.js';
import { endings } from '../played.js';
import type { CallResult, CaseResult, Check, RunResult, TurnResult } from '../result.js';
import { costNote, listed, shortLine } from './lines.js';
import { counted, durationText } from './words.js';

export interface StoryLine {
  kind:
    | 'expected'
    | 'got'
    /** Why it could not be found out. */
    | 'unknown'
    /** Why it could not run, and what to do about it. */
    | 'problem'
    | 'hint'
    | 'person'
    | 'agent'
    | 'tool'
    | 'timing'
    /** Turns that are left out. */
    | 'gap'
    | 'note'
    /** What shows the run again. */
    | 'command';
  /** Without line breaks. */
  text: string;
  /** "booking.scenario.yaml:14", of what was expected. */
  place?: string | undefined;
  /** Whether it belongs to a turn in which something was not as expected. */
  failing?: boolean | undefined;
}

/** What did not pass, of the run that is told. Over all runs come last. */
export function failingChecks(result: CaseResult): Check[] {
  return [...(toldRun(result)?.checks ?? []), ...result.checks].filter(isFailing);
}

/** The failure in one line: `expected says "confirmation", got "Good morning."`. */
export function headline(result: CaseResult): string {
  const problem = toldRun(result)?.problem;
  if (problem !== undefined) return shortLine(problem.message);
  const checks = failingChecks(result);
  const first = checks.find(({ verdict }) => verdict === result.verdict) ?? checks[0];
  if (first === undefined) return runsText(result);
  return shortLine(
    `expected ${first.expected}, ${first.verdict === 'error' ? 'unknown: ' : 'got '}${first.got}`,
  );
}

/**
 * The run to tell of: the first that came out as the scenario did, as its last attempt had it; of a scenario that is
 * flaky, the first attempt that did not pass. Undefined where none did: of what is found over all runs.
 */
export function toldRun(result: CaseResult): RunResult | undefined {
  if (result.verdict === 'passed') return result.runs.find(({ verdict }) => verdict !== 'passed');
  return lastAttempts(result.runs).find(({ verdict }) => verdict === result.verdict);
}

/** "3 of 10 runs passed, 8 had to". */
export function runsText({ passed_runs, needed_runs, planned_runs }: CaseResult): string {
  return `${passed_runs} of ${counted(planned_runs, 'run')} passed, ${needed_runs} had to`;
}

/** All that there is to tell, in order. */
export function failureStory(result: CaseResult): StoryLine[] {
  const run = toldRun(result);
  const checks = failingChecks(result);
  return [
    ...checks.flatMap((check) => checkLines(check, result.file)),
    ...(run?.problem === undefined ? [] : problemLines(run.problem)),
    ...runLines(result, run),
    ...(run === undefined ? [] : turnLines(run, windowOf(run, checks))),
    ...(run === undefined ? [] : endLines(run)),
  ];
}

/** All the words of a run. */
export function transcriptLines(run: RunResult): StoryLine[] {
  return [
    ...turnLines(
      run,
      run.turns.map((_, at) => at),
    ),
    ...endLines(run),
  ];
}

/** Lines with what they are before them. */
export function storyText(lines: readonly StoryLine[]): string {
  return lines
    .map(({ kind, text, place }) =>
      `${labels[kind].padStart(8)}  ${text}${place === undefined ? '' : `  (${place})`}`.trimEnd(),
    )
    .join('\n');
}

export const labels: Record<StoryLine['kind'], string> = {
  expected: 'expected',
  got: 'got',
  unknown: 'unknown',
  problem: 'problem',
  hint: '',
  person: 'person',
  agent: 'agent',
  tool: 'tool',
  timing: '',
  gap: '',
  note: '',
  command: 'replay',
};

const isFailing = ({ verdict }: Check) => verdict !== 'passed';

function checkLines(check: Check, file: string): StoryLine[] {
  const place = check.place === undefined ? file : `${file}:${check.place.line}`;
  return [
    { kind: 'expected', text: shortLine(check.expected), place },
    { kind: check.verdict === 'error' ? 'unknown' : 'got', text: shortLine(check.got) },
  ];
}

function problemLines({ message, hint }: NonNullable<RunResult['problem']>): StoryLine[] {
  const next: StoryLine[] = hint === undefined ? [] : [{ kind: 'hint', text: shortLine(hint) }];
  return [{ kind: 'problem', text: shortLine(message) }, ...next];
}

/** Which of several runs this is, and what else went wrong in the others. */
function runLines(result: CaseResult, told: RunResult | undefined): StoryLine[] {
  const attempts = result.runs.filter(({ run }) => run === told?.run).length;
  if (result.planned_runs === 1 && attempts <= 1) return [];
  const which = listed([
    result.planned_runs > 1 && runsText(result),
    told !== undefined && result.planned_runs > 1 && `this is run ${told.run}`,
    told !== undefined && attempts > 1 && `attempt ${told.attempt} of ${attempts}`,
  ]);
  const known = new Set(failingChecks(result).map(({ expected }) => expected));
  const others = lastAttempts(result.runs).filter((run) => run !== told);
  const missed = others.flatMap(({ checks }) => [
    ...new Set(checks.filter(isFailing).map(({ expected }) => expected)),
  ]);
  const elsewhere = [...new Set(missed)].filter((expected) => !known.has(expected));
  return [
    { kind: 'note', text: which },
    ...elsewhere.map((expected): StoryLine => {
      const times = missed.filter((each) => each === expected).length;
      return { kind: 'note', text: shortLine(`in ${counted(times, 'other run')} not: ${expected}`) };
    }),
  ];
}

/** A short conversation is told whole. */
const shortTurns = 5;

/** The turns to tell: those that failed, each with its neighbours; of a failure of the whole, the last. */
function windowOf({ turns }: RunResult, checks: readonly Check[]): number[] {
  const failing = checks.flatMap(({ turn }) => turn ?? []);
  const wanted = (at: number) => {
    if (failing.length > 0) return failing.some((turn) => Math.abs(turn - at) <= 1);
    return turns.length <= shortTurns || at >= turns.length - 3;
  };
  return turns.map((_, at) => at).filter(wanted);
}

function turnLines({ turns, checks }: RunResult, shown: readonly number[]): StoryLine[] {
  const failing = new Set(checks.filter(isFailing).map(({ turn }) => turn));
  const lines: StoryLine[] = [];
  let next = 0;
  const skipTo = (at: number) => {
    if (at > next) lines.push({ kind: 'gap', text: `… ${counted(at - next, 'turn')}` });
  };
  for (const at of shown) {
    const turn = turns[at];
    if (turn === undefined) continue;
    skipTo(at);
    next = at + 1;
    lines.push(...linesOf(turn).map((line) => (failing.has(at) ? { ...line, failing: true } : line)));
  }
  skipTo(turns.length);
  return lines;
}

function linesOf(turn: TurnResult): StoryLine[] {
  const { said, answer, status, interrupted, calls } = turn;
  const how = interrupted ? 'interrupted' : status === 'completed' ? '' : status;
  const answered = listed([shortLine(answer), how !== '' && `(${how})`]).replace(/, (?=\([a-z]+\)$)/, ' ');
  const timing = timingText(turn);
  return [
    ...(said === '' ? [] : [{ kind: 'person' as const, text: shortLine(said) }]),
    ...calls.map((call): StoryLine => ({ kind: 'tool', text: callText(call) })),
    ...(answered === '' ? [] : [{ kind: 'agent' as const, text: answered }]),
    ...(timing === '' ? [] : [{ kind: 'timing' as const, text: timing }]),
  ];
}

/** `book_slot {"day":"monday"} → {"ok":true} (12 ms)`. */
function callText({ name, arguments: given, output, ms }: CallResult): string {
  const asked = `${shortLine(name)} ${shortLine(typeof given === 'string' ? given : (writeJson(given) ?? ''))}`;
  const answered = output === undefined ? 'no result' : shortLine(output);
  return `${asked.trim()} → ${answered}${ms === undefined ? '' : ` (${durationText(ms)})`}`;
}

const timingText = ({ first_word_ms, first_audio_ms, total_ms, cost_usd }: TurnResult) =>
  listed([
    first_word_ms !== undefined && `first word ${durationText(first_word_ms)}`,
    first_audio_ms !== undefined && `first audio ${durationText(first_audio_ms)}`,
    total_ms !== undefined && `total ${durationText(total_ms)}`,
    costNote(cost_usd),
  ]);

function endLines({ ending, ms, cost_usd, recording, replay }: RunResult): StoryLine[] {
  const ended = listed([
    ending === undefined ? undefined : endings[ending],
    durationText(ms),
    costNote(cost_usd),
    replay === undefined && recording !== undefined && `recorded in ${recording}`,
  ]);
  return [
    { kind: 'note', text: ended },
    ...(replay === undefined ? [] : [{ kind: 'command' as const, text: replay }]),
  ];
}
