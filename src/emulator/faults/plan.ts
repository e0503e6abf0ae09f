// Which faults strike when. Decided by a seed and by what happens, in order: the same seed and the same requests
// give the same run, whatever the clock says.

import { createChance } from '../../chance.js';
import { type FaultName, faultNames, faultTable, isFaultName, type Place } from './table.js';

/** A fault that is rehearsed, and how often. */
export interface Rehearsal {
  name: FaultName;
  often: Often;
}

export type Often =
  | { kind: 'always' }
  /** Each time with this probability, more than 0 and at most 1. */
  | { kind: 'chance'; of: number }
  /** Every so many times. */
  | { kind: 'every'; count: number }
  /** Only the first times. */
  | { kind: 'first'; count: number };

/**
 * Reads `name`, `name=0.3` (a probability), `name=1/3` (every third time) or `name=2` (the first two times).
 * Throws RangeError.
 */
export function readRehearsal(text: string): Rehearsal {
  const [name = '', often, ...more] = text.trim().split('=');
  if (!isFaultName(name)) throw new RangeError(`there is no fault ${name}`);
  if (often === undefined) return { name, often: { kind: 'always' } };
  const read = more.length === 0 ? readOften(often) : undefined;
  if (read !== undefined) return { name, often: read };
  throw new RangeError(
    `${name}=${[often, ...more].join('=')} does not say how often: ` +
      '0.3 is a probability, 1/3 every third time, 2 the first two times',
  );
}

function readOften(text: string): Often | undefined {
  const every = /^1\/(\d{1,9})$/.exec(text)?.[1];
  if (every !== undefined) return Number(every) > 0 ? { kind: 'every', count: Number(every) } : undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) > 0 ? { kind: 'first', count: Number(text) } : undefined;
  if (!/^\d?\.\d{1,6}$/.test(text)) return undefined;
  const of = Number(text);
  return of > 0 && of <= 1 ? { kind: 'chance', of } : undefined;
}

/** The faults a request asks for itself, `x-local-fault: name[=often], name…`. Throws RangeError. */
export function readFaultHeader(header: string | undefined): Rehearsal[] {
  const names = (header ?? '').split(',').filter((name) => name.trim() !== '');
  return names.map(readRehearsal);
}

/** As it was written: "error-500=1/3". */
export function rehearsalText({ name, often }: Rehearsal): string {
  switch (often.kind) {
    case 'always':
      return name;
    case 'chance':
      return `${name}=${Number.isInteger(often.of) ? often.of.toFixed(1) : often.of}`;
    case 'every':
      return `${name}=1/${often.count}`;
    case 'first':
      return `${name}=${often.count}`;
  }
}

/** What has become of one that is rehearsed. */
export interface Told {
  fault: string;
  at: readonly Place[];
  /** How many times it could have struck, and how many times it has. */
  occasions: number;
  struck: number;
}

export interface Faults {
  /**
   * Takes an occasion at these places and names the faults that strike, in the table's order. `own` are those the
   * request brought along: they count over all requests that bring the same.
   */
  strike(at: readonly Place[], own?: readonly Rehearsal[]): FaultName[];
  /** Whether none is rehearsed. */
  isQuiet(): boolean;
  seed(): number;
  told(): Told[];
  /** Rehearses these from now on, counting from the beginning. */
  rehearse(rehearsals: readonly Rehearsal[], seed?: number): void;
  /** As it was at the start. */
  reset(): void;
}

/** How many different wishes of requests are counted; the oldest is forgotten first. */
const mostCounted = 1000;

export function createFaults(initial: readonly Rehearsal[] = [], initialSeed = 1): Faults {
  let seed = initialSeed;
  let rehearsed = unique(initial);
  let counters = new Map<string, Counter>();

  function counterOf(rehearsal: Rehearsal, source: 'all' | 'own'): Counter {
    const key = `${source} ${rehearsalText(rehearsal)}`;
    let counter = counters.get(key);
    if (counter === undefined) {
      counter = createCounter(rehearsal, createChance(seed, rehearsal.name));
      if (counters.size >= mostCounted) counters.delete(counters.keys().next().value ?? '');
      counters.set(key, counter);
    }
    return counter;
  }

  const faults: Faults = {
    strike(at, own = []) {
      const struck = new Set<FaultName>();
      const take = (rehearsal: Rehearsal, source: 'all' | 'own') => {
        const fits = faultTable[rehearsal.name].at.some((place) => at.includes(place));
        // Every one that fits counts the occasion, so that what one does changes nothing for the others.
        if (fits && counterOf(rehearsal, source).next()) struck.add(rehearsal.name);
      };
      for (const rehearsal of rehearsed) take(rehearsal, 'all');
      for (const rehearsal of own) take(rehearsal, 'own');
      return struck.size === 0 ? [] : faultNames.filter((name) => struck.has(name));
    },
    isQuiet: () => rehearsed.length === 0,
    seed: () => seed,
    told: () =>
      rehearsed.map((rehearsal) => {
        const { occasions, struck } = counterOf(rehearsal, 'all');
        return { fault: rehearsalText(rehearsal), at: faultTable[rehearsal.name].at, occasions, struck };
      }),
    rehearse(rehearsals, newSeed = seed) {
      seed = newSeed;
      rehearsed = unique(rehearsals);
      counters = new Map();
    },
    reset: () => faults.rehearse(initial, initialSeed),
  };
  return faults;
}

/** One given twice is one: its occasions are counted once. */
function unique(rehearsals: readonly Rehearsal[]): Rehearsal[] {
  return [...new Map(rehearsals.map((rehearsal) => [rehearsalText(rehearsal), rehearsal])).values()];
}

interface Counter {
  occasions: number;
  struck: number;
  /** Counts an occasion; whether the fault strikes. */
  next(): boolean;
}

function createCounter({ often }: Rehearsal, chance: () => number): Counter {
  const strikes = (count: number): boolean => {
    switch (often.kind) {
      case 'always':
        return true;
      case 'chance':
        return chance() < often.of;
      case 'every':
        return count % often.count === 0;
      case 'first':
        return count <= often.count;
    }
  };
  return {
    occasions: 0,
    struck: 0,
    next() {
      this.occasions++;
      const does = strikes(this.occasions);
      if (does) this.struck++;
      return does;
    },
  };
}
