// A server that answers what a test tells it to, and remembers what it was asked.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { readJson, writeJson } from '../../src/json-text.js';

export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  /** Parsed where it is JSON. */
  body: unknown;
}

export interface FakeReply {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, text as it is. */
  body?: unknown;
}

export interface FakeServer {
  url: string;
  seen: SeenRequest[];
}

type Answer = (request: SeenRequest, count: number) => FakeReply;

/** Answers every request by `answer`; `count` is how many came before. */
export function startFakeServer(answer: Answer): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  return startServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    const { status = 200, headers = {}, body } = answer(request, seen.length);
    seen.push(request);
    const text = typeof body === 'string' ? body : body === undefined ? '' : writeJson(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text);
  }).then((url) => ({ url, seen }));
}

/** A plain HTTP server on a free loopback port, gone with the test. */
export async function startServer(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let text = '';
  for await (const chunk of incoming) text += chunk;
  const url = new URL(incoming.url ?? '/', 'http://fake');
  let body: unknown = text === '' ? undefined : text;
  try {
    body = readJson(text);
  } catch {
    // Not JSON: as it came.
  }
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body,
  };
}

/** A server that stores nothing and repeats what it was sent, as lenient as the real one may be. */
export function echoAgents(agents: Record<string, Record<string, unknown>>): Answer {
  return ({ method, path, body }) => {
    const id = path.split('/')[3];
    if (method === 'POST') return { body: { agent: { agent_id: 'agent_new', ...(body as object) } } };
    if (id === undefined) return { body: { agents: Object.values(agents) } };
    const agent = agents[id];
    if (agent === undefined)
      return { status: 404, body: { code: 'not found', error: `Agent not found: ${id}` } };
    if (method === 'PATCH') {
      const changed = { ...agent, ...(body as { agent: object }).agent };
      agents[id] = changed;
      return { body: { agent: changed } };
    }
    return { body: method === 'DELETE' ? {} : { agent } };
  };
}
