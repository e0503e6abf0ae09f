// What a tool gave back, as the agent was told it: JSON text, or any text.

import { isObject, parseJson } from '../protocol/json.js';

/** The value in it; text that is no JSON, or JSON that is only text, stays as it is. */
export function readOutput(output: string): unknown {
  try {
    const value = parseJson(output);
    return typeof value === 'string' ? output : value;
  } catch {
    return output;
  }
}

/** Why a tool failed, where that is all its output says. */
export function failureIn(output: string): string | undefined {
  const value = readOutput(output);
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  return typeof value.error === 'string' && value.error.trim() !== '' ? value.error : undefined;
}
