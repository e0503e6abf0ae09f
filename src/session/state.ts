// What a conversation is between two inputs.

import type { Item } from '../protocol/realtime-server.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import type { Announced, Call } from './calls.js';
import type { History } from './history.js';
import { isVad, type Sending } from './speaking.js';
import type { Texts } from './texts.js';

/**
 * What a turn begins with: words typed, a clip of sound known by its number, or the agent itself, which speaks first;
 * with `words` it says exactly these.
 */
export type Said = string | { readonly clip: number } | { readonly words: string | undefined };

export interface Session {
  readonly phase: 'connecting' | 'configuring' | 'open' | 'reconnecting' | 'closed';
  /** Whether it was open before. */
  readonly opened: boolean;
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
  /** Responses asked for and given up before they were known by an id: they may begin late. */
  readonly overdue?: number;
  /** The last response that is over, however it ended: its late events are dropped. */
  readonly overId?: string;
  /** Begins the ids of our items, so that none of an earlier conversation is met again. */
  readonly itemPrefix: string;
  /** Items made so far, from which their ids are made. */
  readonly items: number;
  readonly history: History;
  /** While a conversation that was under way before is taken up again; nothing is said to the service then. */
  readonly resuming?: Resuming;
  /** A new conversation was asked for, and is not yet under way. */
  readonly cleared?: true;
  /** Tries to come back since the conversation last went on. */
  readonly tries: number;
  /** When the line was last found to work. */
  readonly openMs: number;
  /** The service said that the session has lasted as long as one may. */
  readonly expired: boolean;
  /** The clip whose sound is on its way; under server VAD it may outlast its turn. */
  readonly sending?: Sending;
  /** The clip whose sound was on its way when the line dropped. */
  readonly unsent?: Sending;
  /** Speech the service heard while a turn is not over yet; `stoppedMs` once it has ended, `item` once it has it. */
  readonly heard?: { readonly stoppedMs?: number; readonly item?: string };
  /** The response asked for because none came of itself; `crossed` when one did come meanwhile. */
  readonly asked?: { readonly eventId: string; readonly crossed: boolean };
  /** The item whose words were told as final last. */
  readonly finalItem?: string;
  /** Another configuration, not yet taken. */
  readonly change?: Change;
  /** Of a telephone. */
  readonly call: boolean;
  /** Rounds of tools a turn may have. */
  readonly maxToolRounds: number;
}

export interface Resuming {
  /** The conversation that is meant; absent when the service never named it. */
  readonly conversationId?: string;
  /** What the service has told of it. */
  readonly replay: readonly Item[];
}

export interface Change {
  readonly setup: SessionUpdate;
  /** What is other about it, in words. */
  readonly what: string;
  /** The event that asked the service for it. */
  readonly eventId?: string;
}

export interface Turn {
  readonly number: number;
  /** Events sent before it began: errors about those are not about this turn. */
  readonly since: number;
  /** When the answer became due: with typed words at once, with spoken ones at their end. */
  readonly startedMs: number;
  /** A turn spoken aloud, until its answer begins. */
  readonly spoken?: 'speaking' | 'ended';
  /** The clip it was spoken by, and where in it the turn begins. */
  readonly clip?: { readonly number: number; readonly fromMs: number };
  /** What was spoken, as the service keeps it; absent until it is known to. */
  readonly spokenItem?: string;
  readonly firstWordMs?: number;
  readonly firstAudioMs?: number;
  readonly text: string;
  /** The response asked for or begun, until its end. */
  readonly response?: {
    readonly id?: string;
    readonly texts: Texts;
    /** The turn's words before those of this response, once it has any. */
    readonly textBefore?: string;
    readonly cancelling: boolean;
    /** The event that asked for it; absent when it began by itself. */
    readonly eventId?: string;
    /** What the first piece of its sound was called: the same may come under two names. */
    readonly soundName?: string;
    /** Calls announced without arguments, which may come later. */
    readonly bare?: readonly Announced[];
    /** Begun before the service had what it should answer. */
    readonly early?: boolean;
    /** The one asked for was refused because of this one. */
    readonly again?: boolean;
  };
  /** Begun by the service, with nothing to answer: a greeting. */
  readonly unasked?: boolean;
  readonly calls: readonly Call[];
  readonly toolCalls: number;
  /** How often its calls were answered. */
  readonly rounds: number;
}

export interface SessionOptions {
  /** How often the calls of a turn are answered before it must have come to an end; without, as often as it likes. */
  maxToolRounds?: number | undefined;
  /** Begins the ids of our items: another one for each run. */
  itemPrefix?: string | undefined;
  /** The id of an earlier conversation, which the line was opened to continue. */
  resume?: string | undefined;
  /** It is a phone call, whose end in the middle of a turn is no failure: somebody hung up, or was handed over. */
  call?: boolean | undefined;
}

export function createSession(setup: SessionUpdate, options: SessionOptions = {}): Session {
  const { itemPrefix = 'item_', resume, call = false, maxToolRounds = Number.POSITIVE_INFINITY } = options;
  return {
    phase: 'connecting',
    opened: false,
    setup,
    sent: 0,
    turns: 0,
    waiting: [],
    itemPrefix,
    maxToolRounds,
    call,
    items: 0,
    history: [],
    tries: 0,
    openMs: 0,
    expired: false,
    ...(resume !== undefined && { resuming: { conversationId: resume, replay: [] } }),
  };
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

/** Whether an open microphone is sent. A clip is not talked into: the pieces of two sounds would be neither. */
export function mayHear({ phase, sending }: Session): boolean {
  return phase === 'open' && sending === undefined;
}

/** Whether there is something to interrupt. */
export function isUnderWay({ phase, resuming, turn, sending, unsent }: Session): boolean {
  if (phase === 'closed' || (phase !== 'open' && resuming === undefined)) return false;
  return (turn ?? sending ?? unsent) !== undefined;
}

/** Whether the turn under way may not have its tools run once more. */
export function isOutOfRounds({ turn, maxToolRounds }: Session): boolean {
  return turn !== undefined && turn.rounds >= maxToolRounds;
}

/** Whether a tool call still waits for its result. */
export function expectsResult(session: Session, callId: string): boolean {
  return session.turn?.calls.some((call) => call.call_id === callId && call.output === undefined) === true;
}

/** The turn that sound sent now belongs to; an open microphone's between turns to the one that will begin. */
export function turnSpoken({ sending, turn, turns }: Session): number {
  return sending?.turn ?? turn?.number ?? turns + 1;
}
