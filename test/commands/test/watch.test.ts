// `--watch`: what is changed while scenarios are played is news as well.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { Interrupts } from '../../../src/interrupts.js';
import { agents, temporaryFolder } from '../../support/agents.js';

const answering = (answer: string) => `rules: [{ say: ${answer} }]\n`;
const scenario = (says: string) =>
  `agent: a.json\nlocal: script.yaml\nturns: [{ user: Hello, expect: { says: ${says} } }]\n`;
const files = {
  'a.json': '{"name":"A"}',
  'script.yaml': answering('One'),
  'a.scenario.yaml': scenario('One'),
};

/** `--watch` in a folder; `told` hears of the outcome of each scenario as soon as it is played. */
function watching(given: Partial<typeof files>, told: (folder: string, outcomes: string[]) => void) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ ...files, ...given })) writeFileSync(join(folder, name), text);
  const interrupts = new Interrupts();
  const outcomes: string[] = [];
  let waits = 0;
  const running = agents('test --local --watch', {
    cwd: folder,
    interrupts,
    clock: { sleep: systemClock.sleep },
    onWrite: (_, text) => {
      if (text.includes('Waiting for a file')) waits++;
      const [, outcome] = /^(passed|failed|error:)/.exec(text) ?? [];
      if (outcome === undefined) return;
      outcomes.push(outcome);
      told(folder, outcomes);
    },
  });
  const rounds = async (count: number) => {
    while (waits < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const end = async () => {
    interrupts.raise('interrupted');
    expect(await running).toMatchObject({ code: 0 });
    return outcomes;
  };
  return { folder, rounds, end };
}

describe('a change while scenarios are played', () => {
  test.each([
    ['of a scenario', 'a.scenario.yaml', scenario('Two or more')],
    ['of what one is made of', 'script.yaml', answering('Two or more')],
  ])('%s is not missed, in the first round or later', async (_, name, text) => {
    const original = files[name as keyof typeof files];
    const { rounds, end } = watching({}, (folder, { length }) => {
      if (length === 1) writeFileSync(join(folder, name), text);
      if (length === 2) writeFileSync(join(folder, name), original);
    });
    await rounds(3);
    expect(await end()).toEqual(['passed', 'failed', 'passed']);
  });

  test('is none where a file is written as it was', async () => {
    const { rounds, end, folder } = watching({}, (folder, { length }) => {
      if (length === 1) writeFileSync(join(folder, 'script.yaml'), files['script.yaml']);
    });
    await rounds(1);
    writeFileSync(join(folder, 'script.yaml'), answering('Two'));
    await rounds(2);
    expect(await end()).toEqual(['passed', 'failed']);
  });
});

test('what keeps the first round from being played is waited for', async () => {
  const { rounds, end, folder } = watching({ 'a.json': '{"nme":"A"}' }, () => {});
  await rounds(1);
  writeFileSync(join(folder, 'a.json'), files['a.json']);
  await rounds(2);
  expect(await end()).toEqual(['error:', 'passed']);
});
