// The matrix of what a server can do wrong and every command that talks to it. A row is a fault, a column a command;
// a cell holds when the exit code is right, the message is true, stdout holds nothing that passes for an answer,
// and nothing was repeated that must not be.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import { agents, temporaryFolder } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import {
  distrusted,
  type Hostile,
  refusing,
  replying,
  talkingNonsense,
  writing,
} from '../support/hostile-server.js';
import { webhookVector } from '../support/webhook-vectors.js';

/** What repeating would do: reads and removals are tried three times where it may help, writes are not, purchases never. */
type Kind = 'read' | 'remove' | 'write' | 'purchase';

/** `other`: where one version of the API is closed (403, 404), the other is asked. */
const commands: Record<string, { line: string; kind: Kind; other?: true }> = {
  list: { line: 'list', kind: 'read' },
  get: { line: 'get agent_1', kind: 'read' },
  create: { line: 'create --name A', kind: 'write' },
  update: { line: 'update agent_1 --name A', kind: 'write' },
  'delete --no-backup': { line: 'delete agent_1 --no-backup', kind: 'remove' },
  delete: { line: 'delete agent_1', kind: 'read' },
  'run (streamed)': { line: 'run spec.json -m Hello', kind: 'write' },
  'run --json': { line: 'run spec.json -m Hello --json', kind: 'write' },
  'run of a stored agent': { line: 'run agent_1 -m Hello', kind: 'read' },
  'knowledge list': { line: 'knowledge list', kind: 'read' },
  'knowledge show': { line: 'knowledge show collection_1', kind: 'read' },
  'knowledge create': { line: 'knowledge create faq', kind: 'write' },
  'knowledge search': { line: 'knowledge search collection_1 words', kind: 'write' },
  'knowledge add': { line: 'knowledge add collection_1 spec.json', kind: 'read' },
  'knowledge remove': { line: 'knowledge remove collection_1 file_1', kind: 'read' },
  'knowledge delete': { line: 'knowledge delete collection_1 --yes', kind: 'read' },
  'knowledge attach': { line: 'knowledge attach collection_1 agent_1', kind: 'read' },
  'knowledge detach': { line: 'knowledge detach collection_1 agent_1', kind: 'read' },
  call: { line: 'call agent_1 --to +14155550199 --yes', kind: 'read' },
  'voice of a stored agent': { line: 'voice agent_1 -m Hello', kind: 'read' },
  token: { line: 'token --expires-in 5m', kind: 'write' },
  'token --json': { line: 'token --json', kind: 'write' },
  voices: { line: 'voices', kind: 'read' },
  'voices --play': { line: 'voices --play eve Hello --out hello.wav', kind: 'read' },
  models: { line: 'models', kind: 'read' },
  'models of one': { line: 'models grok-4.3', kind: 'read' },
  whoami: { line: 'whoami', kind: 'read' },
  'tools list': { line: 'tools list agent_1', kind: 'read' },
  'tools add': { line: 'tools add agent_1 --name look', kind: 'read' },
  'tools remove': { line: 'tools remove agent_1 look', kind: 'read' },
  'tools enable': { line: 'tools enable agent_1 web_search', kind: 'read' },
  'tools disable': { line: 'tools disable agent_1 web_search', kind: 'read' },
  'tools scaffold': { line: 'tools scaffold agent_1', kind: 'read' },
  'listen for a stored agent': { line: 'listen agent_1 --port 0 --secret-file secret.txt', kind: 'read' },
  'phone list': { line: 'phone list', kind: 'read', other: true },
  'phone get': { line: 'phone get +14155550123', kind: 'read', other: true },
  'phone buy': { line: 'phone buy --area-code 415 --name A --yes', kind: 'purchase', other: true },
  'phone register': {
    line: 'phone register +14155550123 --name A --webhook https://example.com',
    kind: 'purchase',
  },
  'phone assign': { line: 'phone assign +14155550123 agent_1 --yes', kind: 'read', other: true },
  'phone release': { line: 'phone release +14155550123 --yes', kind: 'read', other: true },
};

interface Fault {
  start(): Promise<Hostile>;
  code: number;
  error: ErrorCode;
  says: RegExp;
  /** Requests by kind; one each unless said. */
  tries?: Partial<Record<Kind, number>>;
}

