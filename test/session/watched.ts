// A conversation as the watch sees it.

import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { createWatch, type Finding } from '../../src/session/watch/watch.js';

export interface Passed {
  from?: 'client' | 'server';
  event?: Record<string, unknown>;
  at_ms?: number;
}

/** All that the watch finds, to the end. */
export function watched(passed: readonly Passed[]): Finding[] {
  const watch = createWatch();
  let lastMs: number | undefined;
  const found = passed.flatMap(({ from, event, at_ms }) => {
    lastMs = at_ms ?? lastMs;
    if (event === undefined) return [];
    if (from === 'client') return watch.sent(event, at_ms);
    return watch.received(readServerFrame(JSON.stringify(event)), at_ms);
  });
  return [...found, ...watch.ended(lastMs)];
}
