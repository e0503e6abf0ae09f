// One line of a recording, played to a client: what the service sent comes as soon as the client has sent what was
// sent before it. Pure: frames in, frames and an ending out.

import { writeJson } from '../../json-text.js';
import type { Entry } from '../../recording/format.js';
import { callOf, gist, isSame, soundOf } from './match.js';

/** Where a client did something else than was recorded. */
export interface Departure {
  /** Of the recording's file. */
  line: number;
  expected: string;
  got: string;
}

export interface PartStep {
  /** Frames for the client, as text. */
  send: string[];
  departure?: Departure;
  /** The line ends as it did then. */
  close?: { code: number; reason: string };
}

export interface Part {
  open(): PartStep;
  /** A client's text frame. */
  receive(text: string): PartStep;
  /** Sound in a frame of bytes. */
  receiveSound(bytes: number): PartStep;
  /** What the client has not done yet; undefined when the recording is at its end. */
  awaits(): Departure | undefined;
}

/** The lines a recording was made over, one after the other. */
export function partsOf(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [[]];
  for (const entry of entries) {
    if (entry.kind === 'opened') parts.push([]);
    else parts.at(-1)?.push(entry);
  }
  return parts;
}

export function createPart(entries: readonly Entry[]): Part {
  let at = 0;
  /** Results that came in another order than the recorded one. */
  const done = new Set<Entry>();
  /** Sound is matched by its amount, which may run ahead: the pieces of one client are not those of another. */
  let soundAhead = 0;

  /** Sends what is due, up to the next thing the client has to do. */
  function play(): PartStep {
    const send: string[] = [];
    for (let entry = entries[at]; entry !== undefined; entry = entries[at]) {
      if (entry.kind === 'closed') {
        if (entry.from !== 'client') return { send, close: { code: entry.code, reason: entry.reason } };
      } else if (entry.kind !== 'opened' && entry.from === 'client') {
        if (!isMet(entry)) break;
      } else if (entry.kind === 'message') {
        send.push(writeJson(entry.event));
        // What was sent beyond the end of a turn does not count for the next one.
        if (entry.event.type === 'input_audio_buffer.committed') soundAhead = 0;
      } else if (entry.kind === 'text') send.push(entry.text);
      at++;
    }
    return { send };
  }

  /** Whether the client has done this already. */
  function isMet(entry: Entry): boolean {
    if (done.delete(entry)) return true;
    const sound = entry.kind === 'message' ? soundOf(entry.event) : undefined;
    if (sound === undefined || soundAhead <= 0 || sound > soundAhead) return false;
    soundAhead -= sound;
    return true;
  }

  function takeSound(bytes: number): PartStep {
    soundAhead += bytes;
    return play();
  }

  /** Sound that was recorded and does not come any more: its speaker goes on to something else. */
  function skipSound(): PartStep {
    const send: string[] = [];
    for (;;) {
      const entry = entries[at];
      if (entry?.kind !== 'message' || entry.from !== 'client' || soundOf(entry.event) === undefined) break;
      at++;
      send.push(...play().send);
    }
    soundAhead = 0;
    return { send };
  }

  function depart(entry: Entry | undefined, got: string): PartStep {
    return { send: [], departure: { ...wanted(entry), got } };
  }

  function wanted(entry: Entry | undefined): Omit<Departure, 'got'> {
    if (entry?.kind === 'message') return { line: entry.line, expected: gist(entry.event) };
    if (entry?.kind === 'text') return { line: entry.line, expected: writeJson(entry.text.slice(0, 80)) };
    return { line: entries.at(-1)?.line ?? 1, expected: 'nothing more' };
  }

  function receiveEvent(event: Record<string, unknown>): PartStep {
    const sound = soundOf(event);
    if (sound !== undefined) return takeSound(sound);
    const skipped = skipSound();
    const entry = entries[at];
    if (entry?.kind === 'message' && isSame(entry.event, event)) {
      at++;
    } else {
      const other = resultElsewhere(event);
      if (other === undefined) return { ...depart(entry, gist(event)), send: skipped.send };
      done.add(other);
    }
    const next = play();
    return { ...next, send: [...skipped.send, ...next.send] };
  }

  /** The same result further on, with nothing but results before it: calls of one response end in any order. */
  function resultElsewhere(event: Record<string, unknown>): Entry | undefined {
    if (callOf(event) === undefined) return undefined;
    for (const entry of entries.slice(at)) {
      if (entry.kind !== 'message' || entry.from === 'server') continue;
      if (callOf(entry.event) === undefined) return undefined;
      if (!done.has(entry) && isSame(entry.event, event)) return entry;
    }
    return undefined;
  }

  return {
    open: play,
    receiveSound: takeSound,
    receive: (text) => {
      const event = eventOf(text);
      if (event !== undefined) return receiveEvent(event);
      const entry = entries[at];
      if (entry?.kind !== 'text' || entry.text !== text) return depart(entry, writeJson(text.slice(0, 80)));
      at++;
      return play();
    },
    awaits: () => {
      const isOver = entries.slice(at).every((entry) => entry.kind === 'message' && isTail(entry.event));
      return isOver ? undefined : { ...wanted(entries[at]), got: 'the end of the line' };
    },
  };
}

/** What may be left out at the end: silence, and the heartbeat. */
function isTail(event: Record<string, unknown>): boolean {
  return event.type === 'ping' || soundOf(event) !== undefined;
}

function eventOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
