// The events of a response: its words, its calls, its end. Only those of the response under way count; late ones
// of a cancelled response are dropped by its id.

import type { Item, ServerEvent, Usage } from '../protocol/realtime-server.js';
import { type Announced, addCall } from './calls.js';
import { answerCalls, beginTurn, closeResponse, type Draft, finishTurn } from './draft.js';
import { confirmAll, itemText } from './history.js';
import { tooManyRoundsOutput } from './interrupted.js';
import { isSecondAnswer, isVad, makeWay } from './speaking.js';
import { isOutOfRounds } from './state.js';
import { addDelta, closeText, joined, type Texts } from './texts.js';

/** Takes any event whose name begins with `response.`; others are nothing to it. */
export function onResponseEvent(draft: Draft, event: ServerEvent): void {
  if (event.type === 'response.created') {
    if (isLate(draft, event.response) || isSecondAnswer(draft, event.response)) return;
    makeWay(draft);
    return onResponseCreated(draft, event.response.id ?? undefined);
  }
  if (!event.type.startsWith('response.')) return;
  const id = 'response_id' in event ? event.response_id : undefined;
  const eventId = (event.type === 'response.done' ? event.response.id : undefined) ?? id ?? undefined;
  if (isOthers(draft, eventId))
    return event.type === 'response.done' ? onOtherDone(draft, eventId) : undefined;
  const { turn } = draft.session;
  if (turn?.response === undefined) return;
  if (event.type === 'response.done') return onResponseDone(draft, event.response, event.usage ?? undefined);
  if (!turn.response.cancelling) onContent(draft, event);
  else if (event.type === 'response.function_call_arguments.done') holdCall(draft, event);
  else if (event.type === 'response.output_item.done') holdCall(draft, event.item);
}

/** Whether an event belongs to another response than the one under way. */
function isOthers({ session }: Draft, id: unknown): boolean {
  const response = session.turn?.response;
  if (id === undefined) return false;
  if (id === session.overId) return true;
  // Before ours is known by its id, anything may still be of one that was given up.
  return response?.id === undefined ? session.overdue !== undefined : id !== response.id;
}

/** One that was given up is over; ours could not begin beside it. */
function onOtherDone(draft: Draft, id: unknown): void {
  const { overdue, turn, overId } = draft.session;
  if (overdue !== undefined && id !== overId) setOverdue(draft, overdue - 1);
  if (turn?.response?.again && turn.response.id === undefined) draft.askForResponse();
}

function setOverdue(draft: Draft, overdue: number): void {
  if (overdue > 0) draft.set({ overdue });
  else draft.drop('overdue');
}

/** Whether a response that begins was asked for and given up long ago; it is cancelled then. */
function isLate(
  draft: Draft,
  { id, metadata }: { id?: string | null | undefined; metadata?: unknown },
): boolean {
  const { overdue = 0, turn } = draft.session;
  const asked = turn?.response?.eventId;
  const named = (metadata as { client_event_id?: unknown } | null | undefined)?.client_event_id;
  if (asked !== undefined && named === asked) {
    draft.drop('overdue');
    return false;
  }
  if (overdue === 0) return false;
  setOverdue(draft, overdue - 1);
  if (!id) return true;
  draft.emit({ type: 'response.cancel', response_id: id });
  draft.set({ overId: id });
  return true;
}

function onResponseCreated(draft: Draft, id: string | undefined): void {
  // Some servers call every response the same: under its name a new one has begun.
  if (id === draft.session.overId) draft.drop('overId');
  // A greeting, or an answer to speech, comes unasked and is a turn of its own.
  if (draft.session.turn === undefined) beginTurn(draft);
  const { turn } = draft.session;
  if (turn === undefined) return;
  const { spoken, ...silent } = turn;
  // A greeting that comes while a manual turn is spoken is no answer to it.
  const answered = spoken === 'speaking' && !isVad(draft.session) ? turn : silent;
  const known = turn.response;
  const isOurs = known !== undefined && known.id === undefined;
  const response = isOurs ? { ...known, again: false } : { texts: {}, cancelling: false };
  const early = isOurs && draft.session.history.at(-1)?.confirmed === false;
  draft.set({ turn: { ...answered, response: { ...response, early, ...(id !== undefined && { id }) } } });
  // Interrupted before it began.
  if (spoken === 'ended' && response.cancelling) draft.emit({ type: 'response.cancel' });
}

function onContent(draft: Draft, event: ServerEvent): void {
  switch (event.type) {
    case 'response.output_audio.delta':
      return onSound(draft, event.called ?? event.type, event.delta);
    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta':
      return onText(
        draft,
        (texts) => addDelta(texts, event.item_id ?? '', event.called ?? event.type, event.delta),
        event.item_id,
      );
    case 'response.output_audio_transcript.done':
      return onText(draft, (texts) => closeText(texts, event.item_id ?? '', event.transcript), event.item_id);
    case 'response.output_text.done':
      return onText(draft, (texts) => closeText(texts, event.item_id ?? '', event.text), event.item_id);
    case 'response.function_call_arguments.done':
      return onAnnounced(draft, event);
    case 'response.output_item.done':
      return event.item.type === 'function_call' ? onAnnounced(draft, event.item) : undefined;
    default:
      return;
  }
}

