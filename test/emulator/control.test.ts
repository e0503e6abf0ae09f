// `/__local/`: a reset, a snapshot that can be put back, and the log of requests.

import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/local-api.js';
import { ask, handshake, makeAgent, openSocket, send } from './support.js';

async function stocked() {
  const api = await startTestApi();
  const agent = await makeAgent(api, { name: 'Ava', instructions: 'Be brief.' });
  const { body } = await ask(api, 'POST /v1/phone-numbers', { area_code: '415', name: 'Support' });
  const { phone_number } = body as { phone_number: object };
  return { api, agent, phone_number };
}

describe('a snapshot', () => {
  test('holds everything, whole', async () => {
    const { api, agent, phone_number } = await stocked();
    expect(await ask(api, 'GET /__local/snapshot')).toEqual({
      status: 200,
      body: { agents: [agent], phone_numbers: [phone_number] },
    });
  });

  test('of one local API is taken by another', async () => {
    const { api, agent, phone_number } = await stocked();
    const other = await startTestApi();
    await makeAgent(other, { name: 'Will be gone' });
    const { body } = await ask(api, 'GET /__local/snapshot');
    expect(await ask(other, 'PUT /__local/snapshot', body)).toEqual({
      status: 200,
      body: { restored: true },
    });
    expect(await ask(other, 'GET /v1/agents')).toEqual({ status: 200, body: { agents: [agent] } });
    expect(await ask(other, `GET /v1/agents/${agent.agent_id}`)).toEqual({ status: 200, body: { agent } });
    expect(await ask(other, 'GET /v1/phone-numbers')).toEqual({
      status: 200,
      body: { phone_numbers: [phone_number] },
    });
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['a list', []],
    ['nothing', '{}'],
    ['agents alone', { agents: [] }],
    ['agents that are no list', { agents: {}, phone_numbers: [] }],
    ['agents that are text', { agents: ['Ava'], phone_numbers: [] }],
    ['numbers that are null', { agents: [], phone_numbers: [null] }],
    ['an agent without an id', { agents: [{ name: 'Ava' }], phone_numbers: [] }],
    ['a number without an id', { agents: [], phone_numbers: [{ name: 'Support' }] }],
    [
      'an agent twice',
      {
        agents: [
          { agent_id: 'a', name: 'Ava' },
          { agent_id: 'a', name: 'Bob' },
        ],
        phone_numbers: [],
      },
    ],
  ])('that is %s is refused, and everything stays', async (_what, snapshot) => {
    const { api, agent } = await stocked();
    expect(await ask(api, 'PUT /__local/snapshot', snapshot)).toEqual({
      status: 400,
      body: { error: expect.any(String) },
    });
    expect(await ask(api, 'GET /v1/agents')).toEqual({ status: 200, body: { agents: [agent] } });
  });

  test('that is too large is refused', async () => {
    const api = await startTestApi();
    const headers = { 'content-length': 257 * 1024 * 1024 };
    const sent = request(`${api.base}/__local/snapshot`, { method: 'PUT', headers }).on('error', () => {});
    onTestFinished(() => void sent.destroy());
    sent.write('{');
    const [{ statusCode }] = await once(sent, 'response');
    expect(statusCode).toBe(413);
  });

  test('with the files of what is known is put back however many there are', async () => {
    const api = await startTestApi();
    const bytes = Buffer.alloc(17 * 1024 * 1024, 'a word or two ');
    api.store.knowledge.addFile('file_1', { id: 'file_1' }, bytes);
    const { body } = await ask(api, 'GET /__local/snapshot');
    const other = await startTestApi();
    expect((await ask(other, 'PUT /__local/snapshot', body)).status).toBe(200);
    expect(bytes.equals(other.store.knowledge.bytesOf('file_1') ?? Buffer.of())).toBe(true);
  });
});

test('integers that a number cannot hold are told, and put back, as they were', async () => {
  const api = await startTestApi();
  const large = '12345678901234567890';
  const text = `{"name":"Ava","tools":[{"type":"function","function":{"name":"f","parameters":{"const":${large}}}}]}`;
  await ask(api, 'POST /v1/agents', text);
  const snapshot = await (await send(api, 'GET /__local/snapshot')).text();
  expect(snapshot).toContain(`"const":${large}`);
  expect(await (await send(api, 'GET /__local/requests')).text()).toContain(`"const":${large}`);
  await ask(api, 'POST /__local/reset');
  expect((await ask(api, 'PUT /__local/snapshot', snapshot)).status).toBe(200);
  expect(await (await send(api, 'GET /v1/agents')).text()).toContain(`"const":${large}`);
});

