import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { CallerMessage } from '../../protocol/caller.js';
import { outcomeOf } from '../../protocol/calls.js';
import { createCallerView, reasonText } from '../../terminal/caller-view.js';
import {
  editableScreen,
  type LineReader,
  readPipedLines,
  readTypedLines,
} from '../../terminal/line-reader.js';
import { examples, type Register } from '../command.js';
import { type CallerLine, type News, openCallerLine } from './caller-line.js';
import { createHangUp } from './hang-up.js';
import { dialled, readE164 } from './numbers.js';
import { addTurnFlags, loadTurn, readLine, readTurns, type Turn, type TurnFlags } from './turns.js';

interface Flags extends TurnFlags {
  to: string;
  from?: string;
  hangUpAfter?: string;
}

export const register: Register = (command, action) => {
  addTurnFlags(
    command
      .requiredOption('--to <number>', 'the number that is called, its name or its id')
      .option('--from <e164>', 'who calls (default +14155550100)'),
  )
    .option('--hang-up-after <s>', 'stay on the line so many seconds after it was answered')
    .addHelpText(
      'after',
      `
The local API makes the call up, and the number's webhook or agent answers it. Each turn is said when the agent has
finished; after the last the caller hangs up. At a terminal without turns you are the caller: type what is said, #12 or
/dtmf 12# presses keys, /hangup or Ctrl+C ends the call. From a pipe, each line is a turn.
Exit code 6 when nobody answers, 1 when the call breaks off.
${examples(
  'agents phone simulate --to "Support Line" -m "Hello" -m "Goodbye"',
  'agents phone simulate --to +14155550123 --audio request.wav --dtmf 12#',
  'echo "What can you do?" | agents --json phone simulate --to +14155550123 --from +14155550188',
)}`,
    )
    .action(action(simulate));
};

async function simulate(context: Context, flags: Flags): Promise<undefined> {
  const { io, host, settings, signal } = context;
  const from = flags.from === undefined ? undefined : readE164(flags.from, '--from');
  const stayMs = readSeconds(flags.hangUpAfter);
  const turns = readTurns(flags);
  const screen = turns === undefined && settings.input ? editableScreen(io, host.env) : undefined;
  const to = await dialled(context, flags.to, '--to');
  const loaded = turns && (await Promise.all(turns.map((turn) => loadTurn(context, turn))));
  const line = await context.output.during('Dialling', () => openCallerLine(context, { to, from }));
  if (screen === undefined)
    return converse(context, line, loaded ?? typed(context, readPipedLines(io, signal)), stayMs);
  return talk(context, line, (options) =>
    readTypedLines(screen, { io, history: [], onHistory: () => {}, ...options }),
  );
}

/** Undefined where the caller does not stay. Throws CliError `usage`. */
function readSeconds(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given.trim() !== '' && seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new CliError('usage', `--hang-up-after must be seconds, more than 0 and at most 3600, got ${given}`);
}

/** Lines as turns. */
async function* typed(context: Context, lines: AsyncIterable<string>): AsyncGenerator<CallerMessage> {
  for await (const text of lines) {
    const turn = readLine(text);
    if (typeof turn === 'string') context.output.note(turn);
    else if (turn !== undefined) yield await loadTurn(context, turn);
  }
}

/** How long a caller waits for a greeting before speaking first. */
const greetingMs = 1000;

