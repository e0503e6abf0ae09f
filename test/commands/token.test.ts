// `agents token`: an ephemeral secret, and what it opens.

import { describe, expect, test } from 'vitest';
import { readDuration } from '../../src/commands/token.js';
import { handshake } from '../emulator/support.js';
import { agents } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';

const begun = Date.UTC(2026, 6, 1, 12);
const asBearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
const asProtocol = (secret: string) => ({ protocols: [`xai-client-secret.${secret}`] });

async function withClock() {
  let now = begun;
  const api = await startTestApi({ nowMs: () => now });
  return {
    api,
    make: (flags = '') => agents(`--base-url ${api.base} token ${flags}`),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

describe('token', () => {
  test('prints the secret alone, and beside it until when it is good', async () => {
    const { api, make } = await withClock();
    const told = await make('--expires-in 5m');
    expect(told).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^xai-realtime-client-secret-[\w-]{32}\n$/),
      stderr: 'Good until 2026-07-01T12:05:00Z (5 min), for the realtime socket alone.\n',
    });
    const [request] = await api.requests();
    expect(request?.body).toEqual({ expires_after: { seconds: 300 } });
  });

  test('opens the socket both ways until it expires, and not after', async () => {
    const { api, make, pass } = await withClock();
    const secret = (await make('--expires-in 60')).stdout.trim();
    pass(59);
    expect(await handshake(api, asBearer(secret))).toEqual({ protocol: '' });
    expect(await handshake(api, asProtocol(secret))).toEqual({ protocol: `xai-client-secret.${secret}` });
    pass(1);
    for (const way of [asBearer(secret), asProtocol(secret)])
      expect(await handshake(api, way)).toMatchObject({ status: 401 });
  });

  test('is good for voice, and for nothing else', async () => {
    const { api, make } = await withClock();
    const env = { XAI_API_KEY: (await make()).stdout.trim() };
    const refused = await agents(`--base-url ${api.base} list`, { env });
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain('only good for the realtime socket');
  });

  test('asks for a model only where one is named, and for no time where none is', async () => {
    const { api, make } = await withClock();
    await make();
    await make('--model grok-voice-think-fast-2.0');
    const bodies = (await api.requests()).map(({ body }) => body);
    expect(bodies).toEqual([{}, { session: { model: 'grok-voice-think-fast-2.0' } }]);
  });

  test.each([
    ['at top level', { value: 'secret-1', expires_at: begun / 1000 + 600, more: 1 }],
    [
      'in an envelope, its time as text',
      { client_secret: { value: 'secret-1', expires_at: `${begun / 1000 + 600}` } },
    ],
  ])('reads a reply %s, and passes it on as it came', async (_, body) => {
    const server = await startFakeServer(() => ({ body }));
    const line = `--base-url ${server.url} token`;
    expect(await agents(line)).toEqual({
      code: 0,
      stdout: 'secret-1\n',
      stderr: 'Good until 2026-07-01T12:10:00Z (10 min), for the realtime socket alone.\n',
    });
    const told = await agents(`--json ${line}`);
    expect({ ...told, stdout: JSON.parse(told.stdout) }).toEqual({ code: 0, stdout: body, stderr: '' });
    const { stderr } = await agents(`--verbose ${line}`);
    expect(stderr).toContain('[hidden]');
    expect(stderr).not.toContain('secret-1');
  });

  test('a reply without a time is a secret all the same; one that is late is told so', async () => {
    const timeless = await startFakeServer(() => ({ body: { client_secret: { value: 's' } } }));
    expect(await agents(`--base-url ${timeless.url} token`)).toMatchObject({
      stdout: 's\n',
      stderr: 'The service does not say when it expires.\n',
    });
    const late = await startFakeServer(() => ({ body: { value: 's', expires_at: 1 } }));
    expect((await agents(`--base-url ${late.url} token`)).stderr).toContain('has expired already');
  });

  test('is never shown by --verbose', async () => {
    const { make } = await withClock();
    const { stdout, stderr } = await make('--verbose');
    expect(stderr).toContain('"value":"[hidden]"');
    expect(stderr).not.toContain(stdout.trim());
  });

  test.each(['0', '0s', '3601', '61m', '2h', '-5', '1.5m', '5 minutes', '', 'soon', '1e3'])(
    '--expires-in %j is refused before anything is sent',
    async (time) => {
      const server = await startFakeServer(() => ({ body: {} }));
      const told = await agents(['--base-url', server.url, 'token', `--expires-in=${time}`]);
      expect(told).toMatchObject({ code: 2, stdout: '' });
      expect(told.stderr).toContain('from 1 second to 1 hour');
      expect(server.seen).toEqual([]);
    },
  );

  test.each([
    ['90s', 90],
    ['5m', 300],
    ['1h', 3600],
    ['60M', 3600],
    ['1', 1],
    ['300', 300],
  ])('%s is %i seconds', (text, seconds) => {
    expect(readDuration(text)).toBe(seconds);
  });

  test('without a key it says where to get one', async () => {
    expect(await agents('token')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('XAI_API_KEY'),
    });
  });
});
