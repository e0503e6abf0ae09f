// The service's side of a realtime session as a pure machine: no sockets, no timers; ids and the time are handed
// in. It follows recordings of the real service event for event, and refuses what the real one refuses.

import type { FunctionDefinition } from '../../protocol/agent.js';
import { normaliseTool } from '../../protocol/agent.js';
import { faultsOf } from '../../protocol/faults.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { type ClientEvent, type CreatedItem, clientEvents } from '../../protocol/realtime-client.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import { configFault, mergeConfig } from './config.js';
import { cancelActive, startActive } from './response.js';
import { createdSession, echoedItem, updatedSession } from './shapes.js';
import { event, type Peer, type PeerStep, pingEvent, remember, type World } from './state.js';

/** A new session and its greeting: `session.created`, `conversation.created`, `ping`. */
export function openPeer(model: string, world: World): PeerStep {
  const peer: Peer = {
    sessionId: world.newId().replaceAll('-', ''),
    conversationId: world.newId(),
    model,
    config: {},
    lastItemId: null,
    itemIds: new Set(),
    items: [],
    calls: new Map(),
    turn: 0,
    said: '',
    results: [],
    freshWords: false,
    audioMs: 0,
  };
  const { previous_item_id: _none, ...created } = event(world, 'session.created', {
    session: createdSession(peer.sessionId, model),
  });
  const conversation = { id: peer.conversationId, object: 'realtime.conversation' };
  return {
    peer,
    send: [created, event(world, 'conversation.created', { conversation }), pingEvent(world)],
  };
}

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

interface Refusal {
  type?: string;
  code: string;
  message: string;
  param?: string | null;
  event_id?: string | null | undefined;
}

function refuse(peer: Peer, world: World, refusal: Refusal): PeerStep {
  const error = { type: 'invalid_request_error', param: null, event_id: null, ...refusal };
  return { peer, send: [event(world, 'error', { error })] };
}

function onEvent(peer: Peer, received: ClientEvent, world: World): PeerStep {
  const objection = objectionTo(peer, received);
  if (objection !== undefined)
    return refuse(peer, world, { ...objection, event_id: received.event_id ?? null });
  switch (received.type) {
    case 'session.update': {
      const config = mergeConfig(peer.config, received.session);
      const session = updatedSession(config, peer.model);
      return { peer: { ...peer, config }, send: [event(world, 'session.updated', { session })] };
    }
    case 'conversation.item.create':
      return onItem(peer, received.item, world);
    case 'conversation.item.delete': {
      const itemIds = new Set(peer.itemIds);
      itemIds.delete(received.item_id);
      const deleted = event(world, 'conversation.item.deleted', { item_id: received.item_id });
      const items = peer.items.filter(({ id }) => id !== received.item_id);
      return { peer: { ...peer, itemIds, items }, send: [deleted] };
    }
    case 'conversation.item.truncate':
      // Recorded clients get no answer they could wait for.
      return { peer, send: [] };
    case 'response.create':
      return respond(peer, world, received.response);
    case 'response.cancel':
      return peer.active === undefined ? { peer, send: [] } : cancelActive(peer, peer.active, world);
    case 'input_audio_buffer.append':
      return receiveAudio(peer, Math.floor((received.audio.length * 3) / 4));
    case 'input_audio_buffer.clear':
      return { peer: { ...peer, audioMs: 0 }, send: [event(world, 'input_audio_buffer.cleared', {})] };
    case 'input_audio_buffer.commit':
      return onCommit(peer, world);
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
    case 'conversation.item.delete':
      return peer.itemIds.has(received.item_id)
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
      if (peer.audioMs > 0) return undefined;
      return { code: 'input_audio_buffer_commit_empty', message: 'The input audio buffer is empty' };
    default:
      return undefined;
  }
}

const notFound = (message: string, param: string): Refusal => ({ code: 'item_not_found', message, param });

