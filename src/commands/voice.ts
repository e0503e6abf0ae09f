import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import { type Conversation, converse } from '../session/converse.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import type { Toolbox } from '../tools/toolbox.js';
import { collect, examples, type Register } from './command.js';
import { addToolFlags, openTools, readToolFlags, type ToolFlags, type ToolPlan } from './tool-flags.js';
import { createToolPlayer, refuseTool, type ToolPlayer } from './tool-player.js';
import {
  type Dial,
  type LineFlags,
  lineFlags,
  lineOptions,
  openLine,
  readTarget,
} from './voice/line-flags.js';
import { addMoneyFlags, type Money, type MoneyFlags, openMoney } from './voice/money-flags.js';
import { talkAtTerminal } from './voice/repl.js';
import { talkByScript } from './voice/script.js';

interface Flags extends LineFlags, ToolFlags, MoneyFlags {
  message?: string[];
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
Ctrl+C interrupts the agent, and quits when it is silent. From a pipe, each line is a turn.
${examples(
  'agents voice agent_abc123',
  'agents voice agent.yaml --voice leo -m "Hello" -m "What can you do?"',
  'agents voice agent.yaml --tools tools.yaml -m "Where is order ORD-42?"',
  'echo "Where is order ORD-42?" | agents --json voice agent_abc123',
)}`,
    )
    .action(action(voice));
  lineFlags(command);
  addToolFlags(command);
  addMoneyFlags(command);
};

/** What both ways of talking need. */
export interface Talk {
  context: Context;
  /** As it was named: an id or a file. */
  target: string;
  flags: LineFlags;
  agent: AgentConfig;
  conversation: Conversation;
  money: Money;
  /** Where tools run here. */
  toolbox: Toolbox | undefined;
}

async function voice(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, settings, io, host, signal } = context;
  const screen = flags.message === undefined ? editableScreen(io, host.env) : undefined;
  if (screen !== undefined && !settings.input) {
    throw new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
  }
  const plan = await readToolFlags(context, flags);
  const money = await openMoney(context, flags, flags.model ?? settings.voiceModel);
  const { agent, setup, query } = await readTarget(context, target, flags);
  for (const note of setup.notes) output.note(`note: ${note}`);
  const player = screen === undefined ? undefined : createToolPlayer();
  const toolbox = plan.given ? await openToolbox(context, agent, plan, player) : undefined;
  // Every line of the conversation comes from here: the first, and those that replace it.
  const dial: Dial = (more) => context.connect({ ...query, ...more });
  const transport = await output.during('Connecting', () => openLine(dial, flags));
  const conversation = converse(transport, {
    ...lineOptions(context, dial, flags),
    setup: setup.session,
    observers: money.observers,
    timers: context.clock,
    answerTimeoutMs: settings.timeoutMs,
    runTool: toolbox?.run ?? player?.play ?? refuseTool,
  });
  context.onClose(async () => conversation.hangUp());
  money.watch(conversation);
  const talk = { context, target, flags, agent, conversation, money, toolbox };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, flags.message ?? readPipedLines(io, signal));
}

/** The handlers; calls of tools without one go to the person, or to nobody. */
function openToolbox(
  context: Context,
  agent: AgentConfig,
  plan: ToolPlan,
  player: ToolPlayer | undefined,
): Promise<Toolbox> {
  const unhandled =
    player === undefined ? 'the model will be told so' : 'you will be asked for their results';
  return openTools(context, agent, plan, { play: player?.play ?? refuseTool, unhandled });
}
