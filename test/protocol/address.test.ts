import { expect, test } from 'vitest';
import { addressOf } from '../../src/protocol/address.js';

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
