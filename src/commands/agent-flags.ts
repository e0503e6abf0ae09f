// The flags that describe an agent, for create and update alike.

import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { normaliseTool } from '../protocol/agent.js';
import { builtInKinds } from '../protocol/tools.js';
import { collect } from './command.js';
import { readInline, readValues, toolsIn } from './tool-values.js';

export interface AgentFlags {
  name?: string;
  instructions?: string;
  instructionsFile?: string;
  voice?: string;
  vadThreshold?: string;
  vadSilenceMs?: string;
  tool?: string[];
  collection?: string[];
}

export type PartialAgent = Record<string, unknown> & { voice?: Record<string, unknown> };

export function addAgentFlags(command: Command): Command {
  return command
    .option('--name <text>', 'what it is called')
    .option('--instructions <text>', 'its system prompt')
    .option('--instructions-file <file>', 'a file holding the system prompt (- for stdin)')
    .option('--voice <id>', 'its voice, such as eve, ara, rex, sal, leo')
    .option('--vad-threshold <n>', 'how loud speech must be to count, 0 to 1')
    .option('--vad-silence-ms <ms>', 'how long a pause ends a turn, 0 to 10000')
    .option(
      '--tool <file or JSON>',
      'a tool: a file, JSON text, or web_search, x_search (repeatable)',
      collect,
    )
    .option('--collection <collection>', 'a collection it may search, by id or name (repeatable)', collect);
}

/** The members the flags speak of, and no others. Throws CliError for a flag that makes no sense. */
export async function readAgentFlags(context: Context, flags: AgentFlags): Promise<PartialAgent> {
  const instructions = await readInstructions(context, flags);
  const voice = {
    ...(flags.voice !== undefined && { voice_id: flags.voice }),
    ...(flags.vadThreshold !== undefined && { vad_threshold: number('--vad-threshold', flags.vadThreshold) }),
    ...(flags.vadSilenceMs !== undefined && {
      vad_silence_duration_ms: whole('--vad-silence-ms', flags.vadSilenceMs),
    }),
  };
  const tools: unknown[] = [];
  for (const tool of flags.tool ?? []) tools.push(...(await readTools(context, tool)));
  return {
    ...(flags.name !== undefined && { name: flags.name }),
    ...(instructions !== undefined && { instructions }),
    ...(flags.tool !== undefined && { tools }),
    ...(Object.keys(voice).length > 0 && { voice }),
    ...(flags.collection !== undefined && {
      collection_ids: await readCollections(context, flags.collection),
    }),
  };
}

async function readCollections(context: Context, given: string[]): Promise<string[]> {
  const { collectionIds } = await import('./knowledge/find.js');
  return collectionIds(context, given);
}

async function readInstructions(context: Context, flags: AgentFlags): Promise<string | undefined> {
  if (flags.instructionsFile === undefined) return flags.instructions;
  if (flags.instructions !== undefined) {
    throw new CliError('usage', '--instructions and --instructions-file say the same thing', {
      hint: 'give one of them',
    });
  }
  return (await context.read(flags.instructionsFile)).text.trimEnd();
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new CliError('usage', `${flag} must be a number, got ${text}`);
  return value;
}

function whole(flag: string, text: string): number {
  const value = number(flag, text);
  if (!Number.isInteger(value)) throw new CliError('usage', `${flag} must be a whole number, got ${text}`);
  return value;
}

async function readTools(context: Context, given: string): Promise<unknown[]> {
  const kinds: readonly string[] = builtInKinds;
  if (kinds.includes(given)) return [{ type: given }];
  const values = /^\s*[[{]/.test(given)
    ? [{ value: readInline('--tool', given), place: '--tool' }]
    : await readValues(context, given);
  return values.flatMap(toolsIn).map(({ value }) => normaliseTool(value));
}
