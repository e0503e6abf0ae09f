import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import { type Conversation, converse } from '../session/converse.js';
import { sessionSetup } from '../session/setup.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import { loadAgent } from './agent-target.js';
import { collect, examples, type Register } from './command.js';
import { createToolPlayer, refuseTool } from './tool-player.js';
import { talkAtTerminal } from './voice/repl.js';
import { talkByScript } from './voice/script.js';

interface Flags {
  message?: string[];
  model?: string;
  voice?: string;
}

export const register: Register = (command, action) =>
  command
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
Ctrl+C clears the line, interrupts the agent, and quits when the line is empty and the agent silent.
From a pipe, each line is a turn.
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
  agent: AgentConfig;
  conversation: Conversation;
}

async function voice(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, settings, io, host, signal } = context;
  const screen = flags.message === undefined ? editableScreen(io, host.env) : undefined;
  if (screen !== undefined && !settings.input) {
    throw new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
  }
  const agent = await loadAgent(context, target);
  const { session, notes } = sessionSetup(agent, { voice: flags.voice });
  for (const note of notes) output.note(`note: ${note}`);
  const transport = await output.during('Connecting', () =>
    context.connect({ model: flags.model ?? settings.voiceModel }),
  );
  const player = screen === undefined ? undefined : createToolPlayer();
  const conversation = converse(transport, {
    setup: session,
    timers: context.clock,
    answerTimeoutMs: settings.timeoutMs,
    runTool: player?.play ?? refuseTool,
  });
  context.onClose(async () => conversation.hangUp());
  const talk = { context, agent, conversation };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, flags.message ?? readPipedLines(io, signal));
}
