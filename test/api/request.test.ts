import { describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/client.js';
import { checkKey, requestOf, titleOf } from '../../src/api/request.js';
import { systemClock } from '../../src/clock.js';
import { CliError } from '../../src/errors.js';

const sender = (members: object = {}) => ({
  baseUrl: new URL('https://api.x.ai'),
  key: 'xai-key',
  userAgent: 'agents/1.2.3 node/20.19.0',
  newId: () => 'id-1',
  ...members,
});
const at = (base: string) => sender({ baseUrl: new URL(base) });

describe('a request', () => {
  test('that sends nothing', () => {
    expect(requestOf('listAgents', {}, sender())).toEqual({
      method: 'GET',
      url: new URL('https://api.x.ai/v1/agents'),
      headers: {
        accept: 'application/json',
        authorization: 'Bearer xai-key',
        'user-agent': 'agents/1.2.3 node/20.19.0',
        'x-client-request-id': 'id-1',
      },
    });
  });

  test('that sends a body', () => {
    expect(requestOf('createAgent', { body: { name: 'Zoë' } }, sender())).toEqual({
      method: 'POST',
      url: new URL('https://api.x.ai/v1/agents'),
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
      body: '{"name":"Zoë"}',
    });
  });

  test('without a key has no header for one', () => {
    const { headers } = requestOf('listAgents', {}, sender({ key: undefined }));
    expect(Object.keys(headers)).not.toContain('authorization');
  });

  test('is called by its method and path', () => {
    expect(titleOf(requestOf('getAgent', { agent_id: 'a1', query: { limit: '5' } }, sender()))).toBe(
      'GET /v1/agents/a1',
    );
  });
});

describe('its address', () => {
  const url = (base: string, args = {}) =>
    requestOf('getAgent', { agent_id: 'a1', ...args }, at(base)).url.href;

  test.each([
    ['https://api.x.ai', 'https://api.x.ai/v1/agents/a1'],
    ['https://api.x.ai/', 'https://api.x.ai/v1/agents/a1'],
    ['http://localhost:9978', 'http://localhost:9978/v1/agents/a1'],
    ['https://proxy.example.com/xai', 'https://proxy.example.com/xai/v1/agents/a1'],
    ['https://proxy.example.com/xai/', 'https://proxy.example.com/xai/v1/agents/a1'],
    ['https://proxy.example.com/a%20b/c', 'https://proxy.example.com/a%20b/c/v1/agents/a1'],
  ])('keeps the path of the base URL: %s', (base, href) => {
    expect(url(base)).toBe(href);
  });

  test.each(['https://api.x.ai//', 'https://api.x.ai///', 'https://api.x.ai//evil.example.com/'])(
    'stays at the origin of the base URL: %s',
    (base) => {
      expect(new URL(url(base)).origin).toBe('https://api.x.ai');
    },
  );

  test.each([
    ['a slash', 'a/b', 'a%2Fb'],
    ['a way up', '../api-key', '..%2Fapi-key'],
    ['a question mark', 'a?b=c', 'a%3Fb%3Dc'],
    ['a hash', 'a#b', 'a%23b'],
    ['a percent sign', 'a%2Fb', 'a%252Fb'],
    ['a blank', 'a b', 'a%20b'],
    ['other letters', 'Zoë', 'Zo%C3%AB'],
    ['a whole address', 'https://evil.com', 'https%3A%2F%2Fevil.com'],
  ])('holds an id as one part of its path: %s', (_, agent_id, part) => {
    expect(url('https://api.x.ai', { agent_id })).toBe(`https://api.x.ai/v1/agents/${part}`);
  });

  // The URL standard folds these even when they are encoded: no way to send them is left.
  test.each(['.', '..', ''])('cannot hold the id %j, which would name something else', (agent_id) => {
    expect(() => url('https://api.x.ai', { agent_id })).toThrow(CliError);
  });

  test('holds the query, encoded', () => {
    const { href } = requestOf(
      'listAgents',
      { query: { limit: '5', pagination_token: 'a&b=c d' } },
      sender(),
    ).url;
    expect(href).toBe('https://api.x.ai/v1/agents?limit=5&pagination_token=a%26b%3Dc+d');
  });
});

describe('a key', () => {
  const check = (base: string, key: string | undefined) => () => checkKey({ baseUrl: new URL(base), key });

  test.each([
    'https://api.x.ai',
    'https://example.com:8443/xai',
    'http://localhost:9978',
    'http://agents.localhost:9978',
    'http://127.0.0.1:9978',
    'http://127.1.2.3',
    'http://[::1]:9978',
  ])('may travel to %s', (base) => {
    expect(check(base, 'xai-key')).not.toThrow();
  });

  test.each([
    'http://api.x.ai',
    'http://192.168.0.5:9978',
    'http://0.0.0.0:9978',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://127.example.com',
    'http://127.0.0.1.example.com',
    'http://[::2]',
  ])('may not travel to %s', (base) => {
    expect(check(base, 'xai-key')).toThrow(
      expect.objectContaining({
        code: 'usage',
        exit: 2,
        message: `the key would travel unencrypted to ${new URL(base).origin}`,
        hint: expect.stringContaining('https://'),
      }),
    );
  });

  test('that is not there may go anywhere', () => {
    expect(check('http://192.168.0.5:9978', undefined)).not.toThrow();
  });

  test.each([
    ['a blank', 'xai-SECRET key'],
    ['a line break', 'xai-SECRET\r\nx-evil: 1'],
    ['a tab', 'xai-SECRET\t'],
    ['a quote of a word processor', '“xai-SECRET”'],
    ['another alphabet', 'xаi-SECRET'],
    ['a null', 'xai-SECRET\u0000'],
    ['nothing', ''],
  ])('that no header can hold is refused without being shown: %s', (_, key) => {
    expect(check('https://api.x.ai', key)).toThrow(
      expect.objectContaining({
        code: 'key_refused',
        exit: 4,
        message: expect.not.stringContaining('SECRET'),
        hint: expect.stringMatching(/^(?!.*SECRET).*XAI_API_KEY/),
      }),
    );
  });

  test('is looked at before anything is sent', () => {
    const options = { ...at('http://api.x.ai'), timeoutMs: 1000, clock: systemClock };
    expect(() => createApi(options)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
