// Whom a scenario is about.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Api } from '../../../src/api/client.js';
import { createAgents } from '../../../src/commands/test/agents.js';
import { CliError } from '../../../src/errors.js';
import { temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';
import { aCase } from '../../support/scenarios.js';

const stored = { create: () => Promise.reject(new Error('not asked for in this test')) };
const format = { type: 'audio/pcm' as const, rate: 24_000 as const };

test('an agent is fetched once for all runs, and again where that failed', async () => {
  const { context } = testContext({ local: true });
  let asked = 0;
  const getAgent: Api['getAgent'] = async ({ agent_id }) => {
    if (++asked === 1) throw new CliError('unavailable', 'no answer came');
    return { agent_id, name: 'A' };
  };
  context.api = async () => ({ getAgent }) as Partial<Api> as Api;
  const agents = createAgents(context, undefined, stored);
  const ask = () => agents.agentFor(aCase({ agent: 'agent_1' }), context, format);
  const first = await Promise.allSettled([ask(), ask()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask()).toMatchObject({ agent: { name: 'A' } });
  expect(await ask()).toMatchObject({ header: 'agent_1' });
  expect(asked).toBe(2);
});

test('a spec file that could not be read is read again', async () => {
  const cwd = temporaryFolder();
  const { context } = testContext({ local: true }, { cwd });
  const agents = createAgents(context, undefined, stored);
  const ask = () => agents.agentFor(aCase({ agent: 'a.json', folder: cwd }), context, format);
  await expect(ask()).rejects.toThrow('no such file');
  writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
  expect(await ask()).toMatchObject({ agent: { name: 'A' } });
});
