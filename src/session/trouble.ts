// Errors the service tells of. Most leave the session as it is; some only say that two events crossed.

import { CliError } from '../errors.js';
import type { Frame } from '../protocol/realtime-server.js';
import { onChangeRefused } from './change.js';
import { type Draft, finishTurn } from './draft.js';
import { stopSending } from './speaking.js';
import type { Turn } from './state.js';

interface ErrorBody {
  type?: string | null | undefined;
  event_id?: string | null | undefined;
  code?: string | null | undefined;
  message?: string | null | undefined;
  param?: unknown;
}

/** An `error` event: what it means for the session and the turn under way. */
export function onError(draft: Draft, error: ErrorBody): void {
  const message = error.message || 'the service reported an error without words';
  const words = `${error.code ?? ''} ${message}`;
  const { phase, turn, resuming } = draft.session;
  const response = turn?.response;
  // Two errors that only say that an answer and a cancellation crossed each other.
  if (/cancel_not_active|no active response/i.test(words)) {
    // Nor is one to come of those that were given up.
    draft.drop('overdue');
    // An earlier turn's cancellation says nothing of this one's, which is still on its way.
    if (turn !== undefined && response?.cancelling && isAbout(turn, error.event_id))
      finishTurn(draft, 'cancelled', true);
    return;
  }
  if (/already[ _]has[ _](an[ _])?active[ _]response/i.test(words)) {
    if (response?.early || (response !== undefined && response.id === undefined))
      draft.setTurn({ response: { ...response, again: true } });
    return;
  }
  if (/max_duration/i.test(`${error.type} ${error.code}`)) {
    draft.set({ expired: true });
    return draft.tell({ type: 'warning', code: 'max_duration', message });
  }
  // That an earlier conversation is gone shows in the new one's id.
  if (resuming !== undefined && /conversation/i.test(words)) return;
  // Told by the driver, for whom the session is over: an agent that is not configured must not be talked to.
  if (phase === 'configuring') return draft.set({ phase: 'closed' });
  if (onChangeRefused(draft, error.event_id, message)) return;
  draft.tell({
    type: 'error',
    ...(error.code && { code: error.code }),
    message,
    ...(typeof error.param === 'string' && { param: error.param }),
  });
  // An answer that has not begun will not come; one that has begun goes on to its own end.
  if (turn === undefined || !isAbout(turn, error.event_id)) return;
  if (response !== undefined && response.id === undefined) {
    const isRefused = error.event_id === response.eventId;
    if (!isRefused) draft.emit({ type: 'response.cancel' });
    return finishTurn(draft, 'failed', isRefused);
  }
  if (response === undefined && turn.spoken !== undefined) {
    stopSending(draft);
    finishTurn(draft, 'failed');
  }
}

/** Whether an error may be about this turn: it names one of its events, or none at all. */
function isAbout({ since }: Turn, eventId: string | null | undefined): boolean {
  if (!eventId) return true;
  const [, number] = /^event_(\d+)$/.exec(eventId) ?? [];
  return number !== undefined && Number(number) >= since;
}

/** The error of a session whose configuration was not taken, by what the service said of it. */
export function refusedSetup(frame: Frame): CliError {
  const error = frame.kind === 'event' && frame.event.type === 'error' ? frame.event : undefined;
  const message = error?.error?.message ?? error?.message ?? 'no reason given';
  return new CliError('session_failed', `the service refuses this agent's configuration: ${message}`, {
    hint: 'agents get shows the configuration; --verbose shows what was sent',
  });
}
