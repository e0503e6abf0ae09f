// What a conversation is between two inputs.

import type { SessionUpdate } from '../protocol/realtime-session.js';
import type { Call } from './calls.js';
import { isVad, type Sending } from './speaking.js';
import type { Texts } from './texts.js';

/** What a turn of the person is: words typed, or a clip of sound known by its number. */
export type Said = string | { readonly clip: number };

export interface Session {
  readonly phase: 'connecting' | 'configuring' | 'open' | 'closed';
  readonly setup: SessionUpdate;
  readonly sessionId?: string;
  readonly conversationId?: string;
  readonly model?: string;
  /** Events sent so far, from which their ids are made. */
  readonly sent: number;
  readonly turns: number;
  /** The turn under way. */
  readonly turn?: Turn;
  /** What was said while something else was going on, oldest first. */
  readonly waiting: readonly Said[];
  /** The last response that was cancelled: its late events are dropped. */
  readonly cancelledId?: string;
  /** The clip whose sound is on its way; under server VAD it may outlast its turn. */
  readonly sending?: Sending;
  /** Speech the service heard while a turn is not over yet; `stoppedMs` once it has ended. */
  readonly heard?: { readonly stoppedMs?: number };
  /** The response asked for because none came of itself; `crossed` when one did come meanwhile. */
  readonly asked?: { readonly eventId: string; readonly crossed: boolean };
  /** The item whose words were told as final last. */
  readonly finalItem?: string;
}

export interface Turn {
  readonly number: number;
  /** When the answer became due: with typed words at once, with spoken ones at their end. */
  readonly startedMs: number;
  /** A turn spoken aloud, until its answer begins. */
  readonly spoken?: 'speaking' | 'ended';
  readonly firstWordMs?: number;
  readonly firstAudioMs?: number;
  readonly text: string;
  /** The response asked for or begun, until its end. */
  readonly response?: {
    readonly id?: string;
    readonly texts: Texts;
    readonly cancelling: boolean;
  };
  readonly calls: readonly Call[];
  readonly toolCalls: number;
}

export function createSession(setup: SessionUpdate): Session {
  return { phase: 'connecting', setup, sent: 0, turns: 0, waiting: [] };
}

/** What the service owes us, so that whoever has a clock knows what to time. */
export function awaiting(
  session: Session,
): 'greeting' | 'configuration' | 'own_response' | 'answer' | 'cancellation' | undefined {
  if (session.phase === 'connecting') return 'greeting';
  if (session.phase === 'configuring') return 'configuration';
  if (session.phase !== 'open' || session.turn === undefined) return undefined;
  const { response, spoken } = session.turn;
  if (response !== undefined) return response.cancelling ? 'cancellation' : 'answer';
  if (spoken !== 'ended') return undefined;
  return isVad(session) ? 'answer' : 'own_response';
}

/** Ready for the next turn. */
export function isIdle(session: Session): boolean {
  return mayBegin(session) && session.waiting.length === 0 && session.heard === undefined;
}

/** Whether nothing stands in the way of a turn: no other one, and no sound on its way. */
export function mayBegin({ phase, turn, sending }: Session): boolean {
  return phase === 'open' && turn === undefined && sending === undefined;
}

/** Whether a tool call still waits for its result. */
export function expectsResult(session: Session, callId: string): boolean {
  return session.turn?.calls.some((call) => call.call_id === callId && call.output === undefined) === true;
}

/** The turn that sound sent now belongs to; an open microphone's between turns to the one that will begin. */
export function turnSpoken({ sending, turn, turns }: Session): number {
  return sending?.turn ?? turn?.number ?? turns + 1;
}
