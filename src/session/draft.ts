// One step in the making: the state as it changes, and what has gathered to be sent and told. The verbs here are
// the moves of a conversation; when each is made is decided in session.ts and response.ts.

import { writeJson } from '../json-text.js';
import type { ClientEvent, CreatedItem } from '../protocol/realtime-client.js';
import { type Call, openCalls } from './calls.js';
import { endsWithInput, type HistoryItem, keepItem, messageItem } from './history.js';
import { interruptedOutput } from './interrupted.js';
import type { NoticeBody, TurnStatus } from './notice.js';
import { partOf } from './speaking.js';
import { isOutOfRounds, mayBegin, type Said, type Session, type Turn } from './state.js';

/** A piece of the agent's voice, base64 in the session's format. */
export interface AudioPiece {
  readonly turn: number;
  readonly audio: string;
}

export class Draft {
  readonly send: ClientEvent[] = [];
  readonly notices: NoticeBody[] = [];
  readonly audio: AudioPiece[] = [];
  session: Session;
  readonly atMs: number;

  /** The copy of this step, which nobody else has: changed in place, as a step makes many changes. */
  #own: Session | undefined;

  constructor(session: Session, atMs: number) {
    this.session = session;
    this.atMs = atMs;
  }

  set(change: Partial<Session>): void {
    if (this.session !== this.#own) {
      this.#own = { ...this.session };
      this.session = this.#own;
    }
    Object.assign(this.#own, change);
  }

  setTurn(change: Partial<Turn>): void {
    if (this.session.turn) this.set({ turn: { ...this.session.turn, ...change } });
  }

  drop(member: 'cleared' | 'sending' | 'unsent' | 'heard' | 'asked' | 'overdue' | 'overId'): void {
    const { [member]: _gone, ...rest } = this.session;
    this.session = rest;
  }

  dropOfTurn(member: 'spoken' | 'spokenItem' | 'response'): void {
    if (this.session.turn === undefined) return;
    const { [member]: _gone, ...turn } = this.session.turn;
    this.set({ turn });
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
    const { overdue, sent } = this.session;
    const eventId = `event_${sent}`;
    // Comes back with the response, which is known by it from one that is late.
    const named = overdue === undefined ? {} : { response: { metadata: { client_event_id: eventId } } };
    this.emit({ type: 'response.create', ...named });
    this.setTurn({ response: { texts: {}, cancelling: false, eventId } });
  }
}

/** Begins a turn now, or after what is under way, which it interrupts. Throws RangeError once all is over. */
export function takeTurn(draft: Draft, said: Said): void {
  const { phase, turn, waiting } = draft.session;
  if (phase === 'closed') throw new RangeError('the conversation is over');
  if (mayBegin(draft.session) && waiting.length === 0) return beginTurn(draft, said);
  draft.set({ waiting: [...waiting, said] });
  if (turn?.response !== undefined) cancelResponse(draft);
}

/** Begins a turn; with nothing said it is one the service began by itself. */
export function beginTurn(draft: Draft, said?: Said): void {
  const number = draft.session.turns + 1;
  const isOurs = typeof said === 'object' && 'words' in said;
  const unasked = isOurs || (said === undefined && !endsWithInput(draft.session.history));
  draft.set({
    turns: number,
    turn: {
      number,
      since: draft.session.sent,
      startedMs: draft.atMs,
      text: '',
      calls: [],
      toolCalls: 0,
      rounds: 0,
      ...(unasked && { unasked }),
    },
  });
  if (said === undefined) return;
  if (typeof said !== 'string' && 'words' in said) return speakFirst(draft, said.words);
  if (typeof said !== 'string') {
    draft.setTurn({ spoken: 'speaking', clip: { number: said.clip, fromMs: 0 } });
    return draft.set({ sending: { clip: said.clip, turn: number, ms: 0, doneMs: 0 } });
  }
  const text = said;
  draft.tell({ type: 'user', turn: number, text });
  draft.createItem({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text }],
  });
  draft.askForResponse();
}

/** Words that are given start a response by themselves: it is not asked for. */
function speakFirst(draft: Draft, words: string | undefined): void {
  if (words === undefined) return draft.askForResponse();
  const eventId = `event_${draft.session.sent}`;
  const content = [{ type: 'output_text' as const, text: words }];
  draft.createItem({ type: 'force_message', role: 'assistant', interruptible: true, content });
  draft.setTurn({ response: { texts: {}, cancelling: false, eventId } });
}

