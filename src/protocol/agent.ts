// The agent object of the Agents API: what may be sent, and how the shapes seen in replies are read.
// Facts: xAI's Voice Agent Builder page, its Agents reference, and replies seen live (camelCase names,
// tools keyed by their kind, parameters as JSON text).

import * as z from 'zod/mini';
import { isObject, parseJson, rename } from './json.js';

/** Limits documented for `POST /v1/agents`. Lengths are in characters, as JavaScript counts them. */
export const agentLimits = {
  name: 255,
  instructions: 256_000,
  tools: 200,
  collections: 10,
} as const;

/**
 * A request header by which this client says which stored agent a conversation is with, "" when with none. The service
 * takes no notice; the local API answers by the agent's name, which instructions alone do not tell.
 */
export const agentHeader = 'x-client-agent-id';

/** The members a field mask may name. */
export const maskPaths = ['name', 'instructions', 'tools', 'voice', 'collection_ids'] as const;
export type MaskPath = (typeof maskPaths)[number];

const text = z.string();
const optionalText = z.optional(text);

export const FunctionDefinition = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,64}$/)),
  description: optionalText,
  parameters: z.optional(z.record(z.string(), z.unknown())),
});
export type FunctionDefinition = z.infer<typeof FunctionDefinition>;

const toolKinds = {
  function: z.strictObject({
    type: z.literal('function'),
    function: FunctionDefinition,
  }),
  web_search: z.strictObject({
    type: z.literal('web_search'),
    allowed_domains: z.optional(z.array(text).check(z.maxLength(5))),
    excluded_domains: z.optional(z.array(text).check(z.maxLength(5))),
    enable_image_understanding: z.optional(z.boolean()),
    user_location: z.optional(z.unknown()),
    location: z.optional(z.unknown()),
  }),
  x_search: z.strictObject({
    type: z.literal('x_search'),
    allowed_x_handles: z.optional(z.array(text).check(z.maxLength(20))),
    excluded_x_handles: z.optional(z.array(text).check(z.maxLength(20))),
    from_date: optionalText,
    to_date: optionalText,
    enable_image_understanding: z.optional(z.boolean()),
    enable_video_understanding: z.optional(z.boolean()),
  }),
  file_search: z.strictObject({
    type: z.literal('file_search'),
    vector_store_ids: z.optional(z.array(text).check(z.maxLength(agentLimits.collections))),
    max_num_results: z.optional(z.int().check(z.gte(1))),
  }),
  mcp: z.strictObject({
    type: z.literal('mcp'),
    server_url: text,
    server_label: text,
    server_description: optionalText,
    authorization: optionalText,
    allowed_tools: z.optional(z.array(text)),
    headers: z.optional(z.record(z.string(), z.string())),
  }),
};
export type ToolKind = keyof typeof toolKinds;
export const toolKindNames = Object.keys(toolKinds) as ToolKind[];

const Tool = z.discriminatedUnion('type', [
  toolKinds.function,
  toolKinds.web_search,
  toolKinds.x_search,
  toolKinds.file_search,
  toolKinds.mcp,
]);

const VoiceBody = z.strictObject({
  voice_id: z.optional(z.string().check(z.minLength(1))),
  vad_threshold: z.optional(z.number().check(z.gte(0), z.lte(1))),
  vad_silence_duration_ms: z.optional(z.int().check(z.gte(0), z.lte(10_000))),
  model: optionalText,
  language_hint: optionalText,
  reasoning: z.optional(z.unknown()),
  reasoning_effort: optionalText,
});

const agentMembers = {
  instructions: z.optional(z.string().check(z.maxLength(agentLimits.instructions))),
  tools: z.optional(z.array(Tool).check(z.maxLength(agentLimits.tools))),
  voice: z.optional(VoiceBody),
  collection_ids: z.optional(
    z.array(z.string().check(z.minLength(1))).check(z.maxLength(agentLimits.collections)),
  ),
  workflow_json: optionalText,
};
const name = z.string().check(z.minLength(1), z.maxLength(agentLimits.name));

/** The body of `POST /v1/agents`, as strict as the documentation allows. */
export const AgentBody = z.strictObject({ name, ...agentMembers });
export type AgentBody = z.infer<typeof AgentBody>;

/** The `agent` member of `PATCH /v1/agents/{agent_id}`: every member optional. */
export const AgentPatch = z.strictObject({
  name: z.optional(name),
  ...agentMembers,
});
export type AgentPatch = z.infer<typeof AgentPatch>;

/** Members the schemas know at a path of an agent, for "did you mean". */
export function knownMembers(agent: unknown, path: readonly PropertyKey[]): string[] {
  const [member, index, inner] = path;
  if (member === undefined) return Object.keys(AgentBody.shape);
  if (member === 'voice') return Object.keys(VoiceBody.shape);
  if (inner === 'function') return Object.keys(FunctionDefinition.shape);
  if (member === 'tools' && isObject(agent) && Array.isArray(agent.tools)) {
    const tool = agent.tools[Number(index)] as { type?: ToolKind } | undefined;
    return Object.keys(toolKinds[tool?.type ?? 'function']?.shape ?? {});
  }
  return [];
}

export interface Voice {
  voice_id?: string;
  vad_threshold?: number;
  vad_silence_duration_ms?: number;
  [member: string]: unknown;
}

/** A tool as the API tells of it. Function tools are nested: `{type:"function", function:{name,…}}`. */
export interface AgentTool {
  type: string;
  function?: {
    name: string;
    description?: string;
    parameters?: unknown;
    [member: string]: unknown;
  };
  [member: string]: unknown;
}

