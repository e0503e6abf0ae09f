import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../src/clock.js';
import { checkPort } from '../../src/commands/doctor/local.js';
import { clockFinding, tlsFinding } from '../../src/commands/doctor/network.js';
import { Interrupts } from '../../src/interrupts.js';
import { agents, temporaryFolder, testHost } from '../support/agents.js';
import { startFakeServer, startServer } from '../support/fake-server.js';
import { distrusted, refusing } from '../support/hostile-server.js';
import { startTestApi } from '../support/local-api.js';
import { fakePrograms } from '../support/programs.js';

interface Line {
  name: string;
  status: string;
  message: string;
  hint?: string;
}

async function doctor(flags: string[], env: Record<string, string> = {}, home = temporaryFolder()) {
  const { code, stdout, stderr } = await agents(['--json', ...flags, 'doctor'], {
    env: { HOME: home, PATH: '/nowhere', ...env },
  });
  const { checks } = JSON.parse(stdout) as { checks: Line[] };
  const of = (name: string) => checks.find((each) => each.name === name);
  return { code, stderr, stdout, of, names: checks.map(({ name }) => name) };
}

const key = { XAI_API_KEY: 'xai-very-secret' };
/** The way out of this machine leads nowhere: no test asks the world. */
const nowhere = { HTTPS_PROXY: 'http://127.0.0.1:9' };

