// A line that dropped, and the conversation taken up again on a new one: nothing said is lost, nothing is said
// twice, no tool is run twice for one call.
//
// What came before the first new response is history. What the service acknowledged or tells again, it has; the
// rest of ours is sent again under the ids it had. In a conversation the service does not know, that is all of it.

import type { Item } from '../protocol/realtime-server.js';
import { answerCalls, closeResponse, type Draft, finishTurn, sayWhatWaits, voidWords } from './draft.js';
import {
  confirm,
  confirmAll,
  type History,
  itemText,
  keepItem,
  keyOf,
  messageItem,
  readItem,
  unconfirmed,
} from './history.js';
import { onCall, onText } from './response.js';
import { onSpokenItem } from './speaking.js';
import type { Resuming, Session } from './state.js';
import { closeText } from './texts.js';
import { forgetSpeech, holdSpeech, keepSpeech, speakAgain, tellWordless } from './unheard.js';

/** Waits before the tries to come back, about 30 s together. One more drop than these ends the conversation. */
const waitsMs = [500, 2000, 4000, 8000, 16_000];
/** A line that stood so long counts as sound, whatever came of the tries before. */
const steadyMs = 60_000;
/** Closed on purpose (1000, 1001), or for what we sent and would send again. */
const finalCodes = new Set([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010]);

/** Whether a line closed with this code is worth coming back to; one that was left is to be replaced. */
export function mayComeBack({ phase, expired }: Session, code: number): boolean {
  return phase !== 'closed' && (phase === 'reconnecting' || expired || !finalCodes.has(code));
}

/** How long to wait before the next try, in ms; undefined when there is none left. `random` is from 0 to 1. */
export function comeBackDelayMs({ tries, cleared }: Session, random: number): number | undefined {
  // Nothing is wrong with the service then.
  if (cleared && tries === 0) return 0;
  const wait = waitsMs[tries];
  return wait === undefined ? undefined : wait * (0.75 + random / 2);
}

export function onDropped(draft: Draft, code: number, reason: string): void {
  const { resuming, conversationId, opened, phase, tries, openMs, turn } = draft.session;
  // One line about it, however often it drops on the way back.
  const isAway = opened ? resuming !== undefined : tries > 0;
  if (!isAway) draft.tell({ type: 'reconnecting', code, reason });
  const isSteady = phase === 'open' && draft.atMs - openMs >= steadyMs;
  const meant = resuming === undefined && opened ? conversationId : resuming?.conversationId;
  draft.set({ phase: 'reconnecting', expired: false, tries: isSteady ? 0 : tries });
  if (opened || meant !== undefined)
    draft.set({ resuming: { replay: [], ...(meant !== undefined && { conversationId: meant }) } });
  draft.drop('overdue');
  holdSpeech(draft);
  // A greeting before all else is begun anew.
  if (turn?.response?.cancelling || !opened) finishTurn(draft, 'cancelled');
}

/** A new line stands; the service has not spoken on it yet. */
export function onReconnected(draft: Draft): void {
  const { sessionId: _session, conversationId: _conversation, change, ...rest } = draft.session;
  const { eventId: _lost, ...wanted } = change ?? { setup: rest.setup, what: '' };
  draft.session = { ...rest, phase: 'connecting', ...(change !== undefined && { change: wanted }) };
}

/** An item of the conversation, as the service holds it: ours acknowledged, or one of earlier told again. */
export function onItemAdded(draft: Draft, item: Item): void {
  const { resuming, history } = draft.session;
  if (resuming !== undefined)
    return draft.set({ resuming: { ...resuming, replay: upsert(resuming.replay, item) } });
  const key = keyOf(item);
  if (history.some((entry) => entry.key === key)) return draft.set({ history: confirm(history, key) });
  // What the person said aloud is an item the service makes; its words come later.
  if (item.type !== 'message' || item.role !== 'user' || !item.id || item.replayed === true) return;
  draft.set({ history: keepItem(history, messageItem(item.id, 'user', itemText(item) ?? ''), true) });
  onSpokenItem(draft, item.id);
}

/** Items are announced more than once, the second time with less: never from done to under way. */
function upsert(items: readonly Item[], item: Item): readonly Item[] {
  const at = items.findIndex((each) => keyOf(each) === keyOf(item));
  if (at < 0) return [...items, item];
  return isUnderWay(item) && !isUnderWay(items[at] as Item) ? items : items.with(at, item);
}

const isUnderWay = ({ status }: Item) => status === 'in_progress' || status === 'incomplete';

