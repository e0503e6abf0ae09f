// One response of the pretend service: spoken word by word, with calls in between, ended or cancelled.

import { fromPcm, toPcm } from '../../audio/pcm.js';
import { writeJson } from '../../json-text.js';
import { speechMs, speechPcm } from '../speech.js';
import { type Active, responseObject } from './active.js';
import { respondIfOwed } from './answer.js';
import { idleAfter, outputFormat } from './config.js';
import { callItem, doneMessage, startedMessage, usageOf, type WireObject } from './shapes.js';
import {
  andThen,
  event,
  giveWords,
  internalError,
  type Peer,
  type PeerStep,
  remember,
  type World,
} from './state.js';

const placed = (active: Active) => ({ response_id: active.id, output_index: 0 });

/** A piece of real speech. */
export interface Sound {
  pcm: Int16Array;
  /** Samples a second. */
  rate: number;
}

/**
 * The next word of the answer, in the quiet synthetic voice unless there is a sound for it. Nothing when the response
 * is over meanwhile.
 */
export function speak(peer: Peer, responseId: string, word: string, world: World, sound?: Sound): PeerStep {
  const { active } = peer;
  if (active?.id !== responseId) return { peer, send: [] };
  const opened = active.message === undefined ? openMessage(peer, active, world) : { peer, active, send: [] };
  const message = opened.active.message ?? { id: '', text: '' };
  const within = { ...placed(active), item_id: message.id, content_index: 0 };
  // The audio of a piece names the transcript event it belongs to, and comes before it.
  const rid = world.newId();
  const piece = { within, rid, ...sounding(peer, word, sound) };
  const audio = active.rawAudio ? piece.bytes : audioEvent(active, piece, world);
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
    soundingMs: active.soundingMs ?? world.nowMs(),
    message: { id: message.id, text: message.text + word },
    text: active.text + word,
    audioMs: active.audioMs + piece.ms,
  };
  return { peer: { ...opened.peer, active: spoken }, send: [...opened.send, audio, transcript] };
}

/** How a word sounds in the session's format. A sound made before the rate changed is of no use any more. */
function sounding({ config }: Peer, word: string, sound: Sound | undefined): { bytes: Buffer; ms: number } {
  const format = outputFormat(config);
  if (sound !== undefined && sound.rate === format.rate) {
    return { bytes: fromPcm(sound.pcm, format), ms: Math.round((sound.pcm.length / sound.rate) * 1000) };
  }
  const speed = config.audio?.output?.speed;
  const ms = speechMs(word, speed);
  const pcm = speechPcm(word, format.rate, speed);
  const bytes =
    format.type === 'audio/pcm' ? pcm : fromPcm(toPcm(pcm, { ...format, type: 'audio/pcm' }), format);
  return { bytes, ms };
}

interface Piece {
  within: WireObject;
  rid: string;
  bytes: Buffer;
  ms: number;
}

