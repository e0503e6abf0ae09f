// The product's inner language: what happens in a conversation, told once. The REPL renders notices, `--json`
// prints them, and whatever else wants to know (cost, transcripts, scenarios) reads the same list.

import type { Item, Usage } from '../protocol/realtime-server.js';
import type { Cost } from './bill.js';
import type { Metered, Reported } from './tally.js';

export type TurnStatus = 'completed' | 'cancelled' | 'failed' | 'timeout';

/** What was counted, what the service says of it, and the price. */
export interface Accounts {
  meter: Metered;
  reported?: Reported;
  cost: Cost;
}

export type NoticeBody =
  /** The session is configured; a turn may begin. */
  | {
      type: 'ready';
      session_id?: string;
      conversation_id?: string;
      model?: string;
    }
  /** Another conversation with the same agent has begun: nothing said before is known in it. */
  | { type: 'cleared'; session_id?: string; conversation_id?: string; model?: string }
  /** What the person wrote. */
  | { type: 'user'; turn: number; text: string }
  /** Sound sent as a turn of the person: all of it, or as much as went before it was given up. */
  | { type: 'user_audio'; turn: number; seconds: number }
  /** The service hears somebody speak; under server VAD an answer under way ends now. */
  | { type: 'speech_started'; item_id?: string }
  | { type: 'speech_stopped'; item_id?: string }
  /** What the person said aloud, as the service hears it; not `final` while it may still change. */
  | { type: 'user_transcript'; item_id?: string; text: string; final: boolean }
  /** A key of the caller's phone: 0 to 9, A to D, * or #. */
  | { type: 'dtmf'; digit: string }
  /** A piece of the agent's words. */
  | {
      type: 'text';
      turn: number;
      text: string;
      response_id?: string;
      item_id?: string;
    }
  /** `arguments` is parsed; text that is not JSON stays text. */
  | {
      type: 'tool_call';
      turn: number;
      call_id: string;
      name: string;
      arguments: unknown;
    }
  | {
      type: 'tool_result';
      turn: number;
      call_id: string;
      name: string;
      output: string;
      /** How long the tool took. */
      ms?: number;
    }
  /** One response of the service; a turn with tool calls has several. */
  | {
      type: 'response_done';
      turn: number;
      response_id?: string;
      status: string;
      usage?: Usage;
    }
  | ({
      type: 'turn_done';
      turn: number;
      status: TurnStatus;
      /** All the agent said in the turn. */
      text: string;
      tool_calls: number;
      /** The service began it by itself, with nothing to answer: a greeting. */
      unasked?: true;
      /** From asking for the answer, or from the end of what was said aloud; absent when none came. */
      first_word_ms?: number;
      first_audio_ms?: number;
      total_ms: number;
      /** Files its sound was kept in. */
      saved?: readonly string[];
    } & Partial<Accounts>)
  | { type: 'interrupted'; turn: number }
  /** Worth knowing; the conversation goes on as if nothing were wrong. */
  | { type: 'warning'; code: string; message: string; hint?: string }
  /** The service said something failed. */
  | { type: 'error'; code?: string; message: string; param?: string }
  /** The line dropped; what is typed now waits. */
  | { type: 'reconnecting'; code: number; reason: string }
  /** The conversation goes on: the service kept it and told `items` of it again, or was told `items` of it. */
  | {
      type: 'resumed';
      by: 'service' | 'seeding';
      items: number;
      session_id?: string;
      conversation_id?: string;
    }
  /** What was told of the answer under way is void: it comes again from its beginning. */
  | { type: 'answer_restarted'; turn: number }
  /** Of a conversation taken up again with `--resume`: an item from before. */
  | { type: 'history'; replayed: true; item: Item }
  /** The session has taken another configuration; `what` names what is other. */
  | { type: 'reconfigured'; what: string }
  /** An event this tool does not act on, as it came. */
  | { type: 'event'; event: Record<string, unknown> }
  /** The sums of the conversation: the last notice, or the last but `closed`. */
  | ({
      type: 'session_done';
      turns: number;
      /** Over the turns that had one. */
      mean_first_word_ms?: number;
      mean_first_audio_ms?: number;
      /** All turns together. */
      turns_ms: number;
    } & Accounts)
  /**
   * The socket is closed. `clean` when nothing was under way and the code is a normal one; `tries` to come back
   * have failed, the last one by `problem`.
   */
  | { type: 'closed'; code: number; reason: string; clean: boolean; tries?: number; problem?: string };

/** A notice as it is given out: numbered from 0, timed from the start of the conversation. */
export type Notice = NoticeBody & { seq: number; at_ms: number };
export type NoticeOf<T extends NoticeBody['type']> = Extract<NoticeBody, { type: T }> & {
  seq: number;
  at_ms: number;
};
