// The Agents API over HTTP: an agent is made, listed, read and removed. Shapes: fact sheet A1 to A5.

import { describe, expect, test } from 'vitest';
import { startTestApi } from '../support/local-api.js';
import { ask, makeAgent, type StoredAgent, send } from './support.js';

const anId = expect.stringMatching(/^agent_[0-9A-Za-z]{16}$/);
const parameters = {
  type: 'object',
  // Names inside `parameters` belong to the caller: they only look like members of an agent.
  properties: { voiceId: { type: 'string' }, collectionIds: { type: 'array' } },
  required: ['voiceId'],
};
const lookup = { name: 'lookup_order', description: 'Look up an order.', parameters };
const functionTool = { type: 'function', function: lookup };

/** Every documented member, as it is kept and answered. */
const whole = {
  name: 'Order Support',
  instructions: 'You help with orders. Ключ, 鍵, 🔑.',
  tools: [
    functionTool,
    { type: 'web_search', allowed_domains: ['x.ai'], enable_image_understanding: true },
    { type: 'x_search', allowed_x_handles: ['xai'], from_date: '2026-01-01', to_date: '2026-02-01' },
    { type: 'file_search', vector_store_ids: ['collection_a'], max_num_results: 3 },
    { type: 'mcp', server_url: 'https://mcp.example', server_label: 'mcp', headers: { serverUrl: 'x' } },
  ],
  voice: {
    voice_id: 'eve',
    vad_threshold: 0.5,
    vad_silence_duration_ms: 300,
    model: 'grok-voice-latest',
    language_hint: 'en',
    reasoning_effort: 'none',
  },
  collection_ids: ['collection_a', 'collection_b'],
  workflow_json: '{"steps":[]}',
};

const camelCase = {
  name: whole.name,
  instructions: whole.instructions,
  collectionIds: whole.collection_ids,
  workflowJson: whole.workflow_json,
  voice: {
    voiceId: 'eve',
    vadThreshold: 0.5,
    vadSilenceDurationMs: 300,
    model: 'grok-voice-latest',
    languageHint: 'en',
    reasoningEffort: 'none',
  },
  tools: [
    functionTool,
    { type: 'web_search', allowedDomains: ['x.ai'], enable_image_understanding: true },
    whole.tools[2],
    { type: 'file_search', vectorStoreIds: ['collection_a'], maxNumResults: 3 },
    {
      type: 'mcp',
      serverUrl: 'https://mcp.example',
      serverLabel: 'mcp',
      headers: { serverUrl: 'x' },
    },
  ],
};

const keyedByKind = {
  ...whole,
  tools: [
    { function: { ...lookup, parameters: JSON.stringify(parameters) } },
    { web_search: { allowed_domains: ['x.ai'], enable_image_understanding: true } },
    { x_search: { allowed_x_handles: ['xai'], from_date: '2026-01-01', to_date: '2026-02-01' } },
    { file_search: { vector_store_ids: ['collection_a'], max_num_results: 3 } },
    { mcp: { server_url: 'https://mcp.example', server_label: 'mcp', headers: { serverUrl: 'x' } } },
  ],
};

describe('creating an agent', () => {
  test.each([
    ['in the documented form', whole],
    ['in camelCase', camelCase],
    ['with tools keyed by their kind', keyedByKind],
    ['with flat functions', { ...whole, tools: [{ type: 'function', ...lookup }, ...whole.tools.slice(1)] }],
    [
      'with parameters as JSON text',
      {
        ...whole,
        tools: [
          { type: 'function', function: { ...lookup, parameters: JSON.stringify(parameters) } },
          ...whole.tools.slice(1),
        ],
      },
    ],
  ])('takes every member %s and answers it in the documented one', async (_form, body) => {
    const api = await startTestApi();
    const created = await ask(api, 'POST /v1/agents', body);
    expect(created).toEqual({ status: 200, body: { agent: { agent_id: anId, ...whole } } });
    const { agent } = created.body as { agent: StoredAgent };
    expect(await ask(api, `GET /v1/agents/${agent.agent_id}`)).toEqual(created);
    expect(await ask(api, 'GET /v1/agents')).toEqual({ status: 200, body: { agents: [agent] } });
  });

  test('needs nothing but a name', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'POST /v1/agents', { name: 'Ava' })).toEqual({
      status: 200,
      body: { agent: { agent_id: anId, name: 'Ava' } },
    });
  });

  test('makes a new agent each time, under a new id', async () => {
    const api = await startTestApi();
    const made = [await makeAgent(api), await makeAgent(api), await makeAgent(api)];
    expect(new Set(made.map(({ agent_id }) => agent_id)).size).toBe(3);
  });

  test('takes the documented name where a member is there under both', async () => {
    const api = await startTestApi();
    const both = { voiceId: 'leo', voice_id: 'eve', vadThreshold: 0.1 };
    const { agent } = (await ask(api, 'POST /v1/agents', { name: 'Ava', voice: both })).body as {
      agent: StoredAgent;
    };
    expect(agent.voice).toEqual({ voice_id: 'eve', vad_threshold: 0.1 });
  });

  test('keeps a member called __proto__ inside parameters', async () => {
    const api = await startTestApi();
    const odd = '{"type":"object","properties":{"__proto__":{"type":"string"}}}';
    const body = `{"name":"Ava","tools":[{"type":"function","function":{"name":"f","parameters":${odd}}}]}`;
    const reply = await send(api, 'POST /v1/agents', body);
    expect(await reply.text()).toContain(odd);
  });
});

