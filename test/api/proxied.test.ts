// Requests through a real proxy on this machine, to a host that exists nowhere: only the proxy can answer.

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../src/api/client.js';
import { proxyFor } from '../../src/api/proxy.js';
import { agents, temporaryFolder, testClock } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';

interface Proxy {
  address: string;
  /** What it was asked for, with the name and password it was given. */
  asked: string[];
}

/** Answers for every host: requests it is sent, and requests sent through its tunnels. */
async function startProxy(): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} host ${headers.host}`);
    response.setHeader('content-type', 'application/json');
    response.end('{"agents":[{"agent_id":"a1"}]}');
  });
  server.on('connect', ({ url, headers }, socket) => {
    const user = headers['proxy-authorization'];
    asked.push(`CONNECT ${url}${user === undefined ? '' : ` as ${user}`}`);
    if (String(url).endsWith(':443')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function apiThrough(base: string, env: Record<string, string>) {
  const baseUrl = new URL(base);
  const api = createApi({
    baseUrl,
    userAgent: 'agents/0',
    newId: () => 'id-1',
    timeoutMs: 5000,
    proxy: proxyFor(baseUrl, env),
    clock: testClock,
  });
  onTestFinished(() => api.close());
  return api;
}

describe('a request through a proxy', () => {
  test('is answered', async () => {
    const { address, asked } = await startProxy();
    const api = apiThrough('http://agents.test', { http_proxy: address });
    expect(await api.listAgents({})).toEqual({ agents: [{ agent_id: 'a1' }], next: undefined });
    expect(asked.at(-1)).toMatch(/^GET (http:\/\/agents\.test)?\/v1\/agents host agents\.test$/);
  });

  test('may take a file along', async () => {
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      bodies.push(text);
      response.end('{"id":"file_1"}');
    });
    server.on('connect', (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      server.emit('connection', socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const api = apiThrough('http://agents.test', { http_proxy: `http://127.0.0.1:${port}` });
    async function* chunks() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    const file = { name: 'a.md', type: 'text/markdown', size: 7, chunks };
    expect(await api.uploadFile({ form: { fields: { purpose: 'x' }, file } })).toEqual({ id: 'file_1' });
    expect(bodies[0]).toMatch(
      /name="purpose"\r\n\r\nx\r\n--agents-id-1\r\n.*filename="a\.md"[\s\S]*\r\none two\r\n--/,
    );
  });

  test('asks for a tunnel to a host of https, with the name and password of the address', async () => {
    const { address, asked } = await startProxy();
    const api = apiThrough('https://agents.test', { HTTPS_PROXY: address.replace('//', '//user:pass@') });
    await expect(api.listAgents({})).rejects.toMatchObject({ exit: 5 });
    expect(asked[0]).toBe(`CONNECT agents.test:443 as Basic ${Buffer.from('user:pass').toString('base64')}`);
  });

  test('fails in words that name the proxy where the proxy refuses', async () => {
    const { address } = await startProxy();
    const api = apiThrough('https://agents.test', { HTTPS_PROXY: address });
    await expect(api.listAgents({})).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/proxy/i),
    });
  });
});

test.each([
  [
    'HTTPS_PROXY',
    'http://me:hush@nosuch.invalid',
    'cannot reach the proxy http://nosuch.invalid (HTTPS_PROXY): the name',
  ],
  [
    'https_proxy',
    'localhost:1',
    'cannot reach the proxy http://localhost:1 (https_proxy): nothing listens there',
  ],
  [
    'ALL_PROXY',
    'http://localhost:1',
    'cannot reach the proxy http://localhost:1 (ALL_PROXY): nothing listens there',
  ],
])(
  '%s=%s is told to be what cannot be reached, by requests and by the socket',
  async (variable, address, message) => {
    const env = { [variable]: address, XAI_API_KEY: 'xai-test' };
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
    for (const line of ['get a1', 'voice spec.json -m Hi']) {
      const told = await agents(`--base-url https://agents.test --timeout 5 ${line}`, { env, cwd });
      expect(told).toMatchObject({ code: 5, stdout: '' });
      expect(told.stderr).toContain(message);
      expect(told.stderr).toContain(`correct or unset ${variable}, or name agents.test in NO_PROXY`);
      expect(told.stderr).not.toContain('hush');
    }
  },
);

test('a server that answers in plain http is told to, by requests, the socket and doctor', async () => {
  const { url } = await startFakeServer(() => ({ body: {} }));
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  const secure = url.replace('http:', 'https:');
  for (const line of ['get a1', 'voice spec.json -m Hi', 'doctor']) {
    const told = await agents(`--base-url ${secure} ${line}`, { env: { XAI_API_KEY: 'xai-test' }, cwd });
    const shown = told.stdout + told.stderr;
    expect(shown).toContain(`${new URL(secure).origin} answers in plain http, not https`);
    expect(shown).toContain(`name it as it is: ${new URL(url).origin}`);
    expect(shown).not.toContain('NODE_EXTRA_CA_CERTS');
  }
});

describe('a proxy that stalls', () => {
  async function stallingProxy(answerConnect: boolean): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answerConnect && socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    ['at its CONNECT', false],
    ['in the TLS through it', true],
  ])('%s is given up within the time asked for, by requests and by the socket', async (_, answerConnect) => {
    const env = { HTTPS_PROXY: await stallingProxy(answerConnect), XAI_API_KEY: 'xai-test' };
    for (const line of ['get a1', 'voice spec.json -m Hi']) {
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
      const told = await agents(`--base-url https://agents.test --timeout 0.3 ${line}`, { env, cwd });
      expect(told).toMatchObject({
        code: 5,
        stdout: '',
        stderr: expect.stringMatching(
          /no answer within 0.3 s, through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\)/,
        ),
      });
    }
  });
});
