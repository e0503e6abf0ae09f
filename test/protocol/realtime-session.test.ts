import { describe, expect, test } from 'vitest';
import { flatTool } from '../../src/protocol/realtime-session.js';

const flat = { type: 'function', name: 'f', description: 'Does.', parameters: { type: 'object' } };
const { type: _, ...definition } = flat;

describe('a tool as a session takes it', () => {
  test.each([
    ['a nested function is flattened', { type: 'function', function: definition }, flat],
    ['a flat one stays flat', flat, flat],
    ['one keyed by its kind is flattened', { function: definition }, flat],
    [
      'parameters as JSON text become an object',
      {
        function: { ...definition, parameters: '{"type":"object"}' },
      },
      flat,
    ],
    [
      'a function with nothing but a name',
      { type: 'function', function: { name: 'f' } },
      {
        type: 'function',
        name: 'f',
      },
    ],
    [
      'a built-in kind stays',
      { type: 'web_search', allowed_domains: ['a.com'] },
      {
        type: 'web_search',
        allowed_domains: ['a.com'],
      },
    ],
    [
      'a built-in kind keyed by its name is tagged',
      { mcp: { serverUrl: 'https://a.com' } },
      {
        type: 'mcp',
        server_url: 'https://a.com',
      },
    ],
    ['a kind nobody knows stays', { type: 'teleport', far: true }, { type: 'teleport', far: true }],
  ])('%s', (_, given, taken) => {
    expect(flatTool(given)).toEqual(taken);
  });
});