/** The new line is configured: takes the conversation up where it was, and tells how. */
export function comeBack(draft: Draft, resuming: Resuming): void {
  const isKept = isSame(draft.session, resuming);
  const replay = isKept ? resuming.replay : [];
  if (isKept) tellResumed(draft, 'service', replay.length);
  else draft.set({ history: confirmAll(draft.session.history, false) });
  confirmTold(draft, replay);
  if (isKept) keepSpeech(draft, newItems(draft.session.history, replay));
  else forgetSpeech(draft);
  const answered = takeAnswer(draft, replay);
  // A response that called a tool stands as far as it came: asked again, it would call again.
  if (answered || (draft.session.turn?.calls.length ?? 0) > 0) closeResponse(draft, false);
  confirmTold(draft, replay);
  // Pieces of an answer that is asked for again are not to pass for a new one, should the line drop again.
  for (const item of newItems(draft.session.history, replay)) {
    const piece = readItem(item);
    if (piece !== undefined && item.type === 'message') draft.remember(piece, true);
  }
  const missing = unconfirmed(draft.session.history);
  endResuming(draft);
  for (const item of missing) draft.emit({ type: 'conversation.item.create', item });
  if (!isKept) {
    tellResumed(draft, 'seeding', missing.length);
    tellWordless(draft);
  }
  speakAgain(draft);
  continueTurn(draft);
}

function confirmTold(draft: Draft, replay: readonly Item[]): void {
  for (const item of replay) draft.set({ history: confirm(draft.session.history, keyOf(item)) });
}

function tellResumed(draft: Draft, by: 'service' | 'seeding', items: number): void {
  const { sessionId, conversationId } = draft.session;
  draft.tell({
    type: 'resumed',
    by,
    items,
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(conversationId !== undefined && { conversation_id: conversationId }),
  });
}

function endResuming(draft: Draft): void {
  const { resuming: _over, ...rest } = draft.session;
  draft.session = rest;
}

function isSame({ conversationId }: Session, resuming: Resuming): boolean {
  if (resuming.conversationId === undefined) return false;
  // A service that does not name the conversation, but tells it again, has it.
  return conversationId === undefined
    ? resuming.replay.length > 0
    : conversationId === resuming.conversationId;
}

/** A conversation of an earlier run: what was said in it is told, and kept. */
export function continueEarlier(draft: Draft, resuming: Resuming): void {
  endResuming(draft);
  if (resuming.conversationId === undefined) return;
  if (!isSame(draft.session, resuming)) {
    return draft.tell({
      type: 'warning',
      code: 'conversation_gone',
      message: `the service no longer keeps the conversation ${resuming.conversationId}; this is a new one`,
    });
  }
  for (const item of resuming.replay) {
    const kept = readItem(item);
    if (kept === undefined) continue;
    draft.remember(kept, true);
    draft.tell({ type: 'history', replayed: true, item });
  }
}

/** Takes what the service answered while nobody listened; tells whether there was an answer. */
function takeAnswer(draft: Draft, replay: readonly Item[]): boolean {
  const { history, turn, setup } = draft.session;
  if (turn?.response === undefined || history.some(({ confirmed }) => !confirmed)) return false;
  // Once recorded: only the assistant's words came again. A call that followed them would be missed.
  const isWhole = replay.some(({ type, role }) => type === 'message' && role === 'user');
  if (!isWhole && (setup.tools ?? []).length > 0) return false;
  const answer = newItems(history, replay).filter(isAnswer);
  const last = answer.at(-1);
  if (last === undefined || !(last.type === 'function_call' || endsSentence(itemText(last) ?? '')))
    return false;
  const continues = Object.entries(turn.response.texts).every(([id, { text }]) =>
    answer.some((item) => item.id === id && itemText(item)?.startsWith(text)),
  );
  if (!continues) voidWords(draft);
  for (const item of answer) {
    if (item.type === 'function_call') onCall(draft, item);
    else onText(draft, (texts) => closeText(texts, item.id ?? '', itemText(item)), item.id);
  }
  return true;
}

/** What is told again and was not known. */
function newItems(history: History, replay: readonly Item[]): readonly Item[] {
  const known = new Set(history.map(({ key }) => key));
  const last = replay.findLastIndex((item) => known.has(keyOf(item)));
  // Under other ids than they had, old answers could not be told from a new one.
  const hadAnswers = history.some(({ item }) => item.type === 'message' && item.role === 'assistant');
  return last < 0 && hadAnswers ? [] : replay.slice(last + 1);
}

/** A call without its arguments, as echoes of calls are, is not one that could be run. */
function isAnswer(item: Item): boolean {
  if (item.type === 'function_call') return Boolean(item.arguments);
  return item.type === 'message' && item.role === 'assistant' && !isUnderWay(item) && Boolean(itemText(item));
}

/** An answer that was cut off with the line may be told again as if it were whole. */
function endsSentence(text: string): boolean {
  return /[.!?…。！？।؟]["'”’»)\]]*\s*$/u.test(text);
}

function continueTurn(draft: Draft): void {
  const { turn } = draft.session;
  if (turn === undefined) return sayWhatWaits(draft);
  if (turn.calls.length > 0) return answerCalls(draft);
  if (turn.spoken !== undefined) return;
  if (turn.response === undefined) return finishTurn(draft, 'completed');
  // A greeting that was cut off: nobody asked for it.
  if (turn.unasked && turn.toolCalls === 0) return finishTurn(draft, 'cancelled');
  voidWords(draft);
  draft.askForResponse();
}
