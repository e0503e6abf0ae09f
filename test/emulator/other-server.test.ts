import { expect, test } from 'vitest';
import { addressOf, reasonOf } from '../../src/emulator/other-server.js';

test.each([
  ['http://localhost:11434', 'http://localhost:11434/v1/chat/completions'],
  ['http://localhost:11434/', 'http://localhost:11434/v1/chat/completions'],
  ['http://localhost:11434/v1', 'http://localhost:11434/v1/chat/completions'],
  ['http://localhost:11434/v1/', 'http://localhost:11434/v1/chat/completions'],
  ['https://openrouter.ai/api', 'https://openrouter.ai/api/v1/chat/completions'],
  ['https://example.com/v1beta/openai', 'https://example.com/v1beta/openai/chat/completions'],
  ['https://host/x/chat/completions?a=b', 'https://host/x/chat/completions?a=b'],
  ['https://host/my-chat/completions', 'https://host/my-chat/completions/v1/chat/completions'],
])('chat completions of %s are asked for at %s', (url, expected) => {
  expect(addressOf(new URL(url), 'chat/completions')).toBe(expected);
});

test.each<[unknown, string]>([
  [new TypeError('fetch failed', { cause: new Error('no such certificate') }), 'no such certificate'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error('closed'), { code: 'ECONNRESET' }) }),
    'closed (ECONNRESET)',
  ],
  [Object.assign(new Error('connect 1'), { code: 'ECONNREFUSED' }), 'nothing listens there'],
  [new Error('its answer broke off'), 'its answer broke off'],
])('%s is told as %s', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
