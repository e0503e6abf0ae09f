// The events of a response: its words, its calls, its end. Only those of the response under way count; late ones
// of a cancelled response are dropped by its id.

import type { Item, ServerEvent, Usage } from '../protocol/realtime-server.js';
import { addCall } from './calls.js';
import { answerCalls, beginTurn, type Draft, finishTurn } from './draft.js';
import { addDelta, closeText, type Texts } from './texts.js';

/** Takes any event whose name begins with `response.`; others are nothing to it. */
export function onResponseEvent(draft: Draft, event: ServerEvent): void {
  if (event.type === 'response.created') return onResponseCreated(draft, event.response.id ?? undefined);
  const { turn } = draft.session;
  const response = turn?.response;
  if (turn === undefined || response === undefined || !event.type.startsWith('response.')) return;
  const id = 'response_id' in event ? event.response_id : undefined;
  const eventId = (event.type === 'response.done' ? event.response.id : undefined) ?? id ?? undefined;
  if (response.id !== undefined && eventId !== undefined && eventId !== response.id) return;
  if (eventId !== undefined && eventId === draft.session.overId) return;
  if (event.type === 'response.done') return onResponseDone(draft, event.response, event.usage ?? undefined);
  if (!response.cancelling) onContent(draft, event);
}

function onResponseCreated(draft: Draft, id: string | undefined): void {
  // A greeting, or an answer to speech, comes unasked and is a turn of its own.
  if (draft.session.turn === undefined) beginTurn(draft);
  const known = draft.session.turn?.response;
  const response = known !== undefined && known.id === undefined ? known : { texts: {}, cancelling: false };
  draft.setTurn({ response: { ...response, ...(id !== undefined && { id }) } });
}

function onContent(draft: Draft, event: ServerEvent): void {
  switch (event.type) {
    case 'response.output_audio.delta':
      if (draft.session.turn?.firstAudioMs === undefined) draft.setTurn({ firstAudioMs: draft.atMs });
      return;
    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta':
      return onText(
        draft,
        (texts) => addDelta(texts, event.item_id ?? '', event.type, event.delta),
        event.item_id,
      );
    case 'response.output_audio_transcript.done':
      return onText(draft, (texts) => closeText(texts, event.item_id ?? '', event.transcript), event.item_id);
    case 'response.output_text.done':
      return onText(draft, (texts) => closeText(texts, event.item_id ?? '', event.text), event.item_id);
    case 'response.function_call_arguments.done':
      return onCall(draft, { ...event, id: event.item_id });
    case 'response.output_item.done':
      return event.item.type === 'function_call' ? onCall(draft, event.item) : undefined;
    default:
      return;
  }
}

function onText(
  draft: Draft,
  change: (texts: Texts) => { texts: Texts; added: string },
  itemId: string | null | undefined,
): void {
  const { turn } = draft.session;
  if (!turn?.response) return;
  const { texts, added } = change(turn.response.texts);
  draft.setTurn({
    response: { ...turn.response, texts },
    text: turn.text + added,
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

function onCall(draft: Draft, item: Pick<Item, 'id' | 'call_id' | 'name' | 'arguments'>): void {
  const { turn } = draft.session;
  if (!turn) return;
  const { calls, ready } = addCall(turn.calls, item);
  draft.setTurn({ calls, toolCalls: turn.toolCalls + (ready ? 1 : 0) });
  if (ready) {
    const { call_id, name, arguments: given } = ready;
    draft.tell({
      type: 'tool_call',
      turn: turn.number,
      call_id,
      name,
      arguments: given,
    });
  }
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
  for (const item of cancelling ? [] : (response.output ?? [])) {
    if (item.type === 'function_call') onCall(draft, item);
    else onText(draft, (texts) => closeText(texts, item.id ?? '', itemText(item)), item.id);
  }
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
  if (cancelling || status === 'cancelled') return finishTurn(draft, 'cancelled');
  if (status === 'failed' || status === 'incomplete') {
    draft.tell({
      type: 'error',
      code: `response_${status}`,
      message: failureText(status, response.status_details),
    });
    return finishTurn(draft, 'failed');
  }
  if (turn.calls.length === 0) return finishTurn(draft, 'completed');
  const { response: _over, ...withoutResponse } = turn;
  draft.set({ turn: withoutResponse, ...(turn.response?.id !== undefined && { overId: turn.response.id }) });
  answerCalls(draft);
}

function itemText(item: Item): string | undefined {
  const texts = (item.content ?? []).map((part) => part.transcript ?? part.text ?? '');
  return texts.length > 0 ? texts.join('') : undefined;
}

function failureText(status: string, details: unknown): string {
  const told = details as
    | { error?: { message?: unknown }; reason?: unknown; message?: unknown }
    | null
    | undefined;
  const reason = told?.error?.message ?? told?.message ?? told?.reason;
  return `the answer ended as ${status}${typeof reason === 'string' ? `: ${reason}` : ''}`;
}
