// The scenarios that come with the package: they pass, whatever the order, the seed and the number of workers, and are
// what the published schema allows.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findScenarioFiles } from '../../src/commands/test/find.js';
import type { TestEvent } from '../../src/scenario/result.js';
import { templates } from '../../src/spec/templates.js';
import { agents, root, temporaryFolder } from '../support/agents.js';

const files = findScenarioFiles({ path: (name) => join(root, name) }, ['fixtures']);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** All of them, played once: how it ended, and what did not pass, with all that tells why. */
async function play(flags = '') {
  const env = { AGENTS_STATE_DIR: temporaryFolder() };
  const line = `--json test --local fixtures --output ${join(temporaryFolder(), 'results')} ${flags}`;
  const { code, stdout, stderr } = await agents(line, { cwd: root, env });
  const done = stdout
    .trimEnd()
    .split('\n')
    .map((text): TestEvent => JSON.parse(text))
    .filter((event) => event.type === 'scenario_done');
  return {
    ended: { code, stderr },
    trouble: done.flatMap(({ id, verdict, runs }) =>
      verdict === 'passed' ? [] : { id, verdict, runs: runs.filter((run) => run.verdict !== 'passed') },
    ),
    ids: done.map(({ id }) => id).sort(),
    planned: done.reduce((sum, { planned_runs }) => sum + planned_runs, 0),
    runs: done.flatMap(({ id, runs }) => runs.map((run) => ({ id, ...run }))),
  };
}

/** What was said and called in each run: all that neither order nor chance may change. */
const wordsOf = ({ runs }: Awaited<ReturnType<typeof play>>) =>
  new Map(
    runs.map(({ id, run, turns }) => [
      `${id}, run ${run}`,
      turns.map(({ said, answer, interrupted, calls }) => ({
        said,
        // Where an answer is cut off is a matter of milliseconds.
        answer: interrupted || answer,
        calls: calls.map(({ name, arguments: given }) => [name, given]),
      })),
    ]),
  );

const fine = { ended: { code: 0, stderr: '' }, trouble: [] };

describe('the scenario files', () => {
  test('are there for the clinic and for each template', () => {
    const wanted = ['clinic/clinic', ...templates.map(({ name }) => `templates/${name}`)];
    expect(files.sort()).toEqual(wanted.map((name) => `fixtures/${name}.scenario.yaml`).sort());
  });

  test('are what the schema allows', async () => {
    const { stdout } = await agents('test --schema');
    const accepts = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(stdout));
    for (const file of files)
      expect([file, accepts(parse(textOf(file))), accepts.errors]).toEqual([file, true, null]);
  });

  test.each(files)('%s begins with what it checks, and how it is run', async (file) => {
    const [header = ''] = /^(?:#.*\n)+/.exec(textOf(file)) ?? [];
    const command = /^# {3}agents (test .*)$/m.exec(header)?.[1] ?? '';
    const listed = await agents(`${command} --list --json`, { cwd: root });
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toContain(file);
  });
});

describe('the scenarios pass', () => {
  test('with any number of workers, in the same words', async () => {
    const [first, ...others] = [
      await play('--workers 1'),
      await play('--workers 16'),
      await play('--workers 100'),
    ];
    for (const each of [first, ...others]) expect(each).toMatchObject(fine);
    for (const each of others) expect(wordsOf(each)).toEqual(wordsOf(first));
  }, 120_000);

  test.each([2, 3, 4, 5])('with seed %i', async (seed) => {
    expect(await play(`--seed ${seed}`)).toMatchObject(fine);
  });

  test('in any part, and parts hold them all', async () => {
    const parts = [];
    for (const part of [3, 1, 4, 2]) parts.push(await play(`--shard ${part}/4`));
    for (const part of parts) expect(part).toMatchObject(fine);
    const { ids } = await play();
    expect(parts.flatMap((part) => part.ids).sort()).toEqual(ids);
  }, 120_000);

  test('again and again', async () => {
    const played = await play('--repeat 10 --workers 16');
    expect(played).toMatchObject(fine);
    expect(played.runs).toHaveLength(played.planned);
    expect(played.planned).toBeGreaterThan(600);
  }, 300_000);
});
