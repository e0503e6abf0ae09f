// What runs a tool, whatever kind it is of.

export interface ToolCall {
  call_id: string;
  name: string;
  /** As the model gave them: an object, or whatever else it wrote. */
  arguments: unknown;
}

/** What a handler is given beside the arguments. */
export interface CallContext {
  call_id: string;
  name: string;
  /** Aborts when the result is no longer wanted: out of time, interrupted, the session over. */
  signal: AbortSignal;
  /** A line for the person, beside the answer: anything, as `console.log` takes it. */
  log(...parts: unknown[]): void;
}

export type Handle = (given: Record<string, unknown>, context: CallContext) => unknown;

export interface Handler {
  handle: Handle;
  /** Instead of the limit of all tools. */
  timeoutMs?: number | undefined;
  /** Whether a call that failed without an answer may be made once more. */
  safe: boolean;
}
