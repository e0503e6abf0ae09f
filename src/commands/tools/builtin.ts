// `agents tools enable` and `disable`: the tools that run on the service's side, by their kind.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import type { AgentTool } from '../../protocol/agent.js';
import { type BuiltInKind, builtInKinds } from '../../protocol/tools.js';
import { didYouMean } from '../../spec/did-you-mean.js';
import { collect } from '../command.js';
import { collectionIds } from '../knowledge/find.js';
import { readCount } from '../tool-flags.js';
import { type ChangeFlags, changeTools, checkTool, dryRunFlag, kept } from './change.js';

export interface EnableFlags extends ChangeFlags {
  allowedDomain?: string[];
  excludedDomain?: string[];
  xHandle?: string[];
  excludedXHandle?: string[];
  fromDate?: string;
  toDate?: string;
  images?: boolean;
  videos?: boolean;
  collection?: string[];
  maxResults?: string;
}

export const enableFlags = (command: Command) =>
  command
    .option('--allowed-domain <domain>', 'web_search: only there, up to 5 (repeatable)', collect)
    .option('--excluded-domain <domain>', 'web_search: anywhere but there, up to 5 (repeatable)', collect)
    .option('--x-handle <handle>', 'x_search: only posts of theirs, up to 20 (repeatable)', collect)
    .option('--excluded-x-handle <handle>', 'x_search: no posts of theirs, up to 20 (repeatable)', collect)
    .option('--from-date <date>', 'x_search: no posts from before, as 2026-07-01')
    .option('--to-date <date>', 'x_search: no posts from after')
    .option('--images', 'web_search, x_search: look at images as well')
    .option('--videos', 'x_search: look at videos as well')
    .option(
      '--collection <collection>',
      'file_search: search this one, by id or name, up to 10 (repeatable)',
      collect,
    )
    .option('--max-results <n>', 'file_search: find at most so many')
    .option(...dryRunFlag);

/** Enables kinds of tools, or sets those up anew that are enabled. Throws CliError `usage` before anything is sent. */
export async function enableTools(
  context: Context,
  target: string,
  given: string[],
  flags: EnableFlags,
): Promise<undefined> {
  const kinds = readKinds(given);
  const options = readOptions(kinds, flags);
  for (const [kind, members] of options) await checkTool({ type: kind, ...members }, kind);
  if (flags.collection !== undefined) {
    const ids = await collectionIds(context, flags.collection);
    Object.assign(options.get('file_search') ?? {}, { vector_store_ids: ids });
  }
  return changeTools(context, target, flags, ({ agent, tools }) => {
    const entries = kept(tools);
    for (const [kind, members] of options) {
      const at = tools.findIndex(({ type }) => type === kind);
      const old = tools[at];
      if (old === undefined) entries.push({ tool: { type: kind, ...members } });
      else if (changes(old, members)) entries[at] = { at, tool: combined(old, members) };
    }
    const search = entries.map(({ at, tool }) => tool ?? tools[at as number]).find(isFileSearch);
    const searched = [agent.collection_ids, search?.vector_store_ids].flat().filter(Boolean);
    const hasNone = kinds.includes('file_search') && searched.length === 0;
    return {
      entries,
      done: `Enabled ${kinds.join(', ')} for`,
      already: `${kinds.join(', ')} ${kinds.length === 1 ? 'is' : 'are'} already enabled for`,
      notes: hasNone ? ['file_search has nothing to search yet: name a --collection'] : [],
    };
  });
}

const isFileSearch = (tool: AgentTool | undefined) => tool?.type === 'file_search';

/** Takes kinds of tools away; one that is not there is no reason to complain. */
export async function disableTools(
  context: Context,
  target: string,
  given: string[],
  flags: ChangeFlags,
): Promise<undefined> {
  const kinds: readonly string[] = readKinds(
    given,
    'agents tools remove takes functions and MCP servers away',
  );
  return changeTools(context, target, flags, ({ agent, tools }) => {
    const searched = kinds.includes('file_search') && (agent.collection_ids ?? []).length > 0;
    return {
      entries: kept(tools).filter((_entry, at) => !kinds.includes(tools[at]?.type ?? '')),
      done: `Disabled ${kinds.join(', ')} for`,
      already: `${kinds.join(', ')} ${kinds.length === 1 ? 'is' : 'are'} already disabled for`,
      notes: searched
        ? ['its collections are searched all the same: agents update --clear-collections ends that']
        : [],
    };
  });
}

