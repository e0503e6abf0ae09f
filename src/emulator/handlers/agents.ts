// The Agents API of the local API: stateful, with the documented limits and the known traps.

import { randomInt } from 'node:crypto';
import { type MaskPath, maskPaths } from '../../protocol/agent.js';
import type { Call, Handlers, Local, Reply } from '../handler.js';
import { freeNumbersOf, giveOnly } from '../phone-numbers.js';
import { invalidArgument, notFound } from '../refusal.js';
import type { Document } from '../store/store.js';

type AgentRoutes = 'createAgent' | 'listAgents' | 'getAgent' | 'updateAgent' | 'deleteAgent';

export const agentHandlers: Pick<Handlers, AgentRoutes> = {
  createAgent({ body }, { store }) {
    const agent = { agent_id: newAgentId(), ...body };
    store.agents.insert(agent.agent_id, agent);
    return { json: { agent } };
  },

  listAgents({ query }, { store }) {
    const limit = Math.min(Number(query.limit ?? 100), 1000) || 100;
    const { documents, next } = store.agents.page(pageStart(query.pagination_token), limit);
    return { json: { agents: documents, ...(next !== undefined && { pagination_token: pageToken(next) }) } };
  },

  getAgent({ params }, { store }) {
    return { json: { agent: store.agents.get(params.agent_id) ?? unknownAgent(params.agent_id) } };
  },

  updateAgent: (call, local) => ({ json: { agent: local.store.together(() => updated(call, local)) } }),

  deleteAgent({ params }, { store }) {
    return store.together(() => {
      if (!store.agents.remove(params.agent_id)) unknownAgent(params.agent_id);
      freeNumbersOf(store, params.agent_id);
      return { json: {} } satisfies Reply;
    });
  },
};

function updated({ params, body }: Call<'updateAgent'>, { store }: Local): Document {
  const paths = body.field_mask.paths.map(maskPath);
  const { phone_number_id: number } = body;
  if (number !== undefined && number !== '' && store.phoneNumbers.get(number) === undefined) {
    throw notFound(`Phone number not found: ${number}`);
  }
  const changed = store.agents.update(params.agent_id, (agent) => {
    const next: Document = { ...agent };
    for (const path of paths) {
      const value = body.agent[path];
      // A masked object is replaced whole. What is masked but absent is cleared, except the name: it is required.
      if (value !== undefined) next[path] = value;
      else if (path !== 'name') delete next[path];
    }
    return next;
  });
  if (changed === undefined) return unknownAgent(params.agent_id);
  if (number === undefined) return changed;
  giveOnly(store, params.agent_id, number || undefined);
  return store.agents.get(params.agent_id) ?? changed;
}

function maskPath(path: string): MaskPath {
  const known = maskPaths.find((each) => each === path);
  if (known === undefined) {
    throw invalidArgument(`Invalid field_mask path: ${path}. Valid paths are: ${maskPaths.join(', ')}`);
  }
  return known;
}

function unknownAgent(id: string): never {
  throw notFound(`Agent not found: ${id}`);
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `agent_` and sixteen base62 characters, as seen live. */
function newAgentId(): string {
  return `agent_${Array.from({ length: 16 }, () => base62[randomInt(base62.length)]).join('')}`;
}

/** Opaque to clients, so that nobody counts on what is in it. */
export function pageToken(after: number): string {
  return Buffer.from(`after:${after}`).toString('base64url');
}

export function pageStart(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const found = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (found === null) throw invalidArgument(`Invalid pagination_token: ${token}`);
  return Number(found[1]);
}
