// What was taken before is not taken again, under whichever of its ids it comes. Only genuine deliveries are
// remembered, as long as one of them could pass for new: a forger can fill no memory.

import { toleranceMs } from './signature.js';

/** More calls than come in ten minutes; beyond, nothing more is taken until some are forgotten. */
const most = 100_000;

export interface Replays {
  isKnown(ids: readonly string[]): boolean;
  remember(ids: readonly string[]): void;
  /** Whether there is no room to remember more. */
  isFull(): boolean;
}

/** `now` is in Unix milliseconds. */
export function createReplays(now: () => number, limit = most): Replays {
  /** Until when, oldest first: all are kept equally long. */
  const known = new Map<string, number>();

  function forget(): void {
    for (const [id, untilMs] of known) {
      // To the last moment in which it could pass.
      if (untilMs >= now()) return;
      known.delete(id);
    }
  }

  return {
    isKnown: (ids) => {
      forget();
      return ids.some((id) => known.has(id));
    },
    remember: (ids) => {
      // One that is dated ahead of our clock is good for twice the tolerance.
      for (const id of ids) known.set(id, now() + 2 * toleranceMs);
    },
    isFull: () => {
      forget();
      return known.size >= limit;
    },
  };
}
