// Who may use the local API: any key or none, no page of another origin, nobody when a refusal is rehearsed.

import { describe, expect, test } from 'vitest';
import { startTestApi } from '../support/local-api.js';
import { ask, askRaw, converse, handshake, makeAgent, send } from './support.js';

const invalid = 'Client specified an invalid argument';
const forbidden = 'The caller does not have permission to execute the specified operation';
const unauthenticated = 'The request does not have valid authentication credentials';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const agentCalls = [
  'GET /v1/agents',
  'POST /v1/agents',
  'GET /v1/agents/agent_1',
  'PATCH /v1/agents/agent_1',
  'DELETE /v1/agents/agent_1',
];
const otherCalls = ['GET /v1/models', 'GET /v1/api-key', 'GET /v1/tts/voices', 'GET /v1/phone-numbers'];
const body = (line: string) => (/^(POST|PATCH)/.test(line) ? {} : undefined);

describe('a team without the Agents API', () => {
  test.each(agentCalls)('is told so by %s', async (line) => {
    const api = await startTestApi({ faults: ['agents-not-enabled'] });
    expect(await ask(api, line, body(line))).toEqual({
      status: 403,
      body: { code: forbidden, error: 'agents endpoint is not enabled for this team' },
    });
  });

  test.each(otherCalls)('may still use %s', async (line) => {
    const api = await startTestApi({ faults: ['agents-not-enabled'] });
    expect((await ask(api, line)).status).toBe(200);
  });

  test('may still open the socket', async () => {
    const api = await startTestApi({ faults: ['agents-not-enabled'] });
    expect(await handshake(api)).toEqual({ protocol: '' });
  });
});

describe('a wrong key', () => {
  const said = (key: string) => ({
    status: 400,
    body: {
      code: invalid,
      error: `Incorrect API key provided: ${key}. You can obtain an API key from https://console.x.ai.`,
    },
  });

  test.each([...agentCalls, ...otherCalls, 'POST /v1/chat/completions'])(
    'is refused by %s, and not repeated whole',
    async (line) => {
      const api = await startTestApi({ faults: ['wrong-key'] });
      const headers = { authorization: 'Bearer xai-0123456789abcdef' };
      expect(await ask(api, line, body(line), headers)).toEqual(said('xai-****'));
    },
  );

  test('is refused at the socket', async () => {
    const api = await startTestApi({ faults: ['wrong-key'] });
    const headers = { authorization: 'Bearer xai-0123456789abcdef' };
    expect(await handshake(api, { headers })).toEqual(said('xai-****'));
  });

  test('is the cause that is told when others hold as well', async () => {
    const api = await startTestApi({ faults: ['agents-not-enabled', 'wrong-key'] });
    expect((await ask(api, 'GET /v1/agents', undefined, { authorization: 'Bearer xai-1' })).status).toBe(400);
  });
});

describe('the Authorization header', () => {
  test.each(['Bearer xai-anything', 'bearer xai-anything', 'BEARER  x', 'Bearer a.b-c_d~e+f/g='])(
    'may be "%s"',
    async (authorization) => {
      const api = await startTestApi();
      expect((await ask(api, 'GET /v1/agents', undefined, { authorization })).status).toBe(200);
      expect(await handshake(api, { headers: { authorization } })).toEqual({ protocol: '' });
    },
  );

  test('may be missing', async () => {
    const api = await startTestApi();
    expect((await ask(api, 'GET /v1/agents')).status).toBe(200);
  });

  test.each(['Basic dXNlcjpwYXNz', 'xai-key', 'Bearer', 'Bearer two words', 'Bearer\tx y', 'Token x'])(
    'must not be "%s"',
    async (authorization) => {
      const api = await startTestApi();
      const refused = {
        status: 401,
        body: {
          code: unauthenticated,
          error: 'The Authorization header is not of the form "Bearer <key>"',
        },
      };
      expect(await ask(api, 'GET /v1/agents', undefined, { authorization })).toEqual(refused);
      expect(await handshake(api, { headers: { authorization } })).toEqual(refused);
    },
  );
});

