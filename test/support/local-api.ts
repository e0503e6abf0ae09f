// A local API for a test, in memory, without a pace.

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { FaultName } from '../../src/emulator/access.js';
import { createMaker, type LocalApi, openStore, startLocalApi } from '../../src/emulator/local.js';
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
  faults?: FaultName[];
  replay?: Replay;
  wordDelayMs?: number;
  nowMs?: () => number;
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
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    port: 0,
    host: '127.0.0.1',
    faults: options.faults,
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
