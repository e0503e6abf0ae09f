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
  for await (const notice of conversation.notices) {
    // What ends because the run was stopped is no news, nor is there always somebody to read it.
    context.signal.throwIfAborted();
    show(notice);
    failed ||= wentWrong(notice);
    if (notice.type === 'closed') failure = droppedLine(notice.code, notice.reason);
    if (notice.type === 'turn_done' && notice.status === 'timeout') {
      failure = silent(context.settings.timeoutMs);
      conversation.hangUp();
    } else if (notice.type === 'ready' || notice.type === 'turn_done') {
      const next = await Promise.race([money.timeIsOver, turns.next()]);
      const hasMore = next?.done !== true;
      failure = hasMore ? money.refusal() : money.passed();
      if (next?.done === false && failure === undefined) conversation.say(next.value);
      else conversation.hangUp();
    }
  }
  context.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  return failed ? exit.failed : undefined;
}

function wentWrong(notice: Notice): boolean {
  return notice.type === 'error' || (notice.type === 'turn_done' && notice.status !== 'completed');
}

function silent(timeoutMs: number): CliError {
  return new CliError('timeout', `no answer came within ${timeoutMs / 1000} s`, {
    hint: 'try again, or wait longer with --timeout <seconds>',
  });
}

async function* spoken(lines: Lines): AsyncGenerator<string> {
  for await (const line of lines) if (line.trim() !== '') yield line.trim();
}
