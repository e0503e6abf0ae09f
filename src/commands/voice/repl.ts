// Talking at a terminal: a prompt that stays whole while the agent speaks above it.

import type { CliError } from '../../errors.js';
import type { Conversation } from '../../session/converse.js';
import { droppedLine } from '../../session/transport.js';
import type { OutputStream } from '../../terminal/io.js';
import { type LineReader, readTypedLines } from '../../terminal/line-reader.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import { clean } from '../../terminal/style.js';
import type { ToolPlayer } from '../tool-player.js';
import type { Talk } from '../voice.js';
import { openHistory } from './history.js';
import { type Repl, runSlashCommand } from './slash.js';

/** Talks until one side ends it. Throws CliError `dropped` when the line breaks. */
export async function talkAtTerminal(
  talk: Talk,
  screen: OutputStream,
  player: ToolPlayer,
): Promise<undefined> {
  const { context, conversation, money } = talk;
  const repl: Repl = { ...talk, player };
  const show = createNoticeView(context.output);
  const history = await openHistory(context);
  const onInterrupt = (cleared: boolean) => interrupt(conversation, cleared);
  const release = context.host.interrupts.capture(() => onInterrupt(false));
  let reader: LineReader | undefined;
  let limit: CliError | undefined;
  try {
    for await (const notice of conversation.notices) {
      show(notice);
      if (notice.type === 'closed' && !notice.clean) throw droppedLine(notice.code, notice.reason);
      if (notice.type === 'ready' || notice.type === 'turn_done') limit ??= money.refusal();
      if (limit !== undefined) conversation.hangUp();
      else if (notice.type === 'ready') {
        context.output.note('Connected. Type a message and press Enter. Ctrl+C to quit.');
        reader = readTypedLines(screen, {
          io: context.io,
          prompt: promptFor(player),
          history: history.lines,
          onInterrupt,
          onHistory: history.keep,
        });
        void answerLines(repl, reader);
      }
      if (notice.type === 'tool_call' && player.pending()?.call_id === notice.call_id) {
        context.output.note('Nothing here runs this tool: type its result, or /fail and a reason.');
      }
      if (notice.type === 'turn_done') player.clear();
      reader?.setPrompt(promptFor(player));
    }
  } finally {
    release();
    reader?.close();
    await history.save();
  }
  context.signal.throwIfAborted();
  limit ??= money.passed();
  if (limit !== undefined) throw limit;
}

/** Ctrl+C: ends what the agent is saying, or else the conversation; what was typed it has taken away before that. */
function interrupt(conversation: Conversation, cleared: boolean): void {
  if (!conversation.interrupt() && !cleared) conversation.hangUp();
}

function promptFor(player: ToolPlayer): string {
  const call = player.pending();
  return call === undefined ? '> ' : `${clean(call.name)} returns> `;
}

/** During an answer, words would begin the next turn at once: not past a limit. */
function say({ context, conversation, money }: Repl, text: string): void {
  const limit = money.refusal();
  if (limit === undefined) return conversation.say(text);
  context.output.note(`Not said: ${limit.message}`);
}

async function answerLines(repl: Repl, reader: LineReader): Promise<void> {
  const { conversation, player } = repl;
  for await (const line of reader.lines) {
    const text = line.trim();
    if (/^\/(?!\/)/.test(text)) runSlashCommand(repl, text);
    else if (player.pending() !== undefined) player.answer(withoutEscape(text));
    else if (text !== '') say(repl, withoutEscape(text));
    reader.setPrompt(promptFor(player));
  }
  conversation.hangUp();
}

/** "//slash" is how to say "/slash". */
const withoutEscape = (text: string) => text.replace(/^\/\//, '/');
