// `--tools` and its kin, for run and voice alike: what is read before anything is sent, and what is said about it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { person, root } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
const orderTools = join(root, 'fixtures/tools/order-tools.mjs');

/** A person with an agent.yaml whose tools are `look` and `book`, and these files beside it. */
function withFiles(files: Record<string, string> = {}) {
  const { run, home } = person();
  const tools = ['look', 'book'].map((name) => ({
    type: 'function',
    function: { name, parameters: needsId },
  }));
  const all = { 'agent.json': JSON.stringify({ name: 'A', tools }), ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(home, name), text);
  return { home, run: (line: string, options = {}) => run(line, { cwd: home, ...options }) };
}
const needsId = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };

/** An API whose agent makes these calls, then says what it was given. */
const calling = (calls: object[]) =>
  startTestApi({
    script: {
      rules: [
        { when: { tool_result: 'look' }, say: 'It says $result' },
        { when: { tool_result: 'book' }, say: 'It says $result' },
        { call: calls },
      ],
    },
  });

describe.each(['run', 'voice'])('%s', (command) => {
  test.each([
    ['a file that is not there', '--tools gone.yaml', 2, 'cannot read gone.yaml: no such file'],
    ['a module that is not there', '--tools gone.mjs', 2, 'gone.mjs: no such file'],
    ['a file with a fault of form', '--tools form.yaml', 2, 'form.yaml: not valid YAML: line 2, column'],
    ['JSON with a fault of form', '--tools form.json', 2, 'form.json: not valid JSON: line 1, column 12'],
    ['a file with a wrong handler', '--tools kind.yaml', 2, 'kind.yaml: tools.look must name a handler'],
    ['a file of two documents', '--tools two.yaml', 2, 'two.yaml holds 2 documents'],
    ['a module that throws', '--tools throws.mjs', 2, 'throws.mjs: cannot be loaded: not today'],
    [
      'an unknown tool to fail',
      '--fail-tool loook',
      2,
      '--fail-tool: the agent has no function tool loook (did you mean "look"?)',
    ],
    ['an unknown tool to slow', '--slow-tool x=5', 2, '--slow-tool: the agent has no function tool x'],
    [
      'a slow tool without a time',
      '--slow-tool look',
      2,
      '--slow-tool must name a tool and milliseconds, got look',
    ],
    ['a time that is none', '--tool-timeout soon', 2, '--tool-timeout must be a number of seconds'],
    [
      'a server that is not there',
      '--tools server.yaml',
      5,
      'server.yaml: tools.look: cannot start no-such-server',
    ],
  ])('tells of %s, and sends nothing', async (_, flags, code, message) => {
    const api = await startTestApi();
    const { run } = withFiles({
      'form.yaml': 'tools:\n  look: [',
      'form.json': '{"tools": {,}}',
      'kind.yaml': 'tools: { look: { comand: [a] } }',
      'two.yaml': 'tools: {}\n---\ntools: {}\n',
      'throws.mjs': "throw new Error('not today');",
      'server.yaml': 'tools: { look: { mcp: { command: [no-such-server] } } }',
    });
    const result = await run(`--base-url ${api.base} ${command} agent.json -m Hello ${flags}`);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(await api.requests()).toEqual([]);
  });

  test('names handlers that fit no tool and tools that have no handler', async () => {
    const { run } = withFiles({ 'tools.yaml': 'tools: { lok: { return: 1 }, book: { return: 1 } }' });
    expect((await run(`--local ${command} agent.json -m Hello --tools tools.yaml`)).stderr).toContain(
      'note: tools.yaml: lok is no tool of this agent (did you mean "look"?)\n' +
        'note: nothing runs look here: the model will be told so\n',
    );
  });

  test('runs a tool and lets the model answer with its result', async () => {
    const { run } = person();
    const asked = ['--local', command, orderSupport, '-m', 'Where is order ORD-42?', '--tools', orderTools];
    expect(await run(asked)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('carrier DHL, arrives tomorrow.\n'),
      stderr: expect.stringContaining(
        'lookup_order: looking for ORD-42 among 3 orders\n← {"order_id":"ORD-42","status":"shipped","carrier":"DHL","arrives":"tomorrow"} (0.00 s)\n',
      ),
    });
  });

  test('rehearses trouble with or without a tools file', async () => {
    const { run } = person();
    const asked = ['--local', command, orderSupport, '-m', 'Where is order ORD-42?'];
    const fail = ['--fail-tool', 'lookup_order=the database is down'];
    for (const flags of [fail, [...fail, '--tools', orderTools]]) {
      const { code, stdout, stderr } = await run([...asked, ...flags]);
      expect(code).toBe(0);
      expect(stdout).toContain('I am sorry, lookup order did not work: the database is down.');
      expect(stderr).not.toContain('looking for');
    }
  });

  test('lets a tool be slow until its time is over', async () => {
    const { run } = person();
    const slow = ['--slow-tool', 'lookup_order=60000', '--tool-timeout', '0.02', '--tools', orderTools];
    const { stdout } = await run(
      ['--local', command, orderSupport, '-m', 'Where is order ORD-42?', ...slow],
      {
        // Sleeps as long as nobody ends it.
        clock: {
          sleep: (ms, signal) =>
            ms < 60_000
              ? Promise.resolve()
              : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
        },
      },
    );
    expect(stdout).toContain('lookup order did not work: timed out after 0.02 s.');
  });

  test('answers every call of an answer, each with its own result or failure', async () => {
    const api = await calling([
      { name: 'look', arguments: { id: '1' } },
      { name: 'look', arguments: {} },
      { name: 'book', arguments: { id: '2' } },
    ]);
    const { run } = withFiles({ 'tools.yaml': "tools: { look: { return: 'seen {{id}}' } }" });
    const { stdout } = await run(`--base-url ${api.base} ${command} agent.json -m Go --tools tools.yaml`);
    expect(stdout).toBe(
      '→ look({"id":"1"})\n→ look({})\n→ book({"id":"2"})\n' +
        'It says seen 1 {"error":"invalid arguments: must have required property \'id\'"} {"error":"unknown tool: book"}\n',
    );
  });

  test('takes the tools file from stdin', async () => {
    const api = await calling([{ name: 'look', arguments: { id: '1' } }]);
    const { run } = withFiles();
    const { stdout } = await run(`--base-url ${api.base} ${command} agent.json -m Go --tools -`, {
      stdin: 'tools: { look: { return: piped } }',
    });
    expect(stdout).toContain('It says piped');
  });

  test('keeps the canned state for the whole session', async () => {
    const api = await startTestApi({
      script: {
        rules: [
          { when: { tool_result: 'book' }, call: { name: 'look', arguments: { id: 'x' } } },
          { when: { tool_result: 'look' }, say: 'It says $result' },
          { call: { name: 'book', arguments: { id: 'x' } } },
        ],
      },
    });
    const { run } = withFiles({
      'tools.yaml': [
        'tools:',
        "  book: { sets: { taken: { '{{id}}': true } }, return: ok }",
        "  look: [{ needs: { taken: { '{{id}}': true } }, return: gone }, { return: free }]",
      ].join('\n'),
    });
    const { stdout } = await run(`--base-url ${api.base} ${command} agent.json -m Go --tools tools.yaml`);
    expect(stdout).toContain('It says gone');
  });
});
