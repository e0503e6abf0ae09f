// Lists as servers write them: under several names, and empty in several ways.

import { describe, expect, test } from 'vitest';
import { readClientSecret } from '../../src/protocol/account.js';
import { statusOf } from '../../src/protocol/knowledge.js';
import { listIn } from '../../src/protocol/route.js';
import { routes } from '../../src/protocol/routes.js';

describe('a list', () => {
  test.each([
    [[1]],
    [{ things: [1], pagination_token: 'x' }],
    [{ data: [1], object: 'list' }],
    [{ things: null, data: [1] }],
  ])('is found in %j', (reply) => {
    expect(listIn(reply, ['things'])).toEqual([1]);
  });

  test.each([[{}], [{ things: null }], [{ data: null, object: 'list' }], [{ nextPageToken: '' }]])(
    'is empty in %j',
    (reply) => {
      expect(listIn(reply, ['things'])).toEqual([]);
    },
  );

  test.each([[null], ['text'], [{ things: 'none' }], [{ error: 'no' }], [{ other: [] }]])(
    'is not there in %j',
    (reply) => {
      expect(listIn(reply, ['things'])).toBeUndefined();
    },
  );

  test.each([
    ['listAgents', { agents: null }],
    ['listPhoneNumbers', { phoneNumbers: null }],
    ['listCollections', { pagination_token: '' }],
    ['listDocuments', { documents: null }],
    ['searchDocuments', { matches: null }],
  ] as const)('of %s may be %j', (name, reply) => {
    expect(routes[name].read(reply)).toBeDefined();
  });
});

test.each([
  ['listVoices', { voices: [{ voice_id: 'eve', name: null }] }],
  ['listModels', { data: [{ id: 'grok', aliases: null }] }],
] as const)('of %s, what is not known may be null: %j', (name, reply) => {
  expect(routes[name].read(reply)).toEqual(reply);
});

test.each([
  ['DOCUMENT_STATUS_PROCESSED', 'processed'],
  ['completed', 'processed'],
  ['UNPROCESSED', 'unknown'],
  ['incomplete', 'unknown'],
])('the status %s is %s', (status, word) => {
  expect(statusOf({ status })).toBe(word);
});

describe('an ephemeral secret', () => {
  test('without a value is none', () => {
    expect(routes.createClientSecret.read({ value: '', expires_at: 1 })).toBeUndefined();
  });

  test.each([[1_782_907_500], ['1782907500'], ['2026-07-01T12:05:00Z']])('may expire at %j', (expires_at) => {
    expect(readClientSecret({ value: 'a', expires_at })?.expires_at).toBe(1_782_907_500);
  });
});
