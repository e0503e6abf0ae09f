// A conversation as a pure machine: `advance` takes the state and one input, and returns the next state, what to
// send, and what to tell. Every transition lives here. No I/O, no clock, no ids but its own count.
//
// Two laws of the protocol are kept here and nowhere else: never two responses at once (what is said during one
// cancels it and waits for its end), and one `response.create` after the LAST tool result, never before.

import type { ClientEvent } from '../protocol/realtime-client.js';
import type { Frame, ServerEvent } from '../protocol/realtime-server.js';
import {
  answerCalls,
  beginTurn,
  cancelResponse,
  Draft,
  finishTurn,
  sayWhatWaits,
  turnDone,
} from './draft.js';
import type { NoticeBody } from './notice.js';
import { onResponseEvent } from './response.js';
import { awaiting, type Session } from './state.js';

export type Input =
  | { type: 'frame'; frame: Frame }
  | { type: 'say'; text: string }
  /** `ms` is how long the tool took, where that was measured. */
  | { type: 'tool_result'; call_id: string; output: string; ms?: number }
  | { type: 'interrupt' }
  /** What `awaiting` names did not come in time. */
  | { type: 'timeout' }
  | { type: 'closed'; code: number; reason: string };

export interface Step {
  readonly session: Session;
  readonly send: readonly ClientEvent[];
  readonly notices: readonly NoticeBody[];
}

/**
 * The one transition function. `atMs` is any clock that only goes forward.
 * Throws RangeError for an input that is illegal now; nothing has changed then.
 */
export function advance(session: Session, input: Input, atMs: number): Step {
  const draft = new Draft(session, atMs);
  switch (input.type) {
    case 'frame':
      onFrame(draft, input.frame);
      break;
    case 'say':
      onSay(draft, input.text);
      break;
    case 'tool_result':
      onToolResult(draft, input);
      break;
    case 'interrupt':
      onInterrupt(draft);
      break;
    case 'timeout':
      onTimeout(draft);
      break;
    case 'closed':
      onClosed(draft, input.code, input.reason);
      break;
  }
  return { session: draft.session, send: draft.send, notices: draft.notices };
}

function onSay(draft: Draft, text: string): void {
  const { phase, turn, waiting } = draft.session;
  if (phase === 'closed') throw new RangeError('the conversation is over');
  if (phase === 'open' && turn === undefined && waiting.length === 0) return beginTurn(draft, text);
  draft.set({ waiting: [...waiting, text] });
  if (turn?.response !== undefined) cancelResponse(draft);
}

function onToolResult(draft: Draft, { call_id, output, ms }: Extract<Input, { type: 'tool_result' }>): void {
  const { turn } = draft.session;
  const call = turn?.calls.find((each) => each.call_id === call_id && each.output === undefined);
  if (turn === undefined || call === undefined)
    throw new RangeError(`no tool call ${call_id} waits for a result`);
  draft.setTurn({
    calls: turn.calls.map((each) => (each === call ? { ...call, output } : each)),
  });
  draft.tell({
    type: 'tool_result',
    turn: turn.number,
    call_id,
    name: call.name,
    output,
    ...(ms !== undefined && { ms }),
  });
  answerCalls(draft);
}

function onInterrupt(draft: Draft): void {
  const { turn } = draft.session;
  if (turn === undefined) return;
  if (turn.response !== undefined) return cancelResponse(draft);
  draft.tell({ type: 'interrupted', turn: turn.number });
  finishTurn(draft, 'cancelled');
}

function onTimeout(draft: Draft): void {
  switch (awaiting(draft.session)) {
    case 'configuration':
      draft.tell({
        type: 'warning',
        code: 'not_configured',
        message: 'the service did not confirm the configuration; going on without',
      });
      return becomeReady(draft);
    case 'answer':
      draft.tell({
        type: 'error',
        code: 'timeout',
        message: 'no answer came in time',
      });
      draft.emit({ type: 'response.cancel' });
      return finishTurn(draft, 'timeout');
    case 'cancellation':
      return finishTurn(draft, 'cancelled');
    default:
      return;
  }
}