function onSound(draft: Draft, name: string, audio: string): void {
  const { turn } = draft.session;
  if (!turn?.response || (turn.response.soundName ?? name) !== name) return;
  draft.setTurn({
    firstAudioMs: turn.firstAudioMs ?? draft.atMs,
    response: { ...turn.response, soundName: name },
  });
  draft.audio.push({ turn: turn.number, audio });
}

/** A call; without arguments it waits for them until the end of the response. */
function onAnnounced(draft: Draft, call: Announced): void {
  const { response } = draft.session.turn ?? {};
  if (typeof call.arguments === 'string') return onCall(draft, call);
  if (response !== undefined)
    draft.setTurn({ response: { ...response, bare: [...(response.bare ?? []), call] } });
}

/** A call in an answer that was cancelled: it is not made, and the conversation is told so at the turn's end. */
function holdCall(draft: Draft, call: Announced & { type?: string }): void {
  const { turn } = draft.session;
  if (turn === undefined || typeof call.arguments !== 'string') return;
  if (call.type === 'function_call' || call.type === 'response.function_call_arguments.done')
    draft.setTurn({ calls: addCall(turn.calls, call).calls });
}

export function onText(
  draft: Draft,
  change: (texts: Texts) => { texts: Texts; added: string },
  itemId: string | null | undefined,
): void {
  const { turn } = draft.session;
  if (!turn?.response) return;
  const before = turn.response.texts;
  const { texts, added } = change(before);
  const begins = !before[itemId ?? '']?.text && !before['']?.text;
  draft.setTurn({
    response: { ...turn.response, texts, textBefore: turn.response.textBefore ?? turn.text },
    text: begins ? joined(turn.text, added) : turn.text + added,
  });
  if (added === '') return;
  if (turn.firstWordMs === undefined) draft.setTurn({ firstWordMs: draft.atMs });
  draft.tell({
    type: 'text',
    turn: turn.number,
    text: added,
    ...(turn.response.id !== undefined && { response_id: turn.response.id }),
    ...(itemId && { item_id: itemId }),
  });
}

export function onCall(draft: Draft, item: Announced): void {
  const { turn } = draft.session;
  if (!turn) return;
  const { calls, ready } = addCall(turn.calls, item);
  draft.setTurn({ calls, toolCalls: turn.toolCalls + (ready ? 1 : 0) });
  if (ready === undefined) return;
  const { call_id, name, arguments: given } = ready;
  const about = { turn: turn.number, call_id, name };
  draft.tell({ type: 'tool_call', ...about, arguments: given });
  if (!isOutOfRounds(draft.session)) return;
  const output = tooManyRoundsOutput;
  draft.setTurn({ calls: calls.map((each) => (each === ready ? { ...each, output } : each)) });
  draft.tell({ type: 'tool_result', ...about, output });
}

interface DoneResponse {
  id?: string | null | undefined;
  status?: string | null | undefined;
  status_details?: unknown;
  output?: Item[] | null | undefined;
  usage?: Usage | null | undefined;
}

function onResponseDone(draft: Draft, response: DoneResponse, topUsage: Usage | undefined): void {
  const cancelling = draft.session.turn?.response?.cancelling === true;
  const status = response.status ?? (cancelling ? 'cancelled' : 'completed');
  // Some servers tell items only here.
  for (const item of response.output ?? []) {
    if (cancelling) holdCall(draft, item);
    else if (item.type === 'function_call') onAnnounced(draft, item);
    else onText(draft, (texts) => closeText(texts, item.id ?? '', itemText(item)), item.id);
  }
  for (const call of cancelling ? [] : (draft.session.turn?.response?.bare ?? [])) onCall(draft, call);
  const { turn } = draft.session;
  if (!turn) return;
  const usage = [topUsage, response.usage].find((each) => each && Object.keys(each).length > 0);
  draft.tell({
    type: 'response_done',
    turn: turn.number,
    ...(response.id && { response_id: response.id }),
    status,
    ...(usage && { usage }),
  });
  if (turn.spoken !== undefined && !cancelling) return closeResponse(draft, true);
  if (cancelling || status === 'cancelled') return finishTurn(draft, 'cancelled', true);
  // A turn that goes on with its tools is not answered yet, and may be torn again and again.
  if (turn.calls.length === 0) draft.set({ tries: 0 });
  if (turn.response?.again) return answerAfterAll(draft);
  // What it answers has arrived, also where the service does not acknowledge items.
  draft.set({ history: confirmAll(draft.session.history, true) });
  if (status === 'failed' || status === 'incomplete') {
    draft.tell({
      type: 'error',
      code: `response_${status}`,
      message: failureText(status, response.status_details),
    });
    return finishTurn(draft, 'failed', true);
  }
  if (turn.calls.length === 0) return finishTurn(draft, 'completed');
  closeResponse(draft, true);
  answerCalls(draft);
}

/** What was just said, a greeting, was no answer: it had begun before the question came, which still stands. */
function answerAfterAll(draft: Draft): void {
  closeResponse(draft, true);
  draft.setTurn({ text: '' });
  if (draft.session.turn?.calls.length === 0) draft.askForResponse();
  else answerCalls(draft);
}

function failureText(status: string, details: unknown): string {
  const told = details as
    | { error?: { message?: unknown }; reason?: unknown; message?: unknown }
    | null
    | undefined;
  const reason = told?.error?.message ?? told?.message ?? told?.reason;
  return `the answer ended as ${status}${typeof reason === 'string' ? `: ${reason}` : ''}`;
}
