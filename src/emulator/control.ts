// `/__local/`: what only a stand-in can offer. A reset, a snapshot, the log of requests, and faults to rehearse.

import { type Context, Hono } from 'hono';
import { writeJson } from '../json-text.js';
import { isObject, parseJson } from '../protocol/json.js';
import { type Faults, type Rehearsal, readRehearsal } from './faults/plan.js';
import { type FaultName, faultNames, faultTable } from './faults/table.js';
import type { Local } from './handler.js';
import { Refusal } from './refusal.js';
import type { KnowledgeSnapshot } from './store/knowledge.js';
import type { Document, Snapshot } from './store/store.js';

export interface LoggedRequest {
  /** ISO time. */
  at: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  request_id: string;
  /** The faults rehearsed on it; with `reset` there is no status, 0. */
  faults?: FaultName[];
  /** The JSON body, where the route takes one and it is no longer than 64 kB. */
  body?: unknown;
}

export interface RequestLog {
  add(request: LoggedRequest): void;
  /** The latest, oldest first. */
  entries(): readonly LoggedRequest[];
  clear(): void;
}

const mostLogged = 1000;

/** Keeps the latest requests; `tell` hears of each as it is answered. */
export function createRequestLog(tell: (request: LoggedRequest) => void = () => {}): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    add: (request) => {
      tell(request);
      if (request.path.startsWith('/__local')) return;
      entries.push(request);
      if (entries.length > mostLogged) entries.shift();
    },
    entries: () => entries,
    clear: () => {
      entries.length = 0;
    },
  };
}

export function localRoutes({ store, realtime, calls }: Local, log: RequestLog, faults: Faults): Hono {
  const app = new Hono();
  app.post('/reset', (c) => {
    store.restore({ agents: [], phone_numbers: [] });
    log.clear();
    faults.reset();
    realtime.queued.length = 0;
    realtime.queuedFor.clear();
    realtime.conversations.clear();
    calls.clear();
    return c.json({ reset: true });
  });
  app.post('/speech', async (c) => {
    const { words, conversation_id } = readWords(await c.req.text());
    if (conversation_id === undefined) {
      realtime.queued.push(...words);
      return c.json({ queued: realtime.queued.length });
    }
    const waiting = [...(realtime.queuedFor.get(conversation_id) ?? []), ...words];
    realtime.queuedFor.set(conversation_id, waiting);
    return c.json({ queued: waiting.length });
  });
  app.get('/snapshot', (c) => written(c, store.snapshot()));
  app.put('/snapshot', async (c) => {
    store.restore(readSnapshot(await c.req.text()));
    return c.json({ restored: true });
  });
  app.get('/requests', (c) => written(c, { requests: log.entries() }));
  const told = () => ({ seed: faults.seed(), faults: faults.told() });
  app.get('/faults', (c) =>
    c.json({ ...told(), known: faultNames.map((name) => ({ name, ...faultTable[name] })) }),
  );
  app.put('/faults', async (c) => {
    const { rehearsals, seed } = readFaults(await c.req.text());
    faults.rehearse(rehearsals, seed);
    return c.json(told());
  });
  app.delete('/faults', (c) => {
    faults.rehearse([]);
    return c.json(told());
  });
  return app;
}

/** What may hold integers that `c.json` cannot write. */
function written(c: Context, value: unknown): Response {
  return c.body(writeJson(value), 200, { 'content-type': 'application/json' });
}

const mostWords = 10_000;

/** The words of the next spoken turns: of any session, or of one conversation. */
function readWords(text: string): { words: string[]; conversation_id: string | undefined } {
  const { words, conversation_id } = readObject(text);
  const turns = [words].flat();
  const isRight = turns.every((each) => typeof each === 'string' && each.length <= mostWords);
  if (isRight && (conversation_id === undefined || typeof conversation_id === 'string'))
    return { words: turns as string[], conversation_id };
  throw new Refusal(400, {
    error: `Words are {"words": "…", "conversation_id"?: "…"} for the next spoken turn, or {"words": ["…", "…"]} for the next ones`,
  });
}

function readFaults(text: string): { rehearsals: Rehearsal[]; seed: number | undefined } {
  const { faults, seed } = readObject(text);
  if (!Array.isArray(faults) || !faults.every((each) => typeof each === 'string') || !isSeed(seed)) {
    throw new Refusal(400, {
      error:
        'Faults are {"faults": ["error-500", "drop-in-reply=1/3", …], "seed"?: a whole number from 0 on}',
    });
  }
  try {
    return { rehearsals: faults.map(readRehearsal), seed };
  } catch (error) {
    throw new Refusal(400, { error: `${(error as Error).message}; GET /__local/faults lists them` });
  }
}

const isSeed = (seed: unknown): seed is number | undefined =>
  seed === undefined || (Number.isSafeInteger(seed) && Number(seed) >= 0);

function readObject(text: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function readSnapshot(text: string): Snapshot {
  const { agents, phone_numbers, knowledge } = readObject(text);
  const isRight = areDocuments(agents, 'agent_id') && areDocuments(phone_numbers, 'phone_number_id');
  if (!isRight || (knowledge !== undefined && !isKnowledge(knowledge))) {
    throw new Refusal(400, {
      error: 'A snapshot is {"agents": […], "phone_numbers": […]}, each with an id of its own',
    });
  }
  return { agents, phone_numbers, knowledge };
}

function isKnowledge(value: unknown): value is KnowledgeSnapshot {
  if (!isObject(value)) return false;
  const { files, collections, documents } = value;
  if (!areDocuments(files, 'id') || !areDocuments(collections, 'collection_id')) return false;
  if (!files.every(({ base64 }) => typeof base64 === 'string')) return false;
  return (
    Array.isArray(documents) &&
    documents.every(
      (each) =>
        isObject(each) &&
        [each.collection_id, each.file_id].every((id) => typeof id === 'string') &&
        typeof each.ready_at === 'number' &&
        isObject(each.body) &&
        Array.isArray(each.passages) &&
        each.passages.every((passage) => typeof passage === 'string'),
    )
  );
}

function areDocuments(list: unknown, idName: string): list is Document[] {
  if (!Array.isArray(list) || !list.every(isObject)) return false;
  const ids = list.map((document) => document[idName]);
  return ids.every((id) => typeof id === 'string' && id !== '') && new Set(ids).size === ids.length;
}
