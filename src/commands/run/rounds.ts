// `agents run` with tools: the calls of an answer are run at the same time, the model is given their results, and so
// on until it answers in words.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { ChatMessage, ChatRequest } from '../../protocol/chat.js';
import { parseArguments } from '../../session/calls.js';
import { toolCallText, toolResultText } from '../../terminal/notice-view.js';
import type { ToolCall } from '../../tools/handler.js';
import type { Toolbox } from '../../tools/toolbox.js';
import type { Answer } from './answer.js';

interface Rounds {
  ask(request: ChatRequest): Promise<Answer>;
  toolbox: Toolbox;
  most: number;
  /** Whether the answer is a stream, in which calls and results have lines of their own. */
  lines: boolean;
}

/** The last answer, not yet shown. Throws CliError `tool_rounds` when the model has not come to an end after `most` rounds. */
export async function runRounds(context: Context, request: ChatRequest, rounds: Rounds): Promise<Answer> {
  const { ask, most } = rounds;
  const messages = [...request.messages];
  for (let round = 0; ; round++) {
    const answer = await ask({ ...request, messages });
    if (answer.calls.length === 0) return answer;
    if (round === most) {
      const names = [...new Set(answer.calls.map((call) => call.function.name))].join(', ');
      throw new CliError(
        'tool_rounds',
        `the model has not answered after ${most} rounds of tools; it now calls ${names}`,
        { hint: 'allow more with --max-tool-rounds <n>' },
      );
    }
    messages.push(...(await takeRound(context, answer, rounds)));
  }
}

/** Runs the calls of an answer. The messages that tell the model of it. */
async function takeRound(context: Context, answer: Answer, rounds: Rounds): Promise<ChatMessage[]> {
  // Servers have been seen to give calls no id.
  const calls = answer.calls.map((call, at) => ({ ...call, id: call.id || `call_${at}`, type: 'function' }));
  const outputs = await Promise.all(
    calls.map(({ id, function: { name, arguments: given } }) =>
      runCall(context, { call_id: id, name, arguments: parseArguments(given) }, rounds),
    ),
  );
  return [
    { role: 'assistant', content: answer.text, tool_calls: calls },
    ...calls.map(({ id }, at): ChatMessage => ({ role: 'tool', tool_call_id: id, content: outputs[at] })),
  ];
}

async function runCall(context: Context, call: ToolCall, { toolbox, lines }: Rounds): Promise<string> {
  const { output: out, clock, signal } = context;
  if (lines) out.emit({ type: 'tool_call', ...call }, (shown, style) => `${toolCallText(shown, style)}\n`);
  const startedMs = clock.nowMs();
  const output = await toolbox.run(call, signal);
  signal.throwIfAborted();
  const ms = Math.round(clock.nowMs() - startedMs);
  const result = { type: 'tool_result', call_id: call.call_id, name: call.name, output, ms };
  if (lines) out.emit(result, () => '');
  out.remark((style) => `${toolResultText(result, style)}\n`);
  return output;
}
