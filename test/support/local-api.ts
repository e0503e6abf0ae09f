// A local API for a test, in memory, without a pace.

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.js';
import {
  createMaker,
  type LocalApi,
  openStore,
  type RealtimeSettings,
  readRehearsal,
  startLocalApi,
  wordsOf,
} from '../../src/emulator/local.js';
import type { Replay } from '../../src/emulator/replay/serve.js';
import type { ReplyMaker } from '../../src/emulator/reply.js';
import type { Store } from '../../src/emulator/store/store.js';

export interface TestApi extends LocalApi {
  store: Store;
  /** The url without its trailing slash. */
  base: string;
  /** Requests so far, as `/__local/requests` tells them. */
  requests(): Promise<{ method: string; path: string; status: number; body?: unknown }[]>;
}

export const thisProcess = { pid: process.pid, isAlive: () => true };

export interface TestApiOptions {
  path?: string;
  script?: unknown;
  maker?: ReplyMaker;
  /** "error-500", "error-500=1/3". */
  faults?: string[];
  seed?: number;
  sleep?: (ms: number) => Promise<void>;
  replay?: Replay;
  wordDelayMs?: number;
  nowMs?: () => number;
  /** Timers that the test moves. */
  after?: Clock['after'];
  realtime?: RealtimeSettings;
}

export const today = () => new Date('2026-07-01T12:00:00Z');

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const store = await openStore({ path: options.path ?? ':memory:', processes: thisProcess });
  const script = options.script === undefined ? undefined : { value: options.script, source: 'script.yaml' };
  const local = await startLocalApi({
    store,
    maker: options.maker ?? createMaker(script, today),
    world: { newId: randomUUID, nowMs: options.nowMs ?? Date.now },
    wordDelayMs: options.wordDelayMs ?? 0,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    after: options.after ?? systemClock.after,
    realtime: { hears: wordsOf(script), ...options.realtime },
    port: 0,
    host: '127.0.0.1',
    faults: options.faults?.map(readRehearsal),
    seed: options.seed,
    replay: options.replay,
  });
  onTestFinished(async () => {
    await local.close();
    store.close();
  });
  const base = local.url.href.replace(/\/$/, '');
  return {
    ...local,
    store,
    base,
    requests: async () => {
      const reply = await fetch(`${base}/__local/requests`);
      return ((await reply.json()) as { requests: never[] }).requests;
    },
  };
}
