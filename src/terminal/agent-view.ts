// How an agent looks: a line of the list, and a card that leaves nothing out. What a server sends under a known name
// may have another shape than documented: it is shown as it is then.

import { writeJson } from '../json-text.js';
import { oneLine } from '../one-line.js';
import type { Agent, AgentTool } from '../protocol/agent.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** `agents list`. */
export function agentTable(agents: readonly Agent[], style: Style): string {
  if (agents.length === 0) return 'No agents.';
  return table(
    agents,
    [
      { title: 'ID', value: (agent) => agent.agent_id },
      { title: 'NAME', value: (agent) => plain(agent.name), shrinks: 2 },
      { title: 'VOICE', value: (agent) => plain(membersOf(agent.voice).voice_id) },
      { title: 'TOOLS', value: (agent) => listOf(agent.tools).map(toolName).join(', '), shrinks: 1 },
      { title: 'INSTRUCTIONS', value: (agent) => beginning(plain(agent.instructions)), shrinks: 1 },
    ],
    style,
  );
}

/** `agents tools list`. What an MCP server is sent with each request is not shown: it may be a secret. */
export function toolTable(tools: readonly AgentTool[], style: Style): string {
  if (tools.length === 0) return 'No tools.';
  return table(
    tools,
    [
      { title: 'NAME', value: (tool) => plain(tool.server_label) || toolName(tool) },
      { title: 'KIND', value: (tool) => plain(tool.type) },
      { title: 'DESCRIPTION', value: aboutTool, shrinks: 2 },
      { title: 'PARAMETERS', value: optionsOf, shrinks: 1 },
    ],
    style,
  );
}

function aboutTool(tool: AgentTool): string {
  const { description } = membersOf(tool.function);
  const url = tool.server_url;
  return plain(description) || plain(tool.server_description) || (url === undefined ? '' : addressOf(url));
}

/** An address without what may be a secret in it. */
function addressOf(url: unknown): string {
  const text = plain(url);
  return URL.canParse(text) ? `${new URL(text).host}${new URL(text).pathname}` : text;
}

/** What a function takes, or how a tool of another kind is set up. */
function optionsOf(tool: AgentTool): string {
  const { type: _type, function: definition, ...others } = tool;
  if (definition !== undefined) return signature(membersOf(definition).parameters);
  return Object.entries(others)
    .filter(([name]) => !toldApart.has(name))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.map(plain).join(', ') : plain(value)}`)
    .join('; ');
}

const toldApart = new Set([
  ...['server_url', 'server_label', 'server_description'],
  ...['headers', 'authorization'],
]);

/** Instructions are long: in a list, also one that is piped, their beginning is enough. */
function beginning(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199).replace(/[\ud800-\udbff]$/, '')}…`;
}

const shownApart = new Set(['agent_id', 'name', 'instructions', 'tools', 'voice', 'collection_ids']);
const times = new Set([
  ...['created_at', 'updated_at', 'create_time', 'update_time', 'createTime', 'updateTime', 'modify_time'],
  'created',
]);

/** `agents get`: every member, the instructions in full. */
export function agentCard(agent: Agent, style: Style): string {
  const { chalk } = style;
  const rows: [string, string][] = [];
  if (agent.voice) rows.push(['Voice', voiceText(agent.voice)]);
  for (const [at, tool] of listOf(agent.tools).entries())
    rows.push([at === 0 ? 'Tools' : '', toolText(tool, style)]);
  const collections = listOf(agent.collection_ids).map(plain);
  if (collections.length > 0) rows.push(['Collections', collections.join(', ')]);
  rows.push(
    ...memberRows(Object.fromEntries(Object.entries(agent).filter(([name]) => !shownApart.has(name)))),
  );
  const head = `${chalk.bold(plain(agent.name) || '(no name)')}\n${agent.agent_id}`;
  const wide = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  const body = rows.map(([name, text]) => `  ${chalk.dim(name.padEnd(wide))}${text}`).join('\n');
  const words = typeof agent.instructions === 'string' ? agent.instructions : plain(agent.instructions);
  const instructions = words === '' ? '' : `${chalk.dim('Instructions')}\n${words}`;
  return [head, body, instructions].filter((part) => part !== '').join('\n\n');
}

/** Members as rows of a card: "Created at", and the time. */
export function memberRows(members: Record<string, unknown>): [string, string][] {
  return Object.entries(members).map(([name, value]) => [
    label(name),
    times.has(name) ? timeText(value) : memberText(value),
  ]);
}

function voiceText(voice: unknown): string {
  if (typeof voice !== 'object') return plain(voice);
  const { voice_id, vad_threshold, vad_silence_duration_ms, ...others } = membersOf(voice);
  return [
    plain(voice_id),
    vad_threshold !== undefined && `threshold ${plain(vad_threshold)}`,
    vad_silence_duration_ms !== undefined && `silence ${plain(vad_silence_duration_ms)} ms`,
    ...Object.entries(others).map(([name, value]) => `${label(name).toLowerCase()} ${plain(value)}`),
  ]
    .filter(Boolean)
    .join(', ');
}

/** "lookup_order" or "web_search". */
export function toolName(tool: AgentTool): string {
  const { type, function: definition } = membersOf(tool);
  return plain(membersOf(definition).name) || plain(type) || '(unknown)';
}

/** `lookup_order(order_id)  what it does`, or the kind of a built-in tool, and whatever else it holds. */
export function toolText(tool: AgentTool, { chalk }: Style): string {
  const { type: _type, function: definition, ...outer } = membersOf(tool);
  const { name: _name, description, parameters, ...inner } = membersOf(definition);
  const others = { ...outer, ...inner };
  const about = plain(description) === '' ? '' : `  ${chalk.dim(plain(description))}`;
  const rest = Object.keys(others).length === 0 ? '' : ` ${chalk.dim(plain(others))}`;
  const call = definition === undefined ? '' : `(${signature(parameters)})`;
  return `${toolName(tool)}${call}${about}${rest}`;
}

/** "order_id, reason?": what may be left out has a question mark. */
function signature(parameters: unknown): string {
  const { properties, required } = membersOf(parameters);
  const needed = listOf(required as string[] | undefined);
  return Object.keys(membersOf(properties))
    .map((name) => (needed.includes(name) ? name : `${name}?`))
    .join(', ');
}

/** "created_at" → "Created at". */
function label(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Times come as ISO text, as Unix seconds or as milliseconds. */
export function timeText(value: unknown): string {
  const ms = typeof value === 'number' ? (value < 1e11 ? value * 1000 : value) : Date.parse(String(value));
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? memberText(value) : new Date(ms).toISOString();
}

const memberText = (value: unknown) => (value === null ? 'null' : plain(value));

/** A value on one line; nothing for what is not there. */
function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  return oneLine(typeof value === 'string' ? value : writeJson(value));
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const listOf = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);