/** A call by script: the next turn when the agent has finished. */
async function converse(
  context: Context,
  line: CallerLine,
  given: AsyncIterable<CallerMessage> | Iterable<CallerMessage>,
  stayMs: number | undefined,
): Promise<undefined> {
  const { clock, settings } = context;
  const { show } = createCallerView(context.output);
  const turns = asyncIterator(given);
  const hangUp = () => line.send({ hang_up: true });
  const ctrlC = createHangUp(context, hangUp);
  let cancel = () => {};
  let failure: unknown;
  let unanswered = false;
  /** Gives up the call for a reason of ours. */
  const giveUp = (error: unknown) => {
    failure ??= error;
    hangUp();
  };
  const within = (ms: number, act: () => void) => {
    cancel();
    cancel = clock.after(ms, act);
  };
  let isAsking = false;
  async function next(): Promise<void> {
    cancel();
    // The pipe is being waited for: what the agent says meanwhile is no reason for two turns.
    if (isAsking) return;
    isAsking = true;
    const { done, value } = await turns.next();
    isAsking = false;
    if (done !== true) {
      line.send(value);
      unanswered = true;
      within(settings.timeoutMs, () => giveUp(silent(settings.timeoutMs)));
    } else if (stayMs === undefined) hangUp();
  }
  const nextTurn = () => void next().catch(giveUp);
  const stays: (() => void)[] = [];
  let last: News | undefined;
  let answered = false;
  try {
    for await (const news of line.news) {
      show(news);
      last = news;
      if (news.type === 'answered') {
        answered = true;
        within(greetingMs, nextTurn);
        if (stayMs !== undefined) stays.push(clock.after(stayMs, hangUp));
      } else if (news.type === 'agent_delta')
        within(settings.timeoutMs, () => giveUp(silent(settings.timeoutMs)));
      else if (news.type === 'agent_done' && news.calls === 0) {
        unanswered = false;
        nextTurn();
      }
    }
  } finally {
    cancel();
    for (const stop of stays) stop();
    ctrlC.release();
  }
  ctrlC.throwIfPressed();
  if (failure !== undefined) throw failure;
  if (unanswered) context.output.note('note: the call was over before the agent had answered.');
  verdict(last, answered);
}

function asyncIterator<T>(given: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> {
  return (async function* () {
    yield* given;
  })();
}

const silent = (timeoutMs: number) =>
  new CliError('timeout', `the agent said nothing for ${timeoutMs / 1000} s`, {
    hint: 'wait longer with --timeout <seconds>',
  });

type OpenReader = (options: { prompt: string; onInterrupt(cleared: boolean): void }) => LineReader;

/** A call by somebody at a terminal. */
async function talk(context: Context, line: CallerLine, openReader: OpenReader): Promise<undefined> {
  const { show, typed: wasTyped } = createCallerView(context.output);
  const hangUp = () => line.send({ hang_up: true });
  const ctrlC = createHangUp(context, hangUp);
  let reader: LineReader | undefined;
  let last: News | undefined;
  let answered = false;
  const act = (turn: Turn) => {
    if ('say' in turn) wasTyped(turn.say);
    if (!('file' in turn)) line.send(turn);
  };
  async function read(lines: AsyncIterable<string>): Promise<void> {
    for await (const text of lines) {
      const turn = readLine(text);
      if (typeof turn === 'string') context.output.note(turn);
      else if (turn !== undefined) act(turn);
    }
    hangUp();
  }
  try {
    for await (const news of line.news) {
      show(news);
      last = news;
      if (news.type !== 'answered') continue;
      answered = true;
      context.output.note('Type what the caller says; #12 presses keys, /hangup or Ctrl+C hangs up.');
      reader = openReader({ prompt: 'caller> ', onInterrupt: (cleared) => cleared || ctrlC.press() });
      void read(reader.lines);
    }
  } finally {
    ctrlC.release();
    reader?.close();
  }
  // Hanging up is how a caller leaves; giving up before somebody answers is an interruption.
  if (!answered) ctrlC.throwIfPressed();
  verdict(last, answered);
}

/** Throws CliError for a call that was not answered, or broke off. */
function verdict(last: News | undefined, answered: boolean): undefined {
  if (last?.type !== 'ended') return undefined;
  const { status, reason } = last;
  const why = reasonText(reason);
  if (reason === 'no_such_number')
    throw new CliError('not_found', `nobody can be called: ${why}`, {
      hint: 'name a number of the local API with --to',
    });
  if (!answered) throw new CliError('not_answered', `the call was not answered: ${why}`);
  if (outcomeOf(status) === 'failed') throw new CliError('call_failed', `the call broke off: ${why}`);
  return undefined;
}
