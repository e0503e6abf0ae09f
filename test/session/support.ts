// Driving the machine by hand: inputs in, what it sends and tells out.

import type { ClientEvent } from '../../src/protocol/realtime-client.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import type { AudioPiece } from '../../src/session/draft.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { advance, type Input } from '../../src/session/session.js';
import { createSession, type Session } from '../../src/session/state.js';

export const setup: SessionUpdate = { instructions: 'Be brief.' };

export interface Drive {
  session: Session;
  /** Types of everything sent so far. */
  sent: ClientEvent[];
  notices: NoticeBody[];
  /** The agent's voice so far. */
  audio: AudioPiece[];
  atMs: number;
  input(input: Input): void;
  /** A server event, as it would come over the wire. */
  event(event: Record<string, unknown>): void;
  /** What was sent since the last call. */
  takeSent(): ClientEvent[];
  takeNotices(): NoticeBody[];
}

export function drive(session: Session = createSession(setup)): Drive {
  const driven: Drive = {
    session,
    sent: [],
    notices: [],
    audio: [],
    atMs: 0,
    input(input) {
      const step = advance(driven.session, input, driven.atMs);
      driven.session = step.session;
      driven.sent.push(...step.send);
      driven.notices.push(...step.notices);
      driven.audio.push(...step.audio);
    },
    event: (event) => driven.input({ type: 'frame', frame: readServerFrame(JSON.stringify(event)) }),
    takeSent: () => driven.sent.splice(0),
    takeNotices: () => driven.notices.splice(0),
  };
  return driven;
}

/** A session that is configured, with nothing left to look at. */
export function ready(): Drive {
  const driven = drive();
  driven.event({ type: 'session.created', session: { id: 's1', model: 'grok-voice-latest' } });
  driven.event({ type: 'conversation.created', conversation: { id: 'c1' } });
  driven.event({ type: 'session.updated', session: {} });
  driven.takeSent();
  driven.takeNotices();
  return driven;
}

export const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

export const created = (id = 'r1') => ({ type: 'response.created', response: { id, status: 'in_progress' } });
export const word = (delta: string, id = 'r1', item = 'i1') => ({
  type: 'response.output_audio_transcript.delta',
  response_id: id,
  item_id: item,
  delta,
});
export const done = (id = 'r1', members: Record<string, unknown> = {}) => ({
  type: 'response.done',
  response: { id, status: 'completed', output: [], usage: {}, ...members },
  response_id: id,
});
export const call = (callId: string, name = 'lookup', given = '{"a":1}', id = 'r1') => ({
  type: 'response.function_call_arguments.done',
  response_id: id,
  item_id: `item-${callId}`,
  call_id: callId,
  name,
  arguments: given,
});
