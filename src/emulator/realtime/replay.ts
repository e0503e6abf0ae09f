// A conversation that goes on in another session: once that session opts in as well, what was said is told again.

import type { Item, ToolResult } from '../reply.js';
import { Growing } from './growing.js';
import type { WireObject } from './shapes.js';
import { event, type Peer, type PeerStep, type World } from './state.js';

/** Tells what was said, if the session has just opted in; afterwards it is part of this one. */
export function resume(peer: Peer, world: World): PeerStep {
  const { replay, ...others } = peer;
  if (replay === undefined || peer.config.resumption?.enabled !== true) return { peer, send: [] };
  const before = [...replay.entries()].flatMap(([id, item]) => (item === undefined ? [] : [{ id, item }]));
  let { calls } = peer;
  for (const { item } of before) {
    if (item.type === 'function_call' && !calls.has(item.call_id)) calls = calls.set(item.call_id, item.name);
  }
  let items = replay;
  for (const [id, item] of peer.items.entries()) items = items.set(id, item);
  return {
    peer: {
      ...others,
      items,
      lastItemId: peer.lastItemId ?? before.at(-1)?.id ?? null,
      calls,
      turn: peer.turn + before.filter(({ item }) => isOf(item, 'user')).length,
      ...unanswered(peer, before, calls),
    },
    // What the system was told is nobody's words.
    send: before
      .filter(({ item }) => !isOf(item, 'system'))
      .map(({ id, item }) => event(world, 'conversation.item.added', { item: replayedItem(id, item) })),
  };
}

/** What a `response.create` without anything new is about: what was said last, and what its tools gave. */
function unanswered(
  peer: Peer,
  before: { id: string; item: Item }[],
  calls: Peer['calls'],
): Pick<Peer, 'said' | 'results'> {
  const last = before.findLast(({ item }) => isOf(item, 'user'))?.item;
  let results = lastResults(before, calls);
  for (const [id, result] of peer.results.entries()) results = results.set(id, result);
  return { said: peer.said === '' && last?.type === 'message' ? last.text : peer.said, results };
}

/**
 * The results of the last calls, unless the person has spoken since. What the agent said after them does not mean
 * that they were answered: it may be the beginning of an answer whose line dropped.
 */
export function lastResults(
  items: readonly { id: string; item: Item | undefined }[],
  calls: Peer['calls'],
): Peer['results'] {
  const from = items.findLastIndex(
    ({ item }) => item?.type === 'function_call' || (item !== undefined && isOf(item, 'user')),
  );
  let results = Growing.of<ToolResult>();
  for (const { id, item } of items.slice(from + 1)) {
    if (item?.type !== 'function_call_output') continue;
    results = results.set(id, { name: calls.get(item.call_id) ?? 'unknown', output: item.output });
  }
  return results;
}

const isOf = (item: Item, role: 'user' | 'system') => item.type === 'message' && item.role === role;

/** Words come back as text, however they were said: so it was recorded. */
function replayedItem(id: string, item: Item): WireObject {
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
