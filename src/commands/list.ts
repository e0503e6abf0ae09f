import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Agent } from '../protocol/agent.js';
import { agentTable } from '../terminal/agent-view.js';
import { examples, type Register } from './command.js';

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

const pageSize = 100;

async function list(context: Context, flags: Flags): Promise<undefined> {
  const limit = readLimit(flags.limit);
  const agents = await context.output.during('Fetching agents', () =>
    collectAgents(context, limit, flags.name),
  );
  context.output.show({ agents }, (value, style) => agentTable(value.agents, style));
}

/** Follows pages to the end, or to the limit. A token that repeats would go in circles: it is the end. */
export async function collectAgents(context: Context, limit: number, name?: string): Promise<Agent[]> {
  const api = await context.api();
  const seen = new Set<string>();
  const agents: Agent[] = [];
  let token: string | undefined;
  do {
    const wanted = name === undefined ? Math.min(pageSize, limit - agents.length) : pageSize;
    const query = { limit: String(wanted), ...(token !== undefined && { pagination_token: token }) };
    const page = await api.listAgents({ query });
    agents.push(...page.agents.filter((agent) => name === undefined || hasName(agent, name)));
    token = page.next !== undefined && !seen.has(page.next) ? page.next : undefined;
    if (token !== undefined) seen.add(token);
  } while (token !== undefined && agents.length < limit);
  return agents.slice(0, limit);
}

function hasName(agent: Agent, text: string): boolean {
  return (agent.name ?? '').toLowerCase().includes(text.toLowerCase());
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new CliError('usage', `--limit must be a whole number from 1 on, got ${text}`);
  }
  return limit;
}