const error = (text: string, code = 'x') => ({ code, error: text });
const status =
  (code: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    replying({ status: code, body, headers });
const html = { 'content-type': 'text/html' };
const page = '<!doctype html><h1>Bad gateway</h1>';
const whereSafe = { read: 3, remove: 3 };
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

const faults: Record<string, Fault> = {
  '400, a bad argument': {
    start: status(400, error('name is odd', 'Client specified an invalid argument')),
    code: 1,
    error: 'refused',
    says: /: name is odd/,
  },
  '400, a wrong key': {
    start: status(
      400,
      error('Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai.'),
    ),
    code: 4,
    error: 'key_refused',
    says: /Incorrect API key provided[\s\S]*XAI_API_KEY/,
  },
  '401': {
    start: status(401, error('no such user')),
    code: 4,
    error: 'key_refused',
    says: /no such user[\s\S]*XAI_API_KEY/,
  },
  '403, agents not enabled': {
    start: status(403, error('agents endpoint is not enabled for this team')),
    code: 4,
    error: 'agents_not_enabled',
    says: /not enabled for this team[\s\S]*console\.x\.ai[\s\S]*--local/,
  },
  '403, the team': {
    start: status(403, error('Team is not authorized to perform this action')),
    code: 4,
    error: 'forbidden',
    says: /not authorized[\s\S]*the team, not the key/,
  },
  '403, the key': {
    start: status(403, error('permission denied')),
    code: 4,
    error: 'forbidden',
    says: /permission denied[\s\S]*the key lacks/,
  },
  '404': { start: status(404, error('nothing there')), code: 3, error: 'not_found', says: /nothing there/ },
  '409': { start: status(409, error('exists already')), code: 1, error: 'conflict', says: /exists already/ },
  '410': { start: status(410, { error: 'gone for good' }), code: 1, error: 'gone', says: /gone for good/ },
  '413': { start: status(413, ''), code: 1, error: 'too_large', says: /status 413/ },
  '422 in plain text': {
    start: status(422, 'Failed to deserialize the JSON body into the target type: tools[0]', {
      'content-type': 'text/plain',
    }),
    code: 1,
    error: 'refused',
    says: /Failed to deserialize/,
  },
  '429 with Retry-After': {
    start: status(429, error('slow down'), { 'retry-after': '2' }),
    code: 5,
    error: 'rate_limited',
    says: /slow down[\s\S]*Retry-After 2/,
    tries: { read: 3, remove: 3, write: 3 },
  },
  '429 without': {
    start: status(429, error('slow down')),
    code: 5,
    error: 'rate_limited',
    says: /slow down/,
    tries: whereSafe,
  },
  '429, the credits are spent': {
    start: status(
      429,
      error('Your team t has either used all available credits or reached its monthly spending limit.'),
    ),
    code: 4,
    error: 'credits_exhausted',
    says: /used all available credits[\s\S]*trying again does not help/,
  },
  '500': { start: status(500, error('boom')), code: 5, error: 'unavailable', says: /boom/, tries: whereSafe },
  '502 from a proxy': {
    start: status(502, page, html),
    code: 5,
    error: 'unavailable',
    says: /502 server error/,
    tries: whereSafe,
  },
  '503': { start: status(503, ''), code: 5, error: 'unavailable', says: /503/, tries: whereSafe },
  '529': {
    start: status(529, error('overloaded')),
    code: 5,
    error: 'unavailable',
    says: /overloaded/,
    tries: whereSafe,
  },
  'an empty answer': { start: status(200, ''), code: 1, error: 'invalid_reply', says: /empty|not a stream/ },
  'a page of HTML': {
    start: status(200, page, html),
    code: 1,
    error: 'invalid_reply',
    says: /not JSON|not a stream/,
  },
  'JSON of something else': {
    start: status(200, { weather: 'fine' }),
    code: 1,
    error: 'invalid_reply',
    says: /lacks|not a stream/,
  },
  'a body cut in half': {
    start: () => writing(`${head}content-length: 400\r\n\r\n{"agents":[`, 'close'),
    code: 5,
    error: 'network',
    says: /cut short|closed|broke off/,
    tries: whereSafe,
  },
  'a chunked body that stops': {
    start: () => writing(`${head}transfer-encoding: chunked\r\n\r\n8\r\n{"agents`, 'close'),
    code: 5,
    error: 'network',
    says: /closed|broke off/,
    tries: whereSafe,
  },
  'a reset connection': {
    start: () => writing('', 'reset'),
    code: 5,
    error: 'network',
    says: /reset|closed/,
    tries: whereSafe,
  },
  'a refused connection': {
    start: refusing,
    code: 5,
    error: 'network',
    says: /nothing listens there/,
    tries: { read: 0, remove: 0, write: 0 },
  },
  'what is no HTTP': {
    start: talkingNonsense,
    code: 5,
    error: 'network',
    says: /does not speak HTTP|closed|Parse/i,
    tries: whereSafe,
  },
  'silence before the headers': {
    start: () => writing('', 'hold'),
    code: 5,
    error: 'timeout',
    says: /no answer within 0\.2 s/,
  },
  'silence in the body': {
    start: () => writing(`${head}content-length: 400\r\n\r\n{"agents":[`, 'hold'),
    code: 5,
    error: 'timeout',
    says: /stopped coming/,
  },
  'a certificate nobody signed': {
    start: distrusted,
    code: 5,
    error: 'tls',
    says: /cannot trust https:\/\/127\.0\.0\.1[\s\S]*NODE_EXTRA_CA_CERTS/,
    tries: { read: 0, remove: 0, write: 0 },
  },
};

/** A deletion is judged by its status alone: what a 2xx brings along does not matter. */
const harmlessForRemoval = new Set(['an empty answer', 'a page of HTML', 'JSON of something else']);
/** The endpoint's reply is not documented; an update asks for the agent itself then. */
const harmlessForUpdate = new Set(['an empty answer', 'JSON of something else']);

const folder = () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'spec.json'), '{"name":"A","instructions":"Be kind."}');
  writeFileSync(join(home, 'secret.txt'), webhookVector.secret);
  return home;
};

