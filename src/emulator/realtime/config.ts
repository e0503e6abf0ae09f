// What `session.update` may say beyond its schema, and how a partial one changes what holds.

import { normaliseTool, toolKindNames } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';

export interface ConfigFault {
  message: string;
  param: string;
}

/** The first thing wrong with a configuration whose shape is right; the one before it stays in force then. */
export function configFault(session: SessionUpdate): ConfigFault | undefined {
  for (const [at, tool] of (session.tools ?? []).entries()) {
    const fault = toolFault(normaliseTool(tool), `session.tools[${at}]`);
    if (fault !== undefined) return fault;
  }
  for (const side of ['input', 'output'] as const) {
    const format = session.audio?.[side]?.format;
    if (format !== undefined && format.type !== 'audio/pcm') {
      return {
        message: `Unsupported audio format '${format.type}': the local API speaks audio/pcm`,
        param: `session.audio.${side}.format.type`,
      };
    }
  }
  return undefined;
}

function toolFault(tool: unknown, param: string): ConfigFault | undefined {
  if (!isObject(tool)) return { message: `Invalid tool at '${param}'`, param };
  if (!toolKindNames.some((kind) => kind === tool.type)) {
    return { message: `Unknown tool type '${String(tool.type)}'`, param: `${param}.type` };
  }
  const named =
    isObject(tool.function) && typeof tool.function.name === 'string' && tool.function.name !== '';
  if (tool.type === 'function' && !named)
    return { message: 'A function tool needs a name', param: `${param}.name` };
  if (tool.type === 'mcp' && typeof tool.server_url !== 'string') {
    return { message: 'An mcp tool needs a server_url', param: `${param}.server_url` };
  }
  return undefined;
}

/** Members that are named replace those that held; the two sides of `audio` each member by member. */
export function mergeConfig(config: SessionUpdate, change: SessionUpdate): SessionUpdate {
  const audio = {
    ...config.audio,
    ...change.audio,
    input: { ...config.audio?.input, ...change.audio?.input },
    output: { ...config.audio?.output, ...change.audio?.output },
  };
  return { ...config, ...change, ...(change.audio && { audio }) };
}
