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

/** Lines of a pipe, read ahead as far as the first words. */
export interface PipedTurns extends AsyncIterable<string> {
  /** Whether it is known by now that there are none. */
  isEmpty(): boolean;
}

/** Begins to read, so that a pipe without words is known before anything is sent; one that has yet to speak is not waited for. */
export function readAhead(lines: AsyncIterator<string>): PipedTurns {
  let isEmpty = false;
  const first = (async () => {
    for (;;) {
      const next = await lines.next();
      isEmpty = next.done === true;
      if (next.done || next.value.trim() !== '') return next;
    }
  })();
  // Told to whoever takes the turns.
  first.catch(() => {});
  return {
    isEmpty: () => isEmpty,
    async *[Symbol.asyncIterator]() {
      for (let next = await first; !next.done; next = await lines.next()) yield next.value;
    },
  };
}

/** Off a terminal, with neither flags nor words to be read. */
export function nothingToSay(): CliError {
  return new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
}

/** Without turns it only listens: somebody speaks by the microphone. */
export async function talkByScript(talk: Talk, given: Turns | undefined): Promise<number | undefined> {
  const { context, conversation, money, sound } = talk;
  const show = createNoticeView(context.output);
  const turns = given && spoken(given);
  let failed = false;
  /** Told when all notices are: the sums of the session come last. */
  let failure: unknown;
  let isOurTurn = true;
  let hasSpoken = false;

  function endWith(error: unknown): void {
    failure ??= error;
    conversation.hangUp();
  }

  /** Waits for the next turn, while the notices go on: the line may end meanwhile. */
  async function takeTurn(from: AsyncIterator<ScriptTurn>): Promise<void> {
    // Nobody is spoken over who is only listened to.
    await sound.speaker?.finished();
    const next = await Promise.race([money.timeIsOver, from.next()]);
    const refusal = next?.done === true ? money.passed() : money.refusal();
    if (next?.done === true && !hasSpoken && context.io.stdin.isTTY !== true)
      return endWith(refusal ?? nothingToSay());
    hasSpoken = true;
    if (next?.done === false && refusal === undefined) await take(talk, next.value);
    else endWith(refusal);
  }

  for await (const notice of conversation.notices) {
    if (notice.type === 'warning' && notice.code === 'conversation_gone') {
      endWith(gone(talk));
      continue;
    }
    // What ends because the run was stopped is no news, nor is there always somebody to read it.
    context.signal.throwIfAborted();
    show(notice);
    failed ||= wentWrong(notice);
    if (notice.type === 'closed') failure ??= droppedLine(notice);
    // A turn that goes on with its tools is not one answer any more.
    if (notice.type === 'tool_call' && money.passed() !== undefined) endWith(money.passed());
    if (notice.type === 'turn_done' && notice.status === 'timeout')
      endWith(silent(context.settings.timeoutMs));
    if (failure !== undefined) continue;
    if (notice.type === 'ready') sound.listen(conversation);
    // A greeting is heard out, and is no answer to what was said.
    isOurTurn ||= notice.type === 'turn_done' && notice.unasked !== true;
    if (!isOurTurn || !mayEnd.includes(notice.type) || !conversation.isIdle()) continue;
    if (turns !== undefined) {
      isOurTurn = false;
      void takeTurn(turns).catch(endWith);
    } else if (money.refusal() !== undefined) endWith(money.refusal());
  }
  context.signal.throwIfAborted();
  // Whoever only listens hears of the end of the time by this alone.
  if (turns === undefined) failure ??= money.passed();
  if (failure !== undefined) throw failure;
  return failed ? exit.failed : undefined;
}

/** After these a turn may be over; under server VAD, one clip may be several, and its silence outlast them. */
const mayEnd = ['ready', 'turn_done', 'user_audio', 'resumed'];

async function take({ context, conversation, loadClip }: Talk, turn: ScriptTurn): Promise<void> {
  if ('text' in turn) return conversation.say(turn.text);
  const { clip, words } = await loadClip(turn.file);
  await handOverWords(context, words);
  conversation.speak(clip);
}

function wentWrong(notice: Notice): boolean {
  if (notice.type === 'error') return true;
  return notice.type === 'turn_done' && notice.status !== 'completed' && notice.unasked !== true;
}

/** Told before anything is said: in a new conversation the words would mean something else. */
export function gone({ context, flags }: Talk): CliError {
  const message = `the service does not keep the conversation ${flags.resume}, or no longer`;
  const hint =
    context.settings.baseUrl === undefined
      ? 'the local API of another command ended with it; agents dev serves one that stays'
      : 'leave --resume out to begin a new one';
  return new CliError('not_found', message, { hint });
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
