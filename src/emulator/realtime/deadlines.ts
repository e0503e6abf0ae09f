// What happens in a session by itself: a ping every ten seconds, a word when it is silent, the end after two hours.

import { respond } from './answer.js';
import { handOverKeys } from './dtmf.js';
import { andThen, event, type Peer, type PeerStep, pingEvent, type World } from './state.js';

export const pingIntervalMs = 10_000;
/** How long the service lets a session last. */
export const longestSessionMs = 120 * 60_000;

const never = Number.POSITIVE_INFINITY;

/** When `tick` has something to do next, Unix milliseconds. */
export function nextTickMs({ pingAtMs, endsAtMs, idleAtMs = never, keys }: Peer): number {
  return Math.min(pingAtMs, endsAtMs, idleAtMs, keys?.dueAtMs ?? never);
}

/** Does what is due. */
export function tick(peer: Peer, world: World): PeerStep {
  const nowMs = world.nowMs();
  if (nowMs >= peer.endsAtMs) return end(peer, world);
  const isPingDue = nowMs >= peer.pingAtMs;
  const pinged: PeerStep = isPingDue
    ? { peer: { ...peer, pingAtMs: nowMs + pingIntervalMs }, send: [pingEvent(world)] }
    : { peer, send: [] };
  const areKeysDue = peer.keys !== undefined && nowMs >= peer.keys.dueAtMs;
  if (areKeysDue) return andThen(pinged, (next) => handOverKeys(next, world));
  const isIdle = peer.idleAtMs !== undefined && nowMs >= peer.idleAtMs;
  return isIdle ? andThen(pinged, (next) => checkIn(next, world)) : pinged;
}

function end(peer: Peer, world: World): PeerStep {
  const message = 'The session has reached its maximum duration';
  const error = { type: 'max_duration', code: 'max_duration', message, param: null, event_id: null };
  return { peer, send: [event(world, 'error', { error })], close: 'max_duration' };
}

/** Nobody has spoken since the last answer: the service asks whether anybody is there. */
function checkIn(peer: Peer, world: World): PeerStep {
  const { ear } = peer;
  const triggered = event(world, 'input_audio_buffer.timeout_triggered', {
    item_id: world.newId(),
    audio_start_ms: Math.round(ear.bufferAtMs),
    audio_end_ms: Math.round(ear.heardMs),
  });
  const emptied = { ...peer, idleAtMs: undefined, ear: { ...ear, bufferMs: 0, bufferAtMs: ear.heardMs } };
  const told: PeerStep = { peer: emptied, send: [triggered] };
  return andThen(told, (next) =>
    next.active === undefined ? respond(next, world, { isCheckIn: true }) : { peer: next, send: [] },
  );
}
