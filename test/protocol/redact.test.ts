import { describe, expect, test } from 'vitest';
import { shownRequest, shownText } from '../../src/api/request.js';
import { hideInText, hideSecrets, maskNumber } from '../../src/protocol/redact.js';

describe('a secret is hidden by the name it goes by', () => {
  test.each([
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'X-Api-Key',
    'api-key',
    'xi-api-key',
    'api_key',
    'apiKey',
    'access_token',
    'accessToken',
    'auth_token',
    'refresh_token',
    'token',
    'password',
    'auth_password',
    'client_secret',
    'clientSecret',
    'signing_secret',
    'dispatchSigningSecret',
    'webhook_signing_secret',
  ])('%s', (name) => {
    expect(hideSecrets({ [name]: 'plain', inner: [{ [name]: 'plain' }] })).toEqual({
      [name]: '[hidden]',
      inner: [{ [name]: '[hidden]' }],
    });
  });

  test('also inside an envelope that goes by such a name', () => {
    expect(hideSecrets({ client_secret: { value: 'plain', id: 'c1' } })).toEqual({
      client_secret: { value: '[hidden]', id: 'c1' },
    });
  });

  test('also where it is one of several', () => {
    expect(hideSecrets({ access_tokens: 2, api_key: ['one', 'two'] })).toEqual({
      access_tokens: 2,
      api_key: ['[hidden]', '[hidden]'],
    });
  });

  test('also the one that is only called "value", beside its end', () => {
    const secret = { value: 'plain', expires_at: 1750000000 };
    const shown = { value: '[hidden]', expires_at: 1750000000 };
    expect(hideSecrets(secret)).toEqual(shown);
    expect(hideSecrets({ client_secret: secret })).toEqual({ client_secret: shown });
  });
});

describe('what is no secret is shown', () => {
  test.each([
    { pagination_token: 'p2' },
    { paginationToken: 'p2' },
    { next_page_token: 'p2' },
    { nextPageToken: 'p2' },
    { usage: { prompt_tokens: 12, total_tokens: 20, text_tokens: 3 } },
    { max_tokens: '100' },
    { redacted_api_key: 'xa...z1' },
    { api_key_blocked: false, api_key_disabled: true, team_blocked: false },
    { name: 'value', value: 'plain' },
    { name: 'Secret keeper', instructions: 'Keep the token safe.' },
    { replace: { api: 'A P I' } },
    [1, 'two', null, true],
    'text',
    null,
  ])('%j', (value) => {
    expect(hideSecrets(value)).toEqual(value);
  });

  test('and nothing given is changed', () => {
    const given = { api_key: 'plain', inner: { token: 'plain' } };
    hideSecrets(given);
    expect(given).toEqual({ api_key: 'plain', inner: { token: 'plain' } });
  });

  test('a member called __proto__ stays one', () => {
    const text = '{"__proto__":{"name":"x"},"a":1}';
    expect(JSON.stringify(hideSecrets(JSON.parse(text)))).toBe(text);
  });
});

describe('a secret is hidden by its looks, in any text', () => {
  test.each([
    ['a key', 'sent xai-AbC123_def-456 to it', 'sent xai-[hidden] to it'],
    ['an ephemeral secret', '"xai-realtime-client-secret-AbC.9"', '"xai-[hidden]"'],
    ['a webhook secret', 'whsec_AbC/+= is yours', 'whsec_[hidden] is yours'],
    ['a header', 'Authorization: Bearer eyJhbGciOi.J9-x_y', 'Authorization: Bearer [hidden]'],
    [
      'a header in small letters',
      'authorization: bearer eyJhbGciOi.J9-x_y',
      'authorization: bearer [hidden]',
    ],
    ['several', 'xai-aaaaaa and xai-bbbbbb', 'xai-[hidden] and xai-[hidden]'],
  ])('%s', (_, text, shown) => {
    expect(hideInText(text)).toBe(shown);
    expect(hideSecrets({ message: [text] })).toEqual({ message: [shown] });
  });

  test.each(['the key xai-**** is wrong', 'Bearer of good news', 'talk to xai', 'maxai-smith and co'])(
    'but not what only begins alike: %s',
    (text) => {
      expect(hideInText(text)).toBe(text);
    },
  );
});

describe('what --verbose and --dry-run show', () => {
  test('is the request without its key', () => {
    const shown = shownRequest({
      method: 'POST',
      url: new URL('https://api.x.ai/v1/agents'),
      headers: { authorization: 'Bearer plain', accept: 'application/json' },
      body: '{"name":"Bot","tools":[{"type":"mcp","authorization":"plain","headers":{"X-Api-Key":"plain"}}]}',
    });
    expect(shown).toEqual({
      method: 'POST',
      url: 'https://api.x.ai/v1/agents',
      headers: { authorization: 'Bearer [hidden]', accept: 'application/json' },
      body: {
        name: 'Bot',
        tools: [{ type: 'mcp', authorization: '[hidden]', headers: { 'X-Api-Key': '[hidden]' } }],
      },
    });
  });

  test.each([
    ['JSON', '{"value":"plain","expires_at":1}', '{"value":"[hidden]","expires_at":1}'],
    ['text', 'no: xai-AbC123', 'no: xai-[hidden]'],
    ['JSON cut short', '{"a":"xai-AbC123', '{"a":"xai-[hidden]'],
    ['nothing', '', ''],
  ])('is a body without its secrets: %s', (_, text, shown) => {
    expect(shownText(text)).toBe(shown);
  });

  test('is cut where it is long, with its length', () => {
    expect(shownText('x'.repeat(5000))).toBe(`${'x'.repeat(4000)}… (5000 characters)`);
  });
});

describe('a phone number', () => {
  test.each([
    ['+14155550123', '+1415•••0123'],
    ['+1 (415) 555-0123', '+1415•••0123'],
    ['+442079460000', '+4420•••0000'],
    ['+491234567', '+49•••4567'],
    ['4155550123', '41•••0123'],
    ['+1234', '•••'],
    ['anonymous', '•••'],
    ['', '•••'],
  ])('%s is shown as %s', (number, shown) => {
    expect(maskNumber(number)).toBe(shown);
  });
});