describe('a reset', () => {
  test('leaves nothing: no agents, no numbers, no secrets, no requests', async () => {
    const { api } = await stocked();
    const { body } = await ask(api, 'POST /v1/realtime/client_secrets', {});
    const { value } = body as { value: string };
    expect(await ask(api, 'POST /__local/reset')).toEqual({ status: 200, body: { reset: true } });
    expect(await api.requests()).toEqual([]);
    expect(await ask(api, 'GET /__local/snapshot')).toEqual({
      status: 200,
      body: { agents: [], phone_numbers: [] },
    });
    const secret = await handshake(api, { headers: { authorization: `Bearer ${value}` } });
    expect(secret).toMatchObject({ status: 401 });
  });

  test('works while every key is refused', async () => {
    const api = await startTestApi({ faults: ['wrong-key', 'agents-not-enabled'] });
    expect((await ask(api, 'POST /__local/reset')).status).toBe(200);
  });
});

describe('the log of requests', () => {
  const logged = async (api: TestApi) =>
    (await api.requests()).map(({ method, path, status, body }) => ({
      line: `${method} ${path} ${status}`,
      ...(body !== undefined && { body }),
    }));

  test('tells each request in order, with its body where it has one', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api, { name: 'Ava', instructions: 'Be brief.' });
    await ask(api, 'GET /v1/agents?limit=3');
    await ask(api, `PATCH /v1/agents/${agent_id}`, { agent: { name: 'B' }, field_mask: 'name' });
    await ask(api, 'POST /v1/agents', { name: 5 });
    await ask(api, 'POST /v1/agents', '{');
    await ask(api, 'GET /v1/agents/none');
    await ask(api, 'GET /nowhere');
    await openSocket(api);
    await handshake(api, { path: '/v1/elsewhere' });
    expect(await logged(api)).toEqual([
      { line: 'POST /v1/agents 200', body: { name: 'Ava', instructions: 'Be brief.' } },
      { line: 'GET /v1/agents 200' },
      {
        line: `PATCH /v1/agents/${agent_id} 200`,
        body: { agent: { name: 'B' }, field_mask: 'name' },
      },
      { line: 'POST /v1/agents 422', body: { name: 5 } },
      { line: 'POST /v1/agents 400' },
      { line: 'GET /v1/agents/none 404' },
      { line: 'GET /nowhere 404' },
      { line: 'GET /v1/realtime 101' },
      { line: 'GET /v1/elsewhere 404' },
    ]);
  });

  test('names each as its reply does, and says when it was and how long it took', async () => {
    let now = Date.UTC(2026, 6, 1, 12);
    const api = await startTestApi({ nowMs: () => now++ });
    const reply = await fetch(`${api.base}/v1/models`);
    expect(await api.requests()).toEqual([
      {
        at: '2026-07-01T12:00:00.000Z',
        method: 'GET',
        path: '/v1/models',
        status: 200,
        ms: 1,
        request_id: reply.headers.get('x-request-id'),
      },
    ]);
  });

  test('keeps of a very long body only that it came', async () => {
    const api = await startTestApi();
    await makeAgent(api, { name: 'Ava', instructions: 'x'.repeat(100_000) });
    expect(await logged(api)).toEqual([{ line: 'POST /v1/agents 200' }]);
  });

  test('does not hold what is asked of the local routes themselves', async () => {
    const api = await startTestApi();
    await ask(api, 'GET /__local/snapshot');
    await ask(api, 'GET /__local/requests');
    expect(await api.requests()).toEqual([]);
  });

  test('does not hold keys', async () => {
    const api = await startTestApi();
    await ask(api, 'GET /v1/agents', undefined, { authorization: 'Bearer xai-very-private' });
    expect(JSON.stringify(await api.requests())).not.toContain('private');
  });

  test('keeps the latest thousand', async () => {
    const api = await startTestApi();
    for (let at = 0; at < 101; at++) {
      await Promise.all(Array.from({ length: 10 }, (_, of) => ask(api, `GET /v1/${at * 10 + of}`)));
    }
    const kept = await api.requests();
    expect(kept).toHaveLength(1000);
    expect(kept.slice(0, 10).map(({ path }) => path)).toContain('/v1/10');
    expect(kept.map(({ path }) => path)).not.toContain('/v1/9');
  });
});