/** What makes an agent what it is: of a stored one, or of a spec that has no id yet. */
export interface AgentConfig {
  name?: string;
  instructions?: string;
  tools?: AgentTool[];
  voice?: Voice;
  collection_ids?: string[];
  [member: string]: unknown;
}

/** An agent as the API tells of it. Members this tool does not know stay where they are. */
export interface Agent extends AgentConfig {
  agent_id: string;
}

/** Members that the service sets itself. A spec may carry them, copied from a reply; they are not sent. */
export const readOnlyMembers = new Set([
  ...['agent_id', 'agentId', 'id', 'object', 'team_id', 'teamId', 'user_id', 'userId', 'version', 'status'],
  ...['created_at', 'createdAt', 'create_time', 'createTime', 'created_by', 'createdBy'],
  ...['updated_at', 'updatedAt', 'update_time', 'updateTime', 'modify_time', 'modifyTime'],
  ...['phone_number_id', 'phoneNumberId'],
]);

const agentNames: Record<string, string> = {
  agentId: 'agent_id',
  collectionIds: 'collection_ids',
  workflowJson: 'workflow_json',
  phoneNumberId: 'phone_number_id',
};
const voiceNames: Record<string, string> = {
  voiceId: 'voice_id',
  vadThreshold: 'vad_threshold',
  vadSilenceDurationMs: 'vad_silence_duration_ms',
  languageHint: 'language_hint',
  reasoningEffort: 'reasoning_effort',
};
const toolNames: Record<string, string> = {
  webSearch: 'web_search',
  xSearch: 'x_search',
  fileSearch: 'file_search',
  serverUrl: 'server_url',
  serverLabel: 'server_label',
  serverDescription: 'server_description',
  allowedTools: 'allowed_tools',
  vectorStoreIds: 'vector_store_ids',
  maxNumResults: 'max_num_results',
  allowedDomains: 'allowed_domains',
  excludedDomains: 'excluded_domains',
  allowedXHandles: 'allowed_x_handles',
  excludedXHandles: 'excluded_x_handles',
  fromDate: 'from_date',
  toDate: 'to_date',
  enableImageUnderstanding: 'enable_image_understanding',
  enableVideoUnderstanding: 'enable_video_understanding',
  userLocation: 'user_location',
};

/**
 * Brings the names and tool shapes seen on the wire to the documented ones: snake_case, tools tagged by
 * `type`, function tools nested, `parameters` as an object. Nothing inside `parameters` or `headers` is touched.
 */
export function normaliseAgent(value: Record<string, unknown>): Record<string, unknown> {
  const agent = rename(value, agentNames);
  if (isObject(agent.voice)) agent.voice = rename(agent.voice, voiceNames);
  if (Array.isArray(agent.tools)) agent.tools = agent.tools.map(normaliseTool);
  return agent;
}

/** One tool in its documented, nested form; what is not recognised is passed on as it is. */
export function normaliseTool(value: unknown): unknown {
  if (!isObject(value)) return value;
  const tool = rename(value, toolNames);
  const kind = toolKindNames.find((name) => isObject(tool[name]));
  if (tool.type === undefined && kind !== undefined && kind !== 'function') {
    const { [kind]: members, ...beside } = tool;
    return { type: kind, ...beside, ...rename(members as Record<string, unknown>, toolNames) };
  }
  if (tool.type === undefined && kind === 'function')
    return { type: 'function', ...tool, ...functionMember(tool) };
  if (tool.type === 'function' && isObject(tool.function)) return { ...tool, ...functionMember(tool) };
  if (tool.type === 'function' && typeof tool.name === 'string') {
    const { type, ...definition } = tool;
    return { type, ...functionMember({ function: definition }) };
  }
  return tool;
}

/** Parameters may arrive as JSON text; text that is not JSON is kept as it came. */
function functionMember(tool: Record<string, unknown>): {
  function: Record<string, unknown>;
} {
  const definition = { ...(tool.function as Record<string, unknown>) };
  if (typeof definition.parameters === 'string') {
    try {
      definition.parameters = parseJson(definition.parameters);
    } catch {
      // Not JSON, or none to be trusted: the text itself is the only truth there is.
    }
  }
  return { function: definition };
}

/** The agent in a reply: enveloped or bare, its id under any of the names seen. Undefined when there is none. */
export function readAgent(value: unknown): Agent | undefined {
  const body = isObject(value) && isObject(value.agent) ? value.agent : value;
  if (!isObject(body)) return undefined;
  const agent = normaliseAgent(body);
  const id = agent.agent_id ?? agent.id;
  if (typeof id !== 'string' || id === '') return undefined;
  return { ...agent, agent_id: id } as Agent;
}

/** The tools of an agent as far as they are any: a reply may hold something else in their place. */
export function toolsOf({ tools }: { tools?: unknown }): AgentTool[] {
  return Array.isArray(tools) ? tools.filter((tool) => isObject(tool) && typeof tool.type === 'string') : [];
}

/** The voice of an agent; one seen as a bare name is that of `voice_id`. */
export function voiceOf({ voice }: { voice?: unknown }): Voice {
  if (typeof voice === 'string') return { voice_id: voice };
  return isObject(voice) ? voice : {};
}

/** The function tools of an agent, in their nested form. */
export function functionTools(agent: { tools?: unknown }): AgentTool[] {
  return toolsOf(agent).filter((tool) => tool.type === 'function' && isObject(tool.function));
}
