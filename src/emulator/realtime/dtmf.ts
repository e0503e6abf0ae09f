// Keys of a caller's phone. Each is told at once; together they are handed to the model as text: on `#`, when none has
// come for 2.5 s, or when somebody speaks. Facts: xAI's SIP guide.

import { respondWhenFree } from './answer.js';
import { Growing } from './growing.js';
import { andThen, event, type Peer, type PeerStep, remember, type World } from './state.js';

/** How long after a key the next one may still belong to it. */
export const dtmfIdleMs = 2500;

/** One key: 0 to 9, A to D, `*` or `#`. */
export function pressKey(peer: Peer, key: string, world: World): PeerStep {
  const nowMs = world.nowMs();
  const told = event(world, 'input_audio_buffer.dtmf_event_received', {
    event: key,
    received_at: Math.floor(nowMs / 1000),
  });
  const keys = `${peer.keys?.pressed ?? ''}${key}`;
  const pressed: Peer = {
    ...peer,
    idleAtMs: undefined,
    keys: { pressed: keys, dueAtMs: nowMs + dtmfIdleMs },
  };
  const step: PeerStep = { peer: pressed, send: [told] };
  return key === '#' ? andThen(step, (next) => handOverKeys(next, world)) : step;
}

/** What was pressed is answered as soon as nobody speaks. */
export function handOverKeys(peer: Peer, world: World): PeerStep {
  return peer.keys === undefined
    ? { peer, send: [] }
    : andThen(takeKeys(peer, world), (next) => respondWhenFree(next, world));
}

/** What was pressed becomes something the person said. A `#` that ends other keys is no part of it. */
export function takeKeys(before: Peer, world: World): PeerStep {
  const { keys, ...peer } = before;
  if (keys === undefined) return { peer: before, send: [] };
  const text = keys.pressed.replace(/(?<=.)#$/, '');
  const id = world.newId();
  const item = {
    id,
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_text', text }],
  };
  const told = remember(peer, id, { type: 'message', role: 'user', text });
  const heard: Peer = {
    ...told,
    lastItemId: id,
    said: peer.freshWords ? `${peer.said} ${text}`.trim() : text,
    // Words that are spoken before anybody answers join them.
    isSpoken: true,
    unclear: false,
    turn: peer.turn + 1,
    results: Growing.of(),
    freshWords: true,
  };
  return { peer: heard, send: [event(world, 'conversation.item.added', { item })] };
}