function readKinds(given: readonly string[], hint = `there are ${builtInKinds.join(', ')}`): BuiltInKind[] {
  const known: readonly string[] = builtInKinds;
  const wrong = given.find((kind) => !known.includes(kind));
  if (wrong !== undefined) {
    throw new CliError('usage', `${wrong} is no built-in tool${didYouMean(wrong, known)}`, { hint });
  }
  return [...new Set(given as BuiltInKind[])];
}

/** What one list allows, the other need not exclude: of two that contradict each other, the new one holds. */
const opposites: Record<string, string> = {
  allowed_domains: 'excluded_domains',
  excluded_domains: 'allowed_domains',
  allowed_x_handles: 'excluded_x_handles',
  excluded_x_handles: 'allowed_x_handles',
};

/** Whether a tool is another one with these members. */
const changes = (old: AgentTool, members: Record<string, unknown>) =>
  writeJson(old) !== writeJson(combined(old, members));

function combined(old: AgentTool, members: Record<string, unknown>): AgentTool {
  const gone = Object.keys(members).map((name) => opposites[name]);
  const stays = Object.entries(old).filter(([name]) => !gone.includes(name));
  return { ...Object.fromEntries(stays), ...members } as AgentTool;
}

/** The flags as members of the tools they are for. Throws CliError `usage`. */
function readOptions(
  kinds: readonly BuiltInKind[],
  flags: EnableFlags,
): Map<BuiltInKind, Record<string, unknown>> {
  const options = new Map(kinds.map((kind) => [kind, {} as Record<string, unknown>]));
  const put = (flag: string, value: unknown, members: Partial<Record<BuiltInKind, string>>) => {
    if (value === undefined) return;
    const meant = kinds.filter((kind) => members[kind] !== undefined);
    if (meant.length === 0) {
      const words = Object.keys(members).join(' and ');
      throw new CliError('usage', `--${flag} is for ${words}, which is not among ${kinds.join(', ')}`);
    }
    for (const kind of meant)
      Object.assign(options.get(kind) as object, { [members[kind] as string]: value });
  };
  exclusive('allowed-domain', flags.allowedDomain, 'excluded-domain', flags.excludedDomain);
  exclusive('x-handle', flags.xHandle, 'excluded-x-handle', flags.excludedXHandle);
  put('allowed-domain', flags.allowedDomain?.map(domain), { web_search: 'allowed_domains' });
  put('excluded-domain', flags.excludedDomain?.map(domain), { web_search: 'excluded_domains' });
  put('x-handle', flags.xHandle?.map(handle), { x_search: 'allowed_x_handles' });
  put('excluded-x-handle', flags.excludedXHandle?.map(handle), { x_search: 'excluded_x_handles' });
  const [from, to] = [date('from-date', flags.fromDate), date('to-date', flags.toDate)];
  if (from !== undefined && to !== undefined && from > to)
    throw new CliError('usage', `--from-date ${from} is after --to-date ${to}`);
  put('from-date', from, { x_search: 'from_date' });
  put('to-date', to, { x_search: 'to_date' });
  const images = 'enable_image_understanding';
  put('images', flags.images, { web_search: images, x_search: images });
  put('videos', flags.videos, { x_search: 'enable_video_understanding' });
  put('collection', flags.collection, { file_search: 'vector_store_ids' });
  const most = flags.maxResults === undefined ? undefined : readCount('--max-results', flags.maxResults, 1);
  put('max-results', most, { file_search: 'max_num_results' });
  return options;
}

function exclusive(one: string, first: unknown, other: string, second: unknown): void {
  if (first === undefined || second === undefined) return;
  throw new CliError('usage', `--${one} and --${other} exclude each other`, { hint: 'give one of them' });
}

function domain(text: string): string {
  if (/^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}$/u.test(text)) return text;
  throw new CliError('usage', `${text} is no domain`, { hint: 'without https:// and path: docs.x.ai' });
}

function handle(text: string): string {
  const name = text.replace(/^@/, '');
  if (/^\w{1,50}$/.test(name)) return name;
  throw new CliError('usage', `${text} is no handle on X`, { hint: 'for example xai' });
}

function date(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime());
  if (isDay && at.toISOString().startsWith(text)) return text;
  throw new CliError('usage', `--${flag} must be a day as YYYY-MM-DD, got ${text}`);
}
