import { describe, expect, test } from 'vitest';
import { readJson, writeJson } from '../src/json-text.js';
import { person } from './support/agents.js';
import { echoAgents, startFakeServer } from './support/fake-server.js';

describe('JSON', () => {
  test.each([
    '18446744073709551615',
    '-9007199254740993',
    '{"a":[12345678901234567890,1.5,"12345678901234567890"]}',
    '{"__proto__":{"id":12345678901234567890}}',
    '{"id":1234567890123456}',
  ])('%s comes back as it was', (text) => {
    expect(writeJson(readJson(text))).toBe(text);
  });

  test('is indented where asked for, with large integers too', () => {
    expect(writeJson({ id: 12345678901234567890n }, 2)).toBe('{\n  "id": 12345678901234567890\n}');
  });

  test('that is none is refused as JSON.parse refuses it', () => {
    expect(() => readJson('{"id":12345678901234567890')).toThrow(SyntaxError);
  });

  test('with a name that comes twice is read as everywhere: the last one holds', () => {
    expect(readJson('{"a":1,"a":2,"b":1234567890123456}')).toEqual({ a: 2, b: 1234567890123456 });
  });
});

const max = '18446744073709551615';
const spec = `{"name":"A","tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":${max}}}}]}`;

test('a number too large for a number survives get, update and the local API', async () => {
  const { run } = person();
  const { stdout: made } = await run('--json --local create -', { stdin: spec });
  expect(made).toContain(max);
  const { stdout: got } = await run(`--json --local get ${JSON.parse(made).agent.agent_id}`);
  expect(got).toContain(max);
  const updated = await run('--json --local update -', { stdin: got });
  expect(updated).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(max) });
  const yaml = await run('--json --local create -', { stdin: `name: Y\nworkflow_json: x\nbudget: ${max}\n` });
  expect(yaml.stderr).toContain('422');
});

test('and the way to a service, as JSON and as YAML', async () => {
  const server = await startFakeServer(echoAgents({}));
  const { run } = person({ env: { AGENTS_BASE_URL: server.url } });
  for (const stdin of [`{"name":"A","budget":${max}}`, `name: A\nbudget: ${max}\n`]) {
    expect((await run('--json create -', { stdin })).stdout).toContain(max);
  }
});
