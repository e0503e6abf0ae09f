// One step in the making: the state as it changes, and what has gathered to be sent and told. The verbs here are
// the moves of a conversation; when each is made is decided in session.ts and response.ts.

import { writeJson } from '../json-text.js';
import type { ClientEvent, CreatedItem } from '../protocol/realtime-client.js';
import { type Call, openCalls } from './calls.js';
import { endsWithInput, type HistoryItem, keepItem, messageItem } from './history.js';
import type { NoticeBody, TurnStatus } from './notice.js';
import type { Session, Turn } from './state.js';

export class Draft {
  readonly send: ClientEvent[] = [];
  readonly notices: NoticeBody[] = [];
  session: Session;
  readonly atMs: number;

  constructor(session: Session, atMs: number) {
    this.session = session;
    this.atMs = atMs;
  }

  set(change: Partial<Session>): void {
    this.session = { ...this.session, ...change };
  }

  setTurn(change: Partial<Turn>): void {
    if (this.session.turn) this.set({ turn: { ...this.session.turn, ...change } });
  }

  tell(notice: NoticeBody): void {
    this.notices.push(notice);
  }

  /**
   * Queues an event under an id of its own, which the service repeats in `error.event_id`. While the line is
   * being taken up again only the configuration goes out: the rest is made good when it stands.
   */
  emit(event: ClientEvent): void {
    if (this.session.resuming !== undefined && event.type !== 'session.update') return;
    this.send.push({ event_id: `event_${this.session.sent}`, ...event });
    this.set({ sent: this.session.sent + 1 });
  }

  /** Sends an item, under an id by which it is known again. */
  createItem(item: CreatedItem): void {
    const named = { ...item, id: item.id ?? this.newItemId() };
    if (named.type !== 'force_message') this.remember(named, false);
    this.emit({ type: 'conversation.item.create', item: named });
  }

  newItemId(): string {
    const { items, itemPrefix } = this.session;
    this.set({ items: items + 1 });
    return `${itemPrefix}${items}`;
  }

  remember(item: HistoryItem, confirmed: boolean): void {
    this.set({ history: keepItem(this.session.history, item, confirmed) });
  }

  askForResponse(): void {
    this.emit({ type: 'response.create' });
    this.setTurn({ response: { texts: {}, cancelling: false } });
  }
}

/** Begins a turn; without words it is one the service began by itself. */
export function beginTurn(draft: Draft, text?: string): void {
  const number = draft.session.turns + 1;
  const unasked = text === undefined && !endsWithInput(draft.session.history);
  draft.set({
    turns: number,
    turn: {
      number,
      startedMs: draft.atMs,
      text: '',
      calls: [],
      toolCalls: 0,
      ...(unasked && { unasked }),
    },
  });
  if (text === undefined) return;
  draft.tell({ type: 'user', turn: number, text });
  draft.createItem({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text }],
  });
  draft.askForResponse();
}

/** Once the response is over and every call has its result: all results, then one response. */
export function answerCalls(draft: Draft): void {
  const { turn, resuming } = draft.session;
  if (resuming !== undefined || !turn || turn.response !== undefined) return;
  if (turn.calls.length === 0 || openCalls(turn.calls).length > 0) return;
  sendOutputs(draft, turn.calls);
  draft.setTurn({ calls: [] });
  draft.askForResponse();
}

function sendOutputs(draft: Draft, calls: readonly Call[]): void {
  for (const { call_id, output = '' } of calls)
    draft.createItem({ type: 'function_call_output', call_id, output });
}

/** Asks for the end of the response under way, once. */
export function cancelResponse(draft: Draft): void {
  const { turn, resuming } = draft.session;
  if (resuming !== undefined || !turn?.response || turn.response.cancelling) return;
  draft.emit({ type: 'response.cancel' });
  draft.tell({ type: 'interrupted', turn: turn.number });
  draft.setTurn({ response: { ...turn.response, cancelling: true } });
}

/** The response is over: what it said and called becomes history. */
export function closeResponse(draft: Draft, confirmed: boolean): void {
  if (draft.session.turn?.response === undefined) return;
  const { response, ...turn } = draft.session.turn;
  for (const [id, { text }] of Object.entries(response.texts)) {
    if (text !== '') draft.remember(messageItem(id || draft.newItemId(), 'assistant', text), confirmed);
  }
  for (const { call_id, name, arguments: given } of turn.calls) {
    const text = typeof given === 'string' ? given : writeJson(given);
    const id = draft.newItemId();
    draft.remember({ type: 'function_call', id, call_id, name, arguments: text }, confirmed);
  }
  draft.set({ turn });
}

/** Ends the turn. Calls still open get an answer, or the conversation would hold them for ever. */
export function finishTurn(draft: Draft, status: TurnStatus): void {
  const { turn } = draft.session;
  if (!turn) return;
  closeResponse(draft, draft.session.resuming === undefined);
  if (turn.calls.length > 0) {
    const unanswered = JSON.stringify({
      error: 'interrupted before it was done',
    });
    sendOutputs(
      draft,
      turn.calls.map((call) => ({
        ...call,
        output: call.output ?? unanswered,
      })),
    );
  }
  draft.tell(turnDone(turn, status, draft.atMs));
  const { turn: _over, ...rest } = draft.session;
  const cancelledId = status === 'completed' ? undefined : turn.response?.id;
  draft.session = {
    ...rest,
    ...(cancelledId !== undefined && { cancelledId }),
  };
  sayWhatWaits(draft);
}

/** Begins a turn with what was said meanwhile, if anything was. */
export function sayWhatWaits(draft: Draft): void {
  const { turn, waiting, phase } = draft.session;
  const [next, ...rest] = waiting;
  if (next === undefined || turn !== undefined || phase !== 'open') return;
  draft.set({ waiting: rest });
  beginTurn(draft, next);
}

export function turnDone(turn: Turn, status: TurnStatus, atMs: number): NoticeBody {
  const { startedMs, firstWordMs, firstAudioMs } = turn;
  return {
    type: 'turn_done',
    turn: turn.number,
    status,
    text: turn.text,
    tool_calls: turn.toolCalls,
    ...(turn.unasked && { unasked: true }),
    ...(firstWordMs !== undefined && {
      first_word_ms: firstWordMs - startedMs,
    }),
    ...(firstAudioMs !== undefined && {
      first_audio_ms: firstAudioMs - startedMs,
    }),
    total_ms: atMs - startedMs,
  };
}
