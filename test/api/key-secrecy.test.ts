// A server that says back what it was told: an error page, a debug header, a proxy with a bad day.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../src/api/client.js';
import { systemClock } from '../../src/clock.js';
import { CliError } from '../../src/errors.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Everything a user could be shown of one failing call. */
async function shown(key: string, answer: Answer): Promise<string> {
  const lines: string[] = [];
  const api = createApi({
    baseUrl: await serve(answer),
    key,
    userAgent: 'agents/0',
    newId: () => 'id-1',
    timeoutMs: 5000,
    clock: { ...systemClock, sleep: async () => {} },
    trace: (line) => lines.push(line),
    onRetry: (line) => lines.push(line),
  });
  onTestFinished(() => api.close());
  const error = await api.getAgent({ agent_id: 'a1' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CliError);
  return [...lines, JSON.stringify(error)].join('\n');
}

const keyOf = ({ headers }: IncomingMessage) => (headers.authorization ?? '').replace('Bearer ', '');

describe.each([
  ['of the usual form', 'xai-SECRET0123456789'],
  ['of any other form', 'sk-SECRET0123456789'],
])('a key %s is never shown', (_, key) => {
  test.each<[string, Answer]>([
    [
      'as JSON',
      (request, response) => {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: `Incorrect API key provided: ${keyOf(request)}` }));
      },
    ],
    [
      'as plain text',
      (request, response) => {
        response.writeHead(422).end(`cannot read header: ${request.headers.authorization}`);
      },
    ],
    [
      'as a redirect',
      (request, response) => {
        response.writeHead(302, { location: `/login?key=${keyOf(request)}` }).end();
      },
    ],
    [
      'as a failure that is tried again',
      (request, response) => {
        response.writeHead(503).end(`backend refused ${keyOf(request)}`);
      },
    ],
    [
      'as a success that is none',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: `Incorrect API key provided: ${keyOf(request)}` }));
      },
    ],
  ])('though the server says it back %s', async (_, answer) => {
    expect(await shown(key, answer)).not.toContain('SECRET');
  });
});
