// What add, remove, enable and disable have in common: the tools are read, changed, checked as a whole, and written.

import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { type AgentTool, agentLimits } from '../../protocol/agent.js';
import type { ToolEntry } from '../../spec/edit.js';
import { openHome, type ToolHome } from './home.js';

export interface ChangeFlags {
  dryRun?: boolean;
}

export const dryRunFlag = ['--dry-run', 'show what would be written and write nothing'] as const;

export interface Change {
  entries: ToolEntry[];
  /** What was done, as a sentence goes on with the agent: "Added lookup_order to". */
  done: string;
  /** The same where nothing is changed: "web_search is already enabled for". */
  already?: string;
  notes?: string[];
}

/**
 * Reads the tools of an agent, lets `decide` say what they are to be, and writes them; nothing when they stay as they
 * are. Throws CliError.
 */
export async function changeTools(
  context: Context,
  target: string,
  { dryRun = false }: ChangeFlags,
  decide: (home: ToolHome) => Change | Promise<Change>,
): Promise<undefined> {
  const { output } = context;
  const home = await openHome(context, target);
  const { entries, done, already = done, notes = [] } = await decide(home);
  checkCount(home, entries);
  for (const note of notes) output.note(`note: ${note}`);
  if (dryRun) return void (await home.preview(entries));
  const stays = entries.length === home.tools.length && entries.every(({ tool }) => tool === undefined);
  const agent = stays ? home.agent : await home.write(entries);
  const count = entries.length === 1 ? '1 tool' : `${entries.length} tools`;
  output.show(
    { agent },
    () => `${stays ? already : done} ${home.title}; it has ${entries.length === 0 ? 'none' : count} now`,
  );
}

function checkCount({ title, tools }: ToolHome, { length }: readonly ToolEntry[]): void {
  const most = agentLimits.tools;
  // What is too much already may become less.
  if (length <= most || length < tools.length) return;
  throw new CliError('usage', `${title} would have ${length} tools, and ${most} is the most there may be`, {
    hint: 'nothing was sent',
  });
}

/** All tools as they are. */
export const kept = (tools: readonly AgentTool[]): ToolEntry[] => tools.map((_tool, at) => ({ at }));

/**
 * Checks one tool before it is sent. Throws CliError `invalid_spec` naming every fault; gives notes about members
 * nobody knows.
 */
export async function checkTool(tool: unknown, place: string): Promise<string[]> {
  const { checkSpec } = await import('../../spec/spec.js');
  const told = (text: string) => text.replaceAll(/\btools\[0\]\.?/g, '').replace(/: +/g, ': ');
  try {
    return checkSpec({ tools: [tool] }, place, 'update').map(told);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.code, told(messageOf(error)), { hint: error.hint, cause: error });
  }
}
