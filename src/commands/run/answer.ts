// One answer of the model: asked for, shown, and read.

import type { Context } from '../../context.js';
import type { ChatChunk, ChatCompletion, ChatRequest, ToolCall } from '../../protocol/chat.js';
import { toolCallText } from '../../terminal/notice-view.js';
import type { Style } from '../../terminal/style.js';

export interface Answer {
  text: string;
  calls: ToolCall[];
  /** Shows it, where it was not shown as it came. */
  show(): void;
}

/** Asks for the answer as a whole. */
export async function askWhole({ output, api }: Context, request: ChatRequest): Promise<Answer> {
  const client = await api();
  const completion = await output.during('Waiting for the answer', () =>
    client.createChatCompletion({ body: request }),
  );
  const message = completion.choices[0]?.message;
  return {
    text: message?.content ?? '',
    calls: message?.tool_calls ?? [],
    show: () => output.show(completion, completionText),
  };
}

function completionText({ choices }: ChatCompletion, style: Style): string {
  const message = choices[0]?.message;
  const calls = (message?.tool_calls ?? []).map((call) => chatCallText(call, style));
  return [message?.content, ...calls].filter(Boolean).join('\n');
}

function chatCallText({ function: { name, arguments: given } }: ToolCall, style: Style): string {
  return toolCallText({ name, arguments: given === '' ? '{}' : given }, style);
}

/** Asks for the answer as a stream, and shows its words as they come. Calls are left to `show`. */
export async function askStream({ output, api, io }: Context, request: ChatRequest): Promise<Answer> {
  const client = await api();
  const calls = new Map<number, ToolCall>();
  let written = '';
  try {
    for await (const chunk of client.streamChat(request)) {
      gatherCalls(calls, chunk);
      output.emit(chunk, ({ choices }) => choices[0]?.delta.content ?? '');
      written += chunk.choices[0]?.delta.content ?? '';
    }
  } finally {
    // What follows, an error above all, must not stand in the answer's line.
    if (!output.json && written !== '' && !written.endsWith('\n')) io.write('stdout', '\n');
  }
  return {
    text: written,
    calls: [...calls.values()],
    show: () => {
      if (output.json) return;
      for (const call of calls.values()) output.emit(call, (each, style) => `${chatCallText(each, style)}\n`);
    },
  };
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
