// `agents tools scaffold`: a handlers file that works at once, and fails loudly until somebody writes it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { person, root } from '../support/agents.js';

const tool = (name: string, description?: string, parameters?: object) => ({
  type: 'function',
  function: { name, ...(description && { description }), ...(parameters && { parameters }) },
});
const needsId = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'The order\nnumber' },
    how: { enum: ['fast', 'slow'] },
    at: { type: 'array', items: { type: 'object', properties: { 'a b': { type: ['integer', 'null'] } } } },
  },
  required: ['id'],
};

function withAgent(...tools: object[]) {
  const { run, home } = person();
  writeFileSync(
    join(home, 'a.json'),
    JSON.stringify({ name: 'A', tools: [...tools, { type: 'web_search' }] }),
  );
  return {
    home,
    text: (name: string) => readFileSync(join(home, name), 'utf8'),
    run: (line: string) => run(line, { cwd: home }),
  };
}

describe('a module', () => {
  test('has a stub for each function tool, with what it is given', async () => {
    const { run, text } = withAgent(tool('look', 'Look it up', needsId), tool('stop'));
    expect(await run('tools scaffold a.json')).toEqual({
      code: 0,
      stdout: 'Wrote tools.mjs: 2 tools to write\n',
      stderr: 'Try it: agents voice a.json --tools tools.mjs\n',
    });
    expect(
      text('tools.mjs'),
    ).toBe(`// What runs the tools of a.json here: agents voice a.json --tools tools.mjs
// What a function returns is given to the model; what it throws, as an error.

/**
 * The call that the agent is on, in agents listen.
 *
 * @typedef {{ call_id: string, from?: string, to?: string, transfer(target: string): Promise<void>, hangUp(): Promise<void> }} Phone
 */

/**
 * Look it up
 *
 * @param {{ id: string, how?: "fast" | "slow", at?: ({ "a b"?: number | null })[] }} given
 *   id: The order number
 * @param {{ call_id: string, name: string, signal: AbortSignal, log(text: string): void, phone?: Phone }} context
 */
export async function look({ id, how, at }, { log }) {
  throw new Error('look is not written yet');
}

/**
 * @param {object} given
 * @param {{ call_id: string, name: string, signal: AbortSignal, log(text: string): void, phone?: Phone }} context
 */
export async function stop(_given, { log }) {
  throw new Error('stop is not written yet');
}
`);
  });

  test.each([
    ['names that are no names in JavaScript', ['get-order', 'delete', 'a.b']],
    ['names that mean something else in a tools file', ['state', 'mcp', 'default']],
    ['names no service should send', ["a'b", 'a\\', '*/ b', 'a"b']],
  ])('takes %s', async (_, names) => {
    const { run, home } = withAgent(...names.map((name) => tool(name, `*/ throw 1 /* \u2028 ${name}`)));
    expect(await run('tools scaffold a.json --out t.mjs')).toMatchObject({ code: 0 });
    const { default: file } = await import(pathToFileURL(join(home, 't.mjs')).href);
    expect(Object.keys(file.tools)).toEqual(names);
    for (const name of names) {
      await expect(file.tools[name]({}, {})).rejects.toThrow(`${name} is not written yet`);
    }
  });

  test('parameters that are no names are taken whole', async () => {
    const { run } = withAgent(
      tool('look', '', { type: 'object', properties: { 'a-b': { type: 'string' }, class: {} } }),
    );
    const { stdout } = await run('tools scaffold a.json --out -');
    expect(stdout).toContain('async function look(given, { log })');
    expect(stdout).toContain('@param {{ "a-b"?: string, "class"?: unknown }} given');
  });
});

test('YAML has a handler for each, with what it is given', async () => {
  const { run, text } = withAgent(tool('look', 'Look\u001b it up', needsId), tool('no'), tool('1.5'));
  expect(await run('tools scaffold a.json --out t.yaml')).toMatchObject({ code: 0 });
  expect(text('t.yaml')).toBe(`# What runs the tools of a.json here: agents voice a.json --tools t.yaml
# Each may be a canned answer, a program, an address or a function: agents help handlers

tools:
  # Look it up
  #   id: string (The order number)
  #   how?: "fast" | "slow"
  #   at?: ({ "a b"?: number | null })[]
  look: { error: "look is not written yet" }

  "no": { error: "no is not written yet" }

  "1.5": { error: "1.5 is not written yet" }
`);
});

describe.each(['tools.mjs', 'tools.yaml'])('%s', (out) => {
  test.each(['voice', 'run'])('works at once with %s', async (command) => {
    const { run, home } = person();
    const orders = join(root, 'fixtures/agents/order-support.json');
    const inHome = { cwd: home };
    await run(['tools', 'scaffold', orders, '--out', out], inHome);
    const talked = await run(
      ['--local', command, orders, '-m', 'Where is order ORD-42?', '--tools', out],
      inHome,
    );
    expect(talked.code).toBe(0);
    expect(talked.stdout).toContain('lookup order did not work: lookup_order is not written yet.');
    expect(talked.stderr).not.toContain('note: nothing runs');
  });

  test('is not written over, unless that is asked for', async () => {
    const { run, home, text } = withAgent(tool('look'));
    writeFileSync(join(home, out), 'mine');
    expect(await run(`tools scaffold a.json --out ${out}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${out} is there already\n  name another with --out, or write over it with --force\n`,
    });
    expect(text(out)).toBe('mine');
    expect(await run(`tools scaffold a.json --out ${out} --force`)).toMatchObject({ code: 0 });
    expect(text(out)).toContain('look is not written yet');
  });
});

test('an agent that was named by its name is told by its id, which voice takes', async () => {
  const { run, home } = withAgent(tool('look'));
  const { agent } = JSON.parse((await run('--local --json create a.json')).stdout);
  const told = await run('--local tools scaffold A');
  const command = `voice ${agent.agent_id} --tools tools.mjs`;
  expect(told.stderr).toBe(`Try it: agents --local ${command}\n`);
  expect(readFileSync(join(home, 'tools.mjs'), 'utf8')).toContain(
    `A (${agent.agent_id}) here: agents ${command}\n`,
  );
  expect(await run(`--local ${command} -m Hello`)).toMatchObject({ code: 0 });
});

test('--json tells the file and the tools', async () => {
  const { run } = withAgent(tool('look'));
  const told = await run('--json tools scaffold a.json');
  expect(told.stderr).toBe('');
  expect(JSON.parse(told.stdout)).toEqual({ file: 'tools.mjs', tools: ['look'] });
  expect(JSON.parse((await run('--json tools scaffold a.json --out -')).stdout)).toEqual({
    text: expect.stringContaining('look is not written yet'),
    tools: ['look'],
  });
});

test.each([
  ['an agent without function tools', '', 'a.json has no function tools, so there is nothing to write'],
  [
    'another kind of file',
    '--out tools.py',
    '--out must end in .mjs, .js, .yaml or .yml, or be -, got tools.py',
  ],
])('%s is told, and nothing is written', async (_, flags, message) => {
  const { run } = withAgent();
  expect(await run(`tools scaffold a.json ${flags}`)).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  });
});

test('a folder that is not there is told', async () => {
  const { run } = withAgent(tool('look'));
  expect(await run('tools scaffold a.json --out gone/tools.mjs')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('cannot write gone/tools.mjs: no such folder'),
  });
});
