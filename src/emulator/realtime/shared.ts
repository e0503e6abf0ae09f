// What the realtime sessions of one local API share: the words that are known beforehand, the conversations that may
// be resumed, who speaks and who listens, and how many there may be.

import { type Conversations, createConversations } from './conversations.js';
import { longestSessionMs } from './deadlines.js';
import type { Sound } from './response.js';

/** Speaks words: a sound for each, at a rate and a speed (1 is a person's). What it throws fails the response. */
export type Voice = (words: readonly string[], rate: number, speed: number) => Promise<Sound[]>;

/** Puts 16-bit mono audio into words. What it throws is told to the session. */
export type Transcriber = (audio: Int16Array, rate: number) => Promise<string>;

export interface RealtimeSettings {
  /** Words of successive spoken turns, for every session from its first turn on. */
  hears?: readonly string[] | undefined;
  /** Undefined for the quiet synthetic voice. */
  voice?: Voice | undefined;
  transcriber?: Transcriber | undefined;
  /** Sessions at a time. */
  mostSessions?: number | undefined;
  longestSessionMs?: number | undefined;
}

export interface Realtime {
  /** Words for the next spoken turns of any session, first in, first out. */
  readonly queued: string[];
  /** The same for one conversation alone, by its id. */
  readonly queuedFor: Map<string, string[]>;
  readonly hears: readonly string[];
  readonly voice: Voice | undefined;
  readonly transcriber: Transcriber | undefined;
  readonly conversations: Conversations;
  readonly longestSessionMs: number;
  /** Whether there is no room for another session. */
  readonly isFull: boolean;
  /** Counts a session; what it returns counts it out again. */
  enter(): () => void;
}

/** What the service allows a team. */
export const mostSessions = 100;

export function createRealtime(settings: RealtimeSettings, nowMs: () => number): Realtime {
  const most = settings.mostSessions ?? mostSessions;
  let open = 0;
  return {
    queued: [],
    queuedFor: new Map(),
    hears: settings.hears ?? [],
    voice: settings.voice,
    transcriber: settings.transcriber,
    conversations: createConversations(nowMs),
    longestSessionMs: settings.longestSessionMs ?? longestSessionMs,
    get isFull() {
      return open >= most;
    },
    enter: () => {
      open++;
      return () => void open--;
    },
  };
}
