// What a realtime session of the pretend service is between two events, and how an event is made.

import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { Heard, Item, Part, ToolResult } from '../reply.js';
import type { Active, Asked } from './active.js';
import type { Growing } from './growing.js';
import type { KeptAudio } from './kept-audio.js';
import type { WireObject } from './shapes.js';
import type { Vad } from './vad.js';

export interface Peer {
  readonly sessionId: string;
  readonly conversationId: string;
  readonly model: string;
  readonly agentName: string | undefined;
  readonly config: SessionUpdate;
  readonly lastItemId: string | null;
  /** The conversation so far by the ids of its items; undefined for one whose words are not known yet. */
  readonly items: Growing<Item | undefined>;
  /** Names of calls by call id. */
  readonly calls: Growing<string>;
  readonly turn: number;
  readonly said: string;
  /** Whether what was said last was spoken, and whether it was a voice without words. */
  readonly isSpoken: boolean;
  readonly unclear: boolean;
  /** Spoken audio since the last response began, in ms. */
  readonly saidMs: number;
  /** Tool results since the last response began, by the ids of their items. */
  readonly results: Growing<ToolResult>;
  /** Those that were answered last, unless anything was said since. */
  readonly answered: Growing<ToolResult>;
  /** Whether anything was said since the last response began. */
  readonly freshWords: boolean;
  readonly ear: Ear;
  /** Spoken turns whose words somebody is still being asked for, oldest first. */
  readonly listening: readonly SpokenTurn[];
  /** What is to be answered once the response under way is over, or the words have come. */
  readonly owed?: Asked;
  /** The response under way. */
  readonly active?: Active;
  /** What was said in the conversation before this session, told again when it opts in. */
  readonly replay?: Peer['items'] | undefined;
  /** Times at which something happens by itself, Unix milliseconds. */
  readonly pingAtMs: number;
  readonly endsAtMs: number;
  readonly idleAtMs?: number | undefined;
  /** A phone call: its sound comes from the call and not from the client. */
  readonly isCall: boolean;
  /** Keys of the phone that the model has not been told of, and when it is (Unix milliseconds). */
  readonly keys?: { readonly pressed: string; readonly dueAtMs: number };
}

/** What is being heard. */
export interface Ear {
  readonly vad: Vad;
  /** Audio ever heard, and that of the buffer, in ms. */
  readonly heardMs: number;
  readonly bufferMs: number;
  /** Whether there was speech in the buffer. */
  readonly hasSpeech: boolean;
  /** The spoken turn under way, announced already. */
  readonly turn?: SpokenTurn | undefined;
  /** Kept only where somebody can be asked for the words. */
  readonly kept?: KeptAudio | undefined;
  /** Where the buffer begins, in ms of what was heard. */
  readonly bufferAtMs: number;
}

export interface SpokenTurn {
  readonly itemId: string;
  /** Where it begins, in ms of what was heard, and where the voice in it does. */
  readonly startMs: number;
  readonly voiceMs: number;
  /** Undefined while nobody has told them. */
  readonly words: string | undefined;
  /** The words of it that were told last. */
  readonly told: string;
  /** Whether it is answered by itself. */
  readonly answered: boolean;
}

export interface World {
  newId(): string;
  /** Unix milliseconds. */
  nowMs(): number;
  /** The words of the spoken turn that begins, where they are known beforehand. */
  hears?(): string | undefined;
  /** Whether somebody can be asked for the words of audio. */
  readonly listens?: boolean;
}

/** Somebody has to answer: a maker what was heard, or the parts that stand there already. */
export interface Wanted {
  responseId: string;
  heard?: Omit<Heard, 'agentName' | 'search'>;
  /** The collections that may be searched for the answer. */
  collections?: readonly string[];
  parts?: Part[];
}

/** Somebody has to say what was said: `transcribed` takes the words. */
export interface Unheard {
  itemId: string;
  audio: Int16Array;
  /** Samples a second. */
  rate: number;
}

export interface PeerStep {
  readonly peer: Peer;
  /** Events, and raw audio where that transport was agreed. */
  readonly send: readonly (WireObject | Buffer)[];
  readonly wanted?: Wanted | undefined;
  readonly unheard?: readonly Unheard[];
  /** The session is over, and why. */
  readonly close?: string;
}

/** A step and the one after it, as one. */
export function andThen(step: PeerStep, next: (peer: Peer) => PeerStep): PeerStep {
  const second = next(step.peer);
  return {
    ...step,
    ...second,
    send: [...step.send, ...second.send],
    wanted: second.wanted ?? step.wanted,
    unheard: [...(step.unheard ?? []), ...(second.unheard ?? [])],
  };
}

/** The peer with one thing more in its conversation. Without words it has its id at least. */
export function remember(peer: Peer, id: string, item?: Item): Peer {
  return { ...peer, items: peer.items.set(id, item) };
}

/** The same with words for something that has none yet, unless it was deleted meanwhile. */
export function giveWords(peer: Peer, id: string, words: Item): Peer {
  return peer.items.has(id) ? remember(peer, id, words) : peer;
}

/** The heartbeat: at connect and every ten seconds. */
export function pingEvent(world: World): WireObject {
  return event(world, 'ping', { timestamp: world.nowMs() });
}

/** The service's own kind of failure. */
export function internalError(world: World, message: string): WireObject {
  const error = { type: 'internal_error', code: 'internal_error', message, param: null, event_id: null };
  return event(world, 'error', { error });
}

/** An event under a new id; nearly all carry `previous_item_id`. */
export function event(world: World, type: string, members: WireObject): WireObject {
  return { type, event_id: world.newId(), previous_item_id: null, ...members };
}
