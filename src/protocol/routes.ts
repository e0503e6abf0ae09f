// The REST surface as one table. A row drives a method of the client and needs a handler in the local API:
// without one, neither compiles.

import * as z from 'zod/mini';
import * as account from './account.js';
import { type Agent, AgentBody, AgentPatch, readAgent } from './agent.js';
import { ChatCompletion, ChatRequest } from './chat.js';
import { isObject } from './json.js';

/**
 * What repeating a request would do, which decides what is retried: `read` and `remove` may be repeated after
 * a lost connection or a 5xx; `write` only when the service said 429, for then nothing was done; `purchase` never.
 */
export type Effect = 'read' | 'remove' | 'write' | 'purchase';

export interface Route<Path extends string = string, Body = unknown, Query = unknown, Reply = unknown> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` where a parameter goes. */
  path: Path;
  effect: Effect;
  /** What the service is known to accept; the local API refuses anything else. */
  body?: z.ZodMiniType<Body>;
  query?: z.ZodMiniType<Query>;
  /** Reads a reply tolerantly; undefined when it lacks what is needed. */
  read: (reply: unknown) => Reply | undefined;
}

function route<const Path extends string, Body = undefined, Query = undefined, Reply = unknown>(
  row: Route<Path, Body, Query, Reply>,
): Route<Path, Body, Query, Reply> {
  return row;
}

function reading<T>(schema: z.ZodMiniType<T>): (reply: unknown) => T | undefined {
  return (reply) => {
    const result = schema.safeParse(reply);
    return result.success ? result.data : undefined;
  };
}

/** Proto-JSON also permits the mask as one string, "name,voice"; both are read. */
const FieldMask = z.union([
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

const ListQuery = z.looseObject({
  limit: z.optional(z.string().check(z.regex(/^\d{1,4}$/))),
  pagination_token: z.optional(z.string()),
});

export interface AgentPage {
  agents: Agent[];
  /** Undefined on the last page. */
  next: string | undefined;
}

const tokenNames = ['pagination_token', 'paginationToken', 'next_page_token', 'nextPageToken'];

/** No source shows the list's envelope, so every one that xAI's other lists use is read. */
export function readAgentPage(reply: unknown): AgentPage | undefined {
  const list = Array.isArray(reply) ? reply : isObject(reply) ? (reply.agents ?? reply.data) : undefined;
  // An envelope without a list is how proto-JSON writes an empty one.
  const entries = list === undefined && isObject(reply) && Object.keys(reply).length === 0 ? [] : list;
  if (!Array.isArray(entries)) return undefined;
  const agents = entries.map(readAgent);
  if (agents.some((agent) => agent === undefined)) return undefined;
  const token = isObject(reply) ? tokenNames.map((name) => reply[name]).find((value) => value) : undefined;
  return {
    agents: agents as Agent[],
    next: typeof token === 'string' || typeof token === 'number' ? String(token) : undefined,
  };
}

function readPhoneNumber(reply: unknown): account.PhoneNumber | undefined {
  const body = isObject(reply) ? (reply.phone_number ?? reply.phoneNumber) : undefined;
  return reading(account.PhoneNumber)(isObject(body) ? body : reply);
}

export const routes = {
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
  createChatCompletion: route({
    method: 'POST',
    path: '/v1/chat/completions',
    effect: 'write',
    body: ChatRequest,
    read: reading(ChatCompletion),
  }),
  createClientSecret: route({
    method: 'POST',
    path: '/v1/realtime/client_secrets',
    effect: 'write',
    body: account.ClientSecretBody,
    read: account.readClientSecret,
  }),
  getApiKey: route({
    method: 'GET',
    path: '/v1/api-key',
    effect: 'read',
    read: reading(account.ApiKey),
  }),
  listModels: route({
    method: 'GET',
    path: '/v1/models',
    effect: 'read',
    read: reading(account.ModelList),
  }),
  getModel: route({
    method: 'GET',
    path: '/v1/models/{model_id}',
    effect: 'read',
    read: reading(account.Model),
  }),
  listVoices: route({
    method: 'GET',
    path: '/v1/tts/voices',
    effect: 'read',
    read: reading(account.VoiceList),
  }),
  getVoice: route({
    method: 'GET',
    path: '/v1/tts/voices/{voice_id}',
    effect: 'read',
    read: reading(account.VoiceEntry),
  }),
  createPhoneNumber: route({
    method: 'POST',
    path: '/v1/phone-numbers',
    effect: 'purchase',
    body: account.PhoneNumberBody,
    read: readPhoneNumber,
  }),
  listPhoneNumbers: route({
    method: 'GET',
    path: '/v1/phone-numbers',
    effect: 'read',
    query: ListQuery,
    read: (reply) => (isObject(reply) ? reply : undefined),
  }),
  getPhoneNumber: route({
    method: 'GET',
    path: '/v1/phone-numbers/{phone_number_id}',
    effect: 'read',
    read: readPhoneNumber,
  }),
};

export type Routes = typeof routes;
export type RouteName = keyof Routes;

export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & PathParams<Rest>
  : unknown;
export type RouteBody<N extends RouteName> = Routes[N] extends Route<string, infer Body> ? Body : never;
export type RouteReply<N extends RouteName> = Exclude<ReturnType<Routes[N]['read']>, undefined>;
