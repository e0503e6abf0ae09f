// Real processes over one data folder: at once, killed at any moment, and what they leave behind.

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { agents, ask, buildOnce, type Dev, dev, folder, oldDataFile } from './support.js';

beforeAll(buildOnce);

const limit = { timeout: 60_000 };

const create = (data: string, name: string) =>
  agents(data, '--local', '--json', 'create', '--name', name, '--instructions', 'Be brief.');

async function kill({ child }: Dev): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Everything in the folder, by the command line. */
async function listed(data: string): Promise<{ agent_id: string; name: string }[]> {
  const { code, stdout, stderr } = await agents(data, '--local', '--json', 'list', '--limit', '100000');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).agents;
}

/** What SQLite says of the file. */
function integrity(data: string): unknown {
  const database = new sqlite.Database(join(data, 'local.db'));
  try {
    return database.get('PRAGMA integrity_check');
  } finally {
    database.close();
  }
}

const names = (count: number, word: string) => Array.from({ length: count }, (_, at) => `${word} ${at}`);

describe('processes over one data folder', () => {
  test('twenty that create at once lose nothing', limit, async () => {
    const data = folder();
    const made = await Promise.all(names(20, 'Agent').map((name) => create(data, name)));
    expect(made.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      made.map(() => ({ code: 0, stderr: '' })),
    );
    const stored = await listed(data);
    expect(stored.map(({ agent_id }) => agent_id).sort()).toEqual(
      made.map(({ stdout }) => JSON.parse(stdout).agent.agent_id).sort(),
    );
    expect(stored.map(({ name }) => name).sort()).toEqual(names(20, 'Agent').sort());
    expect(integrity(data)).toEqual({ integrity_check: 'ok' });
  });

  test(
    'ten that find a file of an earlier version bring it to this one once, and lose nothing',
    limit,
    async () => {
      const data = folder();
      oldDataFile(join(data, 'local.db'), 'without fingerprints');
      const made = await Promise.all(names(10, 'Agent').map((name) => create(data, name)));
      expect(made.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        made.map(() => ({ code: 0, stderr: '' })),
      );
      expect((await listed(data)).map(({ name }) => name).sort()).toEqual([
        ...names(10, 'Agent').sort(),
        'Ava',
        'Ben',
      ]);
      expect(integrity(data)).toEqual({ integrity_check: 'ok' });
    },
  );

  test('a server and commands work at the same time, and see what the other did', limit, async () => {
    const data = folder();
    const server = await dev(data);
    const throughServer = names(20, 'Server').map(async (name) => {
      const { status, body } = await ask(server, 'POST /v1/agents', { name });
      return { status, id: (body as { agent: { agent_id: string } }).agent.agent_id };
    });
    const throughCommands = names(8, 'Command').map(async (name) => {
      const { code, stdout } = await create(data, name);
      return { code, id: JSON.parse(stdout).agent.agent_id as string };
    });
    const made = [...(await Promise.all(throughServer)), ...(await Promise.all(throughCommands))];
    const { body } = await ask(server, 'GET /v1/agents');
    const seen = (body as { agents: { agent_id: string }[] }).agents.map(({ agent_id }) => agent_id);
    expect(seen.sort()).toEqual(made.map(({ id }) => id).sort());
    expect((await listed(data)).map(({ agent_id }) => agent_id).sort()).toEqual(seen);
  });

  test('a server that has just answered for an agent sees a command change it', limit, async () => {
    const data = folder();
    const server = await dev(data);
    const { body } = await ask(server, 'POST /v1/agents', { name: 'Ava' });
    const { agent } = body as { agent: { agent_id: string } };
    const get = () => ask(server, `GET /v1/agents/${agent.agent_id}`);
    expect(await get()).toEqual({ status: 200, body: { agent } });
    const update = await agents(data, '--local', '--json', 'update', agent.agent_id, '--name', 'Bob');
    expect(update.code).toBe(0);
    expect(await get()).toEqual({ status: 200, body: { agent: { ...agent, name: 'Bob' } } });
    const removed = await agents(data, '--local', '--json', 'delete', agent.agent_id);
    expect(removed.code).toBe(0);
    expect((await get()).status).toBe(404);
  });
});

describe('a server killed while it is writing', () => {
  test('has kept every agent it answered for, and shuts nobody out', limit, async () => {
    const data = folder();
    const answered: string[] = [];
    for (let round = 0; round < 5; round++) {
      const server = await dev(data);
      answered.push(...(await createUntilKilled(server, 1 + Math.floor(Math.random() * 40))));
      // At once: whatever the killed one held must not have to be waited for.
      const stored = new Set((await listed(data)).map(({ agent_id }) => agent_id));
      expect(answered.filter((id) => !stored.has(id))).toEqual([]);
    }
    expect(answered.length).toBeGreaterThan(0);
    expect(integrity(data)).toEqual({ integrity_check: 'ok' });
    expect((await create(data, 'after all')).code).toBe(0);
  });
});

describe('a command over a damaged file', () => {
  const damages: [string, (bytes: Buffer) => void][] = [
    ['at its beginning', (bytes) => bytes.fill(0xa5, 0, 4096)],
    ['in its tables', (bytes) => bytes.fill(0xa5, 4096, 8192)],
    ['in what an agent says', (bytes) => bytes.write('}', bytes.indexOf('{"agent_id"'))],
  ];

  test.each(damages)('says so, and not that it may work later: %s', limit, async (_where, damage) => {
    const data = folder();
    await create(data, 'Ava');
    const path = join(data, 'local.db');
    const bytes = readFileSync(path);
    damage(bytes);
    writeFileSync(path, bytes);
    const { code, stdout, stderr } = await agents(data, '--local', '--json', 'list');
    expect({ code, stdout, error: JSON.parse(stderr).error }).toEqual({
      code: 1,
      stdout: '',
      error: expect.objectContaining({ code: 'storage', message: expect.stringContaining(path) }),
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

/** Four clients create one agent after another; the server is killed when so many have been answered. */
async function createUntilKilled(server: Dev, count: number): Promise<string[]> {
  const answered: string[] = [];
  let killing: Promise<void> | undefined;
  async function client(): Promise<void> {
    while (killing === undefined) {
      const reply = await ask(server, 'POST /v1/agents', {
        name: 'Ava',
        instructions: 'Be brief. '.repeat(500),
      }).catch(() => undefined);
      if (reply === undefined) return;
      expect(reply.status).toBe(200);
      answered.push((reply.body as { agent: { agent_id: string } }).agent.agent_id);
      if (answered.length >= count) killing ??= kill(server);
    }
  }
  await Promise.all([client(), client(), client(), client()]);
  await killing;
  return answered;
}
