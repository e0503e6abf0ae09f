// Turns spoken aloud. Two ways: manual, where we commit what was said and the service mostly answers by itself; and
// server VAD, where the service hears the end of speech, answers, and falls silent when it is spoken over.
//
// A turn is never answered twice: after a commit the service is given time to begin on its own, and only then asked.

import type { ServerEventOf } from '../protocol/realtime-server.js';
import { beginTurn, cancelResponse, type Draft, finishTurn, sayWhatWaits } from './draft.js';
import { setWords } from './history.js';
import type { Session, Turn } from './state.js';

/** A clip on its way: its number, the turn it began, how much of it has been sent, and how much of that is answered for. */
export interface Sending {
  readonly clip: number;
  readonly turn: number;
  readonly ms: number;
  /** Where the service last heard speech end. */
  readonly doneMs: number;
}

/** Whether the service itself hears where a turn ends. */
export function isVad({ setup }: Pick<Session, 'setup'>): boolean {
  return setup.turn_detection?.type === 'server_vad';
}

/** A piece of sound: of the clip on its way, or of an open microphone. Late pieces of a clip given up are dropped. */
export function onAudio(draft: Draft, audio: string, ms: number): void {
  const { sending, phase } = draft.session;
  if (phase !== 'open' || (sending === undefined && !isVad(draft.session))) return;
  draft.emit({ type: 'input_audio_buffer.append', audio });
  if (sending !== undefined) draft.set({ sending: { ...sending, ms: sending.ms + ms } });
}

/** All of the clip is sent. */
export function onAudioEnd(draft: Draft): void {
  const { sending, turn, phase } = draft.session;
  if (sending === undefined || phase !== 'open') return;
  draft.drop('sending');
  draft.tell({ type: 'user_audio', turn: sending.turn, seconds: sending.ms / 1000 });
  if (!isVad(draft.session)) draft.emit({ type: 'input_audio_buffer.commit' });
  // Under VAD the service may have heard the end long ago.
  if (turn?.spoken === 'speaking') draft.setTurn({ spoken: 'ended', startedMs: draft.atMs });
  sayWhatWaits(draft);
}

/** Stops the clip on its way, and lets the service forget what it has of it. */
export function stopSending(draft: Draft): void {
  const { sending, turn } = draft.session;
  if (sending === undefined && turn?.spoken !== 'speaking') return;
  draft.emit({ type: 'input_audio_buffer.clear' });
  if (sending === undefined) return;
  draft.drop('sending');
  draft.tell({ type: 'user_audio', turn: sending.turn, seconds: sending.ms / 1000 });
}

/** Ctrl+C before an answer has begun. */
export function interruptSpeech(draft: Draft): void {
  const { turn } = draft.session;
  stopSending(draft);
  if (turn === undefined) return sayWhatWaits(draft);
  draft.tell({ type: 'interrupted', turn: turn.number });
  if (turn.spoken !== 'ended') return finishTurn(draft, 'cancelled');
  // The answer is about to begin by itself, and is cancelled when it does.
  draft.setTurn({ response: { texts: {}, cancelling: true } });
}

type SpeechEvent = ServerEventOf<'input_audio_buffer.speech_started' | 'input_audio_buffer.speech_stopped'>;

/** What the service hears. In manual turns these come as well, and mean nothing. */
export function onSpeechEvent(draft: Draft, event: SpeechEvent): void {
  const started = event.type === 'input_audio_buffer.speech_started';
  draft.tell({
    type: started ? 'speech_started' : 'speech_stopped',
    ...(event.item_id && { item_id: event.item_id }),
  });
  if (!isVad(draft.session) || draft.session.phase !== 'open') return;
  if (started) speechStarted(draft);
  else speechStopped(draft);
}

function speechStarted(draft: Draft): void {
  const { turn } = draft.session;
  if (turn === undefined) {
    beginTurn(draft);
    return draft.setTurn({ spoken: 'speaking', unasked: false, ...partOf(draft.session.sending) });
  }
  if (turn.response === undefined && turn.spoken !== undefined) return draft.setTurn({ spoken: 'speaking' });
  // Spoken over: the service ends its answer by itself. Tools that run go on, their results wait for the speech.
  cancelResponse(draft, true);
  draft.set({ heard: {} });
}

function speechStopped(draft: Draft): void {
  const { turn, heard, sending } = draft.session;
  if (sending !== undefined) draft.set({ sending: { ...sending, doneMs: sending.ms } });
  if (heard !== undefined) return draft.set({ heard: { ...heard, stoppedMs: draft.atMs } });
  if (turn?.spoken !== undefined) draft.setTurn({ spoken: 'ended', startedMs: draft.atMs });
}

/** The part of a clip on its way that a turn begins with. */
export function partOf(sending: Sending | undefined): Pick<Turn, 'clip'> {
  return sending === undefined ? {} : { clip: { number: sending.clip, fromMs: sending.doneMs } };
}

/** The service keeps what was spoken as this item. */
export function onSpokenItem(draft: Draft, item: string): void {
  const { turn, heard } = draft.session;
  if (heard !== undefined) draft.set({ heard: { ...heard, item } });
  else if (turn?.spoken !== undefined) draft.setTurn({ spokenItem: item });
}

type Transcript = ServerEventOf<
  | 'conversation.item.input_audio_transcription.updated'
  | 'conversation.item.input_audio_transcription.completed'
>;

/** What the person said aloud, as it is understood so far or at last. */
export function onTranscript(draft: Draft, { type, item_id, transcript, status }: Transcript): void {
  // `.completed` comes several times; only the one without status, or with "completed", is final.
  const final = type.endsWith('.completed') && (status ?? 'completed') === 'completed';
  // Guesses come even after the final words.
  if (!final && item_id && item_id === draft.session.finalItem) return;
  if (final && item_id) draft.set({ finalItem: item_id });
  if (item_id) draft.set({ history: setWords(draft.session.history, item_id, transcript) });
  draft.tell({ type: 'user_transcript', ...(item_id && { item_id }), text: transcript, final });
}

/** The service did not begin to answer a commit by itself. */
export function askAfterCommit(draft: Draft): void {
  const eventId = `event_${draft.session.sent}`;
  // Comes back with the response, so that it is known from one that began by itself at the same moment.
  draft.emit({ type: 'response.create', response: { metadata: { client_event_id: eventId } } });
  draft.set({ asked: { eventId, crossed: false } });
  draft.setTurn({ response: { texts: {}, cancelling: false, eventId } });
}

/** Whether a response that begins is the second answer to the same speech; it is cancelled then. */
export function isSecondAnswer(draft: Draft, response: { id?: unknown; metadata?: unknown }): boolean {
  const { asked } = draft.session;
  if (asked === undefined) return false;
  const { client_event_id } = (response.metadata ?? {}) as { client_event_id?: unknown };
  if (client_event_id !== asked.eventId) {
    draft.set({ asked: { ...asked, crossed: true } });
    return false;
  }
  draft.drop('asked');
  if (!asked.crossed || typeof response.id !== 'string') return false;
  draft.emit({ type: 'response.cancel', response_id: response.id });
  draft.set({ overId: response.id });
  return true;
}

/** Before a response begins: ends the one that was spoken over, if the service did not say so itself. */
export function makeWay(draft: Draft): void {
  const { heard, turn } = draft.session;
  if (heard === undefined) return;
  if (turn?.response?.cancelling) finishTurn(draft, 'cancelled', true);
  else draft.drop('heard');
}
