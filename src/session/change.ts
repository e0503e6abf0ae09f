// Another configuration in the middle of a conversation. The service is asked for it when no response is under
// way; until it agrees, and where it refuses, the one before holds.

import type { SessionUpdate } from '../protocol/realtime-session.js';
import type { Draft } from './draft.js';

/** Replaces what was wanted before, taken or not. */
export function onChange(draft: Draft, setup: SessionUpdate, what: string): void {
  draft.set({ change: { setup, what } });
}

/** Asks for the configuration wanted, once, as soon as it may be. */
export function takeChange(draft: Draft): void {
  const { change, phase, resuming, turn, sent } = draft.session;
  if (change === undefined || change.eventId !== undefined) return;
  if (phase !== 'open' || resuming !== undefined || turn?.response !== undefined) return;
  draft.emit({ type: 'session.update', session: change.setup });
  draft.set({ change: { ...change, eventId: `event_${sent}` } });
}

export function onChangeTaken(draft: Draft): void {
  const { change, ...rest } = draft.session;
  if (change?.eventId === undefined) return;
  draft.session = { ...rest, setup: change.setup };
  draft.tell({ type: 'reconfigured', what: change.what });
}

/** Whether the error is the answer to the configuration wanted. Told as one that does no harm. */
export function onChangeRefused(draft: Draft, eventId: string | null | undefined, message: string): boolean {
  const { change, ...rest } = draft.session;
  if (change?.eventId === undefined) return false;
  if (eventId ? eventId !== change.eventId : rest.turn?.response !== undefined) return false;
  draft.session = rest;
  draft.tell({
    type: 'warning',
    code: 'change_refused',
    message: `the service refuses the new configuration, the old one stays: ${message}`,
  });
  return true;
}
