// One response of the pretend service: begun, spoken word by word, with calls in between, ended or cancelled.

import { writeJson } from '../../json-text.js';
import { speechMs, speechPcm } from '../speech.js';
import { callItem, doneMessage, startedMessage, usageOf, type WireObject } from './shapes.js';
import { event, type Peer, type PeerStep, type World } from './state.js';

export interface Active {
  readonly id: string;
  readonly startedMs: number;
  readonly metadata: Record<string, string> | undefined;
  /** Raw frames instead of events; agreed when the response began. */
  readonly rawAudio: boolean;
  /** The message being spoken. */
  readonly message?: { readonly id: string; readonly text: string };
  /** What is finished, as `response.done` repeats it. */
  readonly output: readonly WireObject[];
  readonly calls: number;
  readonly text: string;
  readonly audioMs: number;
  readonly inputTokens: number;
}

interface Asked {
  metadata?: Record<string, string> | undefined;
  /** The words answered, for the count of tokens. */
  said?: string;
}

export function startActive(peer: Peer, { metadata, said = '' }: Asked, world: World): PeerStep {
  const active: Active = {
    id: world.newId(),
    startedMs: world.nowMs(),
    metadata,
    rawAudio: peer.config.audio?.output?.transport === 'binary',
    output: [],
    calls: 0,
    text: '',
    audioMs: 0,
    inputTokens: Math.ceil(said.length / 4),
  };
  const send = [event(world, 'response.created', { response: responseObject(active, 'in_progress', []) })];
  return { peer: { ...peer, active }, send };
}

function responseObject(active: Active, status: string, output: readonly WireObject[]): WireObject {
  return {
    id: active.id,
    object: 'realtime.response',
    output,
    status,
    status_details: 'unimplemented',
    ...(active.metadata && { metadata: active.metadata }),
    usage: {},
  };
}

const placed = (active: Active) => ({ response_id: active.id, output_index: 0 });

/** The next word of the answer. Nothing when the response is over meanwhile. */
export function speak(peer: Peer, responseId: string, word: string, world: World): PeerStep {
  const { active } = peer;
  if (active?.id !== responseId) return { peer, send: [] };
  const opened = active.message === undefined ? openMessage(peer, active, world) : { peer, active, send: [] };
  const message = opened.active.message ?? { id: '', text: '' };
  const within = { ...placed(active), item_id: message.id, content_index: 0 };
  // The audio of a piece names the transcript event it belongs to, and comes before it.
  const rid = world.newId();
  const rate = peer.config.audio?.output?.format?.rate ?? 24000;
  const pcm = speechPcm(word, rate);
  const audio = active.rawAudio ? pcm : audioEvent(active, { within, rid, word, pcm }, world);
  const transcript = {
    ...event(world, 'response.output_audio_transcript.delta', {
      ...within,
      delta: word,
      rid,
      start_time: active.audioMs / 1000,
    }),
    event_id: rid,
  };
  const spoken: Active = {
    ...opened.active,
    message: { id: message.id, text: message.text + word },
    text: active.text + word,
    audioMs: active.audioMs + speechMs(word),
  };
  return { peer: { ...opened.peer, active: spoken }, send: [...opened.send, audio, transcript] };
}

interface Piece {
  within: WireObject;
  rid: string;
  word: string;
  pcm: Buffer;
}

function audioEvent(active: Active, { within, rid, word, pcm }: Piece, world: World): WireObject {
  const nowMs = world.nowMs();
  return event(world, 'response.output_audio.delta', {
    ...within,
    delta: pcm.toString('base64'),
    rid,
    ...(active.audioMs === 0 && { latency: ((nowMs - active.startedMs) / 1000).toFixed(2) }),
    audio_duration_ms: speechMs(word),
    ts: nowMs,
  });
}

