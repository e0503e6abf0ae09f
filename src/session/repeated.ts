// Frames that come twice. An event's id is its own, so the same frame under the same id is the same event again,
// and to act on it again would say words twice or run a tool twice.

import type { Frame } from '../protocol/realtime-server.js';

/** How far back repetitions are looked for. */
const mostKept = 256;

/** Tells of each frame whether it has been seen before. One without an id never has. */
export function createRepetitionCheck(): (frame: Frame, text: string) => boolean {
  const seen = new Map<string, string>();
  return (frame, text) => {
    const id = frame.kind === 'event' || frame.kind === 'unknown' ? frame.event.event_id : undefined;
    if (typeof id !== 'string' || id === '') return false;
    if (seen.get(id) === text) return true;
    seen.set(id, text);
    if (seen.size > mostKept) seen.delete(seen.keys().next().value ?? '');
    return false;
  };
}