describe('listing agents', () => {
  async function many(count: number) {
    const api = await startTestApi();
    const made: StoredAgent[] = [];
    for (let at = 0; at < count; at++) made.push(await makeAgent(api, { name: `Agent ${at}` }));
    return { api, made };
  }
  interface Listed {
    agents: StoredAgent[];
    pagination_token?: string;
  }
  const list = async (api: { base: string }, query = '') =>
    (await ask(api, `GET /v1/agents${query}`)).body as Listed;

  test('of none is an empty list', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/agents')).toEqual({ status: 200, body: { agents: [] } });
  });

  test('goes page by page to the end in the order they were made', async () => {
    const { api, made } = await many(7);
    const pages: Listed[] = [];
    for (let query = '?limit=3'; ; ) {
      const page = await list(api, query);
      pages.push(page);
      if (page.pagination_token === undefined) break;
      query = `?limit=3&pagination_token=${encodeURIComponent(page.pagination_token)}`;
    }
    const token = expect.stringMatching(/^[\w-]+$/);
    expect(pages).toEqual([
      { agents: made.slice(0, 3), pagination_token: token },
      { agents: made.slice(3, 6), pagination_token: token },
      { agents: made.slice(6) },
    ]);
  });

  test('has no token when the last page is full', async () => {
    const { api, made } = await many(3);
    expect(await list(api, '?limit=3')).toEqual({ agents: made });
  });

  test('gives a hundred at most unless asked for more', async () => {
    const api = await startTestApi();
    const agents = Array.from({ length: 1001 }, (_, at) => ({ agent_id: `${at}`, name: 'Ava' }));
    await ask(api, 'PUT /__local/snapshot', { agents, phone_numbers: [] });
    const lengths = async (query: string) => (await list(api, query)).agents.length;
    expect([await lengths(''), await lengths('?limit=1000'), await lengths('?limit=9999')]).toEqual([
      100, 1000, 1000,
    ]);
  });

  test('continues behind an agent that has been removed', async () => {
    const { api, made } = await many(4);
    const { pagination_token: token } = await list(api, '?limit=2');
    await ask(api, `DELETE /v1/agents/${made[1]?.agent_id}`);
    await ask(api, `DELETE /v1/agents/${made[2]?.agent_id}`);
    expect(await list(api, `?limit=2&pagination_token=${token}`)).toEqual({ agents: [made[3]] });
  });

  const token = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    'nonsense',
    token('after:'),
    token('after:-1'),
    token('after:1.5'),
    token('before:1'),
    token('after:1 or 1=1'),
    token('{"after":1}'),
  ])('refuses the token %s', async (bad) => {
    const { api } = await many(1);
    expect(await ask(api, `GET /v1/agents?pagination_token=${bad}`)).toEqual({
      status: 400,
      body: { code: 'Client specified an invalid argument', error: `Invalid pagination_token: ${bad}` },
    });
  });

  test('is empty behind any token beyond the last agent', async () => {
    const { api } = await many(1);
    const beyond = token('after:9007199254740991');
    expect(await list(api, `?pagination_token=${beyond}`)).toEqual({ agents: [] });
  });

  test.each(['x', '-1', '1.5', '10000', '1e3'])('refuses the limit %s', async (limit) => {
    const { api } = await many(1);
    expect(await ask(api, `GET /v1/agents?limit=${limit}`)).toEqual({
      status: 400,
      body: {
        code: 'Client specified an invalid argument',
        error: expect.stringMatching(/^limit /),
      },
    });
  });
});

describe('one agent', () => {
  test('is gone once it is deleted, and nothing else is', async () => {
    const api = await startTestApi();
    const [kept, gone] = [await makeAgent(api), await makeAgent(api)];
    const path = `/v1/agents/${gone.agent_id}`;
    const missing = {
      status: 404,
      body: {
        code: 'Some requested entity was not found',
        error: `Agent not found: ${gone.agent_id}`,
      },
    };
    expect(await ask(api, `DELETE ${path}`)).toEqual({ status: 200, body: {} });
    expect(await ask(api, `DELETE ${path}`)).toEqual(missing);
    expect(await ask(api, `GET ${path}`)).toEqual(missing);
    expect(
      await ask(api, `PATCH ${path}`, { agent: { name: 'X' }, field_mask: { paths: ['name'] } }),
    ).toEqual(missing);
    expect(await ask(api, 'GET /v1/agents')).toEqual({ status: 200, body: { agents: [kept] } });
  });

  test.each([
    ['agent%2Fwith%2Fslashes', 'agent/with/slashes'],
    ['%00', '\0'],
    ['%E9%8D%B5', '鍵'],
    ["'%20OR%20'1'='1", "' OR '1'='1"],
    ['%E0%A4', '%E0%A4'],
    ['constructor', 'constructor'],
  ])('is not found under the id %s', async (written, id) => {
    const api = await startTestApi();
    await makeAgent(api);
    expect(await ask(api, `GET /v1/agents/${written}`)).toEqual({
      status: 404,
      body: { code: 'Some requested entity was not found', error: `Agent not found: ${id}` },
    });
  });

  test.each([
    'GET /v1/agent',
    'GET /',
    'GET /v2/agents',
    'PUT /v1/agents',
    'POST /v1/agents/agent_1',
    'GET /v1/agents/agent_1/versions',
    'GET /v1/realtime/calls',
    'GET /__local/nothing',
  ])('has nothing to do with %s', async (line) => {
    const api = await startTestApi();
    expect(await ask(api, line)).toEqual({
      status: 404,
      body: {
        code: 'Some requested entity was not found',
        error: `No such path: ${line.split(' ')[1]}`,
      },
    });
  });
});
