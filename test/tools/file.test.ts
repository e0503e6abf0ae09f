import { describe, expect, test } from 'vitest';
import { readToolFile } from '../../src/tools/file.js';
import { variable } from './support.js';

const read = (value: unknown) => readToolFile(value, 'tools.yaml', '/');
const handler = (value: unknown) => ({ tools: { look: value } });

describe('a tools file', () => {
  test.each([
    ['a module', { module: './a.mjs', export: 'look' }, 'module'],
    ['a command', { command: ['node', 'a.js'], cwd: '.', env: { A: '1' } }, 'command'],
    ['an address', { url: 'https://x.example/look', headers: { a: 'b' }, method: 'PUT' }, 'url'],
    ['an address from the environment', { url: `${variable('BASE')}/look` }, 'url'],
    ['an MCP server', { mcp: { command: ['server'], tool: 'find' } }, 'mcp'],
    ['a value', { return: null }, 'canned'],
    ['a failure', { error: 'down' }, 'canned'],
    ['a pause', { delay_ms: 5 }, 'canned'],
    ['a list', [{ when: { a: 1 }, return: 2 }], 'answers'],
    ['a list with options', { answers: [{ return: 2 }], safe: true, timeout_ms: 5 }, 'answers'],
    ['a function', () => 1, 'run'],
  ])('takes %s', (_, value, kind) => {
    expect(read(handler(value)).handlers.get('look')).toMatchObject({ kind, place: 'tools.look' });
  });

  test.each([
    ['nothing', null, 'must be an object with the member tools'],
    ['a list', [], 'must be an object'],
    ['no handler', { tools: {} }, 'holds no handler'],
    ['an unknown member', { tool: {} }, 'tool is not known (did you mean "tools"?)'],
    ['tools as a list', { tools: [] }, 'tools must be an object'],
    ['a handler that is text', handler('echo'), 'tools.look must be a handler: module, command, url'],
    ['a handler of no kind', handler({ comand: ['a'] }), '(did you mean "command"?)'],
    [
      'a handler of two kinds',
      handler({ url: 'https://a.example', return: 1 }),
      'tools.look.return is not known',
    ],
    [
      'two handlers',
      handler({ url: 'https://a.example', command: ['a'] }),
      'several handlers: command and url',
    ],
    ['a command for a shell', handler({ command: 'rm -rf /' }), 'tools.look.command must be an array'],
    ['an empty command', handler({ command: [] }), 'tools.look.command must not be empty'],
    ['no address', handler({ url: 'ftp://a.example' }), 'tools.look.url must be an http or https URL'],
    [
      'a time that is none',
      handler({ return: 1, timeout_ms: -1 }),
      'tools.look.timeout_ms must be at least 0',
    ],
    ['a misspelt option', handler({ return: 1, timeout: 1 }), 'did you mean "timeout_ms"?'],
    [
      'a misspelt member of an answer',
      handler([{ return: 1 }, { wen: {} }]),
      'tools.look[1].wen is not known (did you mean "when"?)',
    ],
    ['a server of no kind', handler({ mcp: {} }), 'tools.look.mcp must name command or url or server'],
    [
      'an unknown server',
      { ...handler({ mcp: 'crn' }), mcp: { crm: { url: 'https://a.example' } } },
      'tools.look.mcp names crn, which is not among mcp (did you mean "crm"?)',
    ],
    ['a server without address', { mcp: { crm: { url: 'crm' } } }, 'mcp.crm.url must be an http'],
  ])('refuses %s', (_, value, message) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ code: 'invalid_spec', message: expect.stringContaining(message) }),
    );
  });

  test('names every fault at once', () => {
    const value = { tools: { a: { command: [] }, b: { url: 'x' } }, stat: {} };
    expect(() => read(value)).toThrow(/stat is not known.*tools\.a\.command.*tools\.b\.url/);
  });
});
