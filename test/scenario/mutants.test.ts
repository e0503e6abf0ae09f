// Scenarios are worth what they notice: for each agent that comes with the package, twins that do one thing wrong must
// fail, and for that reason. A check that could not be made is no reason.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { TestEvent } from '../../src/scenario/result.js';
import { templates } from '../../src/spec/templates.js';
import { agents, root, temporaryFolder } from '../support/agents.js';
import { faults, type Mutant, mutants, mutantTable, type Rule } from './mutants.js';

const names = ['clinic', ...templates.map(({ name }) => name)];

/** Where an agent's files stand, and what its script is called. */
const homeOf = (agent: string) =>
  agent === 'clinic'
    ? { folder: 'fixtures/clinic', script: 'script.yaml' }
    : { folder: 'fixtures/templates', script: `${agent}.script.yaml` };

/** Plays an agent's scenarios, with these rules before those of its script. */
async function play(agent: string, rules: readonly Rule[]) {
  const { folder, script } = homeOf(agent);
  const cwd = temporaryFolder();
  cpSync(join(root, folder), cwd, { recursive: true });
  const own = parse(readFileSync(join(cwd, script), 'utf8')) as { rules: Rule[] };
  writeFileSync(join(cwd, script), JSON.stringify({ ...own, rules: [...rules, ...own.rules] }));
  const { code, stdout, stderr } = await agents(`--json test --local ${agent}.scenario.yaml`, { cwd });
  const told = stdout
    .trimEnd()
    .split('\n')
    .map((line): TestEvent => JSON.parse(line))
    .filter((event) => event.type === 'scenario_done')
    .map((done) => ({ ...done, scenario: done.id.slice(done.id.indexOf(' › ') + 3) }));
  return {
    ended: { code, stderr },
    passed: told.filter(({ verdict }) => verdict === 'passed').map(({ scenario }) => scenario),
    failed: told.filter(({ verdict }) => verdict === 'failed').map(({ scenario }) => scenario),
    problems: told.flatMap(({ runs }) => runs.flatMap(({ problem }) => problem ?? [])),
    checks: told.flatMap(({ scenario, checks, runs }) =>
      [...checks, ...runs.flatMap((run) => run.checks)].map((check) => ({ ...check, scenario })),
    ),
  };
}

describe.each(names)('%s', (agent) => {
  const twins = mutants.filter((mutant) => mutant.agent === agent);

  test('passes as it comes', async () => {
    const { ended, passed, failed } = await play(agent, []);
    expect({ ended, failed }).toEqual({ ended: { code: 0, stderr: '' }, failed: [] });
    expect(passed).toEqual(
      expect.arrayContaining(twins.flatMap(({ scenario, also = [] }) => [scenario, ...also])),
    );
  });

  test('has a twin for each fault', () => {
    expect(twins.map(({ fault }) => fault)).toEqual(faults);
  });

  test.each(twins.map((twin) => [twin.fault, twin.does, twin] as const satisfies [string, string, Mutant]))(
    '%s: %s',
    async (_fault, _does, { rules, scenario, also = [], caughtBy }) => {
      const { ended, failed, problems, checks } = await play(agent, rules);
      expect({ ended, problems }).toEqual({ ended: { code: 6, stderr: '' }, problems: [] });
      expect(failed.sort()).toEqual([scenario, ...also].sort());
      expect(checks.filter(({ verdict }) => verdict === 'error')).toEqual([]);
      const found = checks
        .filter((check) => check.scenario === scenario && check.verdict === 'failed')
        .map(({ kind, expected, got }) => ({ kind, expected, got }));
      expect(found).toContainEqual(caughtBy);
    },
  );
});

test('the table names each twin once', () => {
  const rows = mutantTable().trimEnd().split('\n').slice(2);
  expect(rows).toHaveLength(names.length * faults.length);
  expect(new Set(rows).size).toBe(rows.length);
});
