// Phone numbers in traces, logs and recordings: masked where they are some, and nothing else is.

import { describe, expect, test } from 'vitest';
import { maskNumbers } from '../../src/protocol/redact.js';

describe('a phone number is masked', () => {
  test.each([
    ['with its digits parted', '"<tel:+1-415-555-0123>"', '"<tel:+1415•••0123>"'],
    ['parted in other ways', 'tel:+1(415)555.0123;ext=7', 'tel:+1415•••0123;ext=7'],
    ['but not a machine', 'sip:192.168.100.200', 'sip:192.168.100.200'],
    ['alone', '+14155550123', '+1415•••0123'],
    [
      'in JSON',
      '{"from":"+14155550123","to":"+442079460000"}',
      '{"from":"+1415•••0123","to":"+4420•••0000"}',
    ],
    ['in JSON that is text', '"{\\"phone\\":\\"+14155550123\\"}"', '"{\\"phone\\":\\"+1415•••0123\\"}"'],
    ['at the end of a sentence', 'Call +14155550123.', 'Call +1415•••0123.'],
    ['as a tel: address', 'tel:+14155550123', 'tel:+1415•••0123'],
    ['as a tel: address without a plus', 'tel:14155550123', 'tel:1415•••0123'],
    [
      'as a SIP address',
      '<sip:+14155550123@sip.voice.x.ai;transport=tls>',
      '<sip:+1415•••0123@sip.voice.x.ai;transport=tls>',
    ],
    ['as a SIP address without a plus', 'sips:14155550123@x', 'sips:1415•••0123@x'],
    ['in an address', '/v2/phone-numbers/%2B14155550123', '/v2/phone-numbers/+1415•••0123'],
    ['at its shortest', '+1234567', '•••'],
    ['at its longest', '+123456789012345', '+1234•••2345'],
  ])('%s', (_, text, shown) => {
    expect(maskNumbers(text)).toBe(shown);
    expect(maskNumbers(shown)).toBe(shown);
  });
});

describe('what is none stays', () => {
  test.each([
    '2026-07-01T12:00:00+02:00',
    '2026-07-01T12:00:00+0200',
    '1750000000000',
    '{"at":1750000000,"id":"call_14155550123"}',
    'phone_number_0123456789abcdef',
    '8f14e45f-ceea-4672-a2b1-123456789012',
    'A+14155550123bcd/EF+1234567x==',
    '$14155550123',
    '2+12345678',
    '+1.23456789',
    '+0123456789',
    '+1234567890123456',
    '+14155550123.5',
    '+1415•••0123',
    'sip:1234567abc@example.com',
    'sip:reception@example.com',
    'hotel:14155550123',
    '415-555-0123',
  ])('%s', (text) => {
    expect(maskNumbers(text)).toBe(text);
  });
});
