// Against the vectors that Standard Webhooks publishes, and what the service was seen to do beside them.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSignatures } from '../../src/webhook/signature.js';
import { webhookVector } from '../support/webhook-vectors.js';

const vector: Record<'secret' | 'id' | 'timestamp' | 'body' | 'signature', string> = {
  ...webhookVector,
  timestamp: String(webhookVector.timestamp),
};
const isGenuine = (changes: Partial<typeof vector> = {}, secrets?: string[]) => {
  const { secret, body, ...signed } = { ...vector, ...changes };
  return createSignatures(secrets ?? [secret]).isGenuine(signed, body);
};
const wrong = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

describe('the published vector', () => {
  test('is genuine', () => expect(isGenuine()).toBe(true));

  test.each([
    ['another id', { id: 'msg_other' }],
    ['another time', { timestamp: '1614265331' }],
    ['another body', { body: '{"test": 2432232315}' }],
    ['the same body in other blanks', { body: '{"test":2432232314}' }],
    ['another secret', { secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }],
    ['a signature of another', { signature: wrong }],
    ['no signature', { signature: '' }],
    ['a signature cut short', { signature: vector.signature.slice(0, -1) }],
    ['a signature of another version', { signature: vector.signature.replace('v1', 'v1a') }],
    ['a signature without its version', { signature: vector.signature.slice(3) }],
  ])('with %s is not', (_, changes) => expect(isGenuine(changes)).toBe(false));

  test.each([
    ['among others', `${wrong} v2,abc ${vector.signature} ${wrong}`],
    ['with blanks around', ` ${vector.signature} `],
  ])('is genuine with its signature %s', (_, signature) => expect(isGenuine({ signature })).toBe(true));

  test('is genuine by any of several secrets', () => {
    expect(isGenuine({}, ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', vector.secret])).toBe(true);
  });
});

describe('a secret without its prefix', () => {
  test('is taken as base64', () => expect(isGenuine({ secret: vector.secret.slice(6) })).toBe(true));

  test.each(['correct horse', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])('or as the key itself: %s', (key) => {
    const text = `${vector.id}.${vector.timestamp}.${vector.body}`;
    const signature = `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
    expect(isGenuine({ secret: key, signature })).toBe(true);
    expect(isGenuine({ secret: `${key}x`, signature })).toBe(false);
  });
});

test.each(['whsec_', 'whsec_correct horse', 'whsec_a', ''])('"%s" is no secret', (secret) => {
  expect(() => createSignatures([secret])).toThrow(RangeError);
});