describe.each(Object.entries(faults))('%s', (name, fault) => {
  test.each(Object.entries(commands))('is told by %s', async (command, { line, kind, other }) => {
    const hostile = await fault.start();
    const cwd = folder();
    const env = { AGENTS_BASE_URL: hostile.url, XAI_API_KEY: 'xai-test' };
    const told = await agents(`${line} --timeout 0.2`, { cwd, env });
    if (kind === 'remove' && harmlessForRemoval.has(name)) {
      expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('Deleted') });
      return;
    }
    if (line.includes('--json')) {
      expect(JSON.parse(told.stderr).error).toMatchObject({ code: fault.error });
    } else expect(told.stderr).toMatch(fault.says);
    expect({ code: told.code, stdout: told.stdout }).toEqual({ code: fault.code, stdout: '' });
    // A purchase is sent once, or not at all where nobody is reached.
    const once = Math.min(1, fault.tries?.write ?? 1);
    const tries = kind === 'purchase' ? once : (fault.tries?.[kind] ?? 1);
    const isClosed = name === '404' || name.startsWith('403');
    const expected = other && isClosed ? 2 * tries : tries;
    const asksAgain = command === 'update' && harmlessForUpdate.has(name) ? 1 : 0;
    expect(hostile.count()).toBe(expected + asksAgain);
  });

  test('is found by doctor, and named once', async () => {
    const hostile = await fault.start();
    const env = { AGENTS_BASE_URL: hostile.url, XAI_API_KEY: 'xai-test' };
    const { code, stdout } = await agents('--json --timeout 0.2 doctor', { env });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string }[] };
    const failed = checks.filter(({ status }) => status === 'failed').map((check) => check.name);
    // A way that ends before the server is told by its step as well.
    expect({ code, failed: failed.filter((check) => !['network', 'tls'].includes(check)) }).toEqual({
      code: 6,
      failed: ['server'],
    });
    expect(checks.map((check) => check.name)).not.toContain('models');
  });
});

