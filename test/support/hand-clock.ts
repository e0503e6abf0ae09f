// A clock that a test moves by hand, with its timers.

export interface HandClock {
  nowMs(): number;
  after(ms: number, fire: () => void): () => void;
  /** Moves on, and fires what is due on the way, in its order. */
  advance(ms: number): void;
  /** Timers that have not fired. */
  waiting(): number;
}

export function handClock(startMs = 1_000_000): HandClock {
  let now = startMs;
  const timers = new Set<{ atMs: number; fire: () => void }>();
  const next = () => [...timers].sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => now,
    after: (ms, fire) => {
      const timer = { atMs: now + ms, fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (ms) => {
      const end = now + ms;
      for (let due = next(); due !== undefined && due.atMs <= end; due = next()) {
        timers.delete(due);
        now = due.atMs;
        due.fire();
      }
      now = end;
    },
    waiting: () => timers.size,
  };
}