function onClosed(draft: Draft, code: number, reason: string): void {
  const { phase, turn, waiting } = draft.session;
  if (phase === 'closed') return;
  const idle = phase === 'open' && turn === undefined && waiting.length === 0;
  if (turn !== undefined) draft.tell(turnDone(turn, 'failed', draft.atMs));
  draft.tell({
    type: 'closed',
    code,
    reason,
    clean: idle && (code === 1000 || code === 1001),
  });
  draft.set({ phase: 'closed' });
}

function onFrame(draft: Draft, frame: Frame): void {
  if (draft.session.phase === 'closed') return;
  switch (frame.kind) {
    case 'event':
      return onEvent(draft, frame.event);
    case 'unused':
      return;
    case 'unknown':
      return draft.tell({ type: 'event', event: frame.event });
    case 'malformed':
      return draft.tell({
        type: 'warning',
        code: 'malformed_event',
        message: `the service sent ${frame.type} in an unknown shape: ${frame.problem}`,
      });
    case 'not-json':
      return draft.tell({
        type: 'warning',
        code: 'not_json',
        message: `the service sent something that is no event: ${frame.text}`,
      });
  }
}

function onEvent(draft: Draft, event: ServerEvent): void {
  switch (event.type) {
    case 'session.created':
      if (event.session?.id) draft.set({ sessionId: event.session.id });
      if (event.session?.model) draft.set({ model: event.session.model });
      return configure(draft);
    case 'conversation.created':
      if (event.conversation?.id) draft.set({ conversationId: event.conversation.id });
      // Servers have been seen to send only this one, or to send it first.
      return configure(draft);
    case 'session.updated':
      if (event.session?.model) draft.set({ model: event.session.model });
      return draft.session.phase === 'configuring' ? becomeReady(draft) : undefined;
    case 'conversation.item.input_audio_transcription.updated':
    case 'conversation.item.input_audio_transcription.completed':
      return draft.tell({
        type: 'user_transcript',
        ...(event.item_id && { item_id: event.item_id }),
        text: event.transcript,
        // `.completed` comes several times; only the one without status, or with "completed", is final.
        final: event.type.endsWith('.completed') && (event.status ?? 'completed') === 'completed',
      });
    case 'error':
      return onError(draft, event.error ?? event);
    default:
      return onResponseEvent(draft, event);
  }
}

/** May be sent as soon as the service has spoken, whichever event came first. */
function configure(draft: Draft): void {
  if (draft.session.phase !== 'connecting') return;
  draft.set({ phase: 'configuring' });
  draft.emit({ type: 'session.update', session: draft.session.setup });
}

function becomeReady(draft: Draft): void {
  const { sessionId, conversationId, model } = draft.session;
  draft.set({ phase: 'open' });
  draft.tell({
    type: 'ready',
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(conversationId !== undefined && { conversation_id: conversationId }),
    ...(model !== undefined && { model }),
  });
  sayWhatWaits(draft);
}

interface ErrorBody {
  code?: string | null | undefined;
  message?: string | null | undefined;
  param?: unknown;
}

function onError(draft: Draft, error: ErrorBody): void {
  const message = error.message || 'the service reported an error without words';
  const words = `${error.code ?? ''} ${message}`;
  const response = draft.session.turn?.response;
  // Two errors that only say that an answer and a cancellation crossed each other.
  if (/cancel_not_active|no active response/i.test(words)) {
    if (response?.cancelling) finishTurn(draft, 'cancelled');
    return;
  }
  if (/already[ _]has[ _](an[ _])?active[ _]response/i.test(words)) return;
  // Told by the driver, for whom the session is over: an agent that is not configured must not be talked to.
  if (draft.session.phase === 'configuring') return draft.set({ phase: 'closed' });
  draft.tell({
    type: 'error',
    ...(error.code && { code: error.code }),
    message,
    ...(typeof error.param === 'string' && { param: error.param }),
  });
  // An answer that has not begun will not come; one that has begun goes on to its own end.
  if (response !== undefined && response.id === undefined) finishTurn(draft, 'failed');
}
