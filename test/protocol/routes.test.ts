import { describe, expect, test } from 'vitest';
import { PatchAgentBody, readAgentPage } from '../../src/protocol/agent-routes.js';
import { routes } from '../../src/protocol/routes.js';

const one = { agent_id: 'a1', name: 'One' };
const two = { agent_id: 'a2', name: 'Two' };

describe('a page of agents', () => {
  test.each([
    ['under "agents"', { agents: [one, two] }, { agents: [one, two], next: undefined }],
    ['under "data"', { object: 'list', data: [one] }, { agents: [one], next: undefined }],
    ['as a bare list', [one, two], { agents: [one, two], next: undefined }],
    ['an empty list', { agents: [] }, { agents: [], next: undefined }],
    ['an empty bare list', [], { agents: [], next: undefined }],
    ['an envelope with nothing in it', {}, { agents: [], next: undefined }],
    ['in camelCase', { agents: [{ agentId: 'a1', name: 'One' }] }, { agents: [one], next: undefined }],
    ['each in an envelope of its own', { agents: [{ agent: one }] }, { agents: [one], next: undefined }],
    [
      'with members nobody knows',
      { agents: [{ ...one, version: 3 }] },
      {
        agents: [{ ...one, version: 3 }],
        next: undefined,
      },
    ],
  ])('%s', (_, reply, page) => {
    expect(readAgentPage(reply)).toEqual(page);
  });

  test.each(['pagination_token', 'paginationToken', 'next_page_token', 'nextPageToken'])(
    'is followed by the one that %s names',
    (name) => {
      expect(readAgentPage({ agents: [one], [name]: 'more' })).toEqual({ agents: [one], next: 'more' });
      expect(readAgentPage({ agents: [one], [name]: '' })).toEqual({ agents: [one], next: undefined });
      expect(readAgentPage({ agents: [one], [name]: null })).toEqual({ agents: [one], next: undefined });
    },
  );

  test('an empty token does not hide one by another name', () => {
    expect(readAgentPage({ agents: [], pagination_token: '', nextPageToken: 'more' })?.next).toBe('more');
  });

  test.each([
    ['another shape', { result: [one] }],
    ['a list that is no list', { agents: { a1: one } }],
    ['an entry without an id', { agents: [one, { name: 'Two' }] }],
    ['an entry that is no agent', { agents: [null] }],
    ['an error', { code: 'x', error: 'denied' }],
    ['text', 'agents'],
    ['nothing', null],
    ['no body', undefined],
  ])('is not found in %s', (_, reply) => {
    expect(readAgentPage(reply)).toBeUndefined();
  });
});

describe('a field mask', () => {
  test.each([
    ['an object', { paths: ['name', 'voice'] }],
    ['one text', 'name,voice'],
    ['one text with blanks', 'name, voice'],
  ])('is read as %s', (_, field_mask) => {
    expect(PatchAgentBody.parse({ agent: {}, field_mask }).field_mask).toEqual({ paths: ['name', 'voice'] });
  });
});

describe('what a reply must hold', () => {
  test.each([
    ['an update answered with its agent', 'updateAgent', { agent: one }, one],
    ['an update answered with nothing', 'updateAgent', {}, null],
    ['a removal answered with anything', 'deleteAgent', '', null],
    [
      'a number in its envelope',
      'createPhoneNumber',
      { phone_number: { phone_number_id: 'p1' } },
      {
        phone_number_id: 'p1',
      },
    ],
    [
      'a number in the other envelope',
      'createPhoneNumber',
      { phoneNumber: { phone_number_id: 'p1' } },
      {
        phone_number_id: 'p1',
      },
    ],
    [
      'a bare number, whose own text has the name of the envelope',
      'getPhoneNumber',
      {
        phone_number_id: 'p1',
        phone_number: '+14155550100',
      },
      { phone_number_id: 'p1', phone_number: '+14155550100' },
    ],
    [
      'models',
      'listModels',
      { object: 'list', data: [{ id: 'grok-4.3', owned_by: 'xai' }] },
      {
        object: 'list',
        data: [{ id: 'grok-4.3', owned_by: 'xai' }],
      },
    ],
    [
      'voices',
      'listVoices',
      { voices: [{ voice_id: 'eve', language: 'en' }] },
      {
        voices: [{ voice_id: 'eve', language: 'en' }],
      },
    ],
    ['a creation without an agent', 'createAgent', { ok: true }, undefined],
    ['models that are none', 'listModels', { models: [] }, undefined],
    ['an answer without a choice', 'createChatCompletion', { choices: [] }, undefined],
  ] as const)('%s', (_, name, reply, read) => {
    expect(routes[name].read(reply)).toEqual(read);
  });
});

describe('a purchase', () => {
  test('is the making of a phone number, and what is done to a call, which must not happen late or twice', () => {
    const bought = Object.entries(routes).filter(([, { effect }]) => effect === 'purchase');
    expect(bought.map(([name]) => name)).toEqual([
      'createPhoneNumber',
      'createPhoneNumberV2',
      'placeCall',
      'referCall',
      'hangUpCall',
    ]);
  });

  test('only reading and removing may be repeated after a lost connection', () => {
    const repeatable = Object.values(routes).filter(({ effect }) => effect === 'read' || effect === 'remove');
    expect(new Set(repeatable.map(({ method }) => method))).toEqual(new Set(['GET', 'DELETE']));
  });
});
