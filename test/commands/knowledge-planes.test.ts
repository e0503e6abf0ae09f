// Collections may live at a server of their own, with a key of its own: which request goes where, with which key.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otherPlaneHint } from '../../src/api/planes.js';
import { CliError, type ErrorCode } from '../../src/errors.js';
import { agents, person } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { filed } from '../support/knowledge.js';

async function twoServers() {
  const api = await startFakeServer(({ path }) => ({
    body: path.endsWith('/files')
      ? { id: 'file_1' }
      : path.endsWith('/search')
        ? { matches: [] }
        : { agents: [] },
  }));
  const management = await startFakeServer(({ method }, count) => ({
    body:
      method === 'POST' || count === 0
        ? {}
        : { documents: [{ file_metadata: { file_id: 'file_1' }, status: 2 }] },
  }));
  const env = {
    AGENTS_BASE_URL: api.url,
    AGENTS_MANAGEMENT_URL: management.url,
    XAI_API_KEY: 'xai-plain-key',
    XAI_MANAGEMENT_API_KEY: 'xai-management-key',
  };
  return { api, management, ...filed({ env }) };
}

const sent = ({ seen }: Awaited<ReturnType<typeof startFakeServer>>) =>
  seen.map(({ method, path, headers }) => `${method} ${path} ${headers.authorization ?? 'no key'}`);

describe('two servers', () => {
  test('each get what is theirs, with their own key', async () => {
    const { api, management, run } = await twoServers();
    expect(await run('knowledge add collection_1 returns.md')).toMatchObject({ code: 0 });
    await run('knowledge search collection_1 x');
    await run('list');
    expect(sent(api)).toEqual([
      'POST /v1/files Bearer xai-plain-key',
      'POST /v1/documents/search Bearer xai-plain-key',
      'GET /v1/agents Bearer xai-plain-key',
    ]);
    expect(sent(management)).toEqual([
      'GET /v1/collections/collection_1/documents Bearer xai-management-key',
      'POST /v1/collections/collection_1/documents/file_1 Bearer xai-management-key',
      'GET /v1/collections/collection_1/documents Bearer xai-management-key',
    ]);
  });

  test('without a Management key, the plain key stays at home', async () => {
    const { management, run } = await twoServers();
    await run('knowledge list', { env: { XAI_MANAGEMENT_API_KEY: '' } });
    expect(sent(management)).toEqual(['GET /v1/collections no key']);
  });

  test('show neither key, whatever is said back', async () => {
    const { run, management } = await twoServers();
    const told = await run('--verbose knowledge list');
    expect(told.stderr).toContain(`> GET ${management.url}/v1/collections`);
    expect(told.stdout + told.stderr).not.toMatch(/plain-key|management-key/);
    const echo = await startFakeServer(({ headers }) => ({
      status: 403,
      body: { error: headers.authorization },
    }));
    const refused = await run('--verbose knowledge list', { env: { AGENTS_MANAGEMENT_URL: echo.url } });
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).not.toMatch(/plain-key|management-key/);
  });

  test('that refuse a key, or miss one, are told which', async () => {
    const { run } = await twoServers();
    const refusing = await startFakeServer(() => ({ status: 401, body: { error: 'Unauthorized' } }));
    const env = { AGENTS_MANAGEMENT_URL: refusing.url };
    expect((await run('knowledge list', { env })).stderr).toContain(
      `\n  check XAI_MANAGEMENT_API_KEY, the key of ${refusing.url}\n`,
    );
    expect((await run('knowledge list', { env: { ...env, XAI_MANAGEMENT_API_KEY: '' } })).stderr).toContain(
      `\n  no key was sent: set XAI_MANAGEMENT_API_KEY, for XAI_API_KEY does not go to ${refusing.url}\n`,
    );
  });

  test('the Management key may stand in a file', async () => {
    const { run, home, management } = await twoServers();
    writeFileSync(join(home, 'key'), 'xai-from-file\n');
    const env = { XAI_MANAGEMENT_API_KEY: '', XAI_MANAGEMENT_API_KEY_FILE: join(home, 'key') };
    await run('knowledge list', { env });
    expect(sent(management)).toEqual(['GET /v1/collections Bearer xai-from-file']);
    expect(await run('list', { env: { ...env, XAI_MANAGEMENT_API_KEY_FILE: '/nosuch' } })).toMatchObject({
      code: 0,
    });
    expect(
      await run('knowledge list', { env: { ...env, XAI_MANAGEMENT_API_KEY_FILE: '/nosuch' } }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read the key file /nosuch (XAI_MANAGEMENT_API_KEY_FILE)'),
    });
  });

  test('a Management key never travels in the clear, nor with blanks', async () => {
    const { run } = await twoServers();
    expect(await run('knowledge list', { env: { AGENTS_MANAGEMENT_URL: 'http://192.0.2.1' } })).toMatchObject(
      {
        code: 2,
        stderr: expect.stringContaining('the key would travel unencrypted to http://192.0.2.1'),
      },
    );
    expect(await run('knowledge list', { env: { XAI_MANAGEMENT_API_KEY: 'xai with' } })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('check XAI_MANAGEMENT_API_KEY for spaces'),
    });
    expect(await run('list', { env: { AGENTS_MANAGEMENT_URL: 'nowhere' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('AGENTS_MANAGEMENT_URL nowhere: not an http or https URL'),
    });
  });
});

