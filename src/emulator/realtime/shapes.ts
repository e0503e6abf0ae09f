// The objects the service's socket sends, member by member as recorded.

import { normaliseTool } from '../../protocol/agent.js';
import type { CreatedItem } from '../../protocol/realtime-client.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';

export type WireObject = Record<string, unknown>;

/** `session.created`'s session: what holds before anything is configured. */
export function createdSession(id: string, model: string): WireObject {
  return {
    id,
    object: 'realtime.session',
    instructions: '',
    voice: 'ara',
    modalities: ['audio'],
    turn_detection: { type: null },
    tools: [],
    model,
  };
}

/** `session.updated`'s session. It has no id; tools come back nested, voice only when it was set. */
export function updatedSession(config: SessionUpdate, model: string): WireObject {
  const detection = config.turn_detection;
  const isManual = detection?.type !== 'server_vad';
  const transcription = config.audio?.input?.transcription ?? { model: 'grok-transcribe' };
  const format = { type: 'audio/pcm', rate: 24000 };
  return {
    instructions: config.instructions ?? '',
    ...(config.voice && { voice: config.voice }),
    enable_noise_suppression: true,
    ...(!isManual && { turn_detection: detection }),
    ...(config.reasoning && { reasoning: config.reasoning }),
    model,
    ...(config.tools && config.tools.length > 0 && { tools: config.tools.map(normaliseTool) }),
    keep_context: false,
    enable_phonetic_spelling: false,
    input_audio_transcription: transcription,
    modalities: ['audio'],
    input_audio_format: 'not specified',
    output_audio_format: 'not specified',
    tool_choice: 'auto',
    temperature: -1,
    max_response_output_tokens: 'inf',
    audio: {
      input: {
        format: config.audio?.input?.format ?? format,
        transport: config.audio?.input?.transport ?? 'json',
        transcription,
      },
      output: {
        format: config.audio?.output?.format ?? format,
        transport: config.audio?.output?.transport ?? 'json',
      },
    },
  };
}

/** The echo of an item a client made. */
export function echoedItem(item: CreatedItem, id: string): WireObject {
  const base = { id, object: 'realtime.item', type: item.type, status: 'completed' };
  switch (item.type) {
    case 'message':
      return { ...base, role: item.role, content: item.content };
    case 'function_call':
      // Recorded: the arguments of a seeded call come back empty.
      return { ...base, role: 'tool', call_id: item.call_id, name: item.name, arguments: '' };
    case 'function_call_output':
      return { ...base, role: 'tool', call_id: item.call_id, output: item.output };
    case 'force_message':
      return { ...base, type: 'message', role: 'assistant', content: item.content };
  }
}

export function startedMessage(id: string): WireObject {
  return { id, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant' };
}

export function doneMessage(id: string, status: string): WireObject {
  return { id, object: 'realtime.item', type: 'message', status, role: 'assistant' };
}

/** A call in the output of a response has role user, in the conversation role tool: so it was recorded. */
export function callItem(
  id: string,
  call: { callId: string; name: string; arguments: string },
  { status, role }: { status: string; role: 'user' | 'tool' },
): WireObject {
  return {
    id,
    object: 'realtime.item',
    type: 'function_call',
    status,
    role,
    call_id: call.callId,
    name: call.name,
    arguments: call.arguments,
  };
}

export interface Measure {
  inputTokens: number;
  inputAudioSeconds: number;
  text: string;
  audioSeconds: number;
}

const audioTokensPerSecond = 50;

/** The usage at the top level of `response.done`. The service's own counts differ; their kinds are the same. */
export function usageOf({ inputTokens, inputAudioSeconds, text, audioSeconds }: Measure): WireObject {
  const inputAudioTokens = Math.round(inputAudioSeconds * audioTokensPerSecond);
  const textTokens = Math.ceil(text.length / 4);
  const audioTokens = Math.round(audioSeconds * audioTokensPerSecond);
  return {
    input_tokens: inputTokens + inputAudioTokens,
    input_token_details: { text_tokens: inputTokens, audio_tokens: inputAudioTokens, grok_tokens: 0 },
    output_tokens: textTokens + audioTokens,
    output_token_details: { text_tokens: textTokens, audio_tokens: audioTokens, grok_tokens: 0 },
    total_tokens: inputTokens + inputAudioTokens + textTokens + audioTokens,
    output_audio_seconds: audioSeconds,
    billable_audio_seconds: Math.ceil(inputAudioSeconds + audioSeconds),
  };
}
