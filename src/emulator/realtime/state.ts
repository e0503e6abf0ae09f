// What a realtime session of the pretend service is between two events, and how an event is made.

import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { Heard, Item, Part, ToolResult } from '../reply.js';
import type { Active } from './response.js';
import type { WireObject } from './shapes.js';

export interface Peer {
  readonly sessionId: string;
  readonly conversationId: string;
  readonly model: string;
  readonly config: SessionUpdate;
  readonly lastItemId: string | null;
  readonly itemIds: ReadonlySet<string>;
  /** The conversation so far, oldest first. */
  readonly items: readonly (Item & { id: string })[];
  /** Names of calls by call id. */
  readonly calls: ReadonlyMap<string, string>;
  readonly turn: number;
  readonly said: string;
  /** Tool results since the last response began. */
  readonly results: readonly ToolResult[];
  /** Whether anything was said since then. */
  readonly freshWords: boolean;
  readonly audioMs: number;
  /** The response under way. */
  readonly active?: Active;
}

export interface World {
  newId(): string;
  /** Unix milliseconds. */
  nowMs(): number;
}

/** Somebody has to answer: a maker what was heard, or the parts that stand there already. */
export interface Wanted {
  responseId: string;
  heard?: Omit<Heard, 'agentName'>;
  parts?: Part[];
}

export interface PeerStep {
  readonly peer: Peer;
  /** Events, and raw audio where that transport was agreed. */
  readonly send: readonly (WireObject | Buffer)[];
  readonly wanted?: Wanted;
}

/** The peer with one thing more in its conversation. */
export function remember(peer: Peer, item: Peer['items'][number]): Peer {
  return { ...peer, items: [...peer.items, item] };
}

/** The heartbeat: at connect and every ten seconds. */
export function pingEvent(world: World): WireObject {
  return event(world, 'ping', { timestamp: world.nowMs() });
}

/** An event under a new id; nearly all carry `previous_item_id`. */
export function event(world: World, type: string, members: WireObject): WireObject {
  return { type, event_id: world.newId(), previous_item_id: null, ...members };
}
