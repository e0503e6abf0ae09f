// `--max-cost`: the exit code of a run that came to it, and of its report merged again.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agents, temporaryFolder } from '../../support/agents.js';

const long = Array.from({ length: 200 }, () => 'word').join(' ');

/** Scenarios that pass, each of one turn, which is dearer than it was expected to be. */
function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.json'), '{"name":"A"}');
  writeFileSync(join(folder, 'script.json'), JSON.stringify({ rules: [{ say: long }] }));
  for (const name of names) {
    const scenario = {
      agent: 'a.json',
      local: 'script.json',
      turns: [{ user: 'Hi', expect: { says: 'word' } }],
    };
    writeFileSync(join(folder, `${name}.scenario.json`), JSON.stringify(scenario));
  }
  return folder;
}

test.each<[string, string[], object, string]>([
  ['all were played', ['a'], { passed: 1, skipped: 0 }, '--max-cost 0.013 is passed'],
  ['some were left out', ['a', 'b'], { passed: 1, skipped: 1 }, '--max-cost 0.013 is passed'],
])('ends with 6 where it was passed though %s, and so does merging', async (_, names, totals, message) => {
  const cwd = folderWith(...names);
  const ran = await agents('test --local --workers 1 --max-cost 0.013 --reporter json=all.json', { cwd });
  expect(ran).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
  expect(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8'))).toMatchObject({ totals });
  const [told] = /^error: .*/m.exec(ran.stderr) ?? [];
  const merged = await agents('test merge all.json', { cwd });
  expect(merged).toMatchObject({ code: 6, stderr: expect.stringContaining(told ?? 'nothing') });
});
