// Tools and schemas as they are given to flags: as JSON, or in files that hold one or several.

import type { Context } from '../context.js';
import { CliError, messageOf } from '../errors.js';
import { isObject, parseJson } from '../protocol/json.js';

export interface Placed {
  value: unknown;
  /** "tools.json[2]" */
  place: string;
}

/** Whatever a file holds: one value, a list, or one a line. Throws CliError. */
export async function readValues(context: Context, file: string): Promise<Placed[]> {
  const { parseValues } = await import('../spec/parse.js');
  const { text, source } = await context.read(file);
  return (await parseValues(text, source)).values;
}

/** JSON on the command line itself. Throws CliError `usage` naming the flag. */
export function readInline(flag: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new CliError('usage', `${flag}: not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

/** The tools in a value: a list of them, those of an agent, or itself. */
export function toolsIn({ value, place }: Placed): Placed[] {
  const isAgent = isObject(value) && Array.isArray(value.tools);
  const list: unknown = isAgent ? value.tools : value;
  if (!Array.isArray(list)) return [{ value, place }];
  return list.map((each: unknown, at) => ({
    value: each,
    place: isAgent ? `${place}: tools[${at}]` : `${place}[${at}]`,
  }));
}