describe('the name of a request', () => {
  test.each([
    ['an answer', 'GET /v1/agents'],
    ['an agent that is not there', 'GET /v1/agents/none'],
    ['a path that is not there', 'GET /nowhere'],
    ['a body that does not fit', 'POST /v1/agents'],
    ['a body that cannot be read', 'POST /v1/agents', '{'],
    ['a body that is too large', 'POST /v1/agents', 'x'.repeat(17 * 1024 * 1024)],
    ['the local routes', 'GET /__local/snapshot'],
    ['a stream', 'POST /v1/chat/completions', { stream: true }],
  ])('stands in x-request-id of %s', async (_what, line, given: unknown = body(line)) => {
    const api = await startTestApi();
    const asked =
      typeof given === 'object' && line.includes('chat')
        ? { model: 'grok-4.3', messages: [{ role: 'user', content: 'Hi' }], ...given }
        : given;
    const reply = await send(api, line, asked);
    await reply.text();
    expect(reply.headers.get('x-request-id')).toMatch(uuid);
  });

  test('stands in x-request-id of a refusal by a fault', async () => {
    const api = await startTestApi({ faults: ['agents-not-enabled', 'wrong-key'] });
    const reply = await send(api, 'GET /v1/agents');
    expect(reply.headers.get('x-request-id')).toMatch(uuid);
  });

  test('stands in x-request-id of a refusal to a foreign page', async () => {
    const api = await startTestApi();
    const reply = await send(api, 'GET /v1/agents', undefined, { origin: 'https://evil.example' });
    expect(reply.headers.get('x-request-id')).toMatch(uuid);
  });

  test('is another one for each request', async () => {
    const api = await startTestApi();
    const ids = [await send(api, 'GET /v1/agents'), await send(api, 'GET /v1/agents')];
    expect(new Set(ids.map(({ headers }) => headers.get('x-request-id'))).size).toBe(2);
  });
});

const foreign = {
  status: 403,
  body: { code: forbidden, error: 'The local API does not answer pages of other origins' },
};

describe('a page of another origin', () => {
  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://evil.example:9978',
    'http://localhost@evil.example',
    'http://192.168.0.2',
    'file://',
    'null',
    '',
  ])('%j is refused, and changes nothing', async (origin) => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api);
    for (const line of ['GET /v1/agents', `DELETE /v1/agents/${agent_id}`, 'POST /__local/reset']) {
      const { headers, ...answer } = await askRaw(api, line, { origin });
      expect(answer).toEqual(foreign);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
    const preflight = await askRaw(api, 'OPTIONS /v1/agents', {
      origin,
      'access-control-request-method': 'POST',
    });
    expect(preflight.status).toBe(403);
    expect(await handshake(api, { headers: { origin } })).toEqual(foreign);
    expect((await ask(api, `GET /v1/agents/${agent_id}`)).status).toBe(200);
  });
});

describe('a page of this machine', () => {
  test.each([
    'http://localhost:3000',
    'https://localhost',
    'http://127.0.0.1:9978',
    'http://[::1]:3000',
    'http://app.localhost:3000',
  ])('%s may ask, and the browser is told so', async (origin) => {
    const api = await startTestApi();
    const { status, headers } = await askRaw(api, 'GET /v1/agents', { origin });
    expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({
      status: 200,
      allowed: origin,
    });
    expect(await handshake(api, { headers: { origin } })).toEqual({ protocol: '' });
  });

  test('may send a key and JSON, by any method', async () => {
    const api = await startTestApi({ faults: ['wrong-key'] });
    const { status, headers } = await askRaw(api, 'OPTIONS /v1/agents/agent_1', {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type',
    });
    expect({
      status,
      origin: headers['access-control-allow-origin'],
      methods: headers['access-control-allow-methods']?.split(',').sort(),
      headers: headers['access-control-allow-headers'],
    }).toEqual({
      status: 204,
      origin: 'http://localhost:3000',
      methods: expect.arrayContaining(['DELETE', 'GET', 'PATCH', 'POST']),
      headers: 'authorization,content-type',
    });
  });
});

describe('the name a request is sent to', () => {
  test.each(['evil.example', 'evil.example:9978', 'localhost.evil.example', '127.0.0.1.evil.example', 'x'])(
    'must not be %s: somebody else may point it at this machine',
    async (host) => {
      const api = await startTestApi();
      const { headers: _headers, ...answer } = await askRaw(api, 'GET /v1/agents', { host });
      expect(answer).toEqual(foreign);
      expect(await handshake(api, { headers: { host } })).toEqual(foreign);
    },
  );

  test.each(['localhost', 'localhost:9978', 'LOCALHOST:1', '127.0.0.1:9978', '[::1]:9978', 'api.localhost'])(
    'may be %s',
    async (host) => {
      const api = await startTestApi();
      expect((await askRaw(api, 'GET /v1/agents', { host })).status).toBe(200);
      expect(await handshake(api, { headers: { host } })).toEqual({ protocol: '' });
    },
  );
});

describe('the socket', () => {
  test.each(['/v1/realtime/', '/v1/agents', '/', '/v1/realtime/calls', '//v1/realtime'])(
    'is not at %s',
    async (path) => {
      const api = await startTestApi();
      expect(await handshake(api, { path })).toEqual({
        status: 404,
        body: {
          code: 'Some requested entity was not found',
          error: expect.stringMatching(/^No such path: /),
        },
      });
    },
  );

  test('is closed with 1001 when the local API stops', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    await api.close();
    expect(await line.closed).toBe(1001);
  });
});
