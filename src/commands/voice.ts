import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import { type Conversation, type ConverseOptions, converse } from '../session/converse.js';
import { sessionSetup } from '../session/setup.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import { loadAgent } from './agent-target.js';
import { collect, examples, type Register } from './command.js';
import { addToolFlags, openTools, readToolFlags, type ToolFlags, type ToolPlan } from './tool-flags.js';
import { createToolPlayer, refuseTool, type ToolPlayer } from './tool-player.js';
import { addMoneyFlags, type Money, type MoneyFlags, openMoney } from './voice/money-flags.js';
import { talkAtTerminal } from './voice/repl.js';
import { talkByScript } from './voice/script.js';

interface Flags extends ToolFlags, MoneyFlags {
  message?: string[];
  model?: string;
  voice?: string;
}

export const register: Register = (command, action) => {
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
Ctrl+C clears the line and interrupts the agent; with neither to do, it quits.
From a pipe, each line is a turn.
${examples(
  'agents voice agent_abc123',
  'agents voice agent.yaml --voice leo -m "Hello" -m "What can you do?"',
  'agents voice agent.yaml --tools tools.yaml -m "Where is order ORD-42?"',
  'echo "Where is order ORD-42?" | agents --json voice agent_abc123',
)}`,
    )
    .action(action(voice));
  addToolFlags(command);
  addMoneyFlags(command);
};

/** What both ways of talking need. */
export interface Talk {
  context: Context;
  agent: AgentConfig;
  conversation: Conversation;
  money: Money;
}

async function voice(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, settings, io, host, signal } = context;
  const screen = flags.message === undefined ? editableScreen(io, host.env) : undefined;
  if (screen !== undefined && !settings.input) {
    throw new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
  }
  if (flags.message?.some((text) => text.trim() === '')) {
    throw new CliError('usage', 'the message is empty', { hint: 'agents voice <id> -m "Hello"' });
  }
  const model = flags.model ?? settings.voiceModel;
  const plan = await readToolFlags(context, flags);
  const money = await openMoney(context, flags, model);
  const agent = await loadAgent(context, target);
  const { session, notes } = sessionSetup(agent, { voice: flags.voice });
  for (const note of notes) output.note(`note: ${note}`);
  const player = screen === undefined ? undefined : createToolPlayer();
  const runTool = await toolRunner(context, agent, plan, player);
  const transport = await output.during('Connecting', () => context.connect({ model }));
  const conversation = converse(transport, {
    setup: session,
    observers: money.observers,
    timers: context.clock,
    answerTimeoutMs: settings.timeoutMs,
    runTool,
  });
  context.onClose(async () => conversation.hangUp());
  money.watch(conversation);
  const talk = { context, agent, conversation, money };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, flags.message ?? readPipedLines(io, signal));
}

/** What gives calls their result: the handlers, and for tools without one the person, or nobody. */
async function toolRunner(
  context: Context,
  agent: AgentConfig,
  plan: ToolPlan,
  player: ToolPlayer | undefined,
): Promise<ConverseOptions['runTool']> {
  const play = player?.play ?? refuseTool;
  if (!plan.given) return play;
  const unhandled =
    player === undefined ? 'the model will be told so' : 'you will be asked for their results';
  return (await openTools(context, agent, plan, { play, unhandled })).run;
}
