// When a request is repeated. The rule is xAI's own SDK's, narrowed: a create must never happen twice, and a
// purchase is never repeated at all.

import { type CliError, exit } from '../errors.js';
import type { Effect } from '../protocol/routes.js';

export interface RetryClock {
  /** Unix milliseconds. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const retries = 2;
const longestAskedWaitMs = 60_000;

/**
 * How long to wait before trying again, in ms; undefined for not at all.
 * `attempt` counts from 0.
 */
export function retryDelay(
  effect: Effect,
  attempt: number,
  error: CliError,
  clock: RetryClock,
): number | undefined {
  if (attempt >= retries || effect === 'purchase') return undefined;
  const repeatable = effect === 'read' || effect === 'remove';
  if (error.code === 'rate_limited') {
    const asked = retryAfterMs(error.retryAfter, clock.now());
    if (asked === undefined) return repeatable ? backoff(attempt, 1000, 30_000, clock) : undefined;
    return asked <= longestAskedWaitMs ? asked : undefined;
  }
  const passing = error.exit === exit.unavailable && error.code !== 'tls' && error.code !== 'timeout';
  return repeatable && passing ? backoff(attempt, 250, 8000, clock) : undefined;
}

/** `Retry-After` as seconds or as a date, in ms from now. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function backoff(attempt: number, firstMs: number, mostMs: number, { random }: RetryClock): number {
  return Math.min(mostMs, firstMs * 2 ** attempt) * (0.5 + random() / 2);
}
