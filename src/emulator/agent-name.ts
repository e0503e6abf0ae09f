// Whom a conversation is with: its requests carry instructions only, which several agents, or none, may have.

import type { Store } from './store/store.js';

/**
 * The name to answer by. `agentId` is what the client says about it: a stored agent, "" for none, or undefined when it
 * says nothing. Then it is the one stored agent that has these instructions, if there is just one.
 */
export function agentNameFor(
  store: Store,
  agentId: string | undefined,
  instructions: string,
): string | undefined {
  if (agentId === undefined) return instructions === '' ? undefined : store.nameFor(instructions);
  const name = agentId === '' ? undefined : store.agents.get(agentId)?.name;
  return typeof name === 'string' ? name : undefined;
}
