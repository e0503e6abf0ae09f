// Phone numbers by both versions of the API. Fact sheet A4, B1, B2.

import { describe, expect, test } from 'vitest';
import { phoneNumberOf } from '../../src/emulator/phone-numbers.js';
import { startTestApi, type TestApi } from '../support/local-api.js';
import { ask, builds, makeAgent, type Wire } from './support.js';

const own = '+14155550123';
const hook = 'https://example.com/calls';
const secret = expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/);
const invalid = (error: unknown) => ({
  status: 400,
  body: { code: 'Client specified an invalid argument', error },
});
const notFound = (error: string) => ({
  status: 404,
  body: { code: 'Some requested entity was not found', error },
});

const register = (api: TestApi, body: object) =>
  ask(api, 'POST /v2/phone-numbers', {
    origin: 'byo_trunk',
    name: 'Support Line',
    phone_number: own,
    ...body,
  }) as Promise<{ status: number; body: Wire }>;
async function bought(api: TestApi, area_code = '415'): Promise<string> {
  const { body } = (await ask(api, 'POST /v1/phone-numbers', { area_code })) as { body: Wire };
  return body.phone_number.phone_number_id;
}
const patch = (api: TestApi, id: string, phoneNumber: object, ...paths: string[]) =>
  ask(api, `PATCH /v2/phone-numbers/${id}`, { phoneNumber, fieldMask: { paths } }) as Promise<{
    status: number;
    body: Wire;
  }>;
const numberOf = async (api: TestApi, id: string) =>
  ((await ask(api, `GET /v2/phone-numbers/${id}`)).body as Wire).phoneNumber as Wire;
const agentOf = async (api: TestApi, id: string) =>
  ((await ask(api, `GET /v1/agents/${id}`)).body as Wire).agent as Wire;

test('numbers that are bought leave those of examples free', async () => {
  const api = await startTestApi();
  for (let count = 0; count < 10; count++) await bought(api);
  const { body } = (await ask(api, 'GET /v2/phone-numbers')) as { body: Wire };
  const numbers = JSON.stringify(body).match(/\+1415555\d{4}/g);
  expect(numbers).toHaveLength(10);
  for (const number of numbers ?? []) expect(number).toMatch(/01[5-9]\d$/);
});