describe('doctor', () => {
  test('with the local API nothing is missing but programs for sound, which is a warning', async () => {
    const { code, names, of } = await doctor(['--local']);
    expect(code).toBe(0);
    expect(names).toEqual([
      ...[
        'version',
        'node',
        'terminal',
        'config folder',
        'data folder',
        'state folder',
        'recording',
        'playing',
      ],
      ...['espeak-ng', 'key', 'server', 'agents API', 'models', 'voices', 'realtime', 'client secrets'],
      ...['collections', 'phone numbers', 'local API', 'port 9978'],
    ]);
    expect(of('node')).toMatchObject({ status: 'ok', message: '20.19.0' });
    expect(of('server')).toMatchObject({ status: 'ok', message: 'the local API answers and takes the key' });
    expect(of('recording')).toMatchObject({ status: 'warning', hint: expect.stringContaining('sox') });
  });

  test('names the programs it found', async () => {
    const { path } = fakePrograms({ arecord: '', aplay: '' });
    const { of } = await doctor(['--local'], { PATH: path });
    expect(of('recording')).toMatchObject({ status: 'ok', message: expect.stringMatching(/^arecord \(\//) });
    expect(of('playing')).toMatchObject({ status: 'ok', message: expect.stringMatching(/^aplay \(\//) });
  });

  test('says whether the key is set and works, and never shows it; each part of the API by itself', async () => {
    const api = await startTestApi();
    const { code, of, stdout, names } = await doctor(['--base-url', api.base], key);
    expect(code).toBe(0);
    expect(of('key')).toEqual({ name: 'key', status: 'ok', message: 'set by XAI_API_KEY' });
    expect(of('server')).toMatchObject({ status: 'ok', message: `${api.base} answers and takes the key` });
    for (const part of ['proxy', 'network', 'agents API', 'models', 'voices', 'realtime', 'client secrets'])
      expect(of(part)).toMatchObject({ status: 'ok' });
    expect(names).not.toContain('tls');
    expect(of('realtime')?.message).toBe('a session with grok-voice-latest opens');
    expect(stdout).not.toContain('very-secret');
    // Nothing was made.
    expect((await api.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('a part that is refused is a warning, one that breaks has failed', async () => {
    const server = await startFakeServer(({ path }) => {
      if (path === '/v1/api-key')
        return { body: { redacted_api_key: 'xai-…', acls: ['api-key:endpoint:chat'] } };
      if (path === '/v1/agents')
        return { status: 403, body: { error: 'agents endpoint is not enabled for this team' } };
      if (path === '/v1/models') return { body: { data: [{ id: 'grok-4.3' }] } };
      return path === '/v1/tts/voices' ? { status: 404, body: { error: 'no' } } : { body: '<html>' };
    });
    const { code, of } = await doctor(['--base-url', server.url], key);
    expect(code).toBe(6);
    expect(of('server')).toMatchObject({ status: 'ok' });
    expect(of('agents API')).toMatchObject({ status: 'warning', hint: expect.stringContaining('spec file') });
    expect(of('models')).toMatchObject({ status: 'ok', message: '1 are listed' });
    expect(of('voices')).toMatchObject({ status: 'warning' });
    expect(of('realtime')).toMatchObject({ status: 'failed' });
    expect(of('client secrets')).toMatchObject({ status: 'warning', hint: expect.stringContaining('token') });
    expect(of('phone numbers')).toMatchObject({ status: 'failed' });
  });

  /** Takes every key, and does with a session what it is told to. */
  async function withSessions(act: (socket: WebSocket) => void): Promise<string> {
    const server = createServer((_, response) => response.end('{"redacted_api_key":"xai-…"}'));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', act);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each<[string, (socket: WebSocket) => void, string]>([
    ['says nothing', () => {}, 'no answer within 10 s'],
    ['closes at once', (socket) => socket.close(1008, 'not you'), 'closes at once (code 1008: not you)'],
    [
      'begins with an error',
      (socket) => socket.send('{"type":"error","error":{"message":"no room"}}'),
      'opens with an error: no room',
    ],
  ])('a session that %s has failed', async (_, act, says) => {
    const url = await withSessions(act);
    const clock = {
      after: (ms: number, fire: () => void) => systemClock.after(ms === 10_000 ? 1500 : ms, fire),
    };
    const { stdout } = await agents(`--json --base-url ${url} doctor`, { clock });
    const found = (JSON.parse(stdout).checks as Line[]).find(({ name }) => name === 'realtime');
    expect(found).toMatchObject({ status: 'failed', message: expect.stringContaining(says) });
  });

  test.each<[string, object, number, string]>([
    ['blocked', { api_key_blocked: true }, 200, 'the key is blocked'],
    ['of a blocked team', { team_blocked: true }, 200, 'the team is blocked'],
    ['disabled', { api_key_disabled: true }, 200, 'the key is disabled'],
    ['wrong', { code: 'x', error: 'Incorrect API key provided: xai-****.' }, 400, 'Incorrect API key'],
  ])('a key that is %s has failed, and the exit code tells', async (_, body, status, message) => {
    const server = await startFakeServer(() => ({ status, body }));
    const { code, of } = await doctor(['--base-url', server.url], key);
    expect(code).toBe(6);
    expect(of('server')).toMatchObject({ status: 'failed', message: expect.stringContaining(message) });
  });

  test('no key for the service has failed, with where to get one', async () => {
    const { code, of, names } = await doctor([], nowhere);
    expect(code).toBe(6);
    expect(names).not.toContain('models');
    expect(of('key')).toMatchObject({ status: 'failed', hint: expect.stringContaining('XAI_API_KEY') });
  });

  test('a server that is not there has failed', async () => {
    const { code, of } = await doctor(['--base-url', 'http://127.0.0.1:9'], key);
    expect(code).toBe(6);
    expect(of('server')).toMatchObject({ status: 'failed', message: expect.stringContaining('127.0.0.1:9') });
    expect(of('network')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('nothing listens'),
    });
    expect(of('key')).toMatchObject({ status: 'ok' });
  });

  test('a folder that cannot be written to has failed; nothing is made to find out', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'file'), '');
    const folders = { AGENTS_STATE_DIR: join(home, 'file/state'), AGENTS_DATA_DIR: join(home, 'a/b') };
    const { code, of } = await doctor(['--base-url', 'http://127.0.0.1:9'], folders, home);
    expect(code).toBe(6);
    expect(of('state folder')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('is no folder'),
      hint: 'set AGENTS_STATE_DIR to another folder',
    });
    expect(of('data folder')).toMatchObject({ status: 'ok' });
    expect(() => mkdirSync(join(home, 'a'))).not.toThrow();
  });

  test('for people: a line each, and the mend below what needs one', async () => {
    const { stdout, code } = await agents('--local doctor', { env: { PATH: '/nowhere' } });
    expect(code).toBe(0);
    expect(stdout).toContain('ok        node: 20.19.0\n');
    expect(stdout).toContain(
      'warning   recording: no program for voice --mic\n          install sox or alsa-utils: for example sudo apt-get install sox\n',
    );
  });
});

describe('the key', () => {
  const of = async (env: Record<string, string>, flags: string[] = []) =>
    (await doctor(flags, env)).of('key');

  test('that does not look like one of xAI’s is a warning, for xAI only', async () => {
    expect(await of({ ...nowhere, XAI_API_KEY: 'sk-proj-1234567890' })).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('begin with xai-'),
    });
    expect(await of({ ...nowhere, XAI_API_KEY: 'xai-1234567890' })).toMatchObject({ status: 'ok' });
    const flags = ['--base-url', 'http://127.0.0.1:9'];
    expect(await of({ XAI_API_KEY: 'sk-proj-1234567890' }, flags)).toMatchObject({ status: 'ok' });
  });

  test.each([
    ['xai-realtime-client-secret-abc', 'ephemeral secret'],
    ['xai-with a blank', 'characters that a key cannot have'],
  ])('%s has failed', async (value, says) => {
    expect(await of({ ...nowhere, XAI_API_KEY: value })).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(says),
    });
  });

  test('in a file is told with the file, and whether others may read it', async () => {
    const file = join(temporaryFolder(), 'key.txt');
    writeFileSync(file, 'xai-very-secret\n', { mode: 0o600 });
    const env = { ...nowhere, XAI_API_KEY_FILE: file };
    expect(await of(env)).toEqual({
      name: 'key',
      status: 'ok',
      message: `read from ${file} (XAI_API_KEY_FILE)`,
    });
    chmodSync(file, 0o644);
    expect(await of(env)).toMatchObject({ status: 'warning', hint: `chmod 600 ${file}` });
    expect(await of({ ...nowhere, XAI_API_KEY_FILE: '/nosuch' })).toMatchObject({ status: 'failed' });
  });
});

describe('the way to the server', () => {
  /** A proxy that answers for every host, and whose clock is another one. */
  async function startProxy(date: string) {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', date });
      response.end('{"redacted_api_key":"xai-…"}');
    });
    server.on('connect', (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      server.emit('connection', socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('through a proxy is told as that, and tells the time', async () => {
    const address = await startProxy('Wed, 01 Jul 2026 11:50:00 GMT');
    const { of, names } = await doctor(['--base-url', 'http://agents.test'], { http_proxy: address });
    expect(of('proxy')).toEqual({
      name: 'proxy',
      status: 'ok',
      message: `agents.test is reached through ${address} (http_proxy)`,
    });
    expect(names).not.toContain('network');
    expect(of('clock')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^600 s ahead of/),
    });
  });

  test('a proxy that is not there, or is none, has failed, without its password', async () => {
    const { of, stdout } = await doctor([], { ...key, HTTPS_PROXY: 'http://me:hush@127.0.0.1:9' });
    expect(of('proxy')).toMatchObject({ status: 'failed', hint: expect.stringContaining('HTTPS_PROXY') });
    expect(of('tls')).toMatchObject({ status: 'failed' });
    expect(stdout).not.toContain('hush');
    const wrong = await doctor([], { ...key, HTTPS_PROXY: 'socks5://127.0.0.1:9' });
    expect(wrong.of('proxy')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('not an http proxy'),
    });
  });

  test('a proxy that is set and not used is said to be', async () => {
    const { of } = await doctor(['--base-url', 'http://127.0.0.1:9'], { ALL_PROXY: 'http://127.0.0.1:8' });
    expect(of('proxy')).toMatchObject({ status: 'ok', message: expect.stringContaining('reached directly') });
  });

  test('a certificate nobody signed has failed', async () => {
    const { url } = await distrusted();
    const { code, of } = await doctor(['--base-url', url]);
    expect(code).toBe(6);
    expect(of('network')).toMatchObject({ status: 'ok' });
    expect(of('tls')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^the certificate, by localhost, good until .* is not trusted: /),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  test('certificates of one’s own that cannot be read are a warning', async () => {
    const { of } = await doctor(['--base-url', 'http://127.0.0.1:9'], { NODE_EXTRA_CA_CERTS: '/nosuch.pem' });
    expect(of('tls')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('/nosuch.pem: no such file'),
    });
  });

  const answer = {
    problem: undefined,
    protocol: 'TLSv1.3',
    issuer: 'CA',
    validUntilMs: Date.UTC(2026, 6, 10),
  };
  test.each([
    [Date.UTC(2026, 6, 1), 'ok'],
    [Date.UTC(2026, 6, 4), 'warning'],
  ])('a certificate is looked at for its end', (nowMs, status) => {
    expect(tlsFinding(answer, nowMs)).toMatchObject({
      status,
      message: 'TLSv1.3, trusted, good until 2026-07-10, by CA',
    });
  });

  test.each([
    [0, 'ok', "as the server's"],
    [59_000, 'ok', '59 s ahead'],
    [-61_000, 'warning', '61 s behind'],
    [300_000, 'warning', '300 s ahead'],
    [-301_000, 'failed', '301 s behind'],
  ])('a clock that is %i ms off is %s', (off, status, says) => {
    expect(clockFinding(1e12, 1e12 + off)).toMatchObject({ status, message: expect.stringContaining(says) });
    expect(clockFinding(Number.NaN, 1e12)).toBeUndefined();
  });
});

describe('the local API', () => {
  test('that has no data yet is tried without making any', async () => {
    const home = temporaryFolder();
    const { of } = await doctor(['--base-url', 'http://127.0.0.1:9'], {}, home);
    expect(of('local API')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/SQLite.*no data yet/),
    });
    expect(existsSync(join(home, 'data'))).toBe(false);
  });

  test('is tried over its data, which may be damaged', async () => {
    const home = temporaryFolder();
    await agents('--local create --name A', { env: { HOME: home } });
    const file = join(home, 'data/local.db');
    const flags = ['--base-url', 'http://127.0.0.1:9'];
    expect((await doctor(flags, {}, home)).of('local API')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining(`its data are in ${file}`),
    });
    writeFileSync(file, 'this is no database, but it is long enough to be taken for one'.repeat(100));
    const { code, of } = await doctor(flags, {}, home);
    expect(code).toBe(6);
    expect(of('local API')).toMatchObject({ status: 'failed', message: expect.stringContaining(file) });
  });

  test('is found on its port, or whoever else is there', async () => {
    const host = testHost();
    const look = (url: string) => checkPort(host, new AbortController().signal, new URL(url));
    expect(await look((await startTestApi()).base)).toEqual({
      status: 'ok',
      message: 'agents dev listens there',
    });
    expect(await look((await refusing()).url)).toEqual({ status: 'ok', message: 'free, for agents dev' });
    const other = await startServer((_, response) => response.end('<html>'));
    expect(await look(other)).toMatchObject({ status: 'warning', hint: expect.stringContaining('--port 0') });
  });
});

describe('a terminal', () => {
  const look = async (env: Record<string, string>) => {
    const { stdout } = await agents('--local doctor', {
      tty: { stdout: true, columns: 200 },
      env: { NO_COLOR: '1', ...env },
    });
    return /terminal: .*\n(?: {10}.*\n)?/.exec(stdout)?.[0];
  };

  test.each([
    [{ LANG: 'en_US.UTF-8' }, /^terminal: 200 columns, no colours, UTF-8\n$/],
    [{ LANG: 'C' }, /its locale \(C\) is not UTF-8.*\n {10}set LANG/],
    [{}, /none is set/],
    [{ TERM: 'dumb', LANG: 'C.UTF-8' }, /TERM is dumb/],
  ])('with %j is told as it is', async (env, says) => {
    expect(await look(env)).toMatch(says);
  });
});

test('Ctrl+C ends the looking with 130', async () => {
  const interrupts = new Interrupts();
  const url = await startServer(() => setImmediate(() => interrupts.raise('interrupted')));
  expect(await agents(`--base-url ${url} doctor`, { interrupts })).toMatchObject({ code: 130, stdout: '' });
});
