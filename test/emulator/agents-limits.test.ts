// What the Agents API takes and refuses: at the limit yes, beyond it 400, in the wrong shape 422 in plain text.

import { describe, expect, test } from 'vitest';
import { startTestApi } from '../support/local-api.js';
import { ask, send } from './support.js';

const named = (members: object) => ({ name: 'Ava', ...members });
const tool = (at: number) => ({ type: 'function', function: { name: `tool_${at}` } });
const tools = (count: number) => named({ tools: Array.from({ length: count }, (_, at) => tool(at)) });
const collections = (count: number) =>
  named({ collection_ids: Array.from({ length: count }, (_, at) => `collection_${at}`) });
const voice = (members: object) => named({ voice: members });

async function create(body: unknown) {
  const api = await startTestApi();
  const answer = await ask(api, 'POST /v1/agents', body);
  const kept = await ask(api, 'GET /v1/agents');
  return { ...answer, count: (kept.body as { agents: unknown[] }).agents.length };
}

describe('at the limit an agent is accepted', () => {
  test.each<[string, object]>([
    ['a name of 1 character', { name: 'A' }],
    ['a name of 255 characters', { name: 'n'.repeat(255) }],
    ['instructions of 256,000 characters', named({ instructions: 'i'.repeat(256_000) })],
    ['empty instructions', named({ instructions: '' })],
    ['200 tools', tools(200)],
    ['no tools', named({ tools: [] })],
    ['10 collections', collections(10)],
    ['a threshold of 0', voice({ vad_threshold: 0 })],
    ['a threshold of 1', voice({ vad_threshold: 1 })],
    ['a silence of 0 ms', voice({ vad_silence_duration_ms: 0 })],
    ['a silence of 10,000 ms', voice({ vad_silence_duration_ms: 10_000 })],
    ['a voice that says nothing', voice({})],
    ['a voice nobody has heard of', voice({ voice_id: 'my-custom-voice' })],
    ['5 allowed domains', named({ tools: [{ type: 'web_search', allowed_domains: [...'abcde'] }] })],
    [
      'a function name of 64 characters',
      named({ tools: [{ type: 'function', function: { name: 'f'.repeat(64) } }] }),
    ],
  ])('with %s', async (_what, body) => {
    expect(await create(body)).toEqual({
      status: 200,
      body: { agent: { agent_id: expect.any(String), ...body } },
      count: 1,
    });
  });
});

describe('one over the limit an agent is refused with 400 and the reason', () => {
  test.each<[string, object, string]>([
    ['a name of 256 characters', { name: 'n'.repeat(256) }, 'name must be at most 255 characters, got 256'],
    ['an empty name', { name: '' }, 'name must not be empty'],
    [
      'instructions of 256,001 characters',
      named({ instructions: 'i'.repeat(256_001) }),
      'instructions must be at most 256000 characters, got 256001',
    ],
    ['201 tools', tools(201), 'tools must hold at most 200, got 201'],
    ['11 collections', collections(11), 'collection_ids must hold at most 10, got 11'],
    [
      'a threshold below 0',
      voice({ vad_threshold: -0.01 }),
      'voice.vad_threshold must be at least 0, got -0.01',
    ],
    [
      'a threshold above 1',
      voice({ vad_threshold: 1.01 }),
      'voice.vad_threshold must be at most 1, got 1.01',
    ],
    [
      'a silence below 0 ms',
      voice({ vad_silence_duration_ms: -1 }),
      'voice.vad_silence_duration_ms must be at least 0, got -1',
    ],
    [
      'a silence above 10,000 ms',
      voice({ vad_silence_duration_ms: 10_001 }),
      'voice.vad_silence_duration_ms must be at most 10000, got 10001',
    ],
    [
      '6 allowed domains',
      named({ tools: [{ type: 'web_search', allowed_domains: [...'abcdef'] }] }),
      'tools[0].allowed_domains must hold at most 5, got 6',
    ],
    [
      '21 handles',
      named({ tools: [{ type: 'x_search', excluded_x_handles: [...'abcdefghijklmnopqrstu'] }] }),
      'tools[0].excluded_x_handles must hold at most 20, got 21',
    ],
  ])('for %s', async (_what, body, error) => {
    expect(await create(body)).toEqual({
      status: 400,
      body: { code: 'Client specified an invalid argument', error },
      count: 0,
    });
  });

  test.each(['', 'two words', 'naïve', 'f'.repeat(65), 'a/b'])('for a function called "%s"', async (name) => {
    expect(await create(named({ tools: [{ type: 'function', function: { name } }] }))).toEqual({
      status: 400,
      body: {
        code: 'Client specified an invalid argument',
        error: expect.stringMatching(/^tools\[0\]\.function\.name must match /),
      },
      count: 0,
    });
  });
});

const shape = 'Failed to deserialize the JSON body into the target type: ';

