// `agents tools add`: function tools from files or flags, MCP servers by their address.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { isFile } from '../../files.js';
import { type AgentTool, normaliseTool } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import { nameOfTool } from '../../protocol/tools.js';
import { collect } from '../command.js';
import { type Placed, readInline, readValues, toolsIn } from '../tool-values.js';
import { type ChangeFlags, changeTools, checkTool, dryRunFlag, kept } from './change.js';

export interface AddFlags extends ChangeFlags {
  function?: string[];
  name?: string;
  description?: string;
  parameters?: string;
  mcp?: string;
  label?: string;
  allowedTool?: string[];
  header?: string[];
  replace?: boolean;
}

export const addFlags = (command: Command) =>
  command
    .option('--function <file>', 'function tools: one, a bare definition, or a list (repeatable)', collect)
    .option('--name <name>', 'a function by flags: what it is called')
    .option('--description <text>', 'what it does, and when to call it; or what the MCP server is for')
    .option('--parameters <file or JSON>', 'its parameters as a JSON Schema (- for stdin)')
    .option('--mcp <url>', 'an MCP server that the service is to use')
    .option('--label <name>', 'what the MCP server is called')
    .option('--allowed-tool <name>', 'of its tools, only these (repeatable)', collect)
    .option('--header <name=value>', 'sent to the MCP server; never shown (repeatable)', collect)
    .option('--replace', 'put them in the place of tools of the same name')
    .option(...dryRunFlag);

export async function addTools(context: Context, target: string, flags: AddFlags): Promise<undefined> {
  const added = await readAdded(context, flags);
  const names = added.map(({ tool }) => nameOfTool(tool));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new CliError('usage', `${twice} would be added twice`);
  return changeTools(context, target, flags, ({ title, tools }) => {
    const known = tools.map(nameOfTool);
    const clashing = names.filter((name) => known.includes(name));
    if (clashing.length > 0 && flags.replace !== true) {
      throw new CliError('usage', `${title} has ${clashing.join(', ')} already`, {
        hint: 'nothing was changed; add --replace to put the new in the place of the old',
      });
    }
    const entries = kept(tools);
    for (const [at, { tool }] of added.entries()) {
      const place = known.indexOf(names[at] ?? '');
      if (place < 0) entries.push({ tool });
      else entries[place] = { at: place, tool };
    }
    const done = [
      ['added', names.filter((name) => !known.includes(name)), 'to'],
      ['replaced', clashing, 'in'],
    ] as const;
    return { entries, done: sentence(done), notes: added.flatMap(({ notes }) => notes) };
  });
}

