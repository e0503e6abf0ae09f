import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { AgentBody } from '../../src/protocol/agent.js';
import { faultsOf, pathText } from '../../src/protocol/faults.js';
import { clientEvents } from '../../src/protocol/realtime-client.js';

/** Each fault as a person reads it. */
const told = (schema: z.ZodMiniType, value: unknown) =>
  faultsOf(schema, value).map(({ path, problem }) => `${path} ${problem}`.trim());

const agent = (members: object) => told(AgentBody, { name: 'Bot', ...members });

describe('a path', () => {
  test.each([
    [[], ''],
    [['name'], 'name'],
    [['voice', 'voice_id'], 'voice.voice_id'],
    [['tools', 2, 'function', 'name'], 'tools[2].function.name'],
    [[0], '[0]'],
    [[0, 'name'], '[0].name'],
  ])('%j is written %j', (keys, text) => {
    expect(pathText(keys)).toBe(text);
  });
});

describe('what is wrong is told in words', () => {
  test.each([
    ['nothing', {}, []],
    ['an empty name', { name: '' }, ['name must not be empty']],
    ['a name that is no text', { name: 5 }, ['name must be a string, got 5']],
    ['a name too long', { name: 'x'.repeat(256) }, ['name must be at most 255 characters, got 256']],
    ['null', { voice: null }, ['voice must be an object, got null']],
    ['a list where an object belongs', { voice: [] }, ['voice must be an object, got []']],
    ['an object where a list belongs', { tools: {} }, ['tools must be an array, got {}']],
    [
      'a number too large',
      { voice: { vad_threshold: 1.5 } },
      ['voice.vad_threshold must be at most 1, got 1.5'],
    ],
    [
      'a number too small',
      { voice: { vad_threshold: -1 } },
      ['voice.vad_threshold must be at least 0, got -1'],
    ],
    [
      'a fraction',
      { voice: { vad_silence_duration_ms: 1.5 } },
      ['voice.vad_silence_duration_ms must be a whole number, got 1.5'],
    ],
    ['too many', { collection_ids: Array(11).fill('c') }, ['collection_ids must hold at most 10, got 11']],
    ['one of a list', { collection_ids: ['c1', ''] }, ['collection_ids[1] must not be empty']],
    [
      'a missing member of a tool',
      { tools: [{ type: 'mcp', server_url: 'https://a.com' }] },
      ['tools[0].server_label is missing'],
    ],
    ['a missing kind', { tools: [{}] }, ['tools[0].type is missing']],
    [
      'a kind nobody knows',
      { tools: [{ type: 'web-search' }] },
      ['tools[0].type is not one of the kinds known, got "web-search"'],
    ],
    [
      'a name no function can have',
      { tools: [{ type: 'function', function: { name: 'look up' } }] },
      [expect.stringMatching(/^tools\[0\]\.function\.name must match .+, got "look up"$/)],
    ],
    [
      'unknown members',
      { nmae: 'x', voice: { speed: 1 } },
      ['voice.speed is not known', 'nmae is not known'],
    ],
  ])('%s', (_, members, faults) => {
    expect(agent(members).sort()).toEqual([...faults].sort());
  });

  test('a missing name', () => {
    expect(told(AgentBody, {})).toEqual(['name is missing']);
  });

  test('a value that is no object at all', () => {
    expect(told(AgentBody, 'Bot')).toEqual(['must be an object, got "Bot"']);
  });

  test('a value that is not there', () => {
    expect(told(AgentBody, undefined)).toEqual(['is missing']);
  });

  test('a choice of several words', () => {
    expect(told(z.enum(['json', 'binary']), 'xml')).toEqual(['must be "json" or "binary", got "xml"']);
  });

  describe('of several kinds, about the one that is meant', () => {
    const word = z.string().check(z.minLength(1));
    const Call = z.union([word, z.strictObject({ tool: word, times: z.optional(z.int()) })]);
    const Calls = z.union([Call, z.array(Call).check(z.minLength(1))]);
    const Ends = z.union([z.literal('well'), z.strictObject({ with: word })]);
    const some = <T extends z.ZodMiniType>(type: T) => z.array(type).check(z.minLength(1));
    const Lines = z.union([some(word), some(some(word))]);
    const Shape = z.union([z.strictObject({ round: z.number() }), z.strictObject({ square: z.number() })]);

    test.each([
      ['a member', Calls, { tool: '' }, ['tool must not be empty']],
      ['one of a list', Calls, ['a', { tool: 5 }], ['[1].tool must be a string, got 5']],
      [
        'several',
        Calls,
        { tool: '', times: 'x' },
        ['tool must not be empty', 'times must be a number, got "x"'],
      ],
      ['an unknown member', Calls, { tool: 'a', time: 1 }, ['time is not known']],
      ['an empty list', Calls, [], ['must not be empty']],
      ['no kind at all', Calls, 5, ['must be a string, an object or an array, got 5']],
      ['one of a list that is of no kind', Calls, [5], ['[0] must be a string or an object, got 5']],
      ['another word', Ends, 'wel', ['must be "well" or an object, got "wel"']],
      ['an object where a word might be', Ends, {}, ['with is missing']],
      ['kinds that are alike', Lines, [], ['must not be empty']],
      ['the nearer of two lists', Lines, [['a'], 'b', ['c']], ['[1] must be an array, got "b"']],
      ['the first of two that are as near', Lines, [['a'], 'b'], ['[0] must be a string, got ["a"]']],
      [
        'objects of which nobody says which is meant',
        z.union([word, Shape]),
        { square: 'x' },
        ['is not one of the kinds known, got {"square":"x"}'],
      ],
      [
        'kinds that have no names',
        z.union([z.cidrv4(), z.cidrv6()]),
        'x',
        ['is not one of the kinds known, got "x"'],
      ],
    ])('%s', (_, schema, value, faults) => {
      expect(told(schema, value)).toEqual(faults);
    });
  });

  test('a value that would fill the screen is cut', () => {
    expect(told(z.looseObject({ tools: z.string() }), { tools: Array(100).fill('tool') })).toEqual([
      expect.stringMatching(/^tools must be a string, got \["tool".{1,60}…$/),
    ]);
  });

  test('a client event, as the local API tells of it', () => {
    expect(
      told(clientEvents['conversation.item.create'], {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [] },
      }),
    ).toEqual(['item.content must not be empty']);
  });
});

describe('a fault', () => {
  test('is out of bounds or out of shape', () => {
    const misshapen = faultsOf(AgentBody, { name: 5, voice: { vad_threshold: 2 } }).map(
      ({ path, misshapen }) => [path, misshapen],
    );
    expect(Object.fromEntries(misshapen)).toEqual({ name: true, 'voice.vad_threshold': false });
  });

  test('names an unknown member apart from where it stands', () => {
    expect(faultsOf(AgentBody, { name: 'Bot', voice: { speed: 1, pitch: 2 } })).toEqual([
      { path: 'voice.speed', keys: ['voice'], unknown: 'speed', misshapen: true, problem: 'is not known' },
      { path: 'voice.pitch', keys: ['voice'], unknown: 'pitch', misshapen: true, problem: 'is not known' },
    ]);
  });
});