function onItem(peer: Peer, item: CreatedItem, world: World): PeerStep {
  const id = item.id ?? world.newId();
  const added = event(world, 'conversation.item.added', { item: echoedItem(item, id) });
  const next = { ...peer, lastItemId: id, itemIds: new Set(peer.itemIds).add(id) };
  switch (item.type) {
    case 'function_call': {
      const calls = new Map(peer.calls).set(item.call_id, item.name);
      return { peer: remember({ ...next, calls }, { ...item, id }), send: [added] };
    }
    case 'function_call_output': {
      const result = { name: peer.calls.get(item.call_id) ?? 'unknown', output: item.output };
      return {
        peer: remember({ ...next, results: [...peer.results, result] }, { ...item, id }),
        send: [added],
      };
    }
    case 'force_message': {
      const text = item.content.map((part) => part.text).join('');
      const started = startActive(next, {}, world);
      return {
        ...started,
        send: [added, ...started.send],
        wanted: { ...wantedOf(started), parts: [{ say: text }] },
      };
    }
    case 'message': {
      const text = item.content
        .map((part) => (part.type === 'input_audio' ? '' : part.text))
        .join(' ')
        .trim();
      const heard = remember(next, { id, type: 'message', role: item.role, text });
      if (item.role !== 'user') return { peer: heard, send: [added] };
      return {
        peer: { ...heard, said: text, turn: peer.turn + 1, results: [], freshWords: true },
        send: [added],
      };
    }
  }
}

const wantedOf = ({ peer }: PeerStep): { responseId: string } => ({ responseId: peer.active?.id ?? '' });

interface Asked {
  instructions?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

function respond(peer: Peer, world: World, asked: Asked = {}): PeerStep {
  const heard = {
    instructions: asked.instructions ?? peer.config.instructions ?? '',
    tools: functionsOf(peer.config),
    turn: peer.turn,
    said: peer.said,
    results: peer.results,
    history: peer.items.map(({ id: _id, ...item }) => item),
  };
  const started = startActive(
    { ...peer, results: [], freshWords: false },
    { metadata: asked.metadata, said: peer.freshWords ? peer.said : '' },
    world,
  );
  return { ...started, wanted: { ...wantedOf(started), heard } };
}

function functionsOf(config: SessionUpdate): FunctionDefinition[] {
  return (config.tools ?? []).flatMap((tool) => {
    const nested = normaliseTool(tool);
    return isObject(nested) && isObject(nested.function) ? [nested.function as FunctionDefinition] : [];
  });
}

/** A manual turn: recorded, the service answers a commit by itself, without `response.create`. */
function onCommit(peer: Peer, world: World): PeerStep {
  const id = world.newId();
  const item = { id, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'user' };
  const send = [
    event(world, 'input_audio_buffer.speech_started', { item_id: id, audio_start_ms: 0 }),
    event(world, 'conversation.item.added', {
      item: { ...item, content: [{ type: 'input_audio', transcript: '' }] },
    }),
    event(world, 'input_audio_buffer.speech_stopped', {
      item_id: id,
      audio_end_ms: Math.round(peer.audioMs),
    }),
    event(world, 'input_audio_buffer.committed', { item_id: id }),
    event(world, 'conversation.item.input_audio_transcription.completed', {
      item_id: id,
      transcript: '',
      content_index: 0,
      status: 'completed',
    }),
  ];
  const heard = {
    ...remember(peer, { id, type: 'message', role: 'user', text: '' }),
    audioMs: 0,
    lastItemId: id,
    said: '',
    turn: peer.turn + 1,
    results: [],
    freshWords: true,
  };
  if (peer.active !== undefined) return { peer: heard, send };
  const answer = respond(heard, world);
  return { ...answer, send: [...send, ...answer.send] };
}

/** So many bytes of PCM, by event or as a raw frame: either is taken, whatever transport was agreed. */
export function receiveAudio(peer: Peer, bytes: number): PeerStep {
  const rate = peer.config.audio?.input?.format?.rate ?? 24000;
  return { peer: { ...peer, audioMs: peer.audioMs + (bytes / 2 / rate) * 1000 }, send: [] };
}
