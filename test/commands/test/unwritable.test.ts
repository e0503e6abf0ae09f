// A state folder in which nothing can be written: what is only kept for later runs is done without.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agents, temporaryFolder } from '../../support/agents.js';

test.each([
  [0, 'You said'],
  [6, 'something else'],
])('a run ends with %d as it would anywhere, and keeps its baseline', async (code, says) => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
  const turns = [{ user: 'Hello', expect: { says } }];
  writeFileSync(join(cwd, 'a.scenario.json'), JSON.stringify({ agent: 'a.json', turns }));
  const env = { AGENTS_STATE_DIR: '/dev/null/state' };
  const ran = await agents('test --local --update-baseline', { cwd, env });
  expect(ran).toMatchObject({
    code,
    stderr: expect.stringContaining('note: what failed is not kept for --last-failed: cannot write'),
  });
  expect(ran.stderr).not.toContain('error:');
  expect(existsSync(join(cwd, 'test-baseline.json'))).toBe(true);
});
