// Stored agents: all there are, and one by its id or by its name.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Agent } from '../protocol/agent.js';
import { collectPages } from './pages.js';
import { type Kind, theOneCalled } from './pick.js';

/** Agents of all pages, at most `limit` of those that `keep` keeps. */
export async function collectAgents(
  context: Context,
  limit = Number.POSITIVE_INFINITY,
  keep?: (agent: Agent) => boolean,
): Promise<Agent[]> {
  const api = await context.api();
  const fetchPage = async (query: Record<string, string>) => {
    const { agents, next } = await api.listAgents({ query });
    return { entries: agents, next };
  };
  return collectPages(fetchPage, limit, keep);
}

/** Ids as seen live; whatever else is given may be a name. */
const likeAnId = /^agent_[A-Za-z0-9]+$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** As people call agents, for `theOneCalled`. */
const agentKind: Kind<Agent> = {
  noun: 'agent',
  list: 'agents list',
  ids: ({ agent_id }) => [agent_id],
  name: ({ name }) => name,
};

/**
 * The agent of an id or, where there is none of it, of exactly this name. Throws CliError `not_found`, and `usage` where
 * several have the name.
 */
export async function findAgent(context: Context, given: string): Promise<Agent> {
  const { output } = context;
  const api = await context.api();
  try {
    return await output.during('Fetching the agent', () => api.getAgent({ agent_id: given }));
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'not_found' || likeAnId.test(given)) throw error;
  }
  const all = await output.during('Looking for the agent', () => collectAgents(context));
  return theOneCalled(given, all, agentKind);
}
