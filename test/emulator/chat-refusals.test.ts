// What chat completions refuse, word for word where the words were seen: fact sheet D.

import { describe, expect, test } from 'vitest';
import { startTestApi } from '../support/local-api.js';
import { ask, send, type Wire } from './support.js';

const asked = (members: object = {}) => ({
  model: 'grok-4.3',
  messages: [{ role: 'user', content: 'Hi' }],
  ...members,
});
const functionTool = (name: string) => ({ type: 'function', function: { name } });

async function complete(body: unknown) {
  const api = await startTestApi();
  return ask(api, 'POST /v1/chat/completions', body);
}

describe('a tool that is no function', () => {
  test.each([
    ['web_search', []],
    ['x_search', Array.from({ length: 55 }, (_, at) => functionTool(`tool_${at}`))],
    ['file_search', [functionTool('f'), { type: 'live_search' }]],
    ['mcp', []],
  ])('of kind %s is refused in the words of the service, with its place', async (kind, before) => {
    const body = asked({ tools: [...before, { type: kind }] });
    const text = JSON.stringify(body);
    const column = text.indexOf(`"${kind}"`) + 1;
    expect(await complete(body)).toEqual({
      status: 422,
      body:
        'Failed to deserialize the JSON body into the target type: ' +
        `tools[${before.length}].type: unknown variant \`${kind}\`, expected \`function\` or \`live_search\` at line 1 column ${column}`,
    });
  });

  test('is refused for a stream as well, before it begins', async () => {
    expect(await complete(asked({ stream: true, tools: [{ type: 'mcp' }] }))).toMatchObject({ status: 422 });
  });

  test('is refused in plain text', async () => {
    const api = await startTestApi();
    const reply = await send(api, 'POST /v1/chat/completions', asked({ tools: [{ type: 'mcp' }] }));
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});

describe('live search', () => {
  const gone = {
    status: 410,
    body: {
      error:
        'Live search is deprecated. Please switch to the Agent Tools API: https://docs.x.ai/docs/guides/tools/overview',
    },
  };

  test.each([{}, { mode: 'auto' }, { mode: 'off' }])('is gone, asked for with %j', async (parameters) => {
    expect(await complete(asked({ search_parameters: parameters }))).toEqual(gone);
  });

  test('is not asked for by null', async () => {
    expect(await complete(asked({ search_parameters: null }))).toMatchObject({ status: 200 });
  });
});

describe('a model', () => {
  test.each(['grok-4.3', 'grok-4.7', 'grok-4.20', 'grok-4.20-0309-reasoning', 'grok-build-0.1'])(
    '%s answers itself',
    async (model) => {
      expect(await complete(asked({ model }))).toMatchObject({ status: 200, body: { model } });
    },
  );

  test.each([
    'grok-3',
    'grok-3-fast',
    'grok-3-mini',
    'grok-4',
    'grok-4-0709',
    'grok-4-fast-reasoning',
    'grok-4-fast-non-reasoning',
    'grok-4-1-fast-reasoning',
    'grok-code-fast-1',
  ])('%s is retired and answered by grok-4.3', async (model) => {
    expect(await complete(asked({ model }))).toMatchObject({ status: 200, body: { model: 'grok-4.3' } });
    const api = await startTestApi();
    const reply = await send(api, 'POST /v1/chat/completions', asked({ model, stream: true }));
    const [piece = ''] = (await reply.text()).split('\n');
    expect((JSON.parse(piece.replace('data: ', '')) as Wire).model).toBe('grok-4.3');
  });

  test.each(['gpt-4o', 'grok-33', 'grok-4.30', 'grok', 'GROK-4.3', 'constructor', 'grok-voice-latest'])(
    '%s does not exist',
    async (model) => {
      expect(await complete(asked({ model }))).toEqual({
        status: 404,
        body: {
          code: 'Some requested entity was not found',
          error: expect.stringContaining(
            `The model ${model} does not exist or your team local does not have access to it.`,
          ),
        },
      });
    },
  );
});

describe('a request', () => {
  const shape = 'Failed to deserialize the JSON body into the target type: ';
  test.each<[string, unknown, string]>([
    ['without a model', { messages: asked().messages }, 'model is missing'],
    ['without messages', { model: 'grok-4.3' }, 'messages is missing'],
    ['with text for messages', asked({ messages: 'Hi' }), 'messages must be an array, got "Hi"'],
    [
      'with an unknown role',
      asked({ messages: [{ role: 'robot', content: 'Hi' }] }),
      'messages[0].role must be "system" or "developer" or "user" or "assistant" or "tool", got "robot"',
    ],
    ['with text for stream', asked({ stream: 'yes' }), 'stream must be a boolean, got "yes"'],
    ['with a tool without a type', asked({ tools: [{}] }), 'tools[0].type is missing'],
  ])('%s is refused with 422', async (_what, body, problem) => {
    expect(await complete(body)).toEqual({ status: 422, body: shape + problem });
  });

  test.each<[string, unknown, string]>([
    ['with no messages at all', asked({ messages: [] }), 'messages must not be empty'],
    ['with an empty model', asked({ model: '' }), 'model must not be empty'],
    ['with a temperature above 2', asked({ temperature: 2.1 }), 'temperature must be at most 2, got 2.1'],
    ['with a temperature below 0', asked({ temperature: -1 }), 'temperature must be at least 0, got -1'],
    [
      'with 351 tools',
      asked({ tools: Array.from({ length: 351 }, (_, at) => functionTool(`t${at}`)) }),
      'tools must hold at most 350, got 351',
    ],
  ])('%s is refused with 400', async (_what, body, error) => {
    expect(await complete(body)).toEqual({
      status: 400,
      body: { code: 'Client specified an invalid argument', error },
    });
  });

  test.each<[string, object]>([
    ['350 tools', { tools: Array.from({ length: 350 }, (_, at) => functionTool(`t${at}`)) }],
    ['a temperature of 2', { temperature: 2 }],
    ['members that are null', { stream: null, stream_options: null, tools: null, temperature: null }],
    ['members nobody has heard of', { made_up: { x: 1 }, user: 'me', seed: 1, top_p: 0.5 }],
  ])('with %s is answered', async (_what, members) => {
    expect(await complete(asked(members))).toMatchObject({ status: 200 });
  });

  test.each<[string, object]>([
    ['no function', { type: 'function' }],
    ['a function without a name', { type: 'function', function: {} }],
    ['a function whose name is a number', { type: 'function', function: { name: 5 } }],
    [
      'a function whose description is a number',
      { type: 'function', function: { name: 'f', description: 5 } },
    ],
  ])('with a function tool that has %s is refused with 422', async (_what, tool) => {
    expect(await complete(asked({ tools: [tool] }))).toMatchObject({ status: 422 });
  });

  test.each(['presence_penalty', 'frequency_penalty', 'stop'])(
    'for %s is refused by a reasoning model',
    async (member) => {
      const value = member === 'stop' ? ['\n'] : 0.5;
      expect(await complete(asked({ model: 'grok-4.20-0309-reasoning', [member]: value }))).toEqual({
        status: 400,
        body: {
          code: 'Client specified an invalid argument',
          error: `Argument not supported on this model: ${member.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase())}`,
        },
      });
    },
  );
});
