// Talking at a terminal: a prompt that stays whole while the agent speaks above it.

import type { CliError } from '../../errors.js';
import { functionTools } from '../../protocol/agent.js';
import type { Conversation } from '../../session/conversation.js';
import type { Notice } from '../../session/notice.js';
import { droppedLine } from '../../session/transport.js';
import type { OutputStream } from '../../terminal/io.js';
import { type LineReader, readTypedLines } from '../../terminal/line-reader.js';
import { createNoticeView } from '../../terminal/notice-view.js';
import { clean, cleanText } from '../../terminal/style.js';
import type { ToolPlayer } from '../tool-player.js';
import type { Talk } from '../voice.js';
import { openHistory } from './history.js';
import { resumeCommand } from './line-flags.js';
import { createReloader, watchAgent } from './reload.js';
import { gone } from './script.js';
import { type Repl, runSlashCommand } from './slash.js';

/** Talks until one side ends it. Throws CliError `dropped` when the line breaks. */
export async function talkAtTerminal(
  talk: Talk,
  screen: OutputStream,
  player: ToolPlayer,
): Promise<undefined> {
  const { context, conversation, money, sound } = talk;
  const show = createNoticeView(context.output);
  const history = await openHistory(context);
  const ctrlC = createCtrlC(talk);
  const repl: Repl = { ...talk, player, reload: async () => {}, beginTurn: ctrlC.forget };
  let guess = '';
  const release = context.host.interrupts.capture(() => ctrlC.press(false));
  const reloader = createReloader(talk, (agent) => {
    repl.agent = agent;
    talk.toolbox?.setTools(functionTools(agent));
  });
  repl.reload = reloader.reload;
  const unwatch = watchAgent(talk, reloader.reload);
  let turns = 0;
  let reader: LineReader | undefined;
  /** Told when all notices are: the sums of the session come last. */
  let failure: CliError | undefined;
  try {
    for await (const notice of conversation.notices) {
      reloader.told(notice);
      const isGone = notice.type === 'warning' && notice.code === 'conversation_gone';
      if (isGone && context.output.json) failure = gone(talk);
      else show(notice);
      if (notice.type === 'closed' && !notice.clean) throw droppedLine(notice);
      if (['user', 'user_audio', 'speech_started'].includes(notice.type)) {
        turns++;
        ctrlC.forget();
      }
      if (mayEnd(notice, conversation)) failure ??= money.refusal();
      // A turn that goes on with its tools is not one answer any more.
      if (notice.type === 'tool_call') failure ??= money.passed();
      if (failure !== undefined) conversation.hangUp();
      else if (notice.type === 'ready') {
        context.output.note('Connected. Type a message and press Enter. Ctrl+C to quit.');
        reader = readTypedLines(screen, {
          io: context.io,
          prompt: promptFor(player, guess),
          history: history.lines,
          onInterrupt: ctrlC.press,
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
    unwatch();
    reader?.close();
    const id = conversation.conversationId();
    // The local API inside this command ends with it, and what it kept.
    if (turns > 0 && id !== undefined && context.settings.baseUrl !== undefined)
      context.output.note(`Continue with: ${resumeCommand(context, talk.target, id)}`);
    await history.save();
  }
  context.signal.throwIfAborted();
  failure ??= money.passed();
  if (failure !== undefined) throw failure;
}

/** Whether a limit that is passed ends the conversation now: after a turn, or where there is none under way. */
function mayEnd({ type }: Notice, conversation: Conversation): boolean {
  if (type === 'ready' || type === 'turn_done') return true;
  return (type === 'resumed' || type === 'user_audio') && conversation.isIdle();
}

/** Ctrl+C: ends what the agent is saying, or else the conversation; twice in a row always the conversation. */
function createCtrlC({ conversation, sound, context }: Talk) {
  let wasPressed = false;
  return {
    /** `cleared`: it has taken away what was typed, and that is enough where nothing can be interrupted. */
    press: (cleared: boolean) => {
      const wasPlaying = sound.speaker?.stop() === true;
      if (!wasPressed && (conversation.interrupt() || wasPlaying)) {
        wasPressed = true;
        return;
      }
      if (cleared) return;
      context.host.interrupts.startLeaving();
      conversation.hangUp();
    },
    /** Another turn: it can be interrupted as well. */
    forget: () => {
      wasPressed = false;
    },
  };
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
    reader.setPrompt(promptFor(player, ''));
  }
  conversation.hangUp();
}

/** "//slash" is how to say "/slash". */
const withoutEscape = (text: string) => text.replace(/^\/\//, '/');
