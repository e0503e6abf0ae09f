import { describe, expect, test } from 'vitest';
import { checkSpec, readSpec } from '../../src/spec/spec.js';

function check(agent: Record<string, unknown>, kind: 'create' | 'update' = 'create') {
  try {
    return { notes: checkSpec(agent, 'a.json', kind) };
  } catch (error) {
    const { code, exit, message, hint } = error as Record<string, unknown>;
    return { code, exit, message, hint };
  }
}

const refused = (...problems: string[]) => ({
  code: 'invalid_spec',
  exit: 2,
  message: `a.json: ${problems.join('; ')}`,
  hint: 'nothing was sent',
});
const accepted = { notes: [] };

const bot = { name: 'Bot' };
const lookup = { type: 'function', function: { name: 'lookup' } };
const tools = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ type: 'function', function: { name: `f${at}` } }));

describe('the limits of the API', () => {
  test.each([
    ['a name of the longest length', { name: 'x'.repeat(255) }, accepted],
    ['a name too long', { name: 'x'.repeat(256) }, refused('name must be at most 255 characters, got 256')],
    ['no name', { instructions: 'Hi' }, refused('name is missing')],
    ['an empty name', { name: '' }, refused('name must not be empty')],
    ['instructions of the longest length', { ...bot, instructions: 'x'.repeat(256_000) }, accepted],
    [
      'instructions too long',
      { ...bot, instructions: 'x'.repeat(256_001) },
      refused('instructions must be at most 256000 characters, got 256001'),
    ],
    ['as many tools as may be', { ...bot, tools: tools(200) }, accepted],
    ['too many tools', { ...bot, tools: tools(201) }, refused('tools must hold at most 200, got 201')],
    ['as many collections as may be', { ...bot, collection_ids: Array(10).fill('c') }, accepted],
    [
      'too many collections',
      { ...bot, collection_ids: Array(11).fill('c') },
      refused('collection_ids must hold at most 10, got 11'),
    ],
    ['the least threshold', { ...bot, voice: { vad_threshold: 0 } }, accepted],
    ['the greatest threshold', { ...bot, voice: { vad_threshold: 1 } }, accepted],
    [
      'a threshold too great',
      { ...bot, voice: { vad_threshold: 1.01 } },
      refused('voice.vad_threshold must be at most 1, got 1.01'),
    ],
    [
      'a threshold too small',
      { ...bot, voice: { vad_threshold: -0.1 } },
      refused('voice.vad_threshold must be at least 0, got -0.1'),
    ],
    ['the longest silence', { ...bot, voice: { vad_silence_duration_ms: 10_000 } }, accepted],
    [
      'a silence too long',
      { ...bot, voice: { vad_silence_duration_ms: 10_001 } },
      refused('voice.vad_silence_duration_ms must be at most 10000, got 10001'),
    ],
    ['a voice of any name', { ...bot, voice: { voice_id: 'a1b2c3d4' } }, accepted],
    ['a voice of no name', { ...bot, voice: { voice_id: '' } }, refused('voice.voice_id must not be empty')],
    ['a voice that is only a name', { ...bot, voice: 'eve' }, refused('voice must be an object, got "eve"')],
    [
      'one collection that is no text',
      { ...bot, collection_ids: ['c1', 5] },
      refused('collection_ids[1] must be a string, got 5'),
    ],
  ])('%s', (_, agent, outcome) => {
    expect(check(agent)).toEqual(outcome);
  });

  test('an update needs no name, but the one it has must be good', () => {
    expect(check({ instructions: 'Hi' }, 'update')).toEqual(accepted);
    expect(check({}, 'update')).toEqual(accepted);
    expect(check({ name: '' }, 'update')).toEqual(refused('name must not be empty'));
  });
});

