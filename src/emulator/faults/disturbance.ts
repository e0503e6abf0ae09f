// Faults on the line of a realtime session, as a machine without a line: events in, and what becomes of them out.
// The session itself goes on as if nothing were wrong, as the real one does when its line is bad.

import { readJson, writeJson } from '../../json-text.js';
import { isObject, parseJson } from '../../protocol/json.js';
import type { FaultAt, FaultName, Place } from './table.js';

/** A frame: text of an event, or raw audio. */
export type Frame = string | Buffer;

export type Act = { send: Frame } | { waitMs: number } | { close: number; reason: string } | { cut: true };

export interface Disturbance {
  /** What to do about a frame on its way to the client. */
  out(frame: Frame): Act[];
  /** Whether a text frame of the client reaches the service. */
  in(frame: string): boolean;
}

type Event = { type: string; [member: string]: unknown };
type Strike = (place: Place) => readonly FaultName[];
type InReply = FaultAt<'reply'>;

/** The reply under way. */
interface Reply {
  faults: readonly InReply[];
  /** Whether its first word, call or end has been seen. */
  begun: boolean;
  /** Nothing more of it is sent. */
  muted: boolean;
  words: Event[];
}

const slowWordMs = 1000;
const lateWords = 2;

/** `strike` takes an occasion and names the faults that strike; `newId` makes ids of events that are added. */
export function createDisturbance(strike: Strike, newId: () => string): Disturbance {
  let isOver = false;
  let isSilent = false;
  /** A tool result was lost: the `response.create` that goes with it is not heard either. */
  let isDeaf = false;
  let reply: Reply | undefined;
  let held: string | undefined;

  const error = (type: string, message: string): Act =>
    send({
      type: 'error',
      event_id: newId(),
      previous_item_id: null,
      error: { type, code: type, message, param: null, event_id: null },
    });

  function out(frame: Frame): Act[] {
    if (isOver || isSilent) return [];
    if (typeof frame !== 'string') return reply?.muted ? [] : [{ send: frame }];
    const event = readJson(frame) as Event;
    if (event.type === 'session.created') {
      const [fault] = strike('connect') as FaultAt<'connect'>[];
      isSilent = fault !== undefined;
      if (fault === 'drop-at-connect') return [{ cut: true }];
      if (isSilent) return [];
    }
    if (event.type === 'session.updated' && strike('configure').length > 0) return [];
    if (isFinalTranscript(event) && strike('transcript').length > 0)
      return [send({ ...event, status: 'in_progress' })];
    if (event.type === 'response.created') {
      const faults = strike('reply') as InReply[];
      reply = { faults, begun: false, muted: faults.includes('silent-reply'), words: [] };
      held = undefined;
    }
    return reply !== undefined && isOfReply(event) ? outOfReply(reply, event, frame) : [{ send: frame }];
  }

  function outOfReply(current: Reply, event: Event, frame: string): Act[] {
    const isDone = event.type === 'response.done';
    if (isDone) reply = undefined;
    if (current.muted) return isDone && current.faults.includes('failed-reply') ? [failed(event)] : [];
    const isWord = event.type === 'response.output_audio_transcript.delta';
    if (isWord) current.words.push(event);
    const frames = isWord ? word(event, frame) : [frame];
    const acts = frames.flatMap((each) => inDisorder(each, isDone));
    if (isWord && current.faults.includes('slow-words')) acts.unshift({ waitMs: slowWordMs });
    if (!current.begun && (isWord || isDone || event.type === 'response.function_call_arguments.done')) {
      current.begun = true;
      const [fault] = current.faults.filter((name) => name !== 'slow-words' && name !== 'silent-reply');
      if (fault !== undefined) return atFirstWord(fault, current, isDone ? [] : acts, event);
    }
    if (isDone && isCancelled(event) && strike('cancel').length > 0) {
      for (const late of current.words.slice(-lateWords)) acts.push(send({ ...late, event_id: newId() }));
    }
    return acts;
  }

  function atFirstWord(
    fault: Exclude<InReply, 'slow-words' | 'silent-reply'>,
    current: Reply,
    said: Act[],
    event: Event,
  ): Act[] {
    const isDone = event.type === 'response.done';
    switch (fault) {
      case 'drop-in-reply':
        isOver = true;
        return [...said, { cut: true }];
      case 'close-1011-in-reply':
        isOver = true;
        return [...said, { close: 1011, reason: 'internal error' }];
      case 'max-duration':
        isOver = true;
        return [
          ...said,
          error('max_duration', 'The session has reached its maximum duration'),
          { close: 1000, reason: 'max duration' },
        ];
      case 'failed-reply':
        current.muted = true;
        return [...said, error('internal_error', 'The model failed'), ...(isDone ? [failed(event)] : [])];
      case 'stalled-reply':
        current.muted = true;
        return said;
      case 'error-in-reply':
        return [...said, error('internal_error', 'Something went wrong'), ...(isDone ? [send(event)] : [])];
    }
  }

  /** The frames that stand for a word's event. */
  function word(event: Event, frame: string): string[] {
    const faults = strike('word') as FaultAt<'word'>[];
    const page = '<html><body>502 Bad Gateway</body></html>';
    const unknown = { type: 'response.mood.updated', event_id: newId(), mood: 'fine' };
    const whole = faults.includes('misshapen-event')
      ? writeJson({ ...event, delta: { text: event.delta } })
      : frame;
    return [
      ...(faults.includes('not-json') ? [page] : []),
      ...(faults.includes('unknown-event') ? [writeJson(unknown)] : []),
      faults.includes('torn-frame') ? whole.slice(0, Math.floor(whole.length / 2)) : whole,
    ];
  }

  /** Twice, or after the next: what is last has no next. */
  function inDisorder(frame: string, isLast: boolean): Act[] {
    const faults = strike('event') as FaultAt<'event'>[];
    const before = held;
    held = undefined;
    if (before === undefined && !isLast && faults.includes('out-of-order-events')) {
      held = frame;
      return [];
    }
    const times = faults.includes('duplicate-events') ? 2 : 1;
    return [...Array(times).fill(frame), ...(before === undefined ? [] : [before])].map((each: string) => ({
      send: each,
    }));
  }

  return {
    out,
    in(frame) {
      const event = parsed(frame);
      if (event?.type === 'conversation.item.create' && isObject(event.item)) {
        const isResult = event.item.type === 'function_call_output';
        if (!isResult) isDeaf = false;
        else if (strike('result').length > 0) {
          isDeaf = true;
          return false;
        }
      }
      if (event?.type !== 'response.create' || !isDeaf) return true;
      isDeaf = false;
      return false;
    },
  };
}

const send = (event: Event): Act => ({ send: writeJson(event) });

function failed(event: Event): Act {
  const response = isObject(event.response) ? event.response : {};
  return send({ ...event, response: { ...response, status: 'failed', output: [] } });
}

const isCancelled = ({ response }: Event) => isObject(response) && response.status === 'cancelled';

const isFinalTranscript = ({ type, status }: Event) =>
  type === 'conversation.item.input_audio_transcription.completed' && status === 'completed';

/** Events of a response, and the announcements of its items. */
function isOfReply({ type, item }: Event): boolean {
  if (type.startsWith('response.')) return true;
  return (
    type === 'conversation.item.added' &&
    isObject(item) &&
    item.status === 'in_progress' &&
    item.role !== 'user'
  );
}

function parsed(frame: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(frame);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
