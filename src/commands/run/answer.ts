// One answer of the model: asked for, shown, and read.

import type { Context } from '../../context.js';
import type { ChatChunk, ChatCompletion, ChatRequest, ToolCall } from '../../protocol/chat.js';
import { toolCallText } from '../../terminal/notice-view.js';
import type { Style } from '../../terminal/style.js';

export interface Answer {
  text: string;
  calls: ToolCall[];
  /** Why the model stopped, in its own word. */
  finish: string | undefined;
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
    finish: completion.choices[0]?.finish_reason ?? undefined,
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
export async function askStream(
  { output, api, io }: Context,
  request: ChatRequest,
  onChunk: (chunk: ChatChunk) => void,
): Promise<Answer> {
  const client = await api();
  const calls: GatheredCall[] = [];
  let written = '';
  let finish: string | undefined;
  try {
    for await (const chunk of client.streamChat(request)) {
      onChunk(chunk);
      gatherCalls(calls, chunk);
      finish = chunk.choices[0]?.finish_reason ?? finish;
      output.emit(chunk, ({ choices }) => choices[0]?.delta.content ?? '');
      written += chunk.choices[0]?.delta.content ?? '';
    }
  } finally {
    // What follows, an error above all, must not stand in the answer's line.
    if (!output.json && written !== '' && !written.endsWith('\n')) io.write('stdout', '\n');
  }
  return {
    text: written,
    calls: calls.map(({ index: _, ...call }) => call),
    finish,
    show: () => {
      if (output.json) return;
      for (const call of calls) output.emit(call, (each, style) => `${chatCallText(each, style)}\n`);
    },
  };
}

type GatheredCall = ToolCall & { index?: number };

/**
 * Calls come whole in one chunk from xAI, in pieces from others, which are joined by their index. Several whole ones
 * have been seen under one index, or under none: another id is another call.
 */
function gatherCalls(calls: GatheredCall[], { choices }: ChatChunk): void {
  for (const { index, id, function: piece } of choices[0]?.delta.tool_calls ?? []) {
    const last = calls.findLast((call) => call.index === index);
    const isNew = last === undefined || (id && last.id !== '' && id !== last.id);
    const call = isNew
      ? { id: '', function: { name: '', arguments: '' }, ...(index !== undefined && { index }) }
      : last;
    if (isNew) calls.push(call);
    call.id = id || call.id;
    call.function.name += piece?.name ?? '';
    call.function.arguments += piece?.arguments ?? '';
  }
}
