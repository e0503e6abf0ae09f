// From a saved agent to the session that plays it: the documented way, GET the agent and send a `session.update`.

import { type AgentConfig, type AgentTool, toolsOf, voiceOf } from '../protocol/agent.js';
import {
  type AudioFormat,
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

export interface SetupOptions {
  /** Overrides the agent's own. */
  voice?: string | undefined;
  /** Of the sound both ways; PCM at 24000 when nothing is said. */
  format?: AudioFormat | undefined;
  /** We say where a spoken turn ends, not the service. */
  manualTurns?: boolean | undefined;
  /** A phone call: its sound goes past the session, in the format of its own line, which is not to be changed. */
  call?: boolean | undefined;
}

export function sessionSetup(agent: AgentConfig, options: SetupOptions = {}): Setup {
  const chosenVoice = options.voice ?? voiceOf(agent).voice_id;
  const tools = sessionTools(agent);
  const { session, notes } = lineSetup(agent, options);
  return {
    session: {
      ...(chosenVoice !== undefined && { voice: chosenVoice }),
      instructions: agent.instructions ?? '',
      ...session,
      ...(tools.length > 0 && { tools }),
    },
    notes,
  };
}

/** For a session whose agent the service loads itself: no more than how it is spoken with. */
export function serverSideSetup(agent: AgentConfig, options: SetupOptions = {}): Setup {
  const { voice } = options;
  const { session, notes } = lineSetup(agent, options);
  return { session: { ...(voice !== undefined && { voice }), ...session }, notes };
}

function lineSetup(agent: AgentConfig, options: SetupOptions): Setup {
  const notes: string[] = [];
  const format = options.format ?? { type: 'audio/pcm' as const, rate: 24000 as const };
  const sound = options.call ? {} : { format };
  const own = voiceOf(agent);
  const hint = own.language_hint;
  return {
    session: {
      turn_detection: options.manualTurns
        ? null
        : {
            type: 'server_vad',
            threshold: clampThreshold(own.vad_threshold ?? fallback.threshold, notes),
            silence_duration_ms: own.vad_silence_duration_ms ?? fallback.silenceMs,
          },
      audio: {
        input: {
          ...sound,
          transcription: {
            model: 'grok-transcribe',
            ...(typeof hint === 'string' && { language_hint: hint }),
          },
        },
        ...(!options.call && { output: sound }),
      },
      resumption: { enabled: true },
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
