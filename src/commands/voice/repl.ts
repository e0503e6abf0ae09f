// Talking at a terminal: a prompt that stays whole while the agent speaks above it.

import { droppedLine } from '../../session/transport.js';
import type { OutputStream } from '../../terminal/io.js';
import { type LineReader, readTypedLines } from '../../terminal/line-reader.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import { clean, cleanText } from '../../terminal/style.js';
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
  const { context, conversation, sound } = talk;
  const repl: Repl = { ...talk, player };
  const show = createNoticeView(context.output);
  const history = await openHistory(context);
  const onInterrupt = () => interrupt(talk);
  let guess = '';
  const release = context.host.interrupts.capture(onInterrupt);
  let reader: LineReader | undefined;
  try {
    for await (const notice of conversation.notices) {
      show(notice);
      if (notice.type === 'closed' && !notice.clean) throw droppedLine(notice.code, notice.reason);
      if (notice.type === 'ready') {
        context.output.note('Connected. Type a message and press Enter. Ctrl+C to quit.');
        reader = readTypedLines(screen, {
          io: context.io,
          prompt: promptFor(player, guess),
          history: history.lines,
          onInterrupt,
          onHistory: history.keep,
        });
        void answerLines(repl, reader);
        sound.listen(conversation);
      }
      if (notice.type === 'tool_call' && player.pending()?.call_id === notice.call_id) {
        context.output.note('Nothing here runs this tool: type its result, or /fail and a reason.');
      }
      if (notice.type === 'turn_done') player.clear();
      if (notice.type === 'user_transcript') {
        guess = notice.final ? '' : context.output.dim(`you: ${fitted(notice.text, screen)} …`);
      } else if (notice.type === 'turn_done') guess = '';
      reader?.setPrompt(promptFor(player, guess));
    }
  } finally {
    release();
    reader?.close();
    await history.save();
  }
  context.signal.throwIfAborted();
}

/** Ctrl+C: ends what the agent is saying, or else the conversation. */
function interrupt({ conversation, sound }: Talk): void {
  const wasPlaying = sound.speaker?.stop() === true;
  if (!conversation.interrupt() && !wasPlaying) conversation.hangUp();
}

/** What the person is saying, as far as it is understood, stands above the line being typed until it is final. */
function promptFor(player: ToolPlayer, guess: string): string {
  const call = player.pending();
  const prompt = call === undefined ? '> ' : `${clean(call.name)} returns> `;
  return guess === '' ? prompt : `${guess}\n${prompt}`;
}

/** The end of what does not fit into one row. */
function fitted(text: string, { columns = 80 }: OutputStream): string {
  const words = cleanText(text).replace(/\s+/g, ' ').trim();
  const most = Math.max(10, columns - 'you:  …'.length - 2);
  return [...words].slice(-most).join('');
}

async function answerLines(repl: Repl, reader: LineReader): Promise<void> {
  const { conversation, player } = repl;
  for await (const line of reader.lines) {
    const text = line.trim();
    if (text.startsWith('/')) runSlashCommand(repl, text);
    else if (player.pending() !== undefined) player.answer(text);
    else if (text !== '') conversation.say(text);
    reader.setPrompt(promptFor(player, ''));
  }
  conversation.hangUp();
}
