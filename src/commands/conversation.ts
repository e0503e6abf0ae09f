// How a conversation comes about, for every command that has one: a line, the machine over it, and the way back when
// the line drops.

import type { Context } from '../context.js';
import type { Conversation, ConverseOptions } from '../session/conversation.js';
import { converse } from '../session/converse.js';
import { watchObserver } from '../session/watch/watch.js';
import { type Dial, lineOptions, openLine } from './voice/line-flags.js';

export interface Opening
  extends Pick<ConverseOptions, 'setup' | 'before' | 'runTool' | 'onAudio' | 'fast' | 'maxToolRounds'>,
    Required<Pick<ConverseOptions, 'observers'>> {
  /** What the address of the socket says. */
  query: Record<string, string>;
  /** What becomes of a line that drops, and of an earlier conversation. */
  line: Parameters<typeof lineOptions>[2];
}

/** Joins, and begins to talk; the watch over the protocol sees all. Hung up with the context. Throws CliError. */
export async function openConversation(context: Context, opening: Opening): Promise<Conversation> {
  const { query, line, observers, ...options } = opening;
  // Every line of the conversation comes from here: the first, and those that replace it.
  const dial: Dial = (more) => context.connect({ ...query, ...more });
  const transport = await openLine(dial, line);
  const conversation = converse(transport, {
    ...lineOptions(context, dial, line),
    ...options,
    call: query.call_id !== undefined,
    observers: [watchObserver(), ...observers],
    timers: context.clock,
    answerTimeoutMs: context.settings.timeoutMs,
  });
  context.onClose(async () => conversation.hangUp());
  return conversation;
}
