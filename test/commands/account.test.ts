// `agents models`, `agents whoami` and `agents open`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openersFor } from '../../src/commands/open.js';
import { agents, temporaryFolder } from '../support/agents.js';
import { type FakeReply, startFakeServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';
import { fakePrograms } from '../support/programs.js';

describe('models', () => {
  const priced = {
    id: 'grok-4.3',
    aliases: ['grok-4', 'grok-latest'],
    object: 'model',
    owned_by: 'xai',
    context_length: 131_072,
    prompt_text_token_price: 12_500,
    completion_text_token_price: 25_000,
    created: 1_767_225_600,
    new_member: { a: 1 },
  };

  test('are listed, with what the service tells of them', async () => {
    const { base } = await startTestApi();
    const plain = await agents(`--base-url ${base} models`);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(/^MODEL +OWNER\ngrok-4\.20 +xai\n/);
    const server = await startFakeServer(() => ({
      body: { object: 'list', data: [priced, { id: 'other' }] },
    }));
    expect(await agents(`--base-url ${server.url} models`)).toEqual({
      code: 0,
      stdout:
        'MODEL     ALIASES              OWNER  CONTEXT  INPUT    OUTPUT\n' +
        'grok-4.3  grok-4, grok-latest  xai    131072   $1.2500  $2.5000\nother\n',
      stderr: '',
    });
  });

  test('under --json come as the service sent them', async () => {
    const body = { object: 'list', data: [priced], has_more: false };
    const list = await startFakeServer(() => ({ body }));
    expect(JSON.parse((await agents(`--json --base-url ${list.url} models`)).stdout)).toEqual(body);
    const one = await startFakeServer(() => ({ body: priced }));
    expect(JSON.parse((await agents(`--json --base-url ${one.url} models grok-4.3`)).stdout)).toEqual(priced);
  });

  test('one is shown whole', async () => {
    const server = await startFakeServer(() => ({ body: priced }));
    const { stdout } = await agents(`--base-url ${server.url} models grok-4.3`);
    expect(stdout).toContain('Aliases');
    expect(stdout).toMatch(/Prompt text token price +\$1\.2500 for a million tokens/);
    expect(stdout).toMatch(/Created +2026-01-01T00:00:00.000Z/);
    expect(stdout).toMatch(/New member +\{"a":1\}/);
  });

  test('one that nobody knows is not found', async () => {
    const { base } = await startTestApi();
    expect(await agents(`--base-url ${base} models gpt-9`)).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/gpt-9 does not exist\n {2}agents --base-url \S+ models lists/),
    });
  });

  test('without a key it says where to get one', async () => {
    expect(await agents('models')).toMatchObject({ code: 4, stderr: expect.stringContaining('XAI_API_KEY') });
  });
});

const key = {
  redacted_api_key: 'xai-...ab',
  user_id: 'user-1',
  name: 'laptop',
  create_time: '2026-05-01T10:00:00Z',
  team_id: 'team-1',
  acls: ['api-key:model:*', 'api-key:endpoint:chat'],
  team_blocked: false,
  api_key_blocked: false,
  api_key_disabled: false,
  api_key_id: 'id-1',
};
const service = (told: FakeReply, agentsReply: FakeReply = { body: { agents: [] } }) =>
  startFakeServer(({ path }) => (path === '/v1/api-key' ? told : agentsReply));
const env = { XAI_API_KEY: 'xai-very-secret-key' };

describe('whoami', () => {
  test('says whose key it is, where it was found and what it opens', async () => {
    const server = await service({ body: key });
    const told = await agents(`--base-url ${server.url} whoami`, { env });
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toBe(
      `xai-...ab (laptop)
  From        XAI_API_KEY
  Server      ${server.url}
  Team        team-1
  User        user-1
  Created     2026-05-01T10:00:00.000Z
  May use     every model, the endpoint chat
  Agents API  enabled
  State       in order
  Api key id  id-1
`,
    );
    expect(server.seen.map(({ path, query }) => [path, query])).toEqual([
      ['/v1/api-key', {}],
      ['/v1/agents', { limit: '1' }],
    ]);
  });

  test('under --json is the object of the API, and three members more', async () => {
    const server = await service({ body: { ...key, more: 1 } });
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'key.txt'), 'xai-very-secret-key\n');
    const line = `--json --base-url ${server.url} whoami`;
    const told = await agents(line, { cwd, env: { XAI_API_KEY_FILE: 'key.txt' } });
    expect(JSON.parse(told.stdout)).toEqual({
      ...key,
      more: 1,
      source: { variable: 'XAI_API_KEY_FILE', file: 'key.txt' },
      server: `${server.url}/`,
      agents_api: 'ok',
    });
    expect(told.stdout + told.stderr).not.toContain('very-secret');
  });

  test.each<[FakeReply, string, RegExp]>([
    [
      { status: 403, body: { error: 'agents endpoint is not enabled for this team' } },
      'not_enabled',
      /Agents API +not enabled for this team/,
    ],
    [{ status: 403, body: { error: 'denied' } }, 'unknown', /Agents API +cannot tell: .*denied/],
    [{ status: 500, body: { error: 'boom' } }, 'unknown', /Agents API +cannot tell: .*boom/],
  ])('an Agents API that answers %j is %s, and no failure', async (reply, agentsApi, shown) => {
    const server = await service({ body: key }, reply);
    const human = await agents(`--base-url ${server.url} whoami`, { env });
    expect({ code: human.code, stdout: human.stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(shown),
    });
    const { stdout } = await agents(`--json --base-url ${server.url} whoami`, { env });
    expect(JSON.parse(stdout).agents_api).toBe(agentsApi);
  });

  test.each([
    ['api_key_blocked', 'the key is blocked'],
    ['api_key_disabled', 'the key is disabled'],
    ['disabled', 'the key is disabled'],
    ['team_blocked', 'the team is blocked'],
  ])('%s is shown, and ends with 4', async (member, says) => {
    const server = await service({ body: { ...key, [member]: true } });
    const told = await agents(`--base-url ${server.url} whoami`, { env });
    expect(told).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`does not work: ${says}`),
      stderr: expect.stringContaining('console.x.ai'),
    });
    const json = await agents(`--json --base-url ${server.url} whoami`, { env });
    expect({ code: json.code, stderr: json.stderr, [member]: JSON.parse(json.stdout)[member] }).toEqual({
      code: 4,
      stderr: '',
      [member]: true,
    });
  });

  test('a key that is refused ends with 4, and nothing passes for an answer', async () => {
    const server = await service({
      status: 400,
      body: { code: 'x', error: 'Incorrect API key provided: xai-****.' },
    });
    expect(await agents(`--base-url ${server.url} whoami`, { env })).toMatchObject({ code: 4, stdout: '' });
  });

  test('no key ends with 4', async () => {
    expect(await agents('whoami')).toMatchObject({ code: 4, stdout: '' });
  });

  test('a reply with less than documented is shown as far as it goes', async () => {
    const server = await service({ body: { redacted_api_key: null, acls: null } });
    const told = await agents(`--base-url ${server.url} whoami`);
    expect(told).toMatchObject({ code: 0 });
    expect(told.stdout).toMatch(/^\(no key\)\n {2}From +no key was sent\n[\s\S]*May use +not told/);
  });

  test('the local API needs no key, and says so', async () => {
    const told = await agents('--local whoami', { env });
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/From +no key is needed\n +Server +the local API, inside this command\n/);
    const json = await agents('--local --json whoami', { env });
    expect(JSON.parse(json.stdout)).toMatchObject({ source: null, server: 'local', agents_api: 'ok' });
  });
});

