// What is said about the tools of an agent in more than one place.

import type { AgentTool } from './agent.js';
import { isObject } from './json.js';

/** The kinds of tools that run on the service's side and need no address. */
export const builtInKinds = ['web_search', 'x_search', 'file_search'] as const;
export type BuiltInKind = (typeof builtInKinds)[number];

/** How a tool is called in lists and by commands: a function's name, an MCP server's label, else its kind. */
export function nameOfTool(tool: AgentTool): string {
  const definition = isObject(tool.function) ? tool.function.name : undefined;
  const name = tool.type === 'mcp' ? tool.server_label : definition;
  return typeof name === 'string' && name !== '' ? name : String(tool.type ?? '');
}
