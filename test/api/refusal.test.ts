import { describe, expect, test } from 'vitest';
import { type Refused, refusal } from '../../src/api/refusal.js';

const permission = 'The caller does not have permission to execute the specified operation';
const argument = 'Client specified an invalid argument';
const page = '<!DOCTYPE html><html><head><title>Oops</title></head><body>Oops</body></html>';

function refuse(status: number, body: unknown, more: Partial<Refused> = {}) {
  const { code, exit, message, hint } = refusal({
    status,
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    request: 'GET /v1/agents/a1',
    server: 'https://api.x.ai',
    keySent: true,
    ...more,
  });
  return { code, exit, message, hint };
}

const told = (code: string, exit: number, said: string, hint: unknown) => ({
  code,
  exit,
  message: `GET /v1/agents/a1: ${said}`,
  hint,
});
const says = (pattern: RegExp) => expect.stringMatching(pattern);

const checkKey = says(/XAI_API_KEY.*console\.x\.ai/);

describe('a key that is wrong', () => {
  test.each([
    [
      'as 400, the way the service does it',
      400,
      {
        code: argument,
        error: 'Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai.',
      },
      'Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai.',
    ],
    ['as 400 in other words', 400, { error: { message: 'Invalid API key' } }, 'Invalid API key'],
    ['as 401', 401, { error: 'Unauthorized' }, 'Unauthorized'],
    ['as 401 in plain text', 401, 'no credentials', 'no credentials'],
    ['as 401 without a word', 401, '', 'status 401 (no readable reason given)'],
    ['as 401 with a page', 401, page, 'status 401 (no readable reason given)'],
    ['as 403', 403, { error: 'API key is invalid' }, 'API key is invalid'],
    [
      'as 400 with a tag only',
      400,
      { code: argument, error: 'The token could not be validated. [WKE=unauthenticated:bad-credentials]' },
      'The token could not be validated.',
    ],
    [
      'as 403 with a tag only',
      403,
      { code: permission, error: 'The token could not be validated. [WKE=unauthenticated:bad-credentials]' },
      'The token could not be validated.',
    ],
  ])('is told as such: %s', (_, status, body, said) => {
    expect(refuse(status, body)).toEqual(told('key_refused', 4, said, checkKey));
  });

  test.each([
    [401, { error: 'Unauthorized' }],
    [400, { error: 'Missing API key' }],
  ])('is told as missing where none was sent (%i)', (status, body) => {
    expect(refuse(status, body, { keySent: false })).toEqual(
      told('key_missing', 4, body.error, says(/XAI_API_KEY.*--local/)),
    );
  });
});

describe('403', () => {
  test('of a team without the Agents API says what works all the same', () => {
    const said = 'agents endpoint is not enabled for this team';
    expect(refuse(403, { code: permission, error: said })).toEqual(
      told('agents_not_enabled', 4, said, says(/console\.x\.ai.*agents voice.*agents run.*--local/)),
    );
  });

  test.each([
    'Team is not authorized to perform this action',
    'Team is not authorised to perform this action',
    'Your team is blocked',
    'Blocked: team 12 has unpaid bills',
  ])('of a team without the right sends to its admin: %s', (said) => {
    expect(refuse(403, { code: permission, error: said })).toEqual(
      told('forbidden', 4, said, says(/team.*admin/)),
    );
  });

  test('of a key without the right sends to its access list', () => {
    const said = 'API key lacks the ACL api-key:endpoint:agents';
    expect(refuse(403, { code: permission, error: said })).toEqual(
      told('forbidden', 4, said, says(/access list.*console\.x\.ai/)),
    );
  });

  test('of what the API does not do at all blames neither key nor team', () => {
    const said =
      'Provisioning SpaceXAI phone numbers via the API is not supported. ' +
      'Use the console (Voice Agents) instead.';
    const { hint, ...outcome } = refuse(403, { code: permission, error: said });
    expect(outcome).toMatchObject({ exit: 4, message: `GET /v1/agents/a1: ${said}` });
    expect(hint ?? '').not.toMatch(/key lacks|team, not the key/);
  });

  test('where no key was sent does not speak of the rights of the key', () => {
    const { hint, ...outcome } = refuse(403, { error: 'Forbidden' }, { keySent: false });
    expect(outcome).toMatchObject({ exit: 4, message: 'GET /v1/agents/a1: Forbidden' });
    expect(hint ?? '').not.toMatch(/key lacks/);
  });
});

describe('404', () => {
  test.each([
    ['of a thing', { code: 'Some requested entity was not found', error: 'Agent a1 was not found' }],
    ['in few words', { error: 'Not found' }],
  ])('%s says how to see what there is', (_, body) => {
    expect(refuse(404, body)).toEqual(told('not_found', 3, body.error, says(/agents list/)));
  });

  test.each([
    ['PATCH /v1/agents/a1', 'Phone number not found: p9', /agents phone list/],
    ['GET /v2/phone-numbers/p9', 'nothing there', /agents phone list/],
    ['GET /v2/phone-numbers', 'No such path: /v2/phone-numbers', /is the base URL/],
  ])('of %s says how to see what numbers there are, where that helps', (request, error, hint) => {
    expect(refuse(404, { error }, { request }).hint).toMatch(hint);
  });

  test('of a model says how to name another', () => {
    const said = 'The model grok-3 does not exist or your team t1 does not have access to it.';
    expect(refuse(404, { code: 'Some requested entity was not found', error: said })).toEqual(
      told('not_found', 3, said, says(/agents models .*--model/)),
    );
  });

  test('with a page is not about a model, whatever the page is made of', () => {
    const body = '<html><head><meta name="generator" content="Page Modeler"></head></html>';
    const { hint, ...outcome } = refuse(404, body);
    expect(outcome).toEqual({
      code: 'not_found',
      exit: 3,
      message: 'GET /v1/agents/a1: status 404 (no readable reason given)',
    });
    expect(hint ?? '').not.toMatch(/--model/);
  });
});