function audioEvent(active: Active, { within, rid, bytes, ms }: Piece, world: World): WireObject {
  const nowMs = world.nowMs();
  return event(world, 'response.output_audio.delta', {
    ...within,
    delta: bytes.toString('base64'),
    rid,
    ...(active.audioMs === 0 && { latency: ((nowMs - active.startedMs) / 1000).toFixed(2) }),
    audio_duration_ms: ms,
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
  return { peer: { ...remember(peer, id), active: next, lastItemId: id }, active: next, send };
}

/** Ends the message being spoken, if one is. */
function closeMessage(peer: Peer, ending: Active, status: string, world: World) {
  const { message, ...rest } = ending;
  if (message === undefined) return { peer, active: ending, send: [] };
  const within = { ...placed(ending), item_id: message.id, content_index: 0 };
  const done = doneMessage(message.id, status);
  const active: Active = {
    ...rest,
    output: rest.output.set(message.id, {
      ...done,
      content: [{ type: 'audio', transcript: message.text }],
    }),
  };
  const send = [
    event(world, 'response.output_audio_transcript.done', { ...within, transcript: message.text }),
    event(world, 'response.content_part.done', within),
    event(world, 'response.output_audio.done', within),
    event(world, 'response.output_item.done', { item: done, ...placed(ending) }),
  ];
  const said = { type: 'message', role: 'assistant', text: message.text } as const;
  return { peer: giveWords({ ...peer, active }, message.id, said), active, send };
}

/** A tool call, all its arguments in one piece. */
export function callTool(
  peer: Peer,
  responseId: string,
  call: { name: string; arguments: Record<string, unknown> },
  world: World,
): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  const closed = closeMessage(peer, peer.active, 'completed', world);
  const { active, send } = closed;
  const id = world.newId();
  const callId = `call-${active.id}-${active.calls}`;
  const text = writeJson(call.arguments);
  const started = { callId, name: call.name, arguments: '' };
  const done = callItem(id, { ...started, arguments: text }, { status: 'completed', role: 'user' });
  const item = { type: 'function_call', call_id: callId, name: call.name, arguments: text } as const;
  const pending = (role: 'user' | 'tool') => callItem(id, started, { status: 'in_progress', role });
  return {
    peer: {
      ...remember(closed.peer, id, item),
      active: { ...active, calls: active.calls + 1, output: active.output.set(id, done) },
      calls: peer.calls.set(callId, call.name),
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

/**
 * A search of files by the service's own tool. No recording has one: the item is that of the protocol it follows, which
 * is what clients count.
 */
export function searchFiles(peer: Peer, responseId: string, query: string, world: World): PeerStep {
  const { active } = peer;
  if (active?.id !== responseId) return { peer, send: [] };
  const id = world.newId();
  const item = {
    id,
    object: 'realtime.item',
    type: 'file_search_call',
    status: 'completed',
    queries: [query],
  };
  return {
    peer: { ...peer, active: { ...active, output: active.output.set(id, item) } },
    send: [
      event(world, 'response.output_item.added', {
        item: { ...item, status: 'in_progress' },
        ...placed(active),
      }),
      event(world, 'response.output_item.done', { item, ...placed(active) }),
    ],
  };
}

/** The end of the answer; incomplete where it was ended for its length. */
export function finish(
  peer: Peer,
  responseId: string,
  world: World,
  status: 'completed' | 'incomplete' = 'completed',
): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  return andThen(end(peer, peer.active, status, world), (next) => respondIfOwed(next, world));
}

/** The answer could not be made: the service's own kind of error, then the end of the response. */
export function failActive(peer: Peer, responseId: string, message: string, world: World): PeerStep {
  if (peer.active?.id !== responseId) return { peer, send: [] };
  const failed = end(peer, peer.active, 'failed', world);
  const told = { ...failed, send: [internalError(world, message), ...failed.send] };
  return andThen(told, (next) => respondIfOwed(next, world));
}

/** What was said so far stays; the items are incomplete. */
export function cancelActive(peer: Peer, active: Active, world: World): PeerStep {
  return andThen(end(peer, active, 'cancelled', world), (next) => respondIfOwed(next, world));
}

function end(
  before: Peer,
  ending: Active,
  status: 'completed' | 'incomplete' | 'cancelled' | 'failed',
  world: World,
): PeerStep {
  const messageStatus = status === 'completed' ? 'completed' : 'incomplete';
  const { active, peer, send } = closeMessage(before, ending, messageStatus, world);
  const { active: _over, ...rest } = peer;
  const usage = usageOf({
    inputTokens: active.inputTokens,
    inputAudioSeconds: active.inputAudioMs / 1000,
    text: active.text,
    audioSeconds: active.audioMs / 1000,
  });
  const done = event(world, 'response.done', {
    response: responseObject(active, status),
    response_id: active.id,
    usage,
  });
  // A tool is waited for, not a person.
  const idleMs = active.calls > 0 || peer.ear.turn !== undefined ? undefined : idleAfter(peer.config);
  const playedMs = (active.soundingMs ?? world.nowMs()) + active.audioMs;
  const idleAtMs = idleMs === undefined ? undefined : Math.max(world.nowMs(), playedMs) + idleMs;
  return { peer: { ...rest, idleAtMs }, send: [...send, done] };
}
