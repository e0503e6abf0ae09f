// What `session.update` may say beyond its schema, how a partial one changes what holds, and what holds then.

import type { Format } from '../../audio/pcm.js';
import { normaliseTool, toolKindNames } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import type { AudioFormat, SessionUpdate } from '../../protocol/realtime-session.js';

/** G.711 is made of nothing else. */
const lawRate = 8000;

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
    const { type, rate } = session.audio?.[side]?.format ?? {};
    const param = `session.audio.${side}.format`;
    if (type === 'audio/opus') {
      const message = `Unsupported audio format '${type}': the local API speaks audio/pcm, audio/pcmu and audio/pcma`;
      return { message, param: `${param}.type` };
    }
    if (type !== undefined && type !== 'audio/pcm' && rate !== undefined && rate !== lawRate) {
      return { message: `'${type}' has a rate of ${lawRate}, got ${rate}`, param: `${param}.rate` };
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

/** What a client's audio is taken for. */
export const inputFormat = ({ audio }: SessionUpdate): Format => formatOf(audio?.input?.format);

/** What the service speaks in. */
export const outputFormat = ({ audio }: SessionUpdate): Format => formatOf(audio?.output?.format);

function formatOf(format: AudioFormat | undefined): Format {
  // Opus never holds: it is refused.
  if (format === undefined || format.type === 'audio/pcm' || format.type === 'audio/opus')
    return { type: 'audio/pcm', rate: format?.rate ?? 24_000 };
  return { type: format.type, rate: lawRate };
}

/** How long after an answer silence is remarked on, in ms; undefined for never. */
export function idleAfter({ turn_detection: detection }: SessionUpdate): number | undefined {
  if (detection?.type !== 'server_vad') return undefined;
  return detection.idle_timeout_ms || undefined;
}
