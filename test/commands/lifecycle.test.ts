// Create, list, get, update, delete: an agent's life, by the commands a person types.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { person, root } from '../support/agents.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');

describe('an agent in the local API', () => {
  test('is created from flags, and the answer says how to go on', async () => {
    const { run } = person();
    const made = await run('--local create --name "My Agent" --instructions "You are helpful"');
    expect(made).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Created My Agent \(agent_\w{16}\)\n$/),
      stderr: expect.stringMatching(/^Talk to it: agents --local voice agent_\w{16}\n$/),
    });
  });

  test('is created from a file and comes back whole', async () => {
    const { run } = person();
    const made = await run(['--local', '--json', 'create', orderSupport]);
    const { agent } = JSON.parse(made.stdout);
    const spec = JSON.parse(readFileSync(orderSupport, 'utf8'));
    expect(agent).toEqual({ agent_id: expect.any(String), ...spec });
    const got = await run(`--local --json get ${agent.agent_id}`);
    expect(JSON.parse(got.stdout)).toEqual({ agent });
    expect(got.stderr).toBe('');
  });

  test('is created from piped stdin', async () => {
    const { run } = person();
    const made = await run('--local --json create', {
      stdin: '{"name": "Bot", "instructions": "Be helpful"}',
    });
    expect(JSON.parse(made.stdout).agent).toMatchObject({ name: 'Bot', instructions: 'Be helpful' });
  });

  test('is copied by get and create -', async () => {
    const { run } = person();
    const made = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout).agent;
    const got = await run(`--local --json get ${made.agent_id}`);
    const copied = JSON.parse((await run('--local --json create -', { stdin: got.stdout })).stdout).agent;
    expect(copied.agent_id).not.toBe(made.agent_id);
    expect({ ...copied, agent_id: '' }).toEqual({ ...made, agent_id: '' });
  });

  test('is updated by flags: only what was named changes', async () => {
    const { run } = person();
    const made = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout).agent;
    const renamed = await run(`--local --json update ${made.agent_id} --name "New Name"`);
    expect(JSON.parse(renamed.stdout).agent).toEqual({ ...made, name: 'New Name' });
    const cleared = await run(`--local --json update ${made.agent_id} --clear-instructions`);
    expect(JSON.parse(cleared.stdout).agent).not.toHaveProperty('instructions');
  });

  test('keeps the rest of its voice when part of it changes', async () => {
    const { run } = person();
    const made = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout).agent;
    const changed = await run(`--local --json update ${made.agent_id} --voice leo`);
    expect(JSON.parse(changed.stdout).agent.voice).toEqual({ ...made.voice, voice_id: 'leo' });
  });

  test('is updated by get, edit, update', async () => {
    const { run, home } = person();
    const made = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout).agent;
    const file = join(home, 'a.json');
    writeFileSync(
      file,
      (await run(`--local --json get ${made.agent_id}`)).stdout.replace('Order Support', 'Orders'),
    );
    const updated = await run(['--local', '--json', 'update', file]);
    expect(JSON.parse(updated.stdout).agent).toEqual({ ...made, name: 'Orders' });
    expect(updated.stderr).toBe('');
  });

  test('is deleted, and can be brought back from its backup', async () => {
    const { run } = person();
    const made = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout).agent;
    const gone = await run(`--local delete ${made.agent_id}`);
    expect(gone.code).toBe(0);
    expect(gone.stdout).toBe(`Deleted Order Support (${made.agent_id})\n`);
    const backup = /agents --local create (\S+)/.exec(gone.stderr)?.[1] ?? '';
    expect(await run(`--local get ${made.agent_id}`)).toMatchObject({ code: 3, stdout: '' });
    const back = JSON.parse((await run(['--local', '--json', 'create', backup])).stdout).agent;
    expect({ ...back, agent_id: '' }).toEqual({ ...made, agent_id: '' });
  });
});
