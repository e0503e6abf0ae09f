// Agents made for a test: written down before they are made, deleted when it is over, found when it was not.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Api } from '../../../src/api/client.js';
import { createStoredAgents, sweepStored } from '../../../src/commands/test/stored.js';
import { CliError } from '../../../src/errors.js';
import type { Agent } from '../../../src/protocol/agent.js';
import { testContext } from '../../support/context.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The sooner a write begins the longer it takes: those that go on side by side end in the wrong order. */
vi.mock(import('../../../src/files.js'), async (original) => {
  const files = await original();
  let turns = 60;
  const writePrivate: typeof files.writePrivate = async (path, text) => {
    turns -= 3;
    for (let left = turns; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  return { ...files, writePrivate };
});

/** A context whose server keeps agents in memory; `before` is told of each that is to be made. */
function atServer(before: (name: string) => void = () => {}) {
  const { context, written } = testContext({ local: true });
  const agents = new Map<string, string>();
  const tests = join(context.folders.state, 'tests');
  const api: Partial<Api> = {
    createAgent: async ({ body }) => {
      const name = String(body?.name);
      before(name);
      const agent_id = `agent_${agents.size + 1}`;
      agents.set(agent_id, name);
      return { ...body, agent_id } as Agent;
    },
    deleteAgent: async ({ agent_id }) => {
      agents.delete(agent_id);
      return null;
    },
    listAgents: async () => ({
      agents: [...agents].map(([agent_id, name]) => ({ agent_id, name }) as Agent),
      next: undefined,
    }),
    close: async () => {},
  };
  context.api = async () => api as Api;
  const writtenDown = (): string[] =>
    readdirSync(tests)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => JSON.parse(readFileSync(join(tests, name), 'utf8')).names);
  return { context, agents, tests, written, writtenDown };
}

describe('agents made for a test', () => {
  test('are written down before they are made, also many at a time', async () => {
    const missing: string[] = [];
    const { context, agents, writtenDown } = atServer((name) => {
      const names = writtenDown();
      missing.push(...[name, ...agents.values()].filter((each) => !names.includes(each)));
    });
    const stored = createStoredAgents(context);
    const making: Promise<Agent>[] = [];
    for (let at = 1; at <= 20; at++) {
      making.push(stored.create({ name: `Agent ${at}` }));
      await turn();
    }
    await Promise.all(making);
    expect(missing).toEqual([]);
    expect(new Set(writtenDown())).toEqual(new Set(agents.values()));
    await context.close();
    expect([...agents.values(), ...writtenDown()]).toEqual([]);
  });

  test('are made once for all that ask for the same', async () => {
    const { context, agents } = atServer();
    const stored = createStoredAgents(context);
    const both = await Promise.all([stored.create({ name: 'A' }), stored.create({ name: 'A' })]);
    expect(both[0]).toBe(both[1]);
    expect(await stored.create({ name: 'A' })).toBe(both[0]);
    expect(agents.size).toBe(1);
  });

  test('are tried again after a failure, whose name stays written down', async () => {
    let left = 1;
    const { context, agents, written, writtenDown } = atServer(() => {
      if (left-- > 0) throw new CliError('unavailable', 'no answer came');
    });
    const stored = createStoredAgents(context);
    await expect(stored.create({ name: 'A' })).rejects.toThrow('no answer came');
    expect(await stored.create({ name: 'A' })).toMatchObject({ agent_id: 'agent_1' });
    await context.close();
    expect([...agents.values()]).toEqual([]);
    // The first may have been made all the same.
    expect(writtenDown()).toEqual([
      expect.stringMatching(/^A \(test \w{8}-1\)$/),
      expect.stringMatching(/^A \(test \w{8}-2\)$/),
    ]);
    expect(written().stderr).toContain('the next agents test deletes what this one could not');
  });

  test('are not made where they cannot be written down', async () => {
    const { context, agents, tests } = atServer();
    mkdirSync(join(tests, '..'), { recursive: true });
    writeFileSync(tests, '');
    const stored = createStoredAgents(context);
    const all = await Promise.allSettled(['A', 'B'].map((name) => stored.create({ name })));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(agents.size).toBe(0);
  });
});

describe('what an earlier run has left', () => {
  const now = Date.UTC(2026, 6, 1, 12);
  const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
  const dead = 2 ** 30;
  const alive = 4711;

  test.each<[string, object, number]>([
    ['of a run that has ended', { host: 'here', pid: dead, at: hoursAgo(0) }, 1],
    ['of a run that goes on', { host: 'here', pid: alive, at: hoursAgo(48) }, 0],
    ['of another run with our number, on this machine', { host: 'here', pid: process.pid }, 1],
    ['of a run elsewhere that may go on', { host: 'elsewhere', pid: dead, at: hoursAgo(23) }, 0],
    ['of one elsewhere with our number', { host: 'elsewhere', pid: process.pid, at: hoursAgo(1) }, 0],
    ['of one elsewhere, long ago', { host: 'elsewhere', pid: alive, at: hoursAgo(25) }, 1],
    ['of one that does not say where, and has ended', { pid: dead, at: hoursAgo(0) }, 1],
    ['of one that does not say where, and goes on', { pid: alive, at: hoursAgo(48) }, 0],
  ])('%s', async (_, journal, deleted) => {
    const { context, agents, tests, writtenDown } = atServer();
    Object.assign(context.host, { hostname: 'here', isAlive: (pid: number) => pid === alive });
    const names = ['A (test 00000000-1)'];
    agents.set('agent_1', names[0] as string);
    mkdirSync(tests, { recursive: true });
    const server = `local ${context.folders.data}`;
    writeFileSync(join(tests, '00000000.json'), JSON.stringify({ server, names, ...journal }));
    expect(await sweepStored(context)).toBe(deleted);
    expect([...agents.values(), ...writtenDown()]).toEqual(deleted === 0 ? [...names, ...names] : []);
  });

  test('names the machine', async () => {
    const { context, tests } = atServer();
    Object.assign(context.host, { hostname: 'here' });
    await createStoredAgents(context).create({ name: 'A' });
    const [file = ''] = readdirSync(tests);
    expect(JSON.parse(readFileSync(join(tests, file), 'utf8'))).toMatchObject({
      host: 'here',
      pid: context.host.pid,
    });
  });
});
