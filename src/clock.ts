// Time and chance, as values, so that tests can hold them still. A leaf: it imports nothing.

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds that only go forward. */
  nowMs(): number;
  /** 0 to 1. */
  random(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fire` once unless the function returned is called before. */
  after(ms: number, fire: () => void): () => void;
}

/** Node fires at once what is to come later than this: 24 days. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  nowMs: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(done, Math.min(ms, longest));
      signal?.addEventListener('abort', stopped, { once: true });
      function done() {
        signal?.removeEventListener('abort', stopped);
        resolve();
      }
      function stopped() {
        clearTimeout(timer);
        reject(signal?.reason);
      }
    }),
  after: (ms, fire) => {
    const timer = setTimeout(fire, Math.min(ms, longest));
    return () => clearTimeout(timer);
  },
};

/** The date where this machine stands, as YYYY-MM-DD, some days from the moment `nowMs` (Unix milliseconds). */
export function localDate(nowMs: number, days = 0): string {
  const date = new Date(nowMs);
  date.setDate(date.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
