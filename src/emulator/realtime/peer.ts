// The service's side of a realtime session as a pure machine: no sockets, no timers; ids and the time are handed
// in. It follows recordings of the real service event for event, and refuses what the real one refuses.

import { faultsOf } from '../../protocol/faults.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { type ClientEvent, type CreatedItem, clientEvents } from '../../protocol/realtime-client.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { ToolResult } from '../reply.js';
import { startActive } from './active.js';
import { respond } from './answer.js';
import { configFault, mergeConfig } from './config.js';
import { longestSessionMs, pingIntervalMs } from './deadlines.js';
import { Growing } from './growing.js';
import { clear, commit, hearBytes, reconfigured, silentEar } from './hearing.js';
import { type Refusal, refuse } from './refuse.js';
import { resume } from './replay.js';
import { cancelActive } from './response.js';
import { createdSession, echoedItem, updatedSession } from './shapes.js';
import { heardItem } from './spoken-item.js';
import { andThen, event, type Peer, type PeerStep, pingEvent, remember, type World } from './state.js';

export interface Opening {
  /** The stored agent whose session this is: it is configured without being asked to. */
  agent?: { name: string | undefined; config: SessionUpdate } | undefined;
  /** The conversation to go on with. */
  conversation?: { id: string; items: Peer['items'] } | undefined;
  /** After how many ms the session ends. */
  longestMs?: number | undefined;
  /** The session of a phone call, which hears where turns end unless it is told otherwise. */
  isCall?: boolean | undefined;
}

/** A new session and its greeting: `session.created`, `conversation.created`, `ping`. */
export function openPeer(model: string, world: World, opening: Opening = {}): PeerStep {
  const { agent, conversation, longestMs = longestSessionMs, isCall = false } = opening;
  const nowMs = world.nowMs();
  const peer: Peer = {
    sessionId: world.newId().replaceAll('-', ''),
    conversationId: conversation?.id ?? world.newId(),
    model,
    agentName: agent?.name,
    config: agent?.config ?? (isCall ? { turn_detection: { type: 'server_vad' } } : {}),
    lastItemId: null,
    items: Growing.of(),
    calls: Growing.of(),
    turn: 0,
    said: '',
    isSpoken: false,
    unclear: false,
    saidMs: 0,
    results: Growing.of(),
    answered: Growing.of(),
    freshWords: false,
    ear: silentEar,
    listening: [],
    replay: conversation?.items,
    pingAtMs: nowMs + pingIntervalMs,
    endsAtMs: nowMs + longestMs,
    isCall,
  };
  const { previous_item_id: _none, ...created } = event(world, 'session.created', {
    session: createdSession(peer.sessionId, model),
  });
  const greeting = [
    created,
    event(world, 'conversation.created', {
      conversation: { id: peer.conversationId, object: 'realtime.conversation' },
    }),
    pingEvent(world),
  ];
  return { peer, send: agent === undefined ? greeting : [...greeting, updatedEvent(peer, world)] };
}

const updatedEvent = ({ config, model }: Peer, world: World) =>
  event(world, 'session.updated', { session: updatedSession(config, model) });

/** One frame from the client. */
export function receive(peer: Peer, frame: string, world: World): PeerStep {
  let value: unknown;
  try {
    value = parseJson(frame);
  } catch {
    return refuse(peer, world, {
      type: 'invalid_event',
      code: 'invalid_json',
      message: 'The frame is not JSON',
    });
  }
  const type = isObject(value) ? value.type : undefined;
  const eventId = isObject(value) && typeof value.event_id === 'string' ? value.event_id : null;
  if (typeof type !== 'string' || !Object.hasOwn(clientEvents, type)) {
    const message = `Unknown event type: ${String(type)}`;
    return refuse(peer, world, { type: 'invalid_event', code: 'invalid_event', message, event_id: eventId });
  }
  const [fault] = faultsOf(clientEvents[type as ClientEvent['type']], value);
  if (fault !== undefined) {
    const message = `Invalid '${fault.path}': ${fault.problem}`;
    return refuse(peer, world, { code: 'invalid_value', message, param: fault.path, event_id: eventId });
  }
  return onEvent(peer, value as ClientEvent, world);
}

function onEvent(peer: Peer, received: ClientEvent, world: World): PeerStep {
  const objection = objectionTo(peer, received);
  if (objection !== undefined)
    return refuse(peer, world, { ...objection, event_id: received.event_id ?? null });
  switch (received.type) {
    case 'session.update': {
      const config = mergeConfig(peer.config, received.session);
      const resumed = resume(reconfigured(peer, config), world);
      return { ...resumed, send: [...resumed.send, updatedEvent(resumed.peer, world)] };
    }
    case 'conversation.item.create':
      return onItem(peer, received.item, world);
    case 'conversation.item.delete': {
      const deleted = event(world, 'conversation.item.deleted', { item_id: received.item_id });
      return { peer: { ...peer, items: peer.items.delete(received.item_id) }, send: [deleted] };
    }
    case 'conversation.item.truncate':
      // Recorded clients get no answer they could wait for.
      return { peer, send: [] };
    case 'response.create':
      // The words to answer are still being found out: they are answered when they have come.
      if (peer.listening.length > 0) return { peer: { ...peer, owed: received.response ?? {} }, send: [] };
      return respond(peer, world, received.response);
    case 'response.cancel':
      return peer.active === undefined ? { peer, send: [] } : cancelActive(peer, peer.active, world);
    case 'input_audio_buffer.append':
      return onAppend(peer, received.audio, world, received.event_id ?? null);
    case 'input_audio_buffer.clear':
      return clear(peer, world);
    case 'input_audio_buffer.commit':
      return commit(peer, world);
  }
}