describe('tools', () => {
  test.each([
    ['a function', [lookup]],
    [
      'a function with everything',
      [
        {
          type: 'function',
          function: {
            name: 'look-up_2.0',
            description: 'Looks.',
            parameters: { type: 'object', anything: [1] },
          },
        },
      ],
    ],
    [
      'one of each kind',
      [
        lookup,
        { type: 'web_search', allowed_domains: ['a.com'] },
        { type: 'x_search', allowed_x_handles: ['xai'], from_date: '2026-01-01' },
        { type: 'file_search', vector_store_ids: ['c1'], max_num_results: 3 },
        { type: 'mcp', server_url: 'https://a.com', server_label: 'a', headers: { 'X-Any': 'y' } },
      ],
    ],
  ])('%s', (_, list) => {
    expect(check({ ...bot, tools: list })).toEqual(accepted);
  });

  test.each([
    ['a function without a name', [{ type: 'function', function: {} }], 'tools[0].function.name is missing'],
    ['a function that is nothing', [lookup, { type: 'function' }], 'tools[1].function is missing'],
    ['a tool without a kind', [{ name: 'f' }], 'tools[0].type is missing'],
    ['a tool that is only its kind', ['web_search'], 'tools[0] must be an object, got "web_search"'],
    ['null', [null], 'tools[0] must be an object, got null'],
    [
      'parameters that are no JSON',
      [{ type: 'function', function: { name: 'f', parameters: '{oops' } }],
      'tools[0].function.parameters must be an object, got "{oops"',
    ],
    [
      'a name used twice',
      [lookup, { type: 'web_search' }, lookup],
      'tools[2].function.name is "lookup", as is tools[0]\'s',
    ],
    [
      'a name used three times',
      [lookup, lookup, lookup],
      'tools[1].function.name is "lookup", as is tools[0]\'s; tools[2].function.name is "lookup", as is tools[0]\'s',
    ],
    [
      'an MCP server without an address',
      [{ type: 'mcp', server_label: 'a' }],
      'tools[0].server_url is missing',
    ],
    [
      'too many domains',
      [{ type: 'web_search', allowed_domains: ['a', 'b', 'c', 'd', 'e', 'f'] }],
      'tools[0].allowed_domains must hold at most 5, got 6',
    ],
  ])('%s', (_, list, problem) => {
    expect(check({ ...bot, tools: list })).toEqual(refused(problem));
  });

  test('names that differ only in case are two names', () => {
    const other = { type: 'function', function: { name: 'Lookup' } };
    expect(check({ ...bot, tools: [lookup, other] })).toEqual(accepted);
  });
});

const note = (path: string, what: string, suggestion = '') =>
  `a.json: ${path} is not a ${what} the API documents${suggestion}; sent as it is`;

describe('what nobody knows is noted and sent', () => {
  test.each([
    [
      'a member misspelt',
      { instrucions: 'Hi' },
      [note('instrucions', 'member', ' (did you mean "instructions"?)')],
    ],
    ['a member unlike any other', { zoo: 1 }, [note('zoo', 'member')]],
    [
      'a member of the voice',
      { voice: { voiceid: 'eve' } },
      [note('voice.voiceid', 'member', ' (did you mean "voice_id"?)')],
    ],
    [
      'a member of a function',
      { tools: [{ type: 'function', function: { name: 'f', paramters: {} } }] },
      [note('tools[0].function.paramters', 'member', ' (did you mean "parameters"?)')],
    ],
    [
      'a member of a built-in tool',
      { tools: [{ type: 'web_search', alowed_domains: [] }] },
      [note('tools[0].alowed_domains', 'member', ' (did you mean "allowed_domains"?)')],
    ],
    [
      'a kind misspelt',
      { tools: [{ type: 'web-search' }] },
      [note('tools[0].type', 'tool kind', ' (did you mean "web_search"?)')],
    ],
    [
      'a kind that is new',
      { tools: [lookup, { type: 'image_generation', size: 1 }] },
      [note('tools[1].type', 'tool kind')],
    ],
    ['several at once', { zoo: 1, voice: { zap: 2 } }, [note('voice.zap', 'member'), note('zoo', 'member')]],
  ])('%s', (_, members, notes) => {
    expect(check({ ...bot, ...members })).toEqual({ notes });
  });

  test('but not where something else is wrong: then nothing is sent', () => {
    expect(check({ nmae: 'Bot' })).toEqual(refused('name is missing'));
  });
});

test('all that is wrong is told at once', () => {
  expect(
    check({
      instructions: 5,
      voice: { vad_threshold: 2, vad_silence_duration_ms: -1 },
      tools: [lookup, lookup, { type: 'mcp' }],
      collection_ids: 'c1',
    }),
  ).toEqual(
    refused(
      'name is missing',
      'instructions must be a string, got 5',
      'tools[2].server_url is missing',
      'tools[2].server_label is missing',
      'voice.vad_threshold must be at most 1, got 2',
      'voice.vad_silence_duration_ms must be at least 0, got -1',
      'collection_ids must be an array, got "c1"',
      'tools[1].function.name is "lookup", as is tools[0]\'s',
    ),
  );
});

test('a spec that is read in another form is checked in the documented one', () => {
  const { agent } = readSpec(
    { agentId: 'a1', name: 'Bot', tools: [{ function: { name: 'f', parameters: '{"type":"object"}' } }] },
    'a.json',
  );
  expect(check(agent)).toEqual(accepted);
});
