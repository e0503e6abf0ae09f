// How an agent looks: a line of the list, and a card that leaves nothing out.

import type { Agent, AgentTool, Voice } from '../protocol/agent.js';
import type { Style } from './style.js';
import { oneLine, table } from './table.js';

/** `agents list`. */
export function agentTable(agents: readonly Agent[], style: Style): string {
  if (agents.length === 0) return 'No agents.';
  return table(
    agents,
    [
      { title: 'ID', value: (agent) => agent.agent_id },
      { title: 'NAME', value: (agent) => agent.name ?? '', shrinks: true },
      { title: 'VOICE', value: (agent) => agent.voice?.voice_id ?? '' },
      {
        title: 'TOOLS',
        value: (agent) => (agent.tools ?? []).map(toolName).join(', '),
        shrinks: true,
      },
      {
        title: 'INSTRUCTIONS',
        value: (agent) => (agent.instructions ?? '').slice(0, 200),
        shrinks: true,
      },
    ],
    style,
  );
}

const shownApart = new Set(['agent_id', 'name', 'instructions', 'tools', 'voice', 'collection_ids']);
const times = new Set([
  'created_at',
  'updated_at',
  'create_time',
  'update_time',
  'createTime',
  'updateTime',
  'modify_time',
]);

/** `agents get`: every member, the instructions in full. */
export function agentCard(agent: Agent, style: Style): string {
  const { chalk } = style;
  const rows: [string, string][] = [];
  if (agent.voice !== undefined) rows.push(['Voice', voiceText(agent.voice)]);
  for (const [at, tool] of (agent.tools ?? []).entries()) {
    rows.push([at === 0 ? 'Tools' : '', toolText(tool, style)]);
  }
  if (agent.collection_ids?.length) rows.push(['Collections', oneLine(agent.collection_ids.join(', '))]);
  for (const [name, value] of Object.entries(agent)) {
    if (!shownApart.has(name))
      rows.push([label(name), times.has(name) ? timeText(value) : memberText(value)]);
  }
  const head = `${chalk.bold(oneLine(agent.name ?? '(no name)'))}\n${agent.agent_id}`;
  const wide = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  const body = rows.map(([name, text]) => `  ${chalk.dim(name.padEnd(wide))}${text}`).join('\n');
  const instructions = agent.instructions ? `${chalk.dim('Instructions')}\n${agent.instructions}` : '';
  return [head, body, instructions].filter((part) => part !== '').join('\n\n');
}

function voiceText(voice: Voice): string {
  const { voice_id, vad_threshold, vad_silence_duration_ms, ...others } = voice;
  return [
    voice_id,
    vad_threshold !== undefined && `threshold ${vad_threshold}`,
    vad_silence_duration_ms !== undefined && `silence ${vad_silence_duration_ms} ms`,
    ...Object.entries(others).map(([name, value]) => `${label(name).toLowerCase()} ${memberText(value)}`),
  ]
    .filter(Boolean)
    .join(', ');
}

/** "lookup_order" or "web_search". */
export function toolName(tool: AgentTool): string {
  return tool.function?.name ?? String(tool.type ?? '(unknown)');
}

/** `lookup_order(order_id)  what it does`, or the kind of a built-in tool with its settings. */
export function toolText(tool: AgentTool, { chalk }: Style): string {
  if (tool.function === undefined) {
    const { type, ...others } = tool;
    const rest = Object.keys(others).length > 0 ? ` ${chalk.dim(memberText(others))}` : '';
    return `${type}${rest}`;
  }
  const parameters = tool.function.parameters as { properties?: object; required?: string[] } | undefined;
  const names = Object.keys(parameters?.properties ?? {});
  const signature = names
    .map((name) => (parameters?.required?.includes(name) ? name : `${name}?`))
    .join(', ');
  const description = tool.function.description ? `  ${chalk.dim(oneLine(tool.function.description))}` : '';
  return `${tool.function.name}(${signature})${description}`;
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
function timeText(value: unknown): string {
  const ms = typeof value === 'number' ? (value < 1e11 ? value * 1000 : value) : Date.parse(String(value));
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? memberText(value) : new Date(ms).toISOString();
}

function memberText(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
