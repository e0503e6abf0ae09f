import { expect, test } from 'vitest';
import { keyVariables, withoutKey } from '../src/secrets.js';

test('the key is found under every name, and what only looks like a part of it is not', () => {
  const env = {
    XAI_API_KEY: ' xai-0123456789 ',
    XAI_API_KEY_FILE: '/key',
    COPY: 'xai-0123456789',
    HEADER: 'Bearer xai-0123456789',
    PART: 'xai-',
    PATH: '/bin',
    UNSET: undefined,
    AGENTS_WEBHOOK_SECRET: 'whsec_x',
    AGENTS_SIP_PASSWORD: 'trunk',
    AGENTS_MODEL_KEY: 'sk-1',
    AGENTS_LOCAL_MODEL_KEY: 'sk-2',
    AGENTS_MODEL: 'grok',
  };
  expect(keyVariables(env)).toEqual([
    'XAI_API_KEY',
    'XAI_API_KEY_FILE',
    'COPY',
    'HEADER',
    'AGENTS_WEBHOOK_SECRET',
    'AGENTS_SIP_PASSWORD',
    'AGENTS_MODEL_KEY',
    'AGENTS_LOCAL_MODEL_KEY',
  ]);
  expect(withoutKey(env)).toEqual({ PART: 'xai-', PATH: '/bin', UNSET: undefined, AGENTS_MODEL: 'grok' });
  const management = {
    XAI_MANAGEMENT_API_KEY: 'xai-managing',
    COPY: 'xai-managing',
    XAI_MANAGEMENT_API_KEY_FILE: '/m',
  };
  expect(Object.keys(withoutKey({ ...management, PATH: '/bin' }))).toEqual(['PATH']);
  expect(keyVariables({ XAI_API_KEY: 'x', A: 'x', B: 'xylophone' })).toEqual(['XAI_API_KEY', 'A']);
  expect(keyVariables({ XAI_API_KEY: '', A: '', B: 'b' })).toEqual(['XAI_API_KEY']);
});