describe("one's own number", () => {
  test('with a webhook is registered, and its secret told once', async () => {
    const api = await startTestApi({ nowMs: () => Date.UTC(2026, 6, 1, 12) });
    const webhook = { name: 'Main', url: hook, auth_url: 'https://example.com/auth', auth_token: 'private' };
    const sip_auth = { auth_username: 'trunk', auth_password: 'hush' };
    const { status, body } = await register(api, { webhook, sip_auth });
    const phoneNumber = {
      phoneNumberId: expect.stringMatching(/^phone_number_/),
      phoneNumber: own,
      name: 'Support Line',
      origin: 'byo_trunk',
      teamId: 'local',
      sipHost: expect.any(String),
      updateTime: '2026-07-01T12:00:00.000Z',
      webhook: { webhookId: expect.any(String), name: 'Main', url: hook, authUrl: webhook.auth_url },
      sipAuth: { authUsername: 'trunk' },
    };
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        phoneNumber,
        webhook: { dispatchSigningSecret: secret, webhookId: body.phoneNumber.webhook.webhookId },
      },
    });
    const id = body.phoneNumber.phoneNumberId;
    const shown = [
      await ask(api, 'GET /v2/phone-numbers'),
      await ask(api, `GET /v2/phone-numbers/${id}`),
      await ask(api, 'GET /v1/phone-numbers'),
      await ask(api, `GET /v1/phone-numbers/${id}`),
      await patch(api, id, { name: 'Other' }, 'name'),
    ];
    for (const word of ['whsec_', 'hush', 'private']) expect(JSON.stringify(shown)).not.toContain(word);
    expect(shown[0]?.body).toEqual({ phoneNumbers: [phoneNumber] });
    expect(shown[2]?.body).toMatchObject({ phone_numbers: [{ phone_number: own, sip_auth: {} }] });
    expect(phoneNumberOf(api.store, own)?.webhook).toMatchObject({
      signing_secret: body.webhook.dispatchSigningSecret,
    });
  });

  test('with an agent is registered in camelCase too, and has no secret', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api);
    const { status, body } = (await ask(api, 'POST /v2/phone-numbers', {
      origin: 'byo_trunk',
      phoneNumber: own,
      agentId: agent_id,
      sipAuth: { allowedAddresses: ['1.2.3.0/24', '2001:db8::/32'] },
    })) as { status: number; body: Wire };
    expect({ status, keys: Object.keys(body) }).toEqual({ status: 200, keys: ['phoneNumber'] });
    expect(body.phoneNumber).toMatchObject({ agentId: agent_id, name: '' });
    expect(await agentOf(api, agent_id)).toMatchObject({
      phone_number_id: body.phoneNumber.phoneNumberId,
    });
  });

  test('is registered once', async () => {
    const api = await startTestApi();
    await register(api, { webhook: { url: hook } });
    expect(await register(api, { webhook: { url: hook } })).toEqual({
      status: 409,
      body: {
        code: 'Some entity that we attempted to create already exists',
        error: `Phone number ${own} is already registered`,
      },
    });
  });

  test('that was released can be registered again, with another secret', async () => {
    const api = await startTestApi();
    const first = (await register(api, { webhook: { url: hook } })).body;
    await ask(api, `DELETE /v2/phone-numbers/${first.phoneNumber.phoneNumberId}`);
    const again = (await register(api, { webhook: { url: hook } })).body;
    expect(again.webhook.dispatchSigningSecret).not.toBe(first.webhook.dispatchSigningSecret);
  });

  const webhook = { url: hook };
  test.each<[string, object, unknown]>([
    ['neither agent nor webhook', {}, 'Exactly one of agent_id and webhook must be given'],
    ['both', { webhook, agent_id: 'a' }, 'Exactly one of agent_id and webhook must be given'],
    ['no number', { phone_number: undefined, webhook }, 'phone_number is missing'],
    [
      'another form of number',
      { phone_number: '415-555-0123', webhook },
      expect.stringMatching(/^phone_number must match/),
    ],
    ['an area code', { area_code: '415', webhook }, 'area_code is for xai_provisioned numbers'],
    [
      'a webhook without TLS',
      { webhook: { url: 'http://example.com' } },
      expect.stringMatching(/^webhook\.url must be an https URL/),
    ],
    [
      'half a digest',
      { webhook, sip_auth: { auth_username: 'a' } },
      expect.stringMatching(/^sip_auth must hold either/),
    ],
    [
      'two ways in',
      { webhook, sip_auth: { auth_username: 'a', auth_password: 'b', allowed_addresses: ['1.2.3.0/24'] } },
      expect.stringMatching(/^sip_auth must hold either/),
    ],
  ])('is not registered with %s', async (_what, body, error) => {
    expect(await register(await startTestApi(), body)).toEqual(invalid(error));
  });

  test.each<[string, object]>([
    ['an unknown member', { webhook: { url: hook }, sip: {} }],
    ['addresses that are none', { webhook: { url: hook }, sip_auth: { allowed_addresses: ['1.2.3.4'] } }],
    ['another origin', { webhook: { url: hook }, origin: 'found' }],
  ])('is not registered with %s', async (_what, body) => {
    expect((await register(await startTestApi(), body)).status).toBe(422);
  });

  test('is not registered for an agent that is not there', async () => {
    expect(await register(await startTestApi(), { agent_id: 'none' })).toEqual(
      notFound('Agent not found: none'),
    );
  });

  test('is not sold by v2, in the words of the service', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'POST /v2/phone-numbers', { origin: 'xai_provisioned', area_code: '415' })).toEqual(
      {
        status: 403,
        body: {
          code: 'The caller does not have permission to execute the specified operation',
          error:
            'Provisioning SpaceXAI phone numbers via the API is not supported. Use the console (Voice Agents) instead.',
        },
      },
    );
  });

  test('is not registered with an ephemeral secret', async () => {
    const api = await startTestApi();
    const headers = { authorization: 'Bearer xai-realtime-client-secret-x' };
    expect((await ask(api, 'GET /v2/phone-numbers', undefined, headers)).status).toBe(401);
  });
});

