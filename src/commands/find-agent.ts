// Stored agents as people call them: by id, or by name.

import type { Context } from '../context.js';
import type { Agent } from '../protocol/agent.js';
import { collectPages } from './pages.js';
import { theOnly } from './pick.js';

/** The ids seen live. Others are ids as well, but first looked for among the names. */
const looksLikeId = /^(agent_\w+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The agent of this id or of exactly this name. Throws CliError `not_found`, or `usage` naming all agents of a name that
 * several have.
 */
export async function agentByAny(context: Context, text: string): Promise<Agent> {
  const api = await context.api();
  return context.output.during('Fetching the agent', async () => {
    if (looksLikeId.test(text)) return api.getAgent({ agent_id: text });
    const called = await agentsWhere(context, ({ agent_id, name }) => agent_id === text || name === text);
    const byId = called.filter(({ agent_id }) => agent_id === text);
    return theOnly(byId.length > 0 ? byId : called, {
      kind: 'agent',
      text,
      list: 'agents list',
      title: ({ agent_id }) => agent_id,
    });
  });
}

/** All agents that are wanted, of however many pages. */
export async function agentsWhere(context: Context, wanted: (agent: Agent) => boolean): Promise<Agent[]> {
  const api = await context.api();
  const page = async (query: Record<string, string>) => {
    const { agents, next } = await api.listAgents({ query });
    return { entries: agents, next };
  };
  return collectPages(page, Number.POSITIVE_INFINITY, wanted);
}
