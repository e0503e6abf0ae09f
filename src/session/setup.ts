// From a saved agent to the session that plays it: the documented way, GET the agent and send a `session.update`.

import { type AgentConfig, type AgentTool, toolsOf, voiceOf } from '../protocol/agent.js';
import {
  flatTool,
  type SessionTool,
  type SessionUpdate,
  thresholdRange,
} from '../protocol/realtime-session.js';

/** xAI's own sample uses these where the agent says nothing. */
const fallback = { threshold: 0.5, silenceMs: 300 };

export interface Setup {
  session: SessionUpdate;
  /** What could not be taken over as it stands. */
  notes: string[];
}

/** `voice` overrides the agent's own. */
export function sessionSetup(agent: AgentConfig, { voice }: { voice?: string | undefined } = {}): Setup {
  const notes: string[] = [];
  const own = voiceOf(agent);
  const chosenVoice = voice ?? own.voice_id;
  const tools = sessionTools(agent);
  const format = { type: 'audio/pcm' as const, rate: 24000 as const };
  const hint = own.language_hint;
  return {
    session: {
      ...(chosenVoice !== undefined && { voice: chosenVoice }),
      instructions: agent.instructions ?? '',
      turn_detection: {
        type: 'server_vad',
        threshold: clampThreshold(own.vad_threshold ?? fallback.threshold, notes),
        silence_duration_ms: own.vad_silence_duration_ms ?? fallback.silenceMs,
      },
      audio: {
        input: {
          format,
          transcription: {
            model: 'grok-transcribe',
            ...(typeof hint === 'string' && { language_hint: hint }),
          },
        },
        output: { format },
      },
      ...(tools.length > 0 && { tools }),
    },
    notes,
  };
}

function clampThreshold(threshold: number, notes: string[]): number {
  const { least, most } = thresholdRange;
  const clamped = Math.min(most, Math.max(least, threshold));
  if (clamped !== threshold) {
    notes.push(
      `vad_threshold ${threshold} is outside what a session takes (${least} to ${most}); using ${clamped}`,
    );
  }
  return clamped;
}

/** Function tools flat, the collections as the file_search tool they are meant for, the rest as it stands. */
function sessionTools(agent: AgentConfig): SessionTool[] {
  const collections = agent.collection_ids ?? [];
  const tools = toolsOf(agent).map((tool) =>
    tool.type === 'file_search' ? withCollections(tool, collections) : flatTool(tool),
  );
  const searches = tools.some((tool) => tool.type === 'file_search');
  if (collections.length > 0 && !searches) {
    tools.push({ type: 'file_search', vector_store_ids: collections });
  }
  return tools;
}

function withCollections(tool: AgentTool, collections: string[]): SessionTool {
  const own = Array.isArray(tool.vector_store_ids) ? (tool.vector_store_ids as string[]) : [];
  const all = [...new Set([...own, ...collections])];
  return { ...tool, ...(all.length > 0 && { vector_store_ids: all }) };
}