describe('in the wrong shape an agent is refused with 422 in plain text', () => {
  test.each<[string, unknown, string]>([
    ['no name', { instructions: 'x' }, 'name is missing'],
    ['a number for a name', { name: 5 }, 'name must be a string, got 5'],
    ['null for a name', { name: null }, 'name must be a string, got null'],
    ['a list for a body', [], 'expected an object'],
    ['text for a body', '"Ava"', 'expected an object'],
    ['null for a body', 'null', 'expected an object'],
    ['text for a voice', voice('eve' as never), 'voice must be an object, got "eve"'],
    [
      'text for a threshold',
      voice({ vad_threshold: '0.5' }),
      'voice.vad_threshold must be a number, got "0.5"',
    ],
    [
      'half a millisecond',
      voice({ vad_silence_duration_ms: 0.5 }),
      'voice.vad_silence_duration_ms must be a whole number, got 0.5',
    ],
    ['an object for tools', named({ tools: {} }), 'tools must be an array, got {}'],
    ['text for a tool', named({ tools: ['web_search'] }), 'tools[0] must be an object, got "web_search"'],
    [
      'a function without a name',
      named({ tools: [{ type: 'function', function: {} }] }),
      'tools[0].function.name is missing',
    ],
    [
      'text for a collection list',
      named({ collection_ids: 'c' }),
      'collection_ids must be an array, got "c"',
    ],
    [
      'a number for a collection',
      named({ collection_ids: [1] }),
      'collection_ids[0] must be a string, got 1',
    ],
    [
      'an mcp tool without a server',
      named({ tools: [{ type: 'mcp', server_label: 'x' }] }),
      'tools[0].server_url is missing',
    ],
  ])('for %s', async (_what, body, problem) => {
    expect(await create(body)).toEqual({ status: 422, body: shape + problem, count: 0 });
  });

  test.each<[string, object, string]>([
    [
      'of the agent',
      named({ model: 'grok-4' }),
      'model: unknown field `model`, expected one of `name`, `instructions`, `tools`, `voice`, `collection_ids`, `workflow_json`',
    ],
    ['that only a reply has', named({ agent_id: 'agent_1' }), 'agent_id: unknown field `agent_id`'],
    ['of a voice', voice({ speed: 1 }), 'voice.speed: unknown field `speed`, expected one of `voice_id`, '],
    [
      'of a tool',
      named({ tools: [{ type: 'web_search', domains: [] }] }),
      'tools[0].domains: unknown field `domains`, expected one of `type`, `allowed_domains`, ',
    ],
    [
      'of a function',
      named({ tools: [{ type: 'function', function: { name: 'f', strict: true } }] }),
      'tools[0].function.strict: unknown field `strict`, expected one of `name`, `description`, `parameters`',
    ],
  ])('for an unknown member %s', async (_where, body, problem) => {
    expect(await create(body)).toEqual({
      status: 422,
      body: expect.stringContaining(shape + problem),
      count: 0,
    });
  });

  test.each(['unknown_kind', 'constructor', ''])('for a tool of the kind "%s"', async (type) => {
    expect(await create(named({ tools: [{ type }] }))).toEqual({
      status: 422,
      body: expect.stringMatching(/^Failed to deserialize .*: tools\[0\]/),
      count: 0,
    });
  });

  test('and says that it is text', async () => {
    const api = await startTestApi();
    const reply = await send(api, 'POST /v1/agents', {});
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});

describe('a body that is no JSON is refused with 400', () => {
  test.each(['', '{', 'name=Ava', '{"name":"Ava"} trailing', "{'name':'Ava'}", '\ufeff{"name":"Ava"'])(
    'such as %j',
    async (text) => {
      expect(await create(text)).toEqual({
        status: 400,
        body: 'Failed to parse the request body as JSON',
        count: 0,
      });
    },
  );

  test('such as one nested so deep that writing it again would fail', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const parameters = `{"type":"object","properties":{"x":{"default":${deep}}}}`;
    const body = `{"name":"Ava","tools":[{"type":"function","function":{"name":"f","parameters":${parameters}}}]}`;
    expect(await create(body)).toMatchObject({ status: 400, count: 0 });
  });
});

describe('a body that is too large is refused with 413', () => {
  const tooLarge = {
    status: 413,
    body: { code: 'Client specified an invalid argument', error: 'The request body is too large' },
  };
  const large = () => JSON.stringify(named({ instructions: 'i'.repeat(17 * 1024 * 1024) }));

  test('when it says how long it is', async () => {
    expect(await create(large())).toEqual({ ...tooLarge, count: 0 });
  });

  test('when it comes in pieces and does not say', async () => {
    const api = await startTestApi();
    const text = large();
    const pieces = new ReadableStream({
      start(controller) {
        for (let at = 0; at < text.length; at += 1024 * 1024) {
          controller.enqueue(new TextEncoder().encode(text.slice(at, at + 1024 * 1024)));
        }
        controller.close();
      },
    });
    const reply = await fetch(`${api.base}/v1/agents`, {
      method: 'POST',
      body: pieces,
      duplex: 'half',
    } as RequestInit);
    expect({ status: reply.status, body: await reply.json() }).toEqual(tooLarge);
  });
});