describe('a number', () => {
  test('is given to an agent, to another, and to none', async () => {
    const api = await startTestApi();
    const [one, two] = [await makeAgent(api), await makeAgent(api)];
    const id = await bought(api);
    for (const [agent, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const { body } = await patch(api, id, { agentId: agent.agent_id }, 'agent_id');
      expect(body.phoneNumber).toMatchObject({ agentId: agent.agent_id });
      expect(await agentOf(api, agent.agent_id)).toMatchObject({ phone_number_id: id });
      expect(await agentOf(api, other.agent_id)).not.toHaveProperty('phone_number_id');
    }
    await patch(api, id, { agentId: '' }, 'agent_id');
    expect(await numberOf(api, id)).not.toHaveProperty('agentId');
    expect(await agentOf(api, two.agent_id)).not.toHaveProperty('phone_number_id');
  });

  test('is never on two agents, whichever version is asked', async () => {
    const api = await startTestApi();
    const [one, two] = [await makeAgent(api), await makeAgent(api)];
    const id = await bought(api);
    const byV1 = (agent: { agent_id: string }, phone_number_id: string) =>
      ask(api, `PATCH /v1/agents/${agent.agent_id}`, { agent: {}, field_mask: 'name', phone_number_id });
    await byV1(one, id);
    expect(await numberOf(api, id)).toMatchObject({ agentId: one.agent_id });
    await byV1(two, id);
    expect(await numberOf(api, id)).toMatchObject({ agentId: two.agent_id });
    expect(await agentOf(api, one.agent_id)).not.toHaveProperty('phone_number_id');
    const other = await bought(api, '212');
    await byV1(two, other);
    expect(await numberOf(api, id)).not.toHaveProperty('agentId');
    await byV1(two, '');
    expect(await numberOf(api, other)).not.toHaveProperty('agentId');
  });

  test('by v2 may be one of several that an agent has, which calls from one of them', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api);
    const [first, second] = [await bought(api), await bought(api)];
    for (const id of [first, second]) await patch(api, id, { agentId: agent_id }, 'agent_id');
    expect(await agentOf(api, agent_id)).toMatchObject({ phone_number_id: first });
    await ask(api, `DELETE /v1/phone-numbers/${first}`);
    expect(await agentOf(api, agent_id)).toMatchObject({ phone_number_id: second });
    await ask(api, `DELETE /v2/phone-numbers/${second}`);
    expect(await agentOf(api, agent_id)).not.toHaveProperty('phone_number_id');
    expect(await ask(api, `DELETE /v2/phone-numbers/${second}`)).toEqual(
      notFound(`Phone number not found: ${second}`),
    );
  });

  test('is free when its agent is gone', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api);
    const id = await bought(api);
    await patch(api, id, { agentId: agent_id }, 'agent_id');
    await ask(api, `DELETE /v1/agents/${agent_id}`);
    expect(await numberOf(api, id)).not.toHaveProperty('agentId');
  });

  test('has an agent or a webhook; a webhook that changes keeps its secret', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api);
    const id = await bought(api);
    await patch(api, id, { agentId: agent_id }, 'agent_id');
    const { body } = await patch(api, id, { webhook: { url: hook } }, 'webhook');
    expect(body.webhook).toEqual({ dispatchSigningSecret: secret, webhookId: expect.any(String) });
    expect(body.phoneNumber).not.toHaveProperty('agentId');
    expect(await agentOf(api, agent_id)).not.toHaveProperty('phone_number_id');
    const moved = await patch(api, id, { webhook: { url: `${hook}/2` } }, 'webhook');
    expect(moved.body).toEqual({ phoneNumber: expect.objectContaining({ webhook: expect.anything() }) });
    expect(api.store.phoneNumbers.get(id)?.webhook).toEqual({
      webhook_id: body.webhook.webhookId,
      url: `${hook}/2`,
      signing_secret: body.webhook.dispatchSigningSecret,
    });
    await patch(api, id, { agentId: agent_id }, 'agent_id');
    expect(api.store.phoneNumbers.get(id)).not.toHaveProperty('webhook');
  });

  test('is renamed; what is masked and not sent is cleared', async () => {
    const api = await startTestApi();
    const id = await bought(api);
    expect((await patch(api, id, { name: 'Sales', agentId: 'none' }, 'name')).body.phoneNumber).toMatchObject(
      {
        name: 'Sales',
      },
    );
    await patch(api, id, { sipAuth: { allowedAddresses: ['1.2.3.0/24'] } }, 'sip_auth');
    await patch(api, id, {}, 'name', 'sip_auth');
    expect(await numberOf(api, id)).toMatchObject({ name: '' });
    expect(await numberOf(api, id)).not.toHaveProperty('sipAuth');
  });

  test.each<[string, object, number]>([
    ['flat members', { agentId: 'a' }, 422],
    ['a mask in camelCase', { phoneNumber: {}, fieldMask: { paths: ['agentId'] } }, 400],
    ['an unknown agent', { phoneNumber: { agentId: 'none' }, fieldMask: 'agent_id' }, 404],
    ['a member nobody knows', { phoneNumber: { origin: 'x' }, fieldMask: 'name' }, 422],
    [
      'agent and webhook at once',
      { phoneNumber: { agentId: 'a', webhook: { url: hook } }, fieldMask: 'agent_id,webhook' },
      400,
    ],
  ])('is not changed by %s', async (_what, body, status) => {
    const api = await startTestApi();
    const id = await bought(api);
    const before = await numberOf(api, id);
    expect((await ask(api, `PATCH /v2/phone-numbers/${id}`, body)).status).toBe(status);
    expect(await numberOf(api, id)).toEqual(before);
  });

  test('that is not there is not changed', async () => {
    const api = await startTestApi();
    expect(await patch(api, 'none', { name: 'A' }, 'name')).toEqual(notFound('Phone number not found: none'));
  });

  test('is not sold when an area has none left', async () => {
    const api = await startTestApi();
    for (let at = 0; at < 100; at++) await bought(api);
    expect(await ask(api, 'POST /v1/phone-numbers', { area_code: '415' })).toEqual(
      invalid('No phone number is left in area code 415'),
    );
    const { phone_numbers } = (await ask(api, 'GET /v1/phone-numbers?limit=1000')).body as Wire;
    expect(new Set(phone_numbers.map((each: Wire) => each.phone_number)).size).toBe(100);
  });

  test('is listed page by page in v2 as well', async () => {
    const api = await startTestApi();
    const ids = [await bought(api), await bought(api), await bought(api)];
    const list = async (query: string) => (await ask(api, `GET /v2/phone-numbers?${query}`)).body as Wire;
    const first = await list('limit=2');
    const last = await list(`limit=2&pagination_token=${first.paginationToken}`);
    expect([first, last].map((page) => page.phoneNumbers.map((each: Wire) => each.phoneNumberId))).toEqual([
      ids.slice(0, 2),
      ids.slice(2),
    ]);
    expect(last).not.toHaveProperty('paginationToken');
  });
});

