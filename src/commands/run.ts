import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { loadAgent } from './agent-target.js';
import { examples, type Register } from './command.js';
import { askStream, askWhole } from './run/answer.js';
import { chatRequest, noteLeftOut } from './run/request.js';
import { addToolFlags, openTools, readCount, readToolFlags, type ToolFlags } from './tool-flags.js';
import { refuseTool } from './tool-player.js';

interface Flags extends ToolFlags {
  maxToolRounds?: string;
  message?: string;
  model?: string;
  stream?: boolean;
}

const defaultRounds = 8;
/** A model may think for minutes before its first word. */
const answerTimeoutMs = 300_000;

export const register: Register = (command, action) =>
  addToolFlags(
    command
      .argument('<id|file>', 'the agent, or a spec file')
      .option('-m, --message <text>', 'what to say to it; without, stdin is read')
      .option('--model <name>', 'the text model (default: AGENTS_MODEL, else grok-4.3)')
      .option('--stream', 'with --json: one chunk a line, as they arrive'),
  )
    .option(
      '--max-tool-rounds <n>',
      `how often its calls are run before it must have answered (default ${defaultRounds})`,
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

async function run(context: Context, target: string, flags: Flags): Promise<undefined> {
  const { output, settings } = context;
  const most = readCount('--max-tool-rounds', flags.maxToolRounds ?? String(defaultRounds), 1);
  const plan = await readToolFlags(context, flags);
  const message = await readMessage(context, flags);
  await context.api({ timeoutMs: answerTimeoutMs });
  const agent = await loadAgent(context, target);
  const request = chatRequest(agent, message, flags.model ?? settings.model);
  noteLeftOut(context, agent);
  const whole = output.json && flags.stream !== true;
  const ask = (asked: typeof request) => (whole ? askWhole(context, asked) : askStream(context, asked));
  if (!plan.given) {
    (await ask(request)).show();
    return;
  }
  const { runRounds } = await import('./run/rounds.js');
  const otherwise = { play: refuseTool, unhandled: 'the model will be told so' };
  const toolbox = await openTools(context, agent, plan, otherwise);
  await runRounds(context, request, { ask, toolbox, most, lines: !whole });
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
