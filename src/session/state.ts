// What a conversation is between two inputs.

import type { SessionUpdate } from '../protocol/realtime-session.js';
import type { Call } from './calls.js';
import type { Texts } from './texts.js';

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
  readonly waiting: readonly string[];
  /** The last response that is over, however it ended: its late events are dropped. */
  readonly overId?: string;
}

export interface Turn {
  readonly number: number;
  readonly startedMs: number;
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
): 'greeting' | 'configuration' | 'answer' | 'cancellation' | undefined {
  if (session.phase === 'connecting') return 'greeting';
  if (session.phase === 'configuring') return 'configuration';
  const response = session.phase === 'open' ? session.turn?.response : undefined;
  if (response === undefined) return undefined;
  return response.cancelling ? 'cancellation' : 'answer';
}

/** Ready for the next turn. */
export function isIdle(session: Session): boolean {
  return session.phase === 'open' && session.turn === undefined && session.waiting.length === 0;
}

/** Whether a tool call still waits for its result. */
export function expectsResult(session: Session, callId: string): boolean {
  return session.turn?.calls.some((call) => call.call_id === callId && call.output === undefined) === true;
}
