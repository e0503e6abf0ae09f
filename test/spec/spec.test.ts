import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.js';
import { readSpec } from '../../src/spec/spec.js';

const bot = { name: 'Bot' };
const spec = {
  agent: bot,
  agentId: undefined,
  fieldMask: undefined,
  phoneNumberId: undefined,
  notes: [],
  place: 'a.json',
};

describe('a spec', () => {
  test.each([
    ['bare', bot, spec],
    ['in the envelope of the API', { agent: bot }, spec],
    ['with its id, for an update', { agent: { agentId: 'a1', name: 'Bot' } }, { ...spec, agentId: 'a1' }],
    ['with its id in snake_case', { agent_id: 'a1', name: 'Bot' }, { ...spec, agentId: 'a1' }],
    ['with its id under "id"', { id: 'a1', name: 'Bot' }, { ...spec, agentId: 'a1' }],
    ['with an empty id', { agent_id: '', name: 'Bot' }, spec],
    ['with an id that is no text', { agent_id: 7, name: 'Bot' }, spec],
    [
      'in camelCase',
      { name: 'Bot', collectionIds: ['c1'], voice: { voiceId: 'eve' }, tools: [{ webSearch: {} }] },
      {
        ...spec,
        agent: {
          name: 'Bot',
          collection_ids: ['c1'],
          voice: { voice_id: 'eve' },
          tools: [{ type: 'web_search' }],
        },
      },
    ],
    [
      'with members nobody knows, which are kept',
      { name: 'Bot', moood: 'good' },
      { ...spec, agent: { name: 'Bot', moood: 'good' } },
    ],
    ['with nothing in it', {}, { ...spec, agent: {} }],
    [
      'with nulls inside, as a reply may write what is not set',
      {
        name: 'Bot',
        voice: { voice_id: 'eve', vad_threshold: null },
        tools: [{ type: 'x_search', from_date: null }],
      },
      { ...spec, agent: { name: 'Bot', voice: { voice_id: 'eve' }, tools: [{ type: 'x_search' }] } },
    ],
    [
      'with a phone number beside it',
      { agent: bot, phoneNumberId: 'pn_1' },
      { ...spec, phoneNumberId: 'pn_1' },
    ],
    [
      'with a misspelt mask beside it',
      { agent: bot, fieldmask: {} },
      {
        ...spec,
        notes: [
          'a.json: fieldmask beside agent is not a member the API documents (did you mean "fieldMask"?); left out',
        ],
      },
    ],
  ])('%s', (_, value, read) => {
    expect(readSpec(value, 'a.json')).toEqual(read);
  });

  test('copied from a reply leaves behind what the service sets itself', () => {
    const reply = {
      agent_id: 'a1',
      id: 'a1',
      object: 'agent',
      team_id: 't1',
      teamId: 't1',
      user_id: 'u1',
      userId: 'u1',
      version: 3,
      status: 'active',
      created_at: 1,
      createdAt: 1,
      create_time: 'x',
      createTime: 'x',
      created_by: 'u1',
      createdBy: 'u1',
      updated_at: 1,
      updatedAt: 1,
      update_time: 'x',
      updateTime: 'x',
      modify_time: 'x',
      modifyTime: 'x',
      phone_number_id: 'p1',
      phoneNumberId: 'p1',
    };
    expect(readSpec({ agent: { ...reply, ...bot } }, 'a.json')).toEqual({ ...spec, agentId: 'a1' });
  });

  test('leaves such names alone where they are not its own', () => {
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { id: 1, status: 2, version: 3 } } },
    ];
    expect(readSpec({ name: 'Bot', tools }, 'a.json').agent).toEqual({ name: 'Bot', tools });
  });

  test('keeps a member called __proto__ as a member', () => {
    const { agent } = readSpec(JSON.parse('{"name":"Bot","__proto__":{"voice":{}}}'), 'a.json');
    expect(JSON.stringify(agent)).toBe('{"name":"Bot","__proto__":{"voice":{}}}');
    expect(agent.voice).toBeUndefined();
  });

  test.each([
    ['text', 'hello', 'a string'],
    ['a number', 5, 'a number'],
    ['a list', [bot], 'a list'],
    ['null', null, 'nothing'],
  ])('is not %s', (_, value, kind) => {
    expect(() => readSpec(value, 'a.json line 2')).toThrow(
      expect.objectContaining({
        code: 'invalid_spec',
        exit: 2,
        message: `a.json line 2: an agent must be an object, got ${kind}`,
        hint: expect.stringContaining('a spec looks like {"name":'),
      }),
    );
  });

  test.each([
    ['a list', [bot], 'a list'],
    ['null', null, 'nothing'],
    ['text', 'Bot', 'a string'],
  ])('is not an envelope around %s', (_, agent, kind) => {
    expect(() => readSpec({ agent }, 'a.json')).toThrow(
      expect.objectContaining({
        code: 'invalid_spec',
        message: `a.json: an agent must be an object, got ${kind}`,
      }),
    );
  });
});

describe('a mask', () => {
  test.each([
    ['as the documentation has it', { field_mask: { paths: ['name', 'voice'] } }, ['name', 'voice']],
    ['in camelCase', { fieldMask: { paths: ['name'] } }, ['name']],
    ['as one text', { field_mask: 'name,voice' }, ['name', 'voice']],
    ['as one text with blanks', { field_mask: ' name , voice ' }, ['name', 'voice']],
    ['as a list', { field_mask: ['name'] }, ['name']],
    ['that names nothing', { field_mask: { paths: [] } }, []],
    ['of null', { field_mask: null }, undefined],
    ['that is not there', {}, undefined],
    [
      'in camelCase also where its paths are',
      { fieldMask: 'name,collectionIds' },
      ['name', 'collection_ids'],
    ],
    ['that is an empty text', { field_mask: '' }, []],
  ])('%s', (_, beside, fieldMask) => {
    expect(readSpec({ agent: bot, ...beside }, 'a.json')).toEqual({ ...spec, fieldMask });
  });

  test.each([
    ['a number', 5],
    ['an object without paths', { path: ['name'] }],
    ['paths that are no list', { paths: 'name' }],
    ['paths that are no texts', { paths: ['name', 5] }],
    ['true', true],
  ])('is not %s', (_, field_mask) => {
    expect(() => readSpec({ agent: bot, field_mask }, 'a.json')).toThrow(
      new CliError('invalid_spec', 'a.json: field_mask must be {"paths": ["name", …]}'),
    );
  });
});
