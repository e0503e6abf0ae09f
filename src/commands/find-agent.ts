// A stored agent by its id or by its name.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Agent } from '../protocol/agent.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { collectAgents } from './list.js';

/** Ids as seen live; whatever else is given may be a name. */
const likeAnId = /^agent_[A-Za-z0-9]+$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The agent of an id or, where there is none of it, of exactly this name. Throws CliError `not_found`, and `usage` where
 * several have the name.
 */
export async function findAgent(context: Context, given: string): Promise<Agent> {
  const { output } = context;
  const api = await context.api();
  let missing: CliError;
  try {
    return await output.during('Fetching the agent', () => api.getAgent({ agent_id: given }));
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'not_found' || likeAnId.test(given)) throw error;
    missing = error;
  }
  const all = await output.during('Looking for the agent', () =>
    collectAgents(context, Number.POSITIVE_INFINITY),
  );
  const [found, ...others] = all.filter(({ name }) => name === given);
  if (found === undefined) {
    const names = all.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
    throw new CliError('not_found', `there is no agent ${given}${didYouMean(given, names)}`, {
      hint: missing.hint,
      status: missing.status,
      requestId: missing.requestId,
    });
  }
  if (others.length > 0) {
    const ids = [found, ...others].map(({ agent_id }) => agent_id);
    throw new CliError('usage', `${ids.length} agents are called ${given}`, {
      hint: `name one by its id: ${ids.join(', ')}`,
    });
  }
  return found;
}
