import { describe, expect, test } from 'vitest';
import { type AgentTool, normaliseAgent, normaliseTool, readAgent } from '../../src/protocol/agent.js';

/** Names as proto-JSON writes them, inside what belongs to the user: nothing of it may change. */
const schema = {
  type: 'object',
  properties: { vadThreshold: { type: 'number' }, serverUrl: { voiceId: 1 }, function: { name: 'x' } },
  required: ['vadThreshold'],
};

const documented = {
  agent_id: 'agent_1',
  name: 'Order Support',
  instructions: 'Be brief.',
  tools: [{ type: 'web_search' }],
  voice: { voice_id: 'eve', vad_threshold: 0.5, vad_silence_duration_ms: 300 },
  collection_ids: ['collection_1'],
};

describe('names of an agent', () => {
  test.each([
    ['the documented form stays as it is', documented, documented],
    [
      'camelCase becomes snake_case',
      {
        agentId: 'agent_1',
        name: 'Order Support',
        instructions: 'Be brief.',
        tools: [{ type: 'web_search' }],
        voice: { voiceId: 'eve', vadThreshold: 0.5, vadSilenceDurationMs: 300 },
        collectionIds: ['collection_1'],
      },
      documented,
    ],
    [
      'the lesser known members too',
      { workflowJson: '{}', phoneNumberId: 'p1', voice: { languageHint: 'en', reasoningEffort: 'high' } },
      {
        workflow_json: '{}',
        phone_number_id: 'p1',
        voice: { language_hint: 'en', reasoning_effort: 'high' },
      },
    ],
    [
      'where both forms are there, the documented one wins',
      { agentId: 'camel', agent_id: 'snake', voice: { voiceId: 'camel', voice_id: 'snake' } },
      { agent_id: 'snake', voice: { voice_id: 'snake' } },
    ],
    [
      'members nobody knows stay, by their own names',
      { teamId: 't1', createTime: '2026-07-01', voice: { pitchShift: 2 }, extra: { agentId: 1 } },
      { teamId: 't1', createTime: '2026-07-01', voice: { pitchShift: 2 }, extra: { agentId: 1 } },
    ],
    [
      'values of another kind are passed on',
      { voice: 'eve', tools: 'none', collectionIds: null },
      { voice: 'eve', tools: 'none', collection_ids: null },
    ],
    ['nothing is nothing', {}, {}],
  ])('%s', (_, given, read) => {
    expect(normaliseAgent(given)).toEqual(read);
  });

  test('a name that every object inherits is a member like any other', () => {
    expect(normaliseAgent({ constructor: 1, toString: 2, hasOwnProperty: 3 })).toEqual({
      constructor: 1,
      toString: 2,
      hasOwnProperty: 3,
    });
  });

  test('a member called __proto__ stays a member and changes no prototype', () => {
    const text =
      '{"agent_id":"a","__proto__":{"name":"polluted"},"voice":{"__proto__":{"voice_id":"x"}},' +
      '"tools":[{"__proto__":{"type":"mcp"}},{"type":"function","function":{"name":"f","__proto__":{"description":"x"}}}]}';
    const agent = readAgent(JSON.parse(text));
    expect(JSON.stringify(agent)).toBe(text);
    expect([agent?.name, agent?.voice?.voice_id, agent?.tools?.[0]?.type]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(agent?.tools?.[1]?.function?.description).toBeUndefined();
    expect(({} as { name?: string }).name).toBeUndefined();
  });

  test('the value given is left alone', () => {
    const given = {
      agentId: 'a',
      voice: { voiceId: 'eve' },
      tools: [{ function: { name: 'f', parameters: '{}' } }],
    };
    const before = structuredClone(given);
    normaliseAgent(given);
    expect(given).toEqual(before);
  });
});

describe('tools', () => {
  const nested = {
    type: 'function',
    function: { name: 'lookup', description: 'Looks up.', parameters: schema },
  };
  test.each([
    ['nested stays nested', nested, nested],
    ['flat becomes nested', { type: 'function', ...nested.function }, nested],
    ['keyed by its kind becomes tagged', { function: nested.function }, nested],
    [
      'parameters as JSON text become an object',
      {
        function: { ...nested.function, parameters: JSON.stringify(schema) },
      },
      nested,
    ],
    [
      'also in a tool that is tagged',
      {
        type: 'function',
        function: { ...nested.function, parameters: JSON.stringify(schema) },
      },
      nested,
    ],
    [
      'also in a flat one',
      {
        type: 'function',
        ...nested.function,
        parameters: JSON.stringify(schema),
      },
      nested,
    ],
    [
      'parameters that are not JSON stay the text they are',
      { function: { name: 'lookup', parameters: '{"type": obj' } },
      { type: 'function', function: { name: 'lookup', parameters: '{"type": obj' } },
    ],
    [
      'empty parameters stay empty',
      { function: { name: 'lookup', parameters: '' } },
      { type: 'function', function: { name: 'lookup', parameters: '' } },
    ],
    [
      'a function without parameters gets none',
      { function: { name: 'lookup' } },
      { type: 'function', function: { name: 'lookup' } },
    ],
    [
      'members of a function nobody knows stay',
      { type: 'function', function: { name: 'f', strict: true }, note: 'mine' },
      { type: 'function', function: { name: 'f', strict: true }, note: 'mine' },
    ],
    ['a built-in kind keyed by its name', { web_search: {} }, { type: 'web_search' }],
    ['members beside the key', { web_search: {}, note: 'x' }, { type: 'web_search', note: 'x' }],
    ['a built-in kind in camelCase', { xSearch: {} }, { type: 'x_search' }],
    [
      'a built-in kind with its settings',
      { fileSearch: { vectorStoreIds: ['c1'], maxNumResults: 3 } },
      { type: 'file_search', vector_store_ids: ['c1'], max_num_results: 3 },
    ],
    [
      'an MCP server, with its headers as they are',
      {
        mcp: {
          serverUrl: 'https://example.com',
          serverLabel: 'shop',
          serverDescription: 'The shop',
          allowedTools: ['find'],
          headers: { serverUrl: 'kept', allowedTools: 'kept' },
        },
      },
      {
        type: 'mcp',
        server_url: 'https://example.com',
        server_label: 'shop',
        server_description: 'The shop',
        allowed_tools: ['find'],
        headers: { serverUrl: 'kept', allowedTools: 'kept' },
      },
    ],
    [
      'a tagged tool in camelCase',
      { type: 'web_search', allowedDomains: ['a.com'] },
      { type: 'web_search', allowed_domains: ['a.com'] },
    ],
    ['a kind nobody knows', { type: 'teleport', toWhere: 'there' }, { type: 'teleport', toWhere: 'there' }],
    ['a kind nobody knows, keyed', { teleport: { toWhere: 'there' } }, { teleport: { toWhere: 'there' } }],
    ['what is no tool at all', null, null],
    ['text', 'web_search', 'web_search'],
    [
      'a function that is no object',
      { type: 'function', function: 'f' },
      { type: 'function', function: 'f' },
    ],
  ])('%s', (_, given, read) => {
    expect(normaliseTool(given)).toEqual(read);
  });

  test('every setting that proto-JSON writes in camelCase is brought to its documented name', () => {
    expect([
      normaliseTool({
        type: 'web_search',
        excludedDomains: ['a.com'],
        enableImageUnderstanding: true,
        userLocation: { country: 'FR' },
      }),
      normaliseTool({
        xSearch: {
          allowedXHandles: ['a'],
          excludedXHandles: ['b'],
          fromDate: '2026-01-01',
          toDate: '2026-07-01',
          enableImageUnderstanding: true,
          enableVideoUnderstanding: true,
        },
      }),
    ]).toEqual([
      {
        type: 'web_search',
        excluded_domains: ['a.com'],
        enable_image_understanding: true,
        user_location: { country: 'FR' },
      },
      {
        type: 'x_search',
        allowed_x_handles: ['a'],
        excluded_x_handles: ['b'],
        from_date: '2026-01-01',
        to_date: '2026-07-01',
        enable_image_understanding: true,
        enable_video_understanding: true,
      },
    ]);
  });

  test('parameters as text that nests without end stay text: a value so deep could not be shown', () => {
    const parameters = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const tool = normaliseTool({ function: { name: 'f', parameters } }) as AgentTool;
    expect(tool.function?.parameters === parameters).toBe(true);
  });
});

describe('the agent in a reply', () => {
  const read = { agent_id: 'a1', name: 'Bot' };
  test.each([
    ['enveloped', { agent: { agent_id: 'a1', name: 'Bot' } }, read],
    ['bare', { agent_id: 'a1', name: 'Bot' }, read],
    ['in camelCase', { agent: { agentId: 'a1', name: 'Bot' } }, read],
    ['with its id under "id", which stays', { id: 'a1', name: 'Bot' }, { ...read, id: 'a1' }],
    ['with another "id" beside', { agent_id: 'a1', id: 'row-7', name: 'Bot' }, { ...read, id: 'row-7' }],
    ['a bare UUID as its id', { agent_id: '3f0c' }, { agent_id: '3f0c' }],
    ['with members nobody knows', { agent: { ...read, status: 'ok' }, more: 1 }, { ...read, status: 'ok' }],
    [
      'with voice and tools brought to their documented names',
      {
        agent: { ...read, voice: { voiceId: 'eve' }, tools: [{ webSearch: {} }] },
      },
      { ...read, voice: { voice_id: 'eve' }, tools: [{ type: 'web_search' }] },
    ],
  ])('%s', (_, reply, agent) => {
    expect(readAgent(reply)).toEqual(agent);
  });

  test.each([
    ['an empty object', {}],
    ['an agent without an id', { agent: { name: 'Bot' } }],
    ['an empty id', { agent_id: '' }],
    ['an id that is no text', { agent_id: 7 }],
    ['a list', [{ agent_id: 'a1' }]],
    ['nothing', null],
    ['no body', undefined],
    ['text', 'agent_1'],
  ])('is not found in %s', (_, reply) => {
    expect(readAgent(reply)).toBeUndefined();
  });
});
