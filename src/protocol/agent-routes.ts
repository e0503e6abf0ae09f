// The routes of the Agents API.

import * as z from 'zod/mini';
import { type Agent, AgentBody, AgentPatch, readAgent } from './agent.js';
import { ListQuery, listIn, nextPage, route } from './route.js';

/** Proto-JSON also permits the mask as one string, "name,voice"; both are read. */
export const FieldMask = z.union([
  z.strictObject({ paths: z.array(z.string()) }),
  z.pipe(
    z.string(),
    z.transform((text) => ({
      paths: text
        .split(',')
        .map((path) => path.trim())
        .filter((path) => path !== ''),
    })),
  ),
]);

export const PatchAgentBody = z.strictObject({
  agent: AgentPatch,
  field_mask: FieldMask,
  /** A number to assign; "" takes the present one away. */
  phone_number_id: z.optional(z.string()),
});
export type PatchAgentBody = z.infer<typeof PatchAgentBody>;

export interface AgentPage {
  agents: Agent[];
  /** Undefined on the last page. */
  next: string | undefined;
}

/** No source shows the list's envelope, so every one that xAI's other lists use is read. */
export function readAgentPage(reply: unknown): AgentPage | undefined {
  const agents = listIn(reply, ['agents'])?.map(readAgent);
  if (agents === undefined || agents.some((agent) => agent === undefined)) return undefined;
  return {
    agents: agents as Agent[],
    next: nextPage(reply),
  };
}

export const agentRoutes = {
  createAgent: route({
    method: 'POST',
    path: '/v1/agents',
    effect: 'write',
    body: AgentBody,
    read: readAgent,
  }),
  listAgents: route({
    method: 'GET',
    path: '/v1/agents',
    effect: 'read',
    query: ListQuery,
    read: readAgentPage,
  }),
  getAgent: route({
    method: 'GET',
    path: '/v1/agents/{agent_id}',
    effect: 'read',
    read: readAgent,
  }),
  updateAgent: route({
    method: 'PATCH',
    path: '/v1/agents/{agent_id}',
    effect: 'write',
    body: PatchAgentBody,
    // The reply's envelope is not documented: an answer without an agent is still a success.
    read: (reply) => readAgent(reply) ?? null,
  }),
  deleteAgent: route({
    method: 'DELETE',
    path: '/v1/agents/{agent_id}',
    effect: 'remove',
    read: () => null,
  }),
};
