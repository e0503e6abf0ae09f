// Talking by script: `-m` flags or the lines of a pipe. One turn after the other; the exit code tells whether all
// went well.

import { CliError, exit } from '../../errors.js';
import type { Notice } from '../../session/notice.js';
import { droppedLine } from '../../session/transport.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import type { Talk } from '../voice.js';

type Lines = AsyncIterable<string> | Iterable<string>;

export async function talkByScript(
  { context, conversation }: Talk,
  lines: Lines,
): Promise<number | undefined> {
  const show = createNoticeView(context.output);
  const turns = spoken(lines);
  let failed = false;
  for await (const notice of conversation.notices) {
    show(notice);
    failed ||= wentWrong(notice);
    if (notice.type === 'closed') throw droppedLine(notice);
    if (notice.type === 'turn_done' && notice.status === 'timeout') throw silent(context.settings.timeoutMs);
    if (notice.type === 'ready' || notice.type === 'turn_done') {
      const next = await turns.next();
      if (next.done === true) conversation.hangUp();
      else conversation.say(next.value);
    }
  }
  context.signal.throwIfAborted();
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
