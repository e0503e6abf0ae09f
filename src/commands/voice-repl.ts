// Talking at a terminal: a prompt that stays whole while the agent speaks above it.

import { join } from 'node:path';
import type { Context } from '../context.js';
import { readBytes, writePrivate } from '../files.js';
import type { Agent } from '../protocol/agent.js';
import type { Conversation } from '../session/converse.js';
import { droppedLine } from '../session/transport.js';
import { agentCard, toolText } from '../terminal/agent-view.js';
import type { OutputStream } from '../terminal/io.js';
import { type LineReader, readTypedLines } from '../terminal/line-reader.js';
import { createNoticeView } from '../terminal/notice-view.js';
import { clean } from '../terminal/style.js';
import type { ToolPlayer } from './tool-player.js';
import type { Talk } from './voice.js';

interface Repl extends Talk {
  player: ToolPlayer;
}

interface SlashCommand {
  name: string;
  help: string;
  run(repl: Repl, rest: string): void;
}

const slashCommands: readonly SlashCommand[] = [
  { name: '/help', help: 'this list', run: showHelp },
  { name: '/tools', help: 'the tools the agent has', run: showTools },
  { name: '/agent', help: 'the agent, instructions and all', run: showAgent },
  { name: '/fail', help: 'when asked for a tool’s result: let it fail, with a reason', run: failTool },
  { name: '/quit', help: 'end the conversation', run: ({ conversation }) => conversation.hangUp() },
];

/** Talks until one side ends it. Throws CliError `dropped` when the line breaks. */
export async function talkAtTerminal(
  talk: Talk,
  screen: OutputStream,
  player: ToolPlayer,
): Promise<undefined> {
  const { context, conversation } = talk;
  const repl: Repl = { ...talk, player };
  const show = createNoticeView(context.output);
  const history = await openHistory(context);
  const onInterrupt = () => interrupt(conversation);
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
}

/** Ctrl+C: ends what the agent is saying, or else the conversation. */
function interrupt(conversation: Conversation): void {
  if (!conversation.interrupt()) conversation.hangUp();
}

function promptFor(player: ToolPlayer): string {
  const call = player.pending();
  return call === undefined ? '> ' : `${clean(call.name)} returns> `;
}

async function answerLines(repl: Repl, reader: LineReader): Promise<void> {
  const { conversation, player } = repl;
  for await (const line of reader.lines) {
    const text = line.trim();
    if (text.startsWith('/')) runSlashCommand(repl, text);
    else if (player.pending() !== undefined) player.answer(text);
    else if (text !== '') conversation.say(text);
    reader.setPrompt(promptFor(player));
  }
  conversation.hangUp();
}

function runSlashCommand(repl: Repl, text: string): void {
  const [name = '', ...rest] = text.split(/\s+/);
  const command = slashCommands.find((each) => each.name === name);
  if (command !== undefined) return command.run(repl, rest.join(' '));
  repl.context.output.note(`There is no ${name}; /help lists what there is.`);
}

function showHelp({ context }: Repl): void {
  for (const { name, help } of slashCommands) context.output.note(`${name.padEnd(8)} ${help}`);
  context.output.note('Ctrl+C interrupts the agent, and quits when it is silent. Ctrl+D quits.');
}

function showTools({ context, agent }: Repl): void {
  const tools = clean(agent.tools ?? []);
  if (tools.length === 0) return context.output.note('The agent has no tools.');
  context.output.remark((style) => tools.map((tool) => `${toolText(tool, style)}\n`).join(''));
}

function showAgent({ context, agent }: Repl): void {
  const shown = clean({ agent_id: '(a spec file)', ...agent }) as Agent;
  context.output.remark((style) => `${agentCard(shown, style)}\n`);
}

function failTool({ context, player }: Repl, reason: string): void {
  if (player.pending() === undefined) return context.output.note('No tool is asked for.');
  player.answer(JSON.stringify({ error: reason || 'the tool failed' }));
}

const longestHistory = 500;

/** What was typed before, newest first; kept between sessions as a shell does. */
async function openHistory({ folders }: Context) {
  const file = join(folders.state, 'voice_history');
  const text = await readBytes(file, 1024 * 1024).then(String, () => '');
  let lines = text.split('\n').filter((line) => line !== '');
  let changed = false;
  return {
    lines,
    keep: (typed: string[]) => {
      lines = typed.slice(0, longestHistory);
      changed = true;
    },
    // A convenience: that it cannot be kept is no reason to fail.
    save: async () => {
      if (changed) await writePrivate(file, `${lines.join('\n')}\n`).catch(() => {});
    },
  };
}