function openMessage(peer: Peer, active: Active, world: World) {
  const id = world.newId();
  const item = startedMessage(id);
  const send = [
    event(world, 'response.output_item.added', { item, ...placed(active) }),
    event(world, 'conversation.item.added', {
      item: { ...item, content: [] },
      previous_item_id: peer.lastItemId,
    }),
    event(world, 'response.content_part.added', {
      item_id: id,
      previous_item_id: '0',
      part: { type: 'audio', transcript: '' },
      ...placed(active),
      content_index: 0,
    }),
  ];
  const next: Active = { ...active, message: { id, text: '' } };
  const itemIds = new Set(peer.itemIds).add(id);
  return { peer: { ...peer, active: next, lastItemId: id, itemIds }, active: next, send };
}

/** Ends the message being spoken, if one is. */
function closeMessage(active: Active, status: string, world: World): { active: Active; send: WireObject[] } {
  const { message, ...rest } = active;
  if (message === undefined) return { active, send: [] };
  const within = { ...placed(active), item_id: message.id, content_index: 0 };
  const done = doneMessage(message.id, status);
  return {
    active: {
      ...rest,
      output: [...rest.output, { ...done, content: [{ type: 'audio', transcript: message.text }] }],
    },
    send: [
      event(world, 'response.output_audio_transcript.done', { ...within, transcript: message.text }),
      event(world, 'response.content_part.done', within),
      event(world, 'response.output_audio.done', within),
      event(world, 'response.output_item.done', { item: done, ...placed(active) }),
    ],
  };
}

/** A tool call, all its arguments in one piece. */
export function callTool(
  peer: Peer,
  responseId: string,
  call: { name: string; arguments: Record<string, unknown> },
  world: World,
): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  const { active, send } = closeMessage(peer.active, 'completed', world);
  const id = world.newId();
  const callId = `call-${active.id}-${active.calls}`;
  const text = writeJson(call.arguments);
  const started = { callId, name: call.name, arguments: '' };
  const done = callItem(id, { ...started, arguments: text }, { status: 'completed', role: 'user' });
  const pending = (role: 'user' | 'tool') => callItem(id, started, { status: 'in_progress', role });
  return {
    peer: {
      ...peer,
      active: { ...active, calls: active.calls + 1, output: [...active.output, done] },
      calls: new Map(peer.calls).set(callId, call.name),
      itemIds: new Set(peer.itemIds).add(id),
    },
    send: [
      ...send,
      event(world, 'response.output_item.added', { item: pending('user'), ...placed(active) }),
      event(world, 'conversation.item.added', { item: pending('tool') }),
      event(world, 'response.function_call_arguments.delta', {
        item_id: id,
        response_id: active.id,
        delta: text,
        call_id: callId,
      }),
      event(world, 'response.function_call_arguments.done', {
        item_id: id,
        ...placed(active),
        call_id: callId,
        name: call.name,
        arguments: text,
      }),
      event(world, 'response.output_item.done', { item: done, ...placed(active) }),
    ],
  };
}

/** The end of the answer. */
export function finish(peer: Peer, responseId: string, world: World): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  return end(peer, peer.active, 'completed', world);
}

/** The answer could not be made: the service's own kind of error, then the end of the response. */
export function failActive(peer: Peer, responseId: string, message: string, world: World): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  const error = { type: 'internal_error', code: 'internal_error', message, param: null, event_id: null };
  const ended = end(peer, peer.active, 'failed', world);
  return { ...ended, send: [event(world, 'error', { error }), ...ended.send] };
}

/** What was said so far stays; the items are incomplete. */
export function cancelActive(peer: Peer, active: Active, world: World): PeerStep {
  return end(peer, active, 'cancelled', world);
}

function end(
  peer: Peer,
  ending: Active,
  status: 'completed' | 'cancelled' | 'failed',
  world: World,
): PeerStep {
  const { active, send } = closeMessage(ending, status === 'completed' ? 'completed' : 'incomplete', world);
  const { active: _over, ...rest } = peer;
  const usage = usageOf({
    inputTokens: active.inputTokens,
    text: active.text,
    audioSeconds: active.audioMs / 1000,
  });
  const done = event(world, 'response.done', {
    response: responseObject(active, status, active.output),
    response_id: active.id,
    usage,
  });
  return { peer: rest, send: [...send, done] };
}
