// Frames that come twice. An event's id is its own, so the same frame under the same id is the same event again,
// and to act on it again would say words twice or run a tool twice.

import type { Frame } from '../protocol/realtime-server.js';

/** How far back repetitions are looked for. */
const mostKept = 256;

/** Tells of each frame whether it has been seen before. One without an id never has. */
export function createRepetitionCheck(): (frame: Frame, text: string) => boolean {
  const seen = new Map<string, string>();
  /** Their ids in turn: the oldest makes room for the next. */
  const ids: string[] = [];
  let next = 0;
  return (frame, text) => {
    const id = frame.kind === 'event' || frame.kind === 'unknown' ? frame.event.event_id : undefined;
    if (typeof id !== 'string' || id === '') return false;
    if (seen.get(id) === text) return true;
    const oldest = ids[next];
    if (oldest !== undefined) seen.delete(oldest);
    ids[next] = id;
    next = (next + 1) % mostKept;
    seen.set(id, text);
    return false;
  };
}
