// The tool calls of a response. They are announced by up to three events each, in any completeness, and known
// by their call id alone: in recordings every item has output_index 0.

import { readJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';

export interface Call {
  readonly call_id: string;
  readonly name: string;
  /** Parsed; text that is not JSON stays text. No arguments at all are `{}`. */
  readonly arguments: unknown;
  /** What the tool gave, once it has. */
  readonly output?: string;
}

/** A call as an event or an item tells it. */
export interface Announced {
  call_id?: string | null | undefined;
  name?: string | null | undefined;
  arguments?: string | null | undefined;
}

/** The calls with this one among them; `ready` is the call when it is new. One without id or name is not yet one. */
export function addCall(calls: readonly Call[], item: Announced): { calls: readonly Call[]; ready?: Call } {
  const { call_id, name } = item;
  if (!call_id || !name || calls.some((call) => call.call_id === call_id)) return { calls };
  const ready: Call = {
    call_id,
    name,
    arguments: parseArguments(item.arguments),
  };
  return { calls: [...calls, ready], ready };
}

/** Those without a result. */
export function openCalls(calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ output }) => output === undefined);
}

/** A call's arguments as the model wrote them: parsed where they hold JSON that can be arguments. */
export function parseArguments(text: string | null | undefined): unknown {
  if (!text) return {};
  try {
    const value: unknown = readJson(text);
    return isObject(value) || Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}