describe('one server', () => {
  test('gets the plain key for everything, and the Management key never', async () => {
    const server = await startFakeServer(() => ({ body: {} }));
    const env = { XAI_API_KEY: 'xai-plain-key', XAI_MANAGEMENT_API_KEY: 'xai-management-key' };
    await agents(`--base-url ${server.url} knowledge list`, { env });
    await agents(`--base-url ${server.url} knowledge list`, {
      env: { ...env, AGENTS_MANAGEMENT_URL: server.url },
    });
    expect(sent(server)).toEqual(Array(2).fill('GET /v1/collections Bearer xai-plain-key'));
  });

  test('is one, with a slash at its end and without', async () => {
    const server = await startFakeServer(() => ({ body: {} }));
    const env = { XAI_API_KEY: 'xai-plain-key', AGENTS_MANAGEMENT_URL: `${server.url}/xai/` };
    await agents(`--base-url ${server.url}/xai knowledge list`, { env });
    expect(sent(server)).toEqual(['GET /xai/v1/collections Bearer xai-plain-key']);
  });

  test('the local API inside a command gets no key', async () => {
    const { run } = person({
      env: { XAI_API_KEY: 'xai-plain-key', XAI_MANAGEMENT_API_KEY: 'xai-management-key' },
    });
    const told = await run('--local --verbose knowledge list');
    expect(told).toMatchObject({ code: 0, stdout: 'No collections.\n' });
    expect(told.stderr).not.toContain('authorization');
  });
});

test('without a Management key, the service itself is not asked', async () => {
  expect(await agents('knowledge list', { env: { XAI_API_KEY: 'xai-plain-key' } })).toEqual({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: no Management key for https:\/\/management-api\.x\.ai, where collections are kept\n {2}set XAI_MANAGEMENT_API_KEY.*AGENTS_MANAGEMENT_URL=https:\/\/api\.x\.ai/,
    ),
  });
});

describe('who is refused at one server', () => {
  const hint = (server: string, path: string, code: ErrorCode, status: number) =>
    otherPlaneHint(
      new CliError(code, 'no', { status, hint: 'usual' }),
      { method: 'GET', url: new URL(path, server), headers: {} },
      { baseUrl: new URL(server) },
    );
  const [api, management, other] = [
    'https://api.x.ai',
    'https://management-api.x.ai',
    'http://localhost:9978',
  ];

  test.each<[string, string, ErrorCode, number, RegExp]>([
    [
      management,
      '/v1/collections',
      'key_refused',
      401,
      /check XAI_MANAGEMENT_API_KEY.*AGENTS_MANAGEMENT_URL=https:\/\/api\.x\.ai$/,
    ],
    [management, '/v1/collections', 'forbidden', 403, /AGENTS_MANAGEMENT_URL=https:\/\/api\.x\.ai$/],
    [
      api,
      '/v1/collections',
      'forbidden',
      403,
      /documented at https:\/\/management-api\.x\.ai.*unset AGENTS_MANAGEMENT_URL/,
    ],
    [api, '/v1/collections', 'not_found', 404, /documented at https:\/\/management-api\.x\.ai/],
    [api, '/v1/collections/c', 'not_found', 404, /^agents knowledge list shows what there is$/],
    [other, '/v1/collections', 'not_found', 404, /AGENTS_MANAGEMENT_URL names it$/],
    [other, '/v1/collections', 'forbidden', 403, /^usual$/],
    [management, '/v1/collections', 'unavailable', 503, /^usual$/],
  ])('%s%s with %s is told of the other', (server, path, code, status, expected) => {
    expect(hint(server, path, code, status)).toMatch(expected);
  });
});

describe('with a Management key alone', () => {
  const env = (url: string) => ({ XAI_MANAGEMENT_API_KEY: 'xai-management-key', AGENTS_MANAGEMENT_URL: url });

  test('collections are reached', async () => {
    const { url, seen } = await startFakeServer(() => ({ body: { collections: [] } }));
    expect(await agents('knowledge list', { env: env(url) })).toEqual({
      code: 0,
      stdout: 'No collections.\n',
      stderr: '',
    });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer xai-management-key']);
  });

  test.each([
    'list',
    'knowledge search collection_1 x',
    'run agent_1 -m Hello',
    'token',
    'delete agent_1 --yes',
  ])('agents %s asks for the other, and sends nothing', async (line) => {
    const { url, seen } = await startFakeServer(() => ({ body: {} }));
    expect(await agents(line, { env: env(url) })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^error: no API key for https:\/\/api\.x\.ai\n {2}set XAI_API_KEY/),
    });
    expect(seen).toEqual([]);
  });
});