const isActive = {
  code: 'conversation_already_has_active_response',
  message: 'Conversation already has an active response in progress',
};
const mostMetadata = 16;

/** Why an event whose form is right cannot be acted on now. */
function objectionTo(peer: Peer, received: ClientEvent): Refusal | undefined {
  switch (received.type) {
    case 'session.update': {
      const fault = configFault(received.session);
      return fault && { code: 'invalid_value', ...fault };
    }
    case 'conversation.item.create': {
      const { item } = received;
      // It is an answer of its own, and there is never more than one.
      if (item.type === 'force_message' && peer.active !== undefined) return isActive;
      if (item.type !== 'function_call_output' || peer.calls.has(item.call_id)) return undefined;
      return notFound(`No tool call with call_id '${item.call_id}'`, 'item.call_id');
    }
    case 'input_audio_buffer.append':
      return peer.isCall
        ? { code: 'invalid_value', message: 'The sound of a call comes from the call', param: 'audio' }
        : undefined;
    case 'conversation.item.delete':
      return peer.items.has(received.item_id)
        ? undefined
        : notFound(`No item '${received.item_id}'`, 'item_id');
    case 'response.create': {
      if (peer.active !== undefined) return isActive;
      const pairs = Object.keys(received.response?.metadata ?? {}).length;
      if (pairs <= mostMetadata) return undefined;
      const message = `Invalid 'response.metadata': must hold at most ${mostMetadata} pairs, got ${pairs}`;
      return { code: 'invalid_value', message, param: 'response.metadata' };
    }
    case 'response.cancel': {
      const named = received.response_id;
      if (peer.active !== undefined && (named === undefined || named === peer.active.id)) return undefined;
      return { code: 'response_cancel_not_active', message: 'Cancellation failed: no active response found' };
    }
    case 'input_audio_buffer.commit':
      if (peer.ear.bufferMs > 0) return undefined;
      return { code: 'input_audio_buffer_commit_empty', message: 'The input audio buffer is empty' };
    default:
      return undefined;
  }
}

const notFound = (message: string, param: string): Refusal => ({ code: 'item_not_found', message, param });

function onItem(peer: Peer, item: CreatedItem, world: World): PeerStep {
  const id = item.id ?? world.newId();
  const added = event(world, 'conversation.item.added', { item: echoedItem(item, id) });
  const next: Peer = { ...remember(peer, id), lastItemId: id };
  switch (item.type) {
    case 'function_call': {
      // A conversation that is told again: what came before this call was answered by it.
      const again = { calls: peer.calls.set(item.call_id, item.name), results: Growing.of<ToolResult>() };
      return { peer: remember({ ...next, ...again }, id, item), send: [added] };
    }
    case 'function_call_output': {
      const result = { name: peer.calls.get(item.call_id) ?? 'unknown', output: item.output };
      const results = peer.results.set(id, result);
      return { peer: remember({ ...next, results }, id, item), send: [added] };
    }
    case 'force_message': {
      const text = item.content.map((part) => part.text).join('');
      const started = startActive(next, {}, world);
      const wanted = { responseId: started.peer.active?.id ?? '', parts: [{ say: text }] };
      return { ...started, send: [added, ...started.send], wanted };
    }
    case 'message': {
      const said = item.content
        .map((part) => (part.type === 'input_audio' ? '' : part.text))
        .join(' ')
        .trim();
      // Spoken words are remembered when they are known.
      const told = said === '' ? next : remember(next, id, { type: 'message', role: item.role, text: said });
      if (item.role !== 'user') return { peer: told, send: [added] };
      const heard: Peer = {
        ...told,
        said,
        isSpoken: false,
        unclear: false,
        turn: peer.turn + 1,
        results: Growing.of(),
        freshWords: true,
        idleAtMs: undefined,
      };
      return andThen({ peer: heard, send: [added] }, (typed) => heardItem(typed, id, item.content, world));
    }
  }
}

function onAppend(peer: Peer, audio: string, world: World, eventId: string | null): PeerStep {
  const bytes = Buffer.from(audio, 'base64');
  const digits = audio.endsWith('==')
    ? audio.length - 2
    : audio.endsWith('=')
      ? audio.length - 1
      : audio.length;
  // Node leaves out what is no base64.
  if (bytes.length === Math.floor((digits * 3) / 4) && digits % 4 !== 1)
    return hearBytes(peer, bytes, world, eventId);
  const message = 'Invalid audio: it is not base64';
  return refuse(peer, world, { code: 'invalid_audio_format', message, param: 'audio', event_id: eventId });
}
