// A conversation that is only looked at: what its client sent moves the machine as its own doing would have. What the
// machine wants to send meanwhile is nobody's.

import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import { openCalls } from './calls.js';
import { beginTurn, cancelResponse, type Draft, finishTurn } from './draft.js';
import { keyOf, messageItem } from './history.js';
import { isInterrupted } from './interrupted.js';

/** Takes any event, also those no service would. */
export function onSent(draft: Draft, event: Record<string, unknown>): void {
  switch (event.type) {
    case 'session.update':
      return onUpdate(draft, event.session);
    case 'conversation.item.create':
      return isObject(event.item) ? onItem(draft, event.item) : undefined;
    case 'response.create':
      return onAsked(draft);
    case 'response.cancel':
      return cancelResponse(draft);
    default:
      return;
  }
}

function onUpdate(draft: Draft, session: unknown): void {
  if (!isObject(session)) return;
  draft.set({ setup: { ...draft.session.setup, ...(session as SessionUpdate) } });
  if (draft.session.phase === 'connecting') draft.set({ phase: 'configuring' });
}

function onItem(draft: Draft, item: Record<string, unknown>): void {
  if (item.type === 'function_call_output') return onOutput(draft, item.call_id, item.output);
  if (item.type !== 'message' || item.role !== 'user') return;
  const parts = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  const texts = parts.map(({ text }) => text).filter((text) => typeof text === 'string');
  const words = texts.length > 0 ? texts.join('') : undefined;
  if (typeof item.id === 'string' && item.id !== '' && words !== undefined) {
    const key = keyOf({ type: 'message', id: item.id });
    // Told again on another line.
    if (draft.session.history.some((entry) => entry.key === key)) return;
    draft.remember(messageItem(item.id, 'user', words), false);
  }
  onWords(draft, words);
}

/** `text` is undefined for words that were spoken. */
function onWords(draft: Draft, text: string | undefined): void {
  const before = draft.session.turn;
  if (before !== undefined && isAbandoned(before)) finishTurn(draft, 'cancelled');
  const { turn, waiting } = draft.session;
  // They belong to the turn after the answer that is being given.
  if (turn?.response?.id !== undefined && text !== undefined) {
    return draft.set({ waiting: [...waiting, text] });
  }
  if (turn === undefined) begin(draft);
  const number = draft.session.turn?.number;
  if (text !== undefined && number !== undefined) draft.tell({ type: 'user', turn: number, text });
}

/** A turn of the person's, whose words are told by whoever knows them. */
function begin(draft: Draft): void {
  beginTurn(draft);
  draft.setTurn({ unasked: false });
}

type Turn = NonNullable<Draft['session']['turn']>;

/** Whether the person has given up on the turn: its answer was cancelled, or its tools were. */
function isAbandoned({ response, calls }: Turn): boolean {
  if (response !== undefined) return response.cancelling;
  return calls.length > 0 && calls.every(({ output }) => isInterrupted(output));
}

function onOutput(draft: Draft, callId: unknown, output: unknown): void {
  const { turn } = draft.session;
  const call = turn?.calls.find((each) => each.call_id === callId && each.output === undefined);
  if (turn === undefined || call === undefined) return;
  const told = typeof output === 'string' ? output : (writeJson(output) ?? '');
  draft.setTurn({ calls: turn.calls.map((each) => (each === call ? { ...call, output: told } : each)) });
  const { call_id, name } = call;
  draft.tell({ type: 'tool_result', turn: turn.number, call_id, name, output: told });
}

function onAsked(draft: Draft): void {
  if (draft.session.turn === undefined) begin(draft);
  const { turn } = draft.session;
  if (turn === undefined || turn.response !== undefined) return;
  draft.setTurn({
    // The first word counts from when the answer is asked for, not from when the words were handed in.
    ...(turn.toolCalls === 0 && { startedMs: draft.atMs }),
    calls: openCalls(turn.calls),
    response: { texts: {}, cancelling: false },
  });
}
