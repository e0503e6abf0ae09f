// How a session says no: an `error` event, after which everything is as it was.

import { event, type Peer, type PeerStep, type World } from './state.js';

export interface Refusal {
  type?: string;
  code: string;
  message: string;
  param?: string | null;
  event_id?: string | null | undefined;
}

export function refuse(peer: Peer, world: World, refusal: Refusal): PeerStep {
  const error = { type: 'invalid_request_error', param: null, event_id: null, ...refusal };
  return { peer, send: [event(world, 'error', { error })] };
}