/** "Added a to", "Replaced b in", "Added a and replaced b in". */
function sentence(parts: readonly (readonly [string, string[], string])[]): string {
  const filled = parts.filter(([, names]) => names.length > 0);
  const words = filled.map(([verb, names]) => `${verb} ${names.join(', ')}`).join(' and ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${filled.at(-1)?.[2] ?? ''}`;
}

interface Added {
  tool: AgentTool;
  notes: string[];
}

/** What the flags and files hold, checked. Throws CliError `usage` or `invalid_spec`. */
async function readAdded(context: Context, flags: AddFlags): Promise<Added[]> {
  checkFlags(flags);
  const given: Placed[] = [];
  for (const file of flags.function ?? []) given.push(...(await readFunctions(context, file)));
  if (flags.name !== undefined) given.push({ value: await functionOf(context, flags), place: flags.name });
  if (flags.mcp !== undefined) given.push({ value: mcpOf(flags.mcp, flags), place: flags.label ?? '' });
  const added: Added[] = [];
  for (const { value, place } of given) {
    const notes = [...(await checkTool(value, place)), ...(await checkSchema(value, place))];
    added.push({ tool: value as AgentTool, notes });
  }
  return added;
}

function checkFlags(flags: AddFlags): void {
  const wrong = (message: string, hint?: string) => new CliError('usage', message, { hint });
  const { name, mcp, label, description, parameters } = flags;
  if (flags.function === undefined && name === undefined && mcp === undefined) {
    const hint = 'give --function <file>, or --name with --parameters, or --mcp <url> with --label';
    if (parameters !== undefined || description !== undefined) throw wrong('--name is missing', hint);
    throw wrong(label === undefined ? 'nothing to add' : '--mcp is missing', hint);
  }
  if (name !== undefined && mcp !== undefined)
    throw wrong('--name and --mcp describe two tools', 'add one after the other');
  if (name === undefined && parameters !== undefined) throw wrong('--parameters needs --name');
  if (name === undefined && mcp === undefined && description !== undefined)
    throw wrong('--description needs --name or --mcp');
  if (mcp !== undefined && label === undefined)
    throw wrong('--label is missing', 'an MCP server needs a name of its own: --label crm');
  if (mcp !== undefined) return;
  const stray = (['label', 'allowedTool', 'header'] as const).find((each) => flags[each] !== undefined);
  if (stray !== undefined) throw wrong(`--${stray === 'allowedTool' ? 'allowed-tool' : stray} needs --mcp`);
}

async function readFunctions(context: Context, file: string) {
  const all = (await readValues(context, file)).flatMap(toolsIn);
  return all.map(({ value, place }) => ({ value: asFunction(value, place), place }));
}

/** A tool, in any shape seen, or the definition that would stand in one. */
function asFunction(value: unknown, place: string): unknown {
  const tool = normaliseTool(value);
  if (!isObject(tool)) throw new CliError('invalid_spec', `${place}: a tool must be an object`);
  if (tool.type === 'function') return tool;
  if (typeof tool.type === 'string' && tool.name === undefined) {
    const hint =
      tool.type === 'mcp' ? 'agents tools add --mcp --help' : `agents tools enable <agent> ${tool.type}`;
    throw new CliError('invalid_spec', `${place} is no function, but ${tool.type}`, { hint });
  }
  return normaliseTool({ type: 'function', function: tool });
}

async function functionOf(context: Context, { name, description, parameters }: AddFlags): Promise<AgentTool> {
  const schema =
    parameters === undefined ? { type: 'object', properties: {} } : await readSchema(context, parameters);
  const definition = { ...(description !== undefined && { description }), parameters: schema };
  return { type: 'function', function: { name: name as string, ...definition } };
}

async function readSchema(context: Context, given: string): Promise<unknown> {
  if (/^\s*\{/.test(given)) return readInline('--parameters', given);
  // No file is called like other JSON: it is a schema of the wrong kind.
  if (/^\s*(\[|"|-?\d|(true|false|null)\s*$)/.test(given) && !isFile(context.path(given))) {
    throw new CliError('usage', `--parameters must be a JSON object or a file, got ${given}`, {
      hint: `for example '{"type":"object","properties":{}}'`,
    });
  }
  return (await readValues(context, given))[0]?.value;
}

function mcpOf(url: string, { label = '', description, allowedTool, header }: AddFlags): AgentTool {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new CliError('usage', `--mcp must be an http or https URL, got ${url}`);
  }
  if (label.trim() === '') throw new CliError('usage', '--label is empty');
  return {
    type: 'mcp',
    server_url: url,
    server_label: label,
    ...(description !== undefined && { server_description: description }),
    ...(allowedTool !== undefined && { allowed_tools: allowedTool }),
    ...(header !== undefined && { headers: Object.fromEntries(header.map(readHeader)) }),
  };
}

/** What it is wrong with is told without its value, which is a secret. */
function readHeader(text: string): [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined && !/[\r\n\0]/.test(value)) return [name, value];
  throw new CliError('usage', '--header must be a name and a value, on one line', {
    hint: "for example --header 'Authorization=Bearer …'",
  });
}

/** Whether parameters can be understood: a tool whose arguments nobody can check is not worth having. */
async function checkSchema(value: unknown, place: string): Promise<string[]> {
  const parameters = (value as AgentTool).function?.parameters;
  if (parameters === undefined || !isObject(parameters)) return [];
  const { type = 'object', properties, required } = parameters;
  const fault = (problem: string, cause?: unknown) =>
    new CliError('invalid_spec', `${place}: ${problem}`, { hint: 'nothing was sent', cause });
  if (type !== 'object') throw fault(`parameters must be of type object, got ${JSON.stringify(type)}`);
  const { compileSchema } = await import('../../tools/json-schema.js');
  try {
    compileSchema(parameters);
  } catch (error) {
    throw fault(`parameters are no JSON Schema: ${schemaFault(error)}`, error);
  }
  const known = Object.keys(isObject(properties) ? properties : {});
  const stray = (Array.isArray(required) ? required : []).filter((name) => !known.includes(name));
  return stray.map((name) => `${place}: ${name} is required but not among the properties`);
}

/** ajv tells every rule that was broken on the way: the first says where. */
function schemaFault(error: unknown): string {
  const [first = ''] = messageOf(error)
    .replace(/^schema is invalid: /, '')
    .split(/, (?=data)/);
  return first
    .replace(/^data\/?/, '')
    .replaceAll('/', '.')
    .replace(/^ /, '');
}