describe('a snapshot', () => {
  test('holds the secrets: it is a whole copy, for whoever has the file anyway', async () => {
    const [api, other] = [await startTestApi(), await startTestApi()];
    const { body } = await register(api, { webhook: { url: hook } });
    const taken = (await ask(api, 'GET /__local/snapshot')).body;
    await ask(other, 'PUT /__local/snapshot', taken);
    expect(phoneNumberOf(other.store, own)?.webhook).toMatchObject({
      signing_secret: body.webhook.dispatchSigningSecret,
    });
  });

  test('from before numbers told whose they are is linked, the first agent keeping its number', async () => {
    const api = await startTestApi();
    const agents = ['a', 'b'].map((agent_id) => ({ agent_id, name: agent_id, phone_number_id: 'p' }));
    const phone_numbers = [{ phone_number_id: 'p', phone_number: own }];
    await ask(api, 'PUT /__local/snapshot', { agents, phone_numbers });
    expect(api.store.snapshot()).toEqual({
      agents: [agents[0], { agent_id: 'b', name: 'b' }],
      phone_numbers: [{ ...phone_numbers[0], agent_id: 'a' }],
    });
    expect(await numberOf(api, 'p')).toMatchObject({ origin: 'xai_provisioned' });
  });
});

test('both builds of SQLite can look into documents', async () => {
  for (const { build, isHere } of builds) {
    if (!isHere) continue;
    const { openStore } = await import('../../src/emulator/store/store.js');
    const { thisProcess } = await import('../support/local-api.js');
    const store = await openStore({ path: ':memory:', processes: thisProcess, build });
    store.phoneNumbers.insert('p', { phone_number_id: 'p', phone_number: own });
    expect(phoneNumberOf(store, own)).toMatchObject({ phone_number_id: 'p' });
    expect(() =>
      store.together(() => {
        store.phoneNumbers.insert('q', { phone_number_id: 'q' });
        expect(store.phoneNumbers.get('q')).toBeDefined();
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(store.phoneNumbers.get('q')).toBeUndefined();
    store.close();
  }
});
