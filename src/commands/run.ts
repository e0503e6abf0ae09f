import type { Context } from '../context.js';
import { CliError, exit } from '../errors.js';
import { loadAgent } from './agent-target.js';
import { examples, type Register } from './command.js';
import { type Answer, askStream, askWhole } from './run/answer.js';
import { chatRequest, noteLeftOut } from './run/request.js';
import { openRunPrice } from './run-price.js';
import {
  addRoundsFlag,
  addToolFlags,
  openTools,
  type RoundFlags,
  readRounds,
  readToolFlags,
  type ToolFlags,
} from './tool-flags.js';
import { refuseTool } from './tool-player.js';

interface Flags extends ToolFlags, RoundFlags {
  message?: string;
  model?: string;
  stream?: boolean;
}

/** A model may think for minutes before its first word. */
const answerTimeoutMs = 300_000;

export const register: Register = (command, action) =>
  addRoundsFlag(
    addToolFlags(
      command
        .argument('<id|file>', 'the agent, or a spec file')
        .option('-m, --message <text>', 'what to say to it; without, stdin is read')
        .option('--model <model>', 'the text model (default: AGENTS_MODEL, else grok-4.3)')
        .option('--stream', 'with --json: one chunk a line, as they arrive'),
    ),
    'its',
  )
    .addHelpText(
      'after',
      examples(
        'agents run agent_abc123 --message "What\'s the status of order ORD-42?"',
        'agents run agent.json -m "Hello" --model grok-4.7',
        'agents run agent.yaml -m "Where is order ORD-42?" --tools tools.yaml',
        'echo "Hello" | agents --json run agent_abc123',
      ),
    )
    .action(action(run));

async function run(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, settings } = context;
  const most = readRounds(flags);
  const plan = await readToolFlags(context, flags);
  const message = await readMessage(context, flags);
  await context.api({ timeoutMs: answerTimeoutMs });
  const agent = await loadAgent(context, target);
  const request = chatRequest(agent, message, flags.model ?? settings.model);
  noteLeftOut(context, agent);
  const whole = output.json && flags.stream !== true;
  const price = await openRunPrice(context, request.model);
  // Programs get the stream as it would be without us.
  const wanted = output.json ? request : { ...request, stream_options: { include_usage: true } };
  const ask = (asked: typeof request) =>
    whole ? askWhole(context, asked) : askStream(context, asked, price.add);
  const answer = await answered();
  answer.show();
  price.tell();
  return verdict(context, answer);

  async function answered(): Promise<Answer> {
    if (!plan.given) return ask(wanted);
    const { runRounds } = await import('./run/rounds.js');
    const otherwise = { play: refuseTool, unhandled: 'the model will be told so' };
    const toolbox = await openTools(context, agent, plan, otherwise);
    return runRounds(context, wanted, { ask, toolbox, most, lines: !whole });
  }
}

/** An answer that is cut off, or none at all, is not passed off as one. */
function verdict({ output }: Context, { text, calls, finish }: Answer): number | undefined {
  const isWhole = ['stop', 'tool_calls', 'function_call'].includes(finish ?? 'stop');
  if (!isWhole) output.note(`note: the answer is not whole: the model ended it with "${finish}"`);
  else if (text.trim() === '' && calls.length === 0) output.note('note: the model gave an empty answer');
  else return undefined;
  return exit.failed;
}

async function readMessage(context: Context, { message }: Flags): Promise<string> {
  if (message === undefined && context.io.stdin.isTTY === true) {
    throw new CliError('usage', 'there is no message', { hint: 'agents run <id> --message "Hello"' });
  }
  const text = message ?? (await context.read('-')).text;
  if (text.trim() === '')
    throw new CliError('usage', 'the message is empty', { hint: 'agents run <id> --message "Hello"' });
  return text.trim();
}
