// An agent by what people call it.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Agent } from '../protocol/agent.js';

/** The agent of this id or exact name. Throws CliError: `not_found`, or `usage` when several have the name. */
export async function findAgent(context: Context, given: string): Promise<Agent> {
  const api = await context.api();
  return context.output.during('Fetching the agent', async () => {
    if (/^agent_\w+$/.test(given)) return api.getAgent({ agent_id: given });
    const found: Agent[] = [];
    const seen = new Set<string>();
    for (let token: string | undefined, more = true; more; ) {
      const page = await api.listAgents({
        query: { limit: '100', ...(token !== undefined && { pagination_token: token }) },
      });
      found.push(...page.agents.filter(({ agent_id, name }) => agent_id === given || name === given));
      token = page.next;
      // A token that repeats would go in circles: it is the end.
      more = token !== undefined && !seen.has(token);
      seen.add(token ?? '');
    }
    const [agent, second] = found;
    if (agent === undefined)
      throw new CliError('not_found', `no agent has the id or name ${given}`, {
        hint: 'agents list shows what there is',
      });
    if (second !== undefined)
      throw new CliError('usage', `${found.length} agents are called ${given}`, {
        hint: `name one by its id: ${found.map(({ agent_id }) => agent_id).join(', ')}`,
      });
    return agent;
  });
}
