import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import { type Conversation, converse } from '../session/converse.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import { collect, examples, type Register } from './command.js';
import { createToolPlayer, refuseTool } from './tool-player.js';
import {
  type Dial,
  type LineFlags,
  lineFlags,
  lineOptions,
  openLine,
  readTarget,
} from './voice/line-flags.js';
import { talkAtTerminal } from './voice/repl.js';
import { talkByScript } from './voice/script.js';

interface Flags extends LineFlags {
  message?: string[];
}

export const register: Register = (command, action) =>
  lineFlags(command)
    .argument('<id|file>', 'the agent, or a spec file')
    .option(
      '-m, --message <text>',
      'say this instead of asking for words (repeatable: one turn each)',
      collect,
    )
    .option('--model <name>', 'the voice model (default: AGENTS_VOICE_MODEL, else grok-voice-latest)')
    .option('--voice <id>', "another voice than the agent's own")
    .addHelpText(
      'after',
      `
At a terminal: type a message and press Enter; /help lists what else can be typed.
Ctrl+C interrupts the agent, and quits when it is silent. From a pipe, each line is a turn.
${examples(
  'agents voice agent_abc123',
  'agents voice agent.yaml --voice leo -m "Hello" -m "What can you do?"',
  'echo "Where is order ORD-42?" | agents --json voice agent_abc123',
)}`,
    )
    .action(action(voice));

/** What both ways of talking need. */
export interface Talk {
  context: Context;
  /** As it was named: an id or a file. */
  target: string;
  flags: LineFlags;
  agent: AgentConfig;
  conversation: Conversation;
}

async function voice(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, settings, io, host, signal } = context;
  const screen = flags.message === undefined ? editableScreen(io, host.env) : undefined;
  if (screen !== undefined && !settings.input) {
    throw new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
  }
  const aim = await readTarget(context, target, flags);
  for (const note of aim.setup.notes) output.note(`note: ${note}`);
  // Every line of the conversation comes from here: the first, and those that replace it.
  const dial: Dial = (more) => context.connect({ ...aim.query, ...more });
  const transport = await output.during('Connecting', () => openLine(dial, flags));
  const player = screen === undefined ? undefined : createToolPlayer();
  const conversation = converse(transport, {
    ...lineOptions(context, dial, flags),
    setup: aim.setup.session,
    timers: context.clock,
    answerTimeoutMs: settings.timeoutMs,
    runTool: player?.play ?? refuseTool,
  });
  context.onClose(async () => conversation.hangUp());
  const talk = { context, target, flags, agent: aim.agent, conversation };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, flags.message ?? readPipedLines(io, signal));
}
