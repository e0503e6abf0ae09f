// A conversation as a pure machine: `advance` takes the state and one input, and returns the next state, what to
// send, and what to tell. Every transition lives here. No I/O, no clock, no ids but its own count.
//
// Two laws of the protocol are kept here and nowhere else: never two responses at once (what is said during one
// cancels it and waits for its end), and one `response.create` after the LAST tool result, never before.

import type { ClientEvent } from '../protocol/realtime-client.js';
import type { Frame, ServerEvent } from '../protocol/realtime-server.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import { onChange, onChangeTaken, takeChange } from './change.js';
import { onClear } from './clear.js';
import {
  type AudioPiece,
  answerCalls,
  cancelResponse,
  Draft,
  finishTurn,
  sayWhatWaits,
  takeTurn,
  turnDone,
} from './draft.js';
import { comeBack, continueEarlier, onDropped, onItemAdded, onReconnected } from './line.js';
import type { NoticeBody } from './notice.js';
import { onResponseEvent } from './response.js';
import { onSent } from './sent.js';
import {
  askAfterCommit,
  interruptSpeech,
  onAudio,
  onAudioEnd,
  onSpeechEvent,
  onSpokenItem,
  onTranscript,
  stopSending,
} from './speaking.js';
import { awaiting, type Session } from './state.js';
import { onError } from './trouble.js';

export type Input =
  | { type: 'frame'; frame: Frame }
  | { type: 'say'; text: string }
  /** `ms` is how long the tool took, where that was measured. */
  | { type: 'tool_result'; call_id: string; output: string; ms?: number }
  /** A clip of sound is to be a turn; `sending` says when its pieces are wanted. */
  | { type: 'speak'; clip: number }
  /** A piece of it, or of an open microphone: base64 in the session's format. */
  | { type: 'audio'; audio: string; ms: number }
  | { type: 'audio_end' }
  /** The agent is to speak of itself, and to say exactly `words` where there are any. */
  | { type: 'utter'; words?: string | undefined }
  | { type: 'interrupt' }
  /** What `awaiting` names did not come in time. */
  | { type: 'timeout' }
  /** The line dropped, and somebody tries to come back. */
  | { type: 'dropped'; code: number; reason: string }
  /** A try begins. */
  | { type: 'retrying' }
  /** A new line stands. */
  | { type: 'reconnected' }
  /** Another configuration, to be taken when no response is under way; `what` is other about it. */
  | { type: 'change'; setup: SessionUpdate; what: string }
  /** A new conversation, with nothing known of this one; its line is to follow. */
  | { type: 'clear' }
  /** `problem` is why the last try to come back failed. */
  | { type: 'closed'; code: number; reason: string; problem?: string }
  /** What somebody else sent, as it went over the wire: for a conversation that is only looked at. */
  | { type: 'sent'; event: Record<string, unknown> };

export interface Step {
  readonly session: Session;
  readonly send: readonly ClientEvent[];
  readonly notices: readonly NoticeBody[];
  /** The agent's voice, of the response under way alone. */
  readonly audio: readonly AudioPiece[];
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
      takeTurn(draft, input.text);
      break;
    case 'speak':
      takeTurn(draft, { clip: input.clip });
      break;
    case 'utter':
      takeTurn(draft, { words: input.words });
      break;
    case 'audio':
      onAudio(draft, input.audio, input.ms);
      break;
    case 'audio_end':
      onAudioEnd(draft);
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
    case 'dropped':
      onDropped(draft, input.code, input.reason);
      break;
    case 'retrying':
      draft.set({ tries: draft.session.tries + 1 });
      break;
    case 'reconnected':
      onReconnected(draft);
      break;
    case 'change':
      onChange(draft, input.setup, input.what);
      break;
    case 'clear':
      onClear(draft);
      break;
    case 'sent':
      onSent(draft, input.event);
      break;
    case 'closed':
      onClosed(draft, input);
      break;
  }
  takeChange(draft);
  return { session: draft.session, send: draft.send, notices: draft.notices, audio: draft.audio };
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
  const { turn, sending, resuming } = draft.session;
  if (resuming !== undefined) draft.drop('unsent');
  else if (turn?.response !== undefined) {
    if (sending !== undefined) stopSending(draft);
    return cancelResponse(draft);
  } else if (turn?.spoken !== undefined || sending !== undefined) return interruptSpeech(draft);
  if (turn === undefined) return;
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
    case 'own_response':
      return askAfterCommit(draft);
    case 'answer':
      draft.tell({
        type: 'error',
        code: 'timeout',
        message:
          draft.session.turn?.response === undefined
            ? 'no answer came in time: the service may have heard no speech'
            : 'no answer came in time',
      });
      if (draft.session.turn?.response !== undefined) draft.emit({ type: 'response.cancel' });
      return finishTurn(draft, 'timeout');
    case 'cancellation':
      return finishTurn(draft, 'cancelled');
    default:
      return;
  }
}

function onClosed(draft: Draft, { code, reason, problem }: Input & { type: 'closed' }): void {
  const { phase, turn, waiting, tries, call } = draft.session;
  if (phase === 'closed') return;
  const idle = phase === 'open' && turn === undefined && waiting.length === 0;
  const isNormal = code === 1000 || code === 1001;
  if (turn !== undefined) draft.tell(turnDone(turn, call && isNormal ? 'cancelled' : 'failed', draft.atMs));
  draft.tell({
    type: 'closed',
    code,
    reason,
    clean: idle && isNormal,
    ...(phase === 'reconnecting' && { tries }),
    ...(problem !== undefined && { problem }),
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
      // A stored agent's own configuration comes unasked, and may be the first word.
      if (draft.session.phase === 'connecting') return configure(draft);
      return draft.session.phase === 'configuring' ? becomeReady(draft) : onChangeTaken(draft);
    case 'conversation.item.added':
      return onItemAdded(draft, event.item);
    case 'conversation.item.input_audio_transcription.updated':
    case 'conversation.item.input_audio_transcription.completed':
      return onTranscript(draft, event);
    case 'input_audio_buffer.committed':
      return event.item_id ? onSpokenItem(draft, event.item_id) : undefined;
    case 'input_audio_buffer.speech_started':
    case 'input_audio_buffer.speech_stopped':
      return onSpeechEvent(draft, event);
    case 'input_audio_buffer.dtmf_event_received':
      return draft.tell({ type: 'dtmf', digit: event.event });
    case 'error':
      return onError(draft, event.error ?? { ...event, event_id: undefined });
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
  const { sessionId, conversationId, model, resuming, opened, cleared } = draft.session;
  draft.set({ phase: 'open', openMs: draft.atMs, opened: true });
  if (resuming !== undefined && opened) return comeBack(draft, resuming);
  if (resuming !== undefined) continueEarlier(draft, resuming);
  draft.drop('cleared');
  draft.tell({
    type: cleared ? 'cleared' : 'ready',
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(conversationId !== undefined && { conversation_id: conversationId }),
    ...(model !== undefined && { model }),
  });
  sayWhatWaits(draft);
}
