// Talking by script: `-m` flags or the lines of a pipe. One turn after the other; the exit code tells whether all
// went well.

import { CliError, exit } from '../../errors.js';
import type { Notice } from '../../session/notice.js';
import { droppedLine } from '../../session/transport.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import type { Talk } from '../voice.js';
import type { ScriptTurn } from './audio-flags.js';
import { handOverWords } from './clips.js';

type Turns = AsyncIterable<string | ScriptTurn> | Iterable<string | ScriptTurn>;

export async function talkByScript(talk: Talk, given: Turns | undefined): Promise<number | undefined> {
  const { context, conversation, sound } = talk;
  const show = createNoticeView(context.output);
  const turns = given && spoken(given);
  let failed = false;
  for await (const notice of conversation.notices) {
    show(notice);
    failed ||= wentWrong(notice);
    if (notice.type === 'closed') throw droppedLine(notice.code, notice.reason);
    if (notice.type === 'turn_done' && notice.status === 'timeout') throw silent(context.settings.timeoutMs);
    if (notice.type === 'ready') sound.listen(conversation);
    // Under server VAD, one clip may be several turns, and its silence outlast them.
    if (turns === undefined || !mayEnd.includes(notice.type) || !conversation.isIdle()) continue;
    // Nobody is spoken over who is only listened to.
    await sound.speaker?.finished();
    const next = await turns.next();
    if (next.done === true) conversation.hangUp();
    else await take(talk, next.value);
  }
  context.signal.throwIfAborted();
  return failed ? exit.failed : undefined;
}

const mayEnd = ['ready', 'turn_done', 'user_audio'];

async function take({ context, conversation, loadClip }: Talk, turn: ScriptTurn): Promise<void> {
  if ('text' in turn) return conversation.say(turn.text);
  const { clip, words } = await loadClip(turn.file);
  await handOverWords(context, words);
  conversation.speak(clip);
}

function wentWrong(notice: Notice): boolean {
  return notice.type === 'error' || (notice.type === 'turn_done' && notice.status !== 'completed');
}

function silent(timeoutMs: number): CliError {
  return new CliError('timeout', `no answer came within ${timeoutMs / 1000} s`, {
    hint: 'try again, or wait longer with --timeout <seconds>',
  });
}

async function* spoken(turns: Turns): AsyncGenerator<ScriptTurn> {
  for await (const turn of turns) {
    const given = typeof turn === 'string' ? { text: turn } : turn;
    if ('file' in given) yield given;
    else if (given.text.trim() !== '') yield { text: given.text.trim() };
  }
}
