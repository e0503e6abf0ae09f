// A conversation that goes on in another session: once that session opts in as well, what was said is told again.

import type { Item } from '../reply.js';
import type { WireObject } from './shapes.js';
import { event, type Peer, type PeerStep, type World } from './state.js';

/** Tells what was said, if the session has just opted in; afterwards it is part of this one. */
export function resume(peer: Peer, world: World): PeerStep {
  const { replay, ...others } = peer;
  if (replay === undefined || peer.config.resumption?.enabled !== true) return { peer, send: [] };
  const calls = replay.flatMap((item) =>
    item.type === 'function_call' ? [[item.call_id, item.name] as const] : [],
  );
  return {
    peer: {
      ...others,
      items: [...replay, ...peer.items],
      lastItemId: peer.lastItemId ?? replay.at(-1)?.id ?? null,
      itemIds: new Set([...replay.map(({ id }) => id), ...peer.itemIds]),
      calls: new Map([...calls, ...peer.calls]),
      turn: peer.turn + replay.filter((item) => item.type === 'message' && item.role === 'user').length,
    },
    // What the system was told is nobody's words.
    send: replay
      .filter((item) => item.type !== 'message' || item.role !== 'system')
      .map((item) => event(world, 'conversation.item.added', { item: replayedItem(item) })),
  };
}

/** Words come back as text, however they were said: so it was recorded. */
function replayedItem({ id, ...item }: Item & { id: string }): WireObject {
  const base = { id, object: 'realtime.item', type: item.type, status: 'completed' };
  switch (item.type) {
    case 'message':
      return { ...base, role: item.role, content: [{ type: 'text', text: item.text }], replayed: true };
    case 'function_call':
      return {
        ...base,
        role: 'tool',
        call_id: item.call_id,
        name: item.name,
        arguments: item.arguments,
        replayed: true,
      };
    case 'function_call_output':
      return { ...base, role: 'tool', call_id: item.call_id, output: item.output, replayed: true };
  }
}
