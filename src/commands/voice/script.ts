// Talking by script: `-m` flags or the lines of a pipe. One turn after the other; the exit code tells whether all
// went well.

import { CliError, exit } from '../../errors.js';
import type { Notice } from '../../session/notice.js';
import { droppedLine } from '../../session/transport.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import type { Talk } from '../voice.js';

type Lines = AsyncIterable<string> | Iterable<string>;

export async function talkByScript(
  { context, conversation, money }: Talk,
  lines: Lines,
): Promise<number | undefined> {
  const show = createNoticeView(context.output);
  const turns = spoken(lines);
  let failed = false;
  /** Told when all notices are: the sums of the session come last. */
  let failure: CliError | undefined;
  let isOurTurn = true;

  function endWith(error: CliError | undefined): void {
    failure = error;
    conversation.hangUp();
  }

  for await (const notice of conversation.notices) {
    if (notice.type === 'warning' && notice.code === 'conversation_gone') {
      endWith(gone(notice.message));
      continue;
    }
    show(notice);
    failed ||= wentWrong(notice);
    if (failure !== undefined) continue;
    if (notice.type === 'closed') failure = droppedLine(notice);
    if (notice.type === 'turn_done' && notice.status === 'timeout') {
      endWith(silent(context.settings.timeoutMs));
      continue;
    }
    // A greeting is heard out, and is no answer to what was said.
    isOurTurn ||= notice.type === 'turn_done' && notice.unasked !== true;
    const mayBegin = ['ready', 'turn_done', 'resumed'].includes(notice.type) && conversation.isIdle();
    if (!isOurTurn || !mayBegin) continue;
    isOurTurn = false;
    const next = await Promise.race([money.timeIsOver, turns.next()]);
    const refusal = next?.done === true ? money.passed() : money.refusal();
    if (next?.done === false && refusal === undefined) conversation.say(next.value);
    else endWith(refusal);
  }
  context.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  return failed ? exit.failed : undefined;
}

function wentWrong(notice: Notice): boolean {
  if (notice.type === 'error') return true;
  return notice.type === 'turn_done' && notice.status !== 'completed' && notice.unasked !== true;
}

/** Told before anything is said: in a new conversation the words would mean something else. */
export function gone(message: string): CliError {
  return new CliError('not_found', message, { hint: 'leave --resume out to begin a new one' });
}

function silent(timeoutMs: number): CliError {
  return new CliError('timeout', `no answer came within ${timeoutMs / 1000} s`, {
    hint: 'try again, or wait longer with --timeout <seconds>',
  });
}

async function* spoken(lines: Lines): AsyncGenerator<string> {
  for await (const line of lines) if (line.trim() !== '') yield line.trim();
}
