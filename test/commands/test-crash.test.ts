// A run of tests that is killed: nothing of it stays at the server longer than until the next run.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { agents, dev } from '../emulator/support.js';
import { root, temporaryFolder } from '../support/agents.js';

test('an agent that was made for a test is deleted by the next run when this one is killed', {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  const spec = join(folder, 'agent.json');
  const [long, short] = ['long', 'short'].map((name) => join(folder, `${name}.scenario.json`)) as [
    string,
    string,
  ];
  writeFileSync(spec, JSON.stringify({ name: 'Short-lived', instructions: 'Be brief.' }));
  const scenario = (turns: object[]) => JSON.stringify({ agent: 'agent.json', stored: true, turns });
  writeFileSync(long, scenario([{ user: 'Hello' }, { silence: 600 }]));
  writeFileSync(short, scenario([{ user: 'Hello' }]));
  const { base } = await dev(folder);
  const names = async (): Promise<string[]> => {
    const reply = (await (await fetch(`${base}/v1/agents`)).json()) as { agents?: { name: string }[] };
    return (reply.agents ?? []).map(({ name }) => name);
  };

  const killed = spawn(process.execPath, [join(root, 'bin/agents.js'), '--base-url', base, 'test', long], {
    env: { PATH: process.env.PATH, HOME: folder, AGENTS_DATA_DIR: folder, AGENTS_STATE_DIR: folder },
    stdio: 'ignore',
  });
  onTestFinished(() => void killed.kill('SIGKILL'));
  while ((await names()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await names()).toEqual([expect.stringMatching(/^Short-lived \(test [0-9a-f]{8}-1\)$/)]);
  const ended = new Promise((resolve) => killed.once('exit', resolve));
  killed.kill('SIGKILL');
  await ended;
  expect(await names()).toHaveLength(1);

  const next = await agents(folder, '--base-url', base, 'test', short);
  expect(next).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('1 agent of an earlier test deleted'),
  });
  expect(await names()).toEqual([]);
});
