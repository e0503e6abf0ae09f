import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { type AgentConfig, functionTools, toolsOf } from '../protocol/agent.js';
import type { ChatChunk, ChatCompletion, ChatRequest, ToolCall } from '../protocol/chat.js';
import { toolName } from '../terminal/agent-view.js';
import { callText } from '../terminal/notice-view.js';
import type { Style } from '../terminal/style.js';
import { loadAgent } from './agent-target.js';
import { examples, type Register } from './command.js';
import { openRunPrice, type RunPrice } from './run-price.js';

interface Flags {
  message?: string;
  model?: string;
  stream?: boolean;
}

/** A model may think for minutes before its first word. */
const answerTimeoutMs = 300_000;

export const register: Register = (command, action) =>
  command
    .argument('<id|file>', 'the agent, or a spec file')
    .option('-m, --message <text>', 'what to say to it; without, stdin is read')
    .option('--model <name>', 'the text model (default: AGENTS_MODEL, else grok-4.3)')
    .option('--stream', 'with --json: one chunk a line, as they arrive')
    .addHelpText(
      'after',
      examples(
        'agents run agent_abc123 --message "What\'s the status of order ORD-42?"',
        'agents run agent.json -m "Hello" --model grok-4.7',
        'echo "Hello" | agents --json run agent_abc123',
      ),
    )
    .action(action(run));

async function run(context: Context, target: string, flags: Flags): Promise<undefined> {
  const { output, settings } = context;
  const message = await readMessage(context, flags);
  await context.api({ timeoutMs: answerTimeoutMs });
  const agent = await loadAgent(context, target);
  const request = chatRequest(agent, message, flags.model ?? settings.model);
  noteLeftOut(context, agent);
  if (output.json && flags.stream !== true) return showWhole(context, request);
  const price = await openRunPrice(context, request.model);
  // Programs get the stream as it would be without us.
  const wanted = output.json ? request : { ...request, stream_options: { include_usage: true } };
  await showStream(context, wanted, price);
  price.tell();
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

function chatRequest(agent: AgentConfig, message: string, model: string): ChatRequest {
  const tools = functionTools(agent);
  return {
    model,
    messages: [
      ...(agent.instructions ? [{ role: 'system' as const, content: agent.instructions }] : []),
      { role: 'user', content: message },
    ],
    ...(tools.length > 0 && { tools }),
  };
}

/** The endpoint takes function tools alone and refuses the whole request for any other. */
function noteLeftOut({ output }: Context, agent: AgentConfig): void {
  const others = toolsOf(agent)
    .filter(({ type }) => type !== 'function')
    .map(toolName);
  if (others.length > 0) {
    output.note(
      `note: left out ${others.join(', ')}: chat completions take function tools only; agents voice uses all`,
    );
  }
}

async function showWhole({ output, api }: Context, request: ChatRequest): Promise<undefined> {
  const client = await api();
  const completion = await output.during('Waiting for the answer', () =>
    client.createChatCompletion({ body: request }),
  );
  output.show(completion, completionText);
}

function completionText({ choices }: ChatCompletion, { chalk }: Style): string {
  const message = choices[0]?.message;
  const calls = (message?.tool_calls ?? []).map((call) => chalk.cyan(`→ ${chatCallText(call)}`));
  return [message?.content, ...calls].filter(Boolean).join('\n');
}

function chatCallText({ function: { name, arguments: given } }: ToolCall): string {
  return callText({ name, arguments: given === '' ? '{}' : given });
}

async function showStream(
  { output, api, io }: Context,
  request: ChatRequest,
  price: RunPrice,
): Promise<void> {
  const client = await api();
  const calls = new Map<number, ToolCall>();
  let written = '';
  try {
    for await (const chunk of client.streamChat(request)) {
      gatherCalls(calls, chunk);
      price.add(chunk);
      output.emit(chunk, ({ choices }) => choices[0]?.delta.content ?? '');
      written += chunk.choices[0]?.delta.content ?? '';
    }
  } finally {
    // What follows, an error above all, must not stand in the answer's line.
    if (!output.json && written !== '' && !written.endsWith('\n')) io.write('stdout', '\n');
  }
  if (output.json) return;
  for (const call of calls.values())
    output.emit(call, (each, { chalk }) => `${chalk.cyan(`→ ${chatCallText(each)}`)}\n`);
}

/** Calls come whole in one chunk from xAI, in pieces from others: joined by their index either way. */
function gatherCalls(calls: Map<number, ToolCall>, { choices }: ChatChunk): void {
  for (const { index = 0, id, function: piece } of choices[0]?.delta.tool_calls ?? []) {
    const known = calls.get(index) ?? { id: '', function: { name: '', arguments: '' } };
    calls.set(index, {
      id: id ?? known.id,
      function: {
        name: known.function.name + (piece?.name ?? ''),
        arguments: known.function.arguments + (piece?.arguments ?? ''),
      },
    });
  }
}
