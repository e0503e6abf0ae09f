// What can be typed beside words: commands that begin with a slash.

import type { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import { type Agent, toolsOf } from '../../protocol/agent.js';
import { agentCard, toolText } from '../../terminal/agent-view.js';
import { costTable } from '../../terminal/cost-view.js';
import { clean } from '../../terminal/style.js';
import type { ToolPlayer } from '../tool-player.js';
import type { Talk } from '../voice.js';
import { handOverWords } from './clips.js';
import { resumeCommand } from './line-flags.js';

/** What a slash command may use. */
export interface Repl extends Talk {
  player: ToolPlayer;
  /** Takes the agent as it is now; says so also when it is the same, unless nobody `asked`. */
  reload(asked?: boolean): Promise<void>;
  /** A turn begins that Ctrl+C may interrupt. */
  beginTurn(): void;
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
  { name: '/cost', help: 'what the conversation took until now, and about what it costs', run: showCost },
  { name: '/reload', help: 'take the agent as it is now', run: ({ reload }) => void reload() },
  { name: '/clear', help: 'begin a new conversation, with the agent as it is now', run: clearTalk },
  { name: '/conversation', help: 'its id, and how to continue it later', run: showConversation },
  { name: '/audio', help: 'send a WAV file as a turn', run: sendAudio },
  { name: '/fail', help: 'when asked for a tool’s result: let it fail, with a reason', run: failTool },
  { name: '/quit', help: 'end the conversation', run: ({ conversation }) => conversation.hangUp() },
];

/** Runs what was typed, its slash included; says so when there is no such command. */
export function runSlashCommand(repl: Repl, text: string): void {
  const [name = ''] = text.split(/\s+/);
  const command = slashCommands.find((each) => each.name === name);
  if (command !== undefined) return command.run(repl, text.slice(name.length).trim());
  repl.context.output.note(`There is no ${name}; /help lists what there is.`);
}

function showHelp({ context }: Repl): void {
  for (const { name, help } of slashCommands) context.output.note(`${name.padEnd(13)} ${help}`);
  context.output.note(`${'//word'.padEnd(13)} say "/word"`);
  context.output.note('What is entered while the agent speaks interrupts it. A paste is one message.');
  context.output.note('Ctrl+C clears the line, stops the agent, or else quits. Ctrl+D quits.');
}

function showTools({ context, agent }: Repl): void {
  const tools = clean(toolsOf(agent));
  if (tools.length === 0) return context.output.note('The agent has no tools.');
  context.output.remark((style) => tools.map((tool) => `${toolText(tool, style)}\n`).join(''));
}

function showAgent({ context, agent }: Repl): void {
  const shown = clean({ agent_id: '(a spec file)', ...agent }) as Agent;
  context.output.remark((style) => `${agentCard(shown, style)}\n`);
}

function showCost({ context, money }: Repl): void {
  context.output.remark((style) => `${costTable(money.sum(), style)}\n`);
}

/** The agent first: a new conversation is one with what is stored of it now. */
function clearTalk({ context, conversation, flags, sound, reload }: Repl): void {
  if (flags.reconnect === false)
    return context.output.note('A new conversation needs a new line, which --no-reconnect rules out.');
  const clear = async () => {
    // An agent that the service loads, it loads anew with the line.
    if (flags.serverSide !== true) await reload(false);
    sound.speaker?.stop();
    if (!conversation.clear()) context.output.note('There is no line now; /clear again when there is one.');
  };
  clear().catch((error: Error) => context.host.interrupts.stop(error));
}

function showConversation({ context, target, conversation }: Repl): void {
  const id = conversation.conversationId();
  if (id === undefined) return context.output.note('The service has not named this conversation.');
  const how =
    context.settings.baseUrl === undefined
      ? 'this local API ends with the command, and the conversation with it; agents dev serves one that stays'
      : `continue it with: ${resumeCommand(context, target, id)}`;
  context.output.note(`${id}; ${how}`);
}

/** A path as terminals write it when a file is dropped in: in quotes, or with backslashes before blanks. */
export function droppedPath(text: string): string {
  return text.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, single?: string, double?: string, char?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? char ?? '',
  );
}

function sendAudio({ context, conversation, money, loadClip, beginTurn }: Repl, typed: string): void {
  // A name may hold quotes; and on Windows backslashes part folders.
  const isAsTyped = isFile(context.path(typed)) || context.host.platform === 'win32';
  const file = isAsTyped ? typed.replace(/^"(.*)"$/, '$1') : droppedPath(typed);
  if (file === '') return context.output.note('Which file? For example: /audio request.wav');
  const send = async () => {
    const { clip, words, seconds, warnings } = await loadClip(file);
    for (const { message } of warnings) context.output.note(`note: ${message}`);
    context.output.note(`Sending ${file} (${seconds.toFixed(1)} s).`);
    const limit = money.refusal();
    if (limit !== undefined) return context.output.note(`Not said: ${limit.message}`);
    await handOverWords(context, words);
    beginTurn();
    conversation.speak(clip);
  };
  send().catch((error: CliError) => context.output.report(error));
}

function failTool({ context, player }: Repl, reason: string): void {
  if (player.pending() === undefined) return context.output.note('No tool is asked for.');
  player.answer(JSON.stringify({ error: reason || 'the tool failed' }));
}
