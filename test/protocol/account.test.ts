import { describe, expect, test } from 'vitest';
import { readClientSecret } from '../../src/protocol/account.js';

describe('an ephemeral secret', () => {
  test.each([
    [
      'at top level, as seen live',
      { value: 'xai-cs-1', expires_at: 1750000000 },
      {
        value: 'xai-cs-1',
        expires_at: 1750000000,
      },
    ],
    [
      'under client_secret, as one description has it',
      {
        client_secret: { value: 'xai-cs-1', expires_at: 1750000000 },
      },
      { value: 'xai-cs-1', expires_at: 1750000000 },
    ],
    [
      'with its end as text',
      { value: 'xai-cs-1', expires_at: '1750000000' },
      {
        value: 'xai-cs-1',
        expires_at: 1750000000,
      },
    ],
    ['without an end', { value: 'xai-cs-1' }, { value: 'xai-cs-1' }],
    ['with an end that is no time', { value: 'xai-cs-1', expires_at: 'soon' }, { value: 'xai-cs-1' }],
    ['with an end of null', { value: 'xai-cs-1', expires_at: null }, { value: 'xai-cs-1' }],
    ['with more beside it', { value: 'xai-cs-1', session: {} }, { value: 'xai-cs-1' }],
  ])('%s', (_, reply, secret) => {
    expect(readClientSecret(reply)).toEqual(secret);
  });

  test.each([
    ['an empty object', {}],
    ['a value that is no text', { value: 5 }],
    ['an envelope without a value', { client_secret: { expires_at: 1 } }],
    ['a list', [{ value: 'x' }]],
    ['nothing', null],
    ['no body', undefined],
  ])('is not found in %s', (_, reply) => {
    expect(readClientSecret(reply)).toBeUndefined();
  });
});
