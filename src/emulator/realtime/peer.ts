// The service's side of a realtime session as a pure machine: no sockets, no timers; ids and the time are handed
// in. It follows recordings of the real service event for event, and refuses what the real one refuses.

import type { FunctionDefinition } from '../../protocol/agent.js';
import { normaliseTool } from '../../protocol/agent.js';
import { faultsOf } from '../../protocol/faults.js';
import { isObject } from '../../protocol/json.js';
import { type ClientEvent, type CreatedItem, clientEvents } from '../../protocol/realtime-client.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import { configFault, mergeConfig } from './config.js';
import { cancelActive, startActive } from './response.js';
import { createdSession, echoedItem, updatedSession } from './shapes.js';
import { event, type Peer, type PeerStep, pingEvent, type World } from './state.js';

/** A new session and its greeting: `session.created`, `conversation.created`, `ping`. */
export function openPeer(model: string, world: World): PeerStep {
  const peer: Peer = {
    sessionId: world.newId().replaceAll('-', ''),
    conversationId: world.newId(),
    model,
    config: {},
    lastItemId: null,
    itemIds: new Set(),
    calls: {},
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
    value = JSON.parse(frame);
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
  const refused = (code: string, message: string, param?: string) =>
    refuse(peer, world, { code, message, param: param ?? null, event_id: received.event_id ?? null });
  switch (received.type) {
    case 'session.update': {
      const fault = configFault(received.session);
      if (fault !== undefined) return refused('invalid_value', fault.message, fault.param);
      const config = mergeConfig(peer.config, received.session);
      return {
        peer: { ...peer, config },
        send: [event(world, 'session.updated', { session: updatedSession(config, peer.model) })],
      };
    }
    case 'conversation.item.create':
      if (received.item.type === 'function_call_output' && peer.calls[received.item.call_id] === undefined) {
        return refused(
          'item_not_found',
          `No tool call with call_id '${received.item.call_id}'`,
          'item.call_id',
        );
      }
      return onItem(peer, received.item, world);
    case 'conversation.item.delete':
      if (!peer.itemIds.has(received.item_id))
        return refused('item_not_found', `No item '${received.item_id}'`, 'item_id');
      return { peer, send: [event(world, 'conversation.item.deleted', { item_id: received.item_id })] };
    case 'conversation.item.truncate':
      // Recorded clients get no answer they could wait for.
      return { peer, send: [] };
    case 'response.create':
      if (peer.active !== undefined) {
        return refused(
          'conversation_already_has_active_response',
          'Conversation already has an active response in progress',
        );
      }
      return respond(peer, world, received.response);
    case 'response.cancel':
      if (peer.active === undefined) {
        return refused('response_cancel_not_active', 'Cancellation failed: no active response found');
      }
      return cancelActive(peer, peer.active, world);
    case 'input_audio_buffer.append':
      return { peer: { ...peer, audioMs: peer.audioMs + durationMs(received.audio, peer.config) }, send: [] };
    case 'input_audio_buffer.clear':
      return { peer: { ...peer, audioMs: 0 }, send: [event(world, 'input_audio_buffer.cleared', {})] };
    case 'input_audio_buffer.commit':
      if (peer.audioMs === 0)
        return refused('input_audio_buffer_commit_empty', 'The input audio buffer is empty');
      return onCommit(peer, world);
  }
}

function onItem(peer: Peer, item: CreatedItem, world: World): PeerStep {
  const id = item.id ?? world.newId();
  const added = event(world, 'conversation.item.added', { item: echoedItem(item, id) });
  const next = { ...peer, lastItemId: id, itemIds: new Set(peer.itemIds).add(id) };
  switch (item.type) {
    case 'function_call':
      return { peer: { ...next, calls: { ...peer.calls, [item.call_id]: item.name } }, send: [added] };
    case 'function_call_output': {
      const result = { name: peer.calls[item.call_id] ?? 'unknown', output: item.output };
      return { peer: { ...next, results: [...peer.results, result] }, send: [added] };
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
      if (item.role !== 'user') return { peer: next, send: [added] };
      const said = item.content
        .map((part) => (part.type === 'input_audio' ? '' : part.text))
        .join(' ')
        .trim();
      return { peer: { ...next, said, turn: peer.turn + 1, results: [], freshWords: true }, send: [added] };
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
    ...peer,
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

/** Base64 PCM at the session's input rate. */
function durationMs(audio: string, config: SessionUpdate): number {
  const rate = config.audio?.input?.format?.rate ?? 24000;
  return (Math.floor((audio.length * 3) / 4) / 2 / rate) * 1000;
}
