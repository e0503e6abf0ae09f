// Who gives a tool its result when nothing runs it: the person at the terminal, or nobody.

import type { ToolCall } from '../tools/handler.js';

/** Nothing here can run the tool: the model is told so, and the conversation goes on. */
export async function refuseTool({ name }: ToolCall): Promise<string> {
  return JSON.stringify({ error: `unknown tool: ${name}` });
}

/** Lets the person at the terminal play the tools: each call waits for a line. */
export interface ToolPlayer {
  play(call: ToolCall): Promise<string>;
  /** The call whose result is wanted next. */
  pending(): ToolCall | undefined;
  /** Gives the pending call its result. */
  answer(output: string): void;
  /** Forgets calls whose turn is over. */
  clear(): void;
}

export function createToolPlayer(): ToolPlayer {
  const waiting: { call: ToolCall; resolve(output: string): void }[] = [];
  return {
    play: (call) => new Promise((resolve) => waiting.push({ call, resolve })),
    pending: () => waiting[0]?.call,
    answer: (output) => waiting.shift()?.resolve(output),
    clear: () => {
      waiting.length = 0;
    },
  };
}