describe('open', () => {
  const url = 'https://console.x.ai';

  test('prints the address, and where to click', async () => {
    expect(await agents('open')).toEqual({
      code: 0,
      stdout: `${url}\n`,
      stderr: 'There: Voice → Voice Agents.\n',
    });
    expect(await agents('--json open')).toEqual({ code: 0, stdout: `{\n  "url": "${url}"\n}\n`, stderr: '' });
  });

  test('names the agent, by its name where it can be read', async () => {
    const server = await startFakeServer(() => ({
      body: { agent: { agent_id: 'a1', name: 'Order Support' } },
    }));
    const told = await agents(`--base-url ${server.url} open a1`);
    expect(told.stdout).toBe(`${url}\n`);
    expect(told.stderr).toContain('Voice → Voice Agents → Order Support (a1).\n');
    expect(told.stderr).toContain('may have one of its own');
  });

  test('an agent that is not there is not found', async () => {
    const { base } = await startTestApi();
    expect(await agents(`--base-url ${base} open agent_9`)).toMatchObject({ code: 3, stdout: '' });
  });

  test.each<[string, FakeReply]>([
    [
      'is not enabled for the team',
      { status: 403, body: { error: 'agents endpoint is not enabled for this team' } },
    ],
    ['is broken', { status: 500, body: { error: 'boom' } }],
  ])('helps also where the API %s', async (_, reply) => {
    const server = await startFakeServer(() => reply);
    expect(await agents(`--base-url ${server.url} open a1`)).toMatchObject({
      code: 0,
      stdout: `${url}\n`,
      stderr: expect.stringMatching(/a1 cannot be looked up: [\s\S]*Voice Agents → a1\./),
    });
    expect(await agents('open a1')).toMatchObject({ code: 0, stderr: expect.stringContaining('no API key') });
  });

  test('the local API has none', async () => {
    expect(await agents('--local open')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('the local API has no console'),
    });
  });

  describe('at a terminal', () => {
    const at = (path: string, flags = '', more = {}) =>
      agents(`open ${flags}`, { tty: { stdout: true }, env: { PATH: path, DISPLAY: ':0', ...more } });
    const recording = (file: string) =>
      `require('node:fs').writeFileSync(${JSON.stringify(file)}, process.argv.slice(2).join(' '))`;

    test('opens it by a program of the machine', async () => {
      const opened = join(temporaryFolder(), 'opened');
      const { path } = fakePrograms({ 'xdg-open': recording(opened) });
      expect((await at(path)).stderr).toContain('Opened in the browser.');
      const { readFileSync } = await import('node:fs');
      expect(readFileSync(opened, 'utf8')).toBe(url);
    });

    test.each([
      ['--print', {}],
      ['--json', {}],
      ['', { DISPLAY: '' }],
    ])('does not with %j and %j', async (flags, more) => {
      const { path } = fakePrograms({ 'xdg-open': 'process.exit(1)' });
      const told = await at(path, flags, more);
      expect(told.code).toBe(0);
      expect(told.stderr).not.toMatch(/Opened|could not/);
    });

    test('says so where it could not', async () => {
      const { path } = fakePrograms({ 'xdg-open': 'console.error("no browser"); process.exit(3)' });
      expect(await at(path)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('could not be opened: xdg-open: no browser'),
      });
      expect((await at('/nowhere')).stderr).toContain('no browser was found');
    });
  });

  test('each platform has its own way', () => {
    const programs = (platform: string, env = {}) =>
      openersFor({ platform, env }).map(({ program }) => program);
    expect(programs('darwin')).toEqual(['open']);
    expect(programs('win32')).toEqual(['rundll32']);
    expect(programs('linux')).toEqual([]);
    expect(programs('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open']);
    expect(programs('linux', { WSL_DISTRO_NAME: 'Debian', DISPLAY: ':0' })).toEqual(['wslview', 'xdg-open']);
  });
});
