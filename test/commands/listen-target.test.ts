import { describe, expect, test } from 'vitest';
import { numberIn, referTarget } from '../../src/commands/listen/target.js';
import { ReferBody } from '../../src/protocol/calls.js';

describe('a caller may be handed over', () => {
  test.each([
    ['+14155550123', 'tel:+14155550123'],
    ['+1 (415) 555-0123', 'tel:+14155550123'],
    ['tel:+49301234567', 'tel:+49301234567'],
    [' sip:desk@example.com;transport=tls ', 'sip:desk@example.com;transport=tls'],
    ['SIPS:desk@example.com', 'sips:desk@example.com'],
  ])('to %s', (text, target) => {
    expect(referTarget(text)).toBe(target);
    expect(ReferBody.safeParse({ target_uri: referTarget(text) }).success).toBe(true);
  });

  test.each([
    '',
    'home',
    '4155550123',
    '+0123456789',
    '+1',
    'sip:',
    'sip:a b',
    'https://example.com',
    'tel:911',
  ])('not to "%s"', (text) => expect(() => referTarget(text)).toThrow('a caller cannot be handed over'));
});

test.each([
  ['+14155550100', '+14155550100'],
  ['"Ann 42" <sip:+14155550100@trunk.example;user=phone>', '+14155550100'],
  ['<sip:4155550100@trunk.example>', '4155550100'],
  ['sip:anonymous@anonymous.invalid', undefined],
  ['"Ann" <sip:ann@example.com>', undefined],
  ['', undefined],
  [undefined, undefined],
])('the number in %s is %s', (header, number) => expect(numberIn(header)).toBe(number));
