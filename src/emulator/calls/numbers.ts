// Whose number it is, as calls need to know it.

import { invalidArgument } from '../refusal.js';
import type { Collection, Document, Store } from '../store/store.js';

/** Oldest first. */
function* all(collection: Collection): Iterable<Document> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = collection.page(after, 1000);
    yield* page.documents;
    after = page.next;
  }
}

/** The agent a number is assigned to: either may name the other. */
export function agentOf(store: Store, number: Document): Document | undefined {
  if (typeof number.agent_id === 'string') return store.agents.get(number.agent_id);
  for (const agent of all(store.agents)) if (agent.phone_number_id === number.phone_number_id) return agent;
  return undefined;
}

/** The number an agent calls from: its own. Throws the Refusal where it has none, or another was named. */
export function callerId(store: Store, agent: Document, from: string | undefined): string {
  const isOwn = (number: Document) =>
    number.agent_id === agent.agent_id || number.phone_number_id === agent.phone_number_id;
  for (const number of all(store.phoneNumbers)) {
    if (isOwn(number) && (from === undefined || number.phone_number === from))
      return String(number.phone_number);
  }
  throw invalidArgument(
    from === undefined
      ? `Agent ${String(agent.agent_id)} has no phone number to call from`
      : `${from} is no phone number of agent ${String(agent.agent_id)}`,
  );
}
