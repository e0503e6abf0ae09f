// `/__local/`: what only a stand-in can offer. A reset, a snapshot, and the log of requests.

import { Hono } from 'hono';
import { isObject, parseJson } from '../protocol/json.js';
import type { Local } from './handler.js';
import { Refusal } from './refusal.js';
import type { Document, Snapshot } from './store/store.js';

export interface LoggedRequest {
  /** ISO time. */
  at: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  request_id: string;
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

export function localRoutes({ store }: Local, log: RequestLog): Hono {
  const app = new Hono();
  app.post('/reset', (c) => {
    store.restore({ agents: [], phone_numbers: [] });
    log.clear();
    return c.json({ reset: true });
  });
  app.get('/snapshot', (c) => c.json(store.snapshot()));
  app.put('/snapshot', async (c) => {
    store.restore(readSnapshot(await c.req.text()));
    return c.json({ restored: true });
  });
  app.get('/requests', (c) => c.json({ requests: log.entries() }));
  return app;
}

function readSnapshot(text: string): Snapshot {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    value = undefined;
  }
  const { agents, phone_numbers } = isObject(value) ? value : {};
  if (!areDocuments(agents, 'agent_id') || !areDocuments(phone_numbers, 'phone_number_id')) {
    throw new Refusal(400, {
      error: 'A snapshot is {"agents": […], "phone_numbers": […]}, each with an id of its own',
    });
  }
  return { agents, phone_numbers };
}

function areDocuments(list: unknown, idName: string): list is Document[] {
  if (!Array.isArray(list) || !list.every(isObject)) return false;
  const ids = list.map((document) => document[idName]);
  return ids.every((id) => typeof id === 'string' && id !== '') && new Set(ids).size === ids.length;
}
