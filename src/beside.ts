// A context of its own for one run: what it opens is closed with it, what it notes is told once for all runs, and its
// day may be another one.

import { type Clock, localDate } from './clock.js';
import type { Context, Server } from './context.js';

export interface SideWishes {
  /** The day it is, YYYY-MM-DD. */
  today?: string | undefined;
  /** Where conversations lead; the server of the run unless given. */
  server?: (() => Promise<Server>) | undefined;
  note(text: string): void;
}

/** A context beside another one. `close` is its own. */
export function besideContext(given: Context, { today, server, note }: SideWishes): Context {
  const closers: (() => Promise<void>)[] = [];
  const output = Object.assign(Object.create(given.output), {
    note,
    during: <T>(_label: string, work: () => Promise<T>) => work(),
  });
  const side: Context = Object.create(given, {
    output: { value: output },
    clock: { value: clockOn(given.clock, today) },
    agentId: { value: undefined, writable: true },
    server: { value: server ?? given.server },
    connect: {
      value: async (query: Record<string, string>) => {
        const { connect } = await import('./connect.js');
        return connect(side, await side.server(), query);
      },
    },
    onClose: { value: (close: () => Promise<void>) => void closers.unshift(close) },
    close: {
      value: async () => {
        for (const close of closers.splice(0)) await close().catch(() => {});
      },
    },
  });
  return side;
}

/** The same time of day, on another day. */
export function clockOn(clock: Clock, today: string | undefined): Clock {
  if (today === undefined) return clock;
  const days = daysFrom(clock, today);
  return {
    ...clock,
    now: () => {
      const date = new Date(clock.now());
      // By the calendar: where the clocks change between the two, a day has 23 hours or 25.
      date.setDate(date.getDate() + days);
      return date.getTime();
    },
  };
}

/** Counted once: whatever runs past midnight goes on to the next day together. */
function daysFrom(clock: Clock, today: string): number {
  const counted = offsets.get(clock) ?? new Map<string, number>();
  offsets.set(clock, counted);
  const known = counted.get(today);
  if (known !== undefined) return known;
  const days = Math.round((Date.parse(today) - Date.parse(localDate(clock.now()))) / dayMs);
  counted.set(today, days);
  return days;
}

const offsets = new WeakMap<Clock, Map<string, number>>();
const dayMs = 86_400_000;