/** Once the response is over and every call has its result: all results, then one response. */
export function answerCalls(draft: Draft): void {
  const { turn, resuming } = draft.session;
  if (resuming !== undefined || !turn || turn.response !== undefined) return;
  if (turn.calls.length === 0 || openCalls(turn.calls).length > 0) return;
  if (isOutOfRounds(draft.session)) return endRounds(draft, turn);
  sendOutputs(draft, turn.calls);
  draft.setTurn({ calls: [], rounds: turn.rounds + 1 });
  // The service answers what it hears by itself, and the results with it.
  if (draft.session.heard !== undefined) return joinHeard(draft);
  draft.askForResponse();
}

/** The model goes on calling tools: the turn ends here, or it never would. */
function endRounds(draft: Draft, { calls, rounds }: Turn): void {
  const names = [...new Set(calls.map(({ name }) => name))].join(', ');
  draft.tell({
    type: 'error',
    code: 'tool_rounds',
    message:
      `the model has not answered after ${rounds} rounds of tools; it now calls ${names} ` +
      '(--max-tool-rounds allows more)',
  });
  finishTurn(draft, 'failed');
}

/** Makes what was heard meanwhile the speech of the turn under way. */
function joinHeard(draft: Draft): void {
  const { stoppedMs, item } = draft.session.heard ?? {};
  draft.drop('heard');
  draft.setTurn({
    unasked: false,
    ...(item !== undefined && { spokenItem: item }),
    ...partOf(draft.session.sending),
    spoken: stoppedMs === undefined ? 'speaking' : 'ended',
    startedMs: stoppedMs ?? draft.atMs,
  });
}

function sendOutputs(draft: Draft, calls: readonly Call[]): void {
  for (const { call_id, output = '' } of calls)
    draft.createItem({ type: 'function_call_output', call_id, output });
}

/** Asks for the end of the response under way, once; `byItself` when the service ends it without being asked. */
export function cancelResponse(draft: Draft, byItself = false): void {
  const { turn, resuming } = draft.session;
  if (resuming !== undefined || !turn?.response || turn.response.cancelling) return;
  if (!byItself) draft.emit({ type: 'response.cancel' });
  draft.tell({ type: 'interrupted', turn: turn.number });
  draft.setTurn({ response: { ...turn.response, cancelling: true } });
}

/** What was told of the response under way does not count. */
export function voidWords(draft: Draft): void {
  const { turn } = draft.session;
  if (turn?.response === undefined) return;
  const { textBefore: text = turn.text } = turn.response;
  if (text === turn.text) return;
  draft.setTurn({ text, response: { ...turn.response, texts: {} } });
  draft.tell({ type: 'answer_restarted', turn: turn.number });
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
  draft.set({ turn, ...(response.id !== undefined && { overId: response.id }) });
}

/**
 * Ends the turn. Calls still open get an answer, or the conversation would hold them for ever. `isOver` when the
 * response asked for is known to be over, or never to come.
 */
export function finishTurn(draft: Draft, status: TurnStatus, isOver = false): void {
  const { turn, resuming, overdue = 0 } = draft.session;
  if (!turn) return;
  const mayComeLate = turn.response?.eventId !== undefined && turn.response.id === undefined;
  if (mayComeLate && !isOver && resuming === undefined) draft.set({ overdue: overdue + 1 });
  closeResponse(draft, draft.session.resuming === undefined);
  if (turn.calls.length > 0) {
    sendOutputs(
      draft,
      turn.calls.map((call) => ({
        ...call,
        output: call.output ?? interruptedOutput,
      })),
    );
  }
  draft.tell(turnDone(turn, status, draft.atMs));
  const { turn: _over, ...rest } = draft.session;
  draft.session = rest;
  sayWhatWaits(draft);
}

/** Begins a turn with what was said meanwhile, if anything was; aloud comes first. */
export function sayWhatWaits(draft: Draft): void {
  const { turn, waiting, phase, heard } = draft.session;
  if (heard !== undefined && turn === undefined && phase === 'open') {
    beginTurn(draft);
    return joinHeard(draft);
  }
  const [next, ...rest] = waiting;
  if (next === undefined || !mayBegin(draft.session)) return;
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
