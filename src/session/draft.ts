// One step in the making: the state as it changes, and what has gathered to be sent and told. The verbs here are
// the moves of a conversation; when each is made is decided in session.ts and response.ts.

import type { ClientEvent, CreatedItem } from '../protocol/realtime-client.js';
import { type Call, openCalls } from './calls.js';
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

  /** Queues an event under an id of its own, which the service repeats in `error.event_id`. */
  emit(event: ClientEvent): void {
    this.send.push({ event_id: `event_${this.session.sent}`, ...event });
    this.set({ sent: this.session.sent + 1 });
  }

  createItem(item: CreatedItem): void {
    this.emit({ type: 'conversation.item.create', item });
  }

  askForResponse(): void {
    this.emit({ type: 'response.create' });
    this.setTurn({ response: { texts: {}, cancelling: false } });
  }
}

/** Begins a turn; without words it is one the service began by itself. */
export function beginTurn(draft: Draft, text?: string): void {
  const number = draft.session.turns + 1;
  draft.set({
    turns: number,
    turn: { number, startedMs: draft.atMs, text: '', calls: [], toolCalls: 0 },
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
  const { turn } = draft.session;
  if (!turn || turn.response !== undefined || turn.calls.length === 0 || openCalls(turn.calls).length > 0)
    return;
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
  const { turn } = draft.session;
  if (!turn?.response || turn.response.cancelling) return;
  draft.emit({ type: 'response.cancel' });
  draft.tell({ type: 'interrupted', turn: turn.number });
  draft.setTurn({ response: { ...turn.response, cancelling: true } });
}

/** Ends the turn. Calls still open get an answer, or the conversation would hold them for ever. */
export function finishTurn(draft: Draft, status: TurnStatus): void {
  const { turn } = draft.session;
  if (!turn) return;
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
  const overId = turn.response?.id;
  draft.session = {
    ...rest,
    ...(overId !== undefined && { overId }),
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
    ...(firstWordMs !== undefined && {
      first_word_ms: firstWordMs - startedMs,
    }),
    ...(firstAudioMs !== undefined && {
      first_audio_ms: firstAudioMs - startedMs,
    }),
    total_ms: atMs - startedMs,
  };
}
