// The response under way: what it is made of, and how it begins.

import { Growing } from './growing.js';
import type { WireObject } from './shapes.js';
import { event, type Peer, type PeerStep, type World } from './state.js';

export interface Active {
  readonly id: string;
  readonly startedMs: number;
  /** When the first audio of it was sent, Unix milliseconds. */
  readonly soundingMs?: number;
  readonly metadata: Record<string, string> | undefined;
  /** Raw frames instead of events; agreed when the response began. */
  readonly rawAudio: boolean;
  /** The message being spoken. */
  readonly message?: { readonly id: string; readonly text: string };
  /** What is finished, as `response.done` repeats it, by the ids of the items. */
  readonly output: Growing<WireObject>;
  readonly calls: number;
  readonly text: string;
  readonly audioMs: number;
  readonly inputTokens: number;
  /** Spoken audio that is answered, in ms. */
  readonly inputAudioMs: number;
}

/** How a response was asked for. */
export interface Asked {
  instructions?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** Nobody asked: it was silent for too long. */
  isCheckIn?: boolean;
}

interface Answered {
  metadata?: Record<string, string> | undefined;
  /** The words answered, and how long they took to say, for what they cost. */
  said?: string;
  saidMs?: number;
}

export function startActive(peer: Peer, answered: Answered, world: World): PeerStep {
  const { metadata, said = '', saidMs = 0 } = answered;
  const active: Active = {
    id: world.newId(),
    startedMs: world.nowMs(),
    metadata,
    rawAudio: peer.config.audio?.output?.transport === 'binary',
    output: Growing.of(),
    calls: 0,
    text: '',
    audioMs: 0,
    inputTokens: Math.ceil(said.length / 4),
    inputAudioMs: saidMs,
  };
  const send = [event(world, 'response.created', { response: responseObject(active, 'in_progress') })];
  return { peer: { ...peer, active, idleAtMs: undefined }, send };
}

export function responseObject(active: Active, status: string): WireObject {
  return {
    id: active.id,
    object: 'realtime.response',
    output: [...active.output.values()],
    status,
    status_details: 'unimplemented',
    ...(active.metadata && { metadata: active.metadata }),
    usage: {},
  };
}
