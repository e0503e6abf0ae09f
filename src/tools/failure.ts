// How a tool fails, and how its result becomes text. Whatever goes wrong with a call, the model is told in words and
// the conversation goes on.

import { messageOf, systemCode } from '../errors.js';
import { writeJson } from '../json-text.js';

/** The most a result may hold: it is read by a model, and sent over the session's socket in one event. */
export const largestResultBytes = 256 * 1024;

/** A call that failed. `answered` when the tool itself said no; a failure that is no answer may be tried again. */
export class ToolFailure extends Error {
  readonly answered: boolean;

  constructor(message: string, { answered = true, cause }: { answered?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.answered = answered;
  }
}

export const tooLarge = () => new ToolFailure(`the result is larger than ${largestResultBytes / 1024} kB`);

/** The output that tells the model of a failure. */
export function errorOutput(error: unknown): string {
  return JSON.stringify({ error: messageOf(error).trim() || 'the tool failed' });
}

/** A result as text: text as it is, anything else as JSON, nothing as `null`. Throws ToolFailure. */
export function resultText(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value);
  if (Buffer.byteLength(text) > largestResultBytes) throw tooLarge();
  return text;
}

function jsonOf(value: unknown): string {
  try {
    return writeJson(value) ?? 'null';
  } catch (cause) {
    throw new ToolFailure(`the result cannot be written as JSON: ${messageOf(cause).split('\n')[0]}`, {
      cause,
    });
  }
}

/** Why something could not be reached: "ECONNREFUSED", or the words of the first cause. */
export function networkReason(error: unknown): string {
  const code = systemCode(error);
  if (code !== undefined && /^[A-Z][A-Z_]+$/.test(code)) return code;
  let first = error;
  while (first instanceof Error && first.cause instanceof Error) first = first.cause;
  return messageOf(first).split('\n')[0] ?? '';
}
