// What only the built program as a process shows: how Node loads modules, and what is left when it is gone.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/agents.js';
import { isAlive } from './support.js';

const bin = join(root, 'bin/agents.js');
const spec = {
  name: 'A',
  tools: [
    {
      type: 'function',
      function: {
        name: 'lookup_order',
        parameters: { type: 'object', properties: { order_id: { type: 'string' } }, required: ['order_id'] },
      },
    },
  ],
};

function start(tools: string, name: string, flags: string[] = []) {
  const home = temporaryFolder();
  writeFileSync(join(home, 'agent.json'), JSON.stringify(spec));
  writeFileSync(join(home, name), tools);
  const words = [
    bin,
    '--local',
    'voice',
    'agent.json',
    '-m',
    'Look up order ORD-42',
    '--tools',
    name,
    ...flags,
  ];
  const child = spawn(process.execPath, words, {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', HOME: home, XAI_API_KEY: 'xai-secret', COPY: 'xai-secret' },
  });
  child.stdin.end();
  let all = '';
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      all += chunk;
      if (stream === child.stdout) stdout += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; all: string; stdout: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, all, stdout }));
  });
  return { child, ended, home };
}

/** What a program has written to `pid`, once it has. */
async function pidIn(folder: string): Promise<number> {
  const file = join(folder, 'pid');
  while (!existsSync(file) || readFileSync(file, 'utf8') === '')
    await new Promise((resolve) => setTimeout(resolve, 10));
  return Number(readFileSync(file, 'utf8'));
}

describe('a module, loaded by Node itself', () => {
  test('runs, and finds no key in its environment, nor does what it starts', async () => {
    const code = `import { execFileSync } from 'node:child_process';
      export const lookup_order = () => JSON.stringify(process.env) + execFileSync('env');`;
    const { code: exit, all } = await start(code, 'tools.mjs').ended;
    expect(exit).toBe(0);
    expect(all).toContain('PATH');
    expect(all).not.toContain('xai-secret');
  });

  test('that is not JavaScript is told as that, with the way to see where', async () => {
    const { code, all } = await start('export const a = 1;\nexport cons look = 1;', 'tools.mjs').ended;
    expect({ code, all }).toEqual({
      code: 2,
      all: expect.stringContaining(
        "error: tools.mjs: cannot be loaded: Unexpected token 'export' (node --check /",
      ),
    });
  });

  test('in TypeScript runs where Node can, and is told as that where it cannot', async () => {
    const { code, all } = await start(
      'export const lookup_order = (given: { order_id: string }) => given.order_id;',
      'tools.ts',
    ).ended;
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const can = major > 22 || (major === 22 && minor >= 18);
    if (can) expect({ code, all }).toEqual({ code: 0, all: expect.stringContaining('← ORD-42') });
    else {
      expect({ code, all }).toEqual({
        code: 2,
        all: expect.stringContaining(`needs Node 22.18 or newer, this is ${process.versions.node}`),
      });
    }
  });
});

test('what a module does beside its answer ends neither the session nor its JSON', async () => {
  const code = `export const lookup_order = () => {
      console.log('looking');
      setImmediate(() => { throw new Error('too late'); });
      return new Promise((resolve) => setTimeout(resolve, 2000, 'found'));
    };`;
  const { code: exit, all } = await start(code, 'tools.mjs').ended;
  expect(exit).toBe(0);
  expect(all).toContain('lookup_order: looking\n');
  expect(all).toContain('note: tools.mjs failed outside of any call: too late\n');
  expect(all).toContain('← {"error":"the module failed outside of any call: too late"}');
  const json = await start(code, 'tools.mjs', ['--json']).ended;
  expect(json.code).toBe(0);
  for (const line of json.stdout.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
});

describe('a module that never returns control', () => {
  const code = `import { writeFileSync } from 'node:fs';
    export const lookup_order = () => { writeFileSync('pid', '1'); for (;;); };`;

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('does not keep the session from %s', async (signal, expected) => {
    const { child, ended, home } = start(code, 'tools.mjs');
    await pidIn(home);
    child.kill(signal);
    expect((await ended).code).toBe(expected);
  });

  test('nor from the limit of time', async () => {
    const { code: exit, all } = await start(code, 'tools.mjs', ['--tool-timeout', '0.1']).ended;
    expect(exit).toBe(0);
    expect(all).toContain('← {"error":"timed out after 0.1 s"}');
  });

  test('nor while it is loaded', async () => {
    const looping = `import { writeFileSync } from 'node:fs'; writeFileSync('pid', '1'); for (;;);`;
    const { child, ended, home } = start(looping, 'tools.mjs');
    await pidIn(home);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });
});

test('Ctrl+C while a server starts leaves none behind', async () => {
  const code = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
  const tools = JSON.stringify({ mcp: { slow: { command: [process.execPath, '-e', code] } } });
  const { child, ended, home } = start(tools, 'tools.json');
  const pid = await pidIn(home);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
});

test.each([1, 2])('Ctrl+C, given %i times, leaves no program behind', async (times) => {
  const code = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
  const tools = JSON.stringify({ tools: { lookup_order: { command: [process.execPath, '-e', code] } } });
  const { child, ended, home } = start(tools, 'tools.json');
  const pid = await pidIn(home);
  child.kill('SIGINT');
  if (times === 2) setTimeout(() => child.kill('SIGINT'), 50);
  expect((await ended).code).toBe(130);
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
});
