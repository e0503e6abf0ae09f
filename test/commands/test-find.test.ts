import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findScenarioFiles } from '../../src/commands/test/find.js';
import { temporaryFolder } from '../support/agents.js';

/** A folder with these files in it, and the way to find in it. */
function tree(files: readonly string[], links: Record<string, string> = {}) {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  for (const [link, target] of Object.entries(links)) symlinkSync(join(folder, target), join(folder, link));
  const context = { path: (given: string) => resolve(folder, given) };
  return { folder, find: (...named: string[]) => findScenarioFiles(context, named) };
}

describe('without a name', () => {
  test('every scenario file below is found, in order', () => {
    const { find } = tree([
      ...['z.scenario.yaml', 'a/b/c.scenario.yml', 'a/b.scenario.json', 'a.scenario.yaml'],
      ...['scenario.yaml', 'a/b.yaml', 'a.scenario.yaml.bak', 'a.scenario.txt', 'b.scenario.yaml/x'],
      ...['node_modules/a/a.scenario.yaml', 'a/node_modules/a.scenario.yaml', '.hidden/a.scenario.yaml'],
    ]);
    expect(find()).toEqual([
      ...['a.scenario.yaml', 'a/b.scenario.json', 'a/b/c.scenario.yml', 'z.scenario.yaml'],
    ]);
  });

  test('links are followed, but not round in circles', () => {
    const { find } = tree(
      ['tests/one.scenario.yaml', 'other/two.scenario.yaml', 'real/three.scenario.yaml'],
      {
        'tests/up': '.',
        'tests/self': 'tests/self',
        'a-link': 'real',
        'tests/two.scenario.yaml': 'other/two.scenario.yaml',
      },
    );
    expect(find()).toEqual([
      ...['other/two.scenario.yaml', 'real/three.scenario.yaml'],
      ...['tests/one.scenario.yaml', 'tests/two.scenario.yaml'],
    ]);
    expect(find('tests')).toEqual([
      ...['tests/one.scenario.yaml', 'tests/two.scenario.yaml'],
      ...['tests/up/other/two.scenario.yaml', 'tests/up/real/three.scenario.yaml'],
    ]);
  });

  test('that there are none is told', () => {
    const { find } = tree(['a.yaml']);
    expect(() => find()).toThrow(
      expect.objectContaining({
        code: 'usage',
        exit: 2,
        message: 'there is no *.scenario.yaml in this folder or below',
        hint: 'agents test init <agent> writes a first one',
      }),
    );
  });
});

describe('by name', () => {
  const files = [
    'a.scenario.yaml',
    'plain.yaml',
    'tests/b.scenario.yaml',
    '.ci/c.scenario.yaml',
    'none/x.yaml',
  ];

  test.each([
    ['a file, whatever it is called', ['plain.yaml'], ['plain.yaml']],
    ['files in the order given', ['plain.yaml', 'a.scenario.yaml'], ['plain.yaml', 'a.scenario.yaml']],
    ['a folder', ['tests'], ['tests/b.scenario.yaml']],
    ['a folder with a slash', ['./tests/'], ['tests/b.scenario.yaml']],
    ['a hidden folder', ['.ci'], ['.ci/c.scenario.yaml']],
    ['this folder', ['.'], ['a.scenario.yaml', 'tests/b.scenario.yaml']],
    [
      'a file twice',
      ['a.scenario.yaml', './a.scenario.yaml', '.'],
      ['a.scenario.yaml', 'tests/b.scenario.yaml'],
    ],
    ['stdin', ['-'], ['-']],
  ])('%s', (_, named, found) => {
    expect(tree(files).find(...named)).toEqual(found);
  });

  test('of a folder elsewhere, as it was named', () => {
    const { folder, find } = tree(files);
    expect(find(join(folder, 'tests'))).toEqual([join(folder, 'tests/b.scenario.yaml')]);
  });

  test.each([
    [['gone.yaml'], 'cannot read gone.yaml: no such file'],
    [['a.scenario.yaml', 'x', 'y/z'], 'cannot read x: no such file\n  cannot read y/z: no such file'],
    [['a.scenario.yaml/b'], 'cannot read a.scenario.yaml/b: no such file'],
    [[''], 'cannot read "": no such file'],
  ])('what is not there is refused: %j', (named, message) => {
    expect(() => tree(files).find(...named)).toThrow(
      expect.objectContaining({
        code: 'unreadable',
        exit: 2,
        message,
        hint: 'agents test without a name runs every *.scenario.yaml below this folder',
      }),
    );
  });

  test('a folder without scenarios is refused, also beside others', () => {
    expect(() => tree(files).find('tests', 'none')).toThrow(
      expect.objectContaining({ code: 'usage', message: 'there is no *.scenario.yaml in none or below' }),
    );
  });
});
