// A spec file changed in place: its tools become others, everything else stays as somebody wrote it.

import { CliError, messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import type { AgentTool } from '../protocol/agent.js';
import { isObject, parseJson } from '../protocol/json.js';
import { isJsonText, parseValues } from './parse.js';

/** A tool of the new list: one that stays (`at`, its place in the old), one in the place of another, or a new one. */
export type ToolEntry = { at: number; tool?: AgentTool | undefined } | { at?: undefined; tool: AgentTool };

export interface EditableSpec {
  text: string;
  source: string;
  /** What the file holds as a whole. */
  root: unknown;
  /** Where in it the agent stands. */
  path: readonly (string | number)[];
  agent: unknown;
  /** The tools as they are written there, in whichever shape. */
  tools: unknown[];
}

/** The one spec in a text. Throws CliError `invalid_spec`. */
export async function openSpec(text: string, source: string): Promise<EditableSpec> {
  const { values } = await parseValues(text, source);
  if (values.length !== 1) {
    throw new CliError('invalid_spec', `${source} holds ${values.length} specs; this takes one`);
  }
  const root = await wholeOf(text, source);
  const path = agentPath(root);
  const agent = path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], root);
  const tools = isObject(agent) ? (agent.tools ?? []) : [];
  if (!Array.isArray(tools)) throw new CliError('invalid_spec', `${source}: tools must be a list`);
  return { text, source, root, path, agent, tools };
}

/** The text with other tools. Throws CliError `invalid_spec` where that cannot be done without losing something. */
export async function withTools(spec: EditableSpec, entries: readonly ToolEntry[]): Promise<string> {
  const { text, source, path } = spec;
  const wanted = writeJson(withList(spec.root, path, listOf(spec, entries)));
  if (isJsonText(text, source)) return asJsonBefore(wanted, text);
  const { editedYaml } = await import('./edit-yaml.js');
  let reason = 'its form is too unusual';
  for (const edit of editedYaml(text, path, entries)) {
    try {
      const changed = edit();
      // Read back: whatever was overlooked shows here, and nothing is written.
      if (changed !== undefined && writeJson(await wholeOf(changed, source)) === wanted) return changed;
    } catch (error) {
      reason = messageOf(error).split('\n')[0] ?? reason;
    }
  }
  throw new CliError('invalid_spec', `${source} cannot be changed in place: ${reason}`, {
    hint: 'nothing was written; change its tools by hand, or put them in a plain list',
  });
}

const listOf = ({ tools }: EditableSpec, entries: readonly ToolEntry[]) =>
  entries.map(({ at, tool }) => tool ?? tools[at as number]);

async function wholeOf(text: string, source: string): Promise<unknown> {
  if (isJsonText(text, source)) return parseJson(text);
  const { readYaml } = await import('./yaml.js');
  return parseJson(writeJson(readYaml(text)[0]));
}

/** A file may be one agent, a list of one, or either in the API's envelope. */
function agentPath(root: unknown): (string | number)[] {
  const isList = Array.isArray(root);
  const isPage = isObject(root) && Array.isArray(root.agents);
  const path: (string | number)[] = isList ? [0] : isPage ? ['agents', 0] : [];
  const value = isList ? root[0] : isPage ? (root.agents as unknown[])[0] : root;
  return isObject(value) && Object.hasOwn(value, 'agent') ? [...path, 'agent'] : path;
}

/** A copy of a value in which the agent at `path` has these tools. */
function withList(value: unknown, path: readonly (string | number)[], tools: unknown[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return { ...(value as object), tools };
  if (Array.isArray(value))
    return value.map((each, at) => (at === step ? withList(each, rest, tools) : each));
  const object = value as Record<string, unknown>;
  return { ...object, [step]: withList(object[step], rest, tools) };
}

/** JSON indented and ended as the text that was there. */
function asJsonBefore(json: string, before: string): string {
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)\S/.exec(before)?.[1];
  const text = indent === undefined ? json : writeJson(parseJson(json), indent);
  return text.replaceAll('\n', newline) + (/\s*$/.exec(before)?.[0] ?? '');
}