describe('besides', () => {
  test.each([200, 204])('an update answered with nothing but %i was made, and is shown', async (status) => {
    const server = await startFakeServer(({ method }) =>
      method === 'PATCH' ? { status } : { body: { agent: { agent_id: 'a1', name: 'New' } } },
    );
    expect(await agents(`--base-url ${server.url} update a1 --name New`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('New'),
    });
    expect(server.seen.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
  });

  test.each([
    [429, 3, 'a 429 says that nothing was done'],
    [503, 0, 'a 503 leaves open whether it was'],
  ])('a deletion refused with %i and then not found ends with %i: %s', async (first, code) => {
    const server = await startFakeServer((_, count) =>
      count === 0 ? { status: first, headers: { 'retry-after': '0' } } : { status: 404 },
    );
    const told = await agents(`--base-url ${server.url} delete a1 --yes --no-backup`);
    expect({ code: told.code, asked: server.seen.length }).toEqual({ code, asked: 2 });
  });

  test('a page token that is a number is followed as well', async () => {
    const server = await startFakeServer(({ query }) => ({
      body:
        query.pagination_token === '7'
          ? { agents: [{ agent_id: 'a2' }] }
          : { agents: [{ agent_id: 'a1' }], pagination_token: 7 },
    }));
    const { stdout } = await agents(`--json --base-url ${server.url} list`);
    expect(JSON.parse(stdout).agents).toEqual([{ agent_id: 'a1' }, { agent_id: 'a2' }]);
  });

  test('a stream whose last event lacks its blank line is whole', async () => {
    const words = JSON.stringify({ choices: [{ delta: { content: 'Hello.' } }] });
    const server = await startFakeServer(({ path }) =>
      path.endsWith('/a1')
        ? { body: { agent: { agent_id: 'a1' } } }
        : { headers: { 'content-type': 'text/event-stream' }, body: `data: ${words}\n\ndata: [DONE]` },
    );
    expect(await agents(`--base-url ${server.url} run a1 -m Hi`)).toMatchObject({
      code: 0,
      stdout: 'Hello.\n',
    });
  });

  test('a name that does not resolve is told as that', async () => {
    const told = await agents('--base-url http://nowhere.invalid list');
    expect(told).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('the name does not resolve'),
    });
  });

  test('a redirect is not followed, so the key goes nowhere else', async () => {
    const elsewhere = await startFakeServer(() => ({ body: { agents: [] } }));
    for (const code of [301, 302, 307, 308]) {
      const hostile = await replying({ status: code, headers: { location: `${elsewhere.url}/v1/agents` } });
      const told = await agents(`--base-url ${hostile.url} list`, { env: { XAI_API_KEY: 'xai-test' } });
      expect(told).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(`redirects to ${elsewhere.url}`),
      });
    }
    expect(elsewhere.seen).toEqual([]);
  });

  test('fifty megabytes of JSON are read if they are an agent, and refused if they are not', async () => {
    const much = 'x'.repeat(50 * 1024 * 1024);
    const agent = await replying({ body: { agent: { agent_id: 'agent_1', name: 'A', much } } });
    const read = await agents(`--base-url ${agent.url} --json get agent_1`);
    expect({ code: read.code, length: JSON.parse(read.stdout).agent.much.length }).toEqual({
      code: 0,
      length: much.length,
    });
    const other = await replying({ body: { much } });
    expect(await agents(`--base-url ${other.url} get agent_1`)).toMatchObject({ code: 1, stdout: '' });
  });

  test('more than any reply can be is not read to its end', async () => {
    const hostile = await replying({ body: `{"agent":"${'x'.repeat(70 * 1024 * 1024)}"}` });
    expect(await agents(`--base-url ${hostile.url} get agent_1`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('larger than 64 MiB'),
    });
  });

  test('JSON under another content type is read all the same', async () => {
    const hostile = await replying({ headers: { 'content-type': 'text/plain' }, body: { agents: [] } });
    expect(await agents(`--base-url ${hostile.url} list`)).toMatchObject({ code: 0, stdout: 'No agents.\n' });
  });

  test('a reply nested a hundred thousand deep is refused', async () => {
    const hostile = await replying({ body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` });
    expect(await agents(`--base-url ${hostile.url} list`)).toMatchObject({ code: 1, stdout: '' });
  });

  test('the service recovering on the third try is a success, told as it happened', async () => {
    const server = await startFakeServer((_, count) =>
      count < 2 ? { status: 503, body: error('busy') } : { body: { agents: [] } },
    );
    const told = await agents(`--base-url ${server.url} list`);
    expect(told).toEqual({
      code: 0,
      stdout: 'No agents.\n',
      stderr: 'GET /v1/agents: busy; trying again in 0.2 s\nGET /v1/agents: busy; trying again in 0.4 s\n',
    });
  });

  test('a removal whose answer was lost is done when the second try finds nothing', async () => {
    const server = await startFakeServer((_, count) => ({ status: count === 0 ? 502 : 404 }));
    expect(await agents(`--base-url ${server.url} delete agent_1 --no-backup`)).toMatchObject({
      code: 0,
      stdout: 'Deleted agent_1\n',
    });
  });

  test('Retry-After is waited for as asked, in seconds or until a date, but not for longer than a minute', async () => {
    const now = Date.UTC(2026, 6, 1, 12);
    for (const [header, waits] of [
      ['7', [7000, 7000]],
      [new Date(now + 9000).toUTCString(), [9000, 9000]],
      ['3600', []],
    ] as const) {
      const hostile = await replying({ status: 429, headers: { 'retry-after': header } });
      const slept: number[] = [];
      const clock = { sleep: async (ms: number) => void slept.push(ms) };
      expect(await agents(`--base-url ${hostile.url} create --name A`, { clock })).toMatchObject({ code: 5 });
      expect(slept).toEqual(waits);
    }
  });

  test('errors carry status and request id for programs', async () => {
    const hostile = await replying({ status: 404, headers: { 'x-request-id': 'req_1' }, body: error('no') });
    const told = await agents(`--base-url ${hostile.url} --json get agent_1`);
    expect(JSON.parse(told.stderr)).toEqual({
      error: {
        code: 'not_found',
        message: 'GET /v1/agents/agent_1: no',
        hint: `agents --base-url ${hostile.url} list shows what there is`,
        status: 404,
        request_id: 'req_1',
      },
    });
    expect(told.stderr.trim().split('\n')).toHaveLength(1);
  });
});
