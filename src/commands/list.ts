import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Agent } from '../protocol/agent.js';
import { agentTable } from '../terminal/agent-view.js';
import { examples, type Register } from './command.js';
import { collectAgents } from './find-agent.js';

interface Flags {
  limit?: string;
  name?: string;
}

export const register: Register = (command, action) =>
  command
    .option('--limit <n>', 'show at most so many')
    .option('--name <text>', 'only those whose name contains this')
    .addHelpText(
      'after',
      examples('agents list', 'agents list --name support --limit 5', 'agents --json list'),
    )
    .action(action(list));

async function list(context: Context, flags: Flags): Promise<undefined> {
  const { name } = flags;
  const limit = readLimit(flags.limit);
  const agents = await context.output.during('Fetching agents', () =>
    collectAgents(context, limit, name === undefined ? undefined : (agent) => hasName(agent, name)),
  );
  context.output.show({ agents }, (value, style) => agentTable(value.agents, style));
}

function hasName(agent: Agent, text: string): boolean {
  return (agent.name ?? '').toLowerCase().includes(text.toLowerCase());
}

/** `--limit` of a list. Throws CliError `usage`. */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CliError('usage', `--limit must be a whole number from 1 on, got ${text}`);
  }
  return limit;
}
