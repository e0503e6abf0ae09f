// A stored agent as the configuration of a session, where the service loads it itself (`?agent_id=`).

import { type SessionTool, type SessionUpdate, thresholdRange } from '../../protocol/realtime-session.js';
import type { Document } from '../store/store.js';

/** What the console's samples take where the agent says nothing. */
const fallback = { threshold: 0.5, silenceMs: 300 };

/** The agent was checked when it was stored. */
interface StoredAgent {
  instructions?: string;
  tools?: SessionTool[];
  voice?: {
    voice_id?: string;
    vad_threshold?: number;
    vad_silence_duration_ms?: number;
    language_hint?: string;
  };
  collection_ids?: string[];
}

export function configOf(document: Document): SessionUpdate {
  const { instructions = '', tools = [], voice = {}, collection_ids = [] } = document as StoredAgent;
  const { voice_id, language_hint, vad_threshold = fallback.threshold } = voice;
  return {
    instructions,
    ...(voice_id !== undefined && { voice: voice_id }),
    turn_detection: {
      type: 'server_vad',
      // An agent's threshold goes from 0 to 1.
      threshold: Math.min(thresholdRange.most, Math.max(thresholdRange.least, vad_threshold)),
      silence_duration_ms: voice.vad_silence_duration_ms ?? fallback.silenceMs,
    },
    audio: {
      input: {
        transcription: { model: 'grok-transcribe', ...(language_hint !== undefined && { language_hint }) },
      },
    },
    tools: searching(tools, collection_ids),
  };
}

/** The agent's collections are those its search of files covers; with none of its own it gets one. */
function searching(tools: SessionTool[], collections: string[]): SessionTool[] {
  if (collections.length === 0) return tools;
  const vector_store_ids = collections;
  if (!tools.some(({ type }) => type === 'file_search'))
    return [...tools, { type: 'file_search', vector_store_ids }];
  return tools.map((tool) => {
    if (tool.type !== 'file_search') return tool;
    const own = Array.isArray(tool.vector_store_ids) ? tool.vector_store_ids : [];
    return { ...tool, vector_store_ids: [...new Set([...own, ...collections])] };
  });
}