describe('429', () => {
  const said = 'Too many requests';
  test('says to wait', () => {
    expect(refuse(429, { error: said })).toEqual(told('rate_limited', 5, said, says(/wait/)));
  });

  test.each(['30', 'Wed, 01 Jul 2026 12:00:30 GMT'])(
    'says how long the service asks to wait: %s',
    (asked) => {
      expect(refuse(429, { error: said }, { headers: { 'retry-after': asked } })).toEqual(
        told('rate_limited', 5, said, says(new RegExp(`wait.*${asked}`))),
      );
    },
  );

  test.each([
    'Your team t1 has either used all available credits or reached its monthly spending limit.',
    'Your team t1 has reached its monthly spending limit',
    'No credits left',
  ])('of spent credits says that waiting does not help: %s', (words) => {
    const body = { code: 'Some resource has been exhausted', error: words };
    expect(refuse(429, body, { headers: { 'retry-after': '5' } })).toEqual(
      told('credits_exhausted', 4, words, says(/credits.*console\.x\.ai.*does not help/)),
    );
  });
});

describe('the other statuses', () => {
  test.each([
    [405, { error: 'Method not allowed' }, 'refused', 1, says(/base URL/)],
    [408, { error: 'Request timeout' }, 'timeout', 5, says(/try again/)],
    [413, { error: 'Payload too large' }, 'too_large', 1, says(/send less/)],
    [500, { error: 'internal' }, 'unavailable', 5, says(/server.*later/)],
    [502, { error: 'bad gateway' }, 'unavailable', 5, says(/server.*later/)],
    [
      503,
      { code: 'The service is currently unavailable', error: 'busy' },
      'unavailable',
      5,
      says(/server.*later/),
    ],
    [504, { error: 'gateway timeout' }, 'unavailable', 5, says(/server.*later/)],
    [529, { error: 'overloaded' }, 'unavailable', 5, says(/server.*later/)],
    [599, { error: 'odd' }, 'unavailable', 5, says(/server.*later/)],
  ])('%i', (status, body, code, exit, hint) => {
    expect(refuse(status, body)).toEqual(told(code, exit, body.error, hint));
  });

  test.each([
    [400, { code: argument, error: 'Argument not supported on this model: presencePenalty' }, 'refused'],
    [406, { error: 'Not acceptable' }, 'refused'],
    [409, { code: 'already-exists', error: 'phone number already registered' }, 'conflict'],
    [410, { error: 'Live search is deprecated. Please switch to the Agent Tools API' }, 'gone'],
    [
      422,
      'Failed to deserialize the JSON body into the target type: tools[55].type: unknown variant `x_search`, ' +
        'expected `function` or `live_search` at line 1 column 9',
      'refused',
    ],
  ])('%i is told in the words of the service, which say what to mend', (status, body, code) => {
    const { hint: _, ...outcome } = refuse(status, body);
    const said = typeof body === 'string' ? body : body.error;
    expect(outcome).toEqual({ code, exit: 1, message: `GET /v1/agents/a1: ${said}` });
  });
});

describe('a body that gives no reason', () => {
  test.each([
    [400, 'status 400 (no readable reason given)'],
    [403, 'status 403 (no readable reason given)'],
    [404, 'status 404 (no readable reason given)'],
    [422, 'status 422 (no readable reason given)'],
    [429, 'status 429 (no readable reason given)'],
    [500, '500 server error (no readable reason given)'],
    [502, '502 server error (no readable reason given)'],
    [529, '529 overloaded (no readable reason given)'],
  ])('leaves the status (%i), be it empty or a page', (status, said) => {
    const message = `GET /v1/agents/a1: ${said}`;
    expect(refuse(status, '').message).toBe(message);
    expect(refuse(status, ' \n').message).toBe(message);
    expect(refuse(status, page).message).toBe(message);
  });
});

describe('a redirect', () => {
  test.each([
    [301, { location: 'https://elsewhere.com/v1' }, 'https://elsewhere.com/v1'],
    [302, { location: '/login' }, '/login'],
    [307, {}, 'another address'],
    [308, { location: 'https://elsewhere.com' }, 'https://elsewhere.com'],
  ])('(%i) is told and not followed', (status, headers, where) => {
    expect(refuse(status, page, { headers: headers as Record<string, string> })).toEqual(
      told('redirected', 1, `https://api.x.ai redirects to ${where}`, says(/not followed.*--base-url/)),
    );
  });
});

describe('what support will ask for', () => {
  test('is kept: status, request id, Retry-After', () => {
    const error = refusal({
      status: 429,
      headers: { 'x-request-id': 'req-7', 'retry-after': '9' },
      body: '',
      request: 'GET /v1/agents',
      server: 'https://api.x.ai',
      keySent: true,
    });
    expect({ ...error.toJSON(), retryAfter: error.retryAfter }).toEqual({
      code: 'rate_limited',
      message: 'GET /v1/agents: status 429 (no readable reason given)',
      hint: expect.stringContaining('9'),
      status: 429,
      request_id: 'req-7',
      retryAfter: '9',
    });
  });

  test('is not made up', () => {
    const { status, requestId, retryAfter } = refusal({
      status: 500,
      headers: {},
      body: '',
      request: 'GET /v1/agents',
      server: 'https://api.x.ai',
      keySent: true,
    });
    expect({ status, requestId, retryAfter }).toEqual({
      status: 500,
      requestId: undefined,
      retryAfter: undefined,
    });
  });
});
