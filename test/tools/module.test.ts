import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readToolFile } from '../../src/tools/file.js';
import { loadModule, toolFileValue } from '../../src/tools/module.js';
import { temporaryFolder } from '../support/agents.js';
import { openBox } from './support.js';

/** A folder with files in it. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const load = (folder: string, name: string) => loadModule(join(folder, name), '20.19.0');

describe('a module named by a handler', () => {
  test('runs a tool by the function of its name, or of another; it is loaded once', async () => {
    const folder = folderWith({
      'a.mjs': `let loaded = 0; loaded++;
        export function look() { return ++loaded; }
        export const other = async ({ a }) => ({ a });`,
    });
    const box = await openBox(
      {
        tools: {
          look: { module: './a.mjs' },
          find: { module: 'a.mjs', export: 'other' },
          again: { module: './a.mjs', export: 'look' },
        },
      },
      { folder },
    );
    expect([await box.call('look'), await box.call('again'), await box.call('find', { a: 1 })]).toEqual([
      2,
      3,
      { a: 1 },
    ]);
  });

  test.each([
    ['that is not there', './b.mjs', 'tools.yaml: tools.look: ./b.mjs: no such file'],
    ['without the function', './none.mjs', './none.mjs exports no function look (did you mean "lok"?)'],
    ['that throws', './throws.mjs', './throws.mjs: cannot be loaded: not today'],
    ['that imports what is not there', './imports.mjs', './imports.mjs: cannot be loaded: Cannot find'],
  ])('%s is told before anything runs', async (_, module, message) => {
    const folder = folderWith({
      'none.mjs': 'export const lok = () => 1;',
      'throws.mjs': "throw new Error('not today');",
      'imports.mjs': "import './gone.mjs';",
    });
    await expect(openBox({ tools: { look: { module } } }, { folder })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_spec', message: expect.stringContaining(message) }),
    );
  });
});

describe('a tools file that is a module', () => {
  test('runs tools by its functions, and holds handlers of every other kind', async () => {
    const folder = folderWith({
      'tools.mjs': `export const state = { open: true };
        export function look({ id }) { return { id }; }
        export const canned = { return: '{{state.open}}' };
        export const list = [{ when: { a: 1 }, return: 'one' }];
        export const run = { command: ['node', '-e', 'console.log(1)'] };
        export const careful = { run: () => 'done', safe: true };
        export const limit = 3;`,
    });
    const value = toolFileValue(await load(folder, 'tools.mjs'));
    expect([...readToolFile(value, 'tools.mjs', folder).handlers.keys()].sort()).toEqual([
      'canned',
      'careful',
      'list',
      'look',
      'run',
    ]);
    const box = await openBox(value, { folder });
    expect(
      await Promise.all([
        box.call('look', { id: 1 }),
        box.call('canned'),
        box.call('list', { a: 1 }),
        box.call('run'),
        box.call('careful'),
      ]),
    ).toEqual([{ id: 1 }, true, 'one', 1, 'done']);
  });

  test('may hold all in its default export', async () => {
    const folder = folderWith({ 'tools.mjs': 'export default { tools: { look: () => 1 } };' });
    const box = await openBox(toolFileValue(await load(folder, 'tools.mjs')));
    expect(await box.call('look')).toBe(1);
  });

  test('a function without a name is refused', () => {
    expect(() => toolFileValue({ default: () => 1 })).toThrow('export it by name');
  });
});
