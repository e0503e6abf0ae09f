import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { readToolFile } from '../../src/tools/file.js';
import { loadModule, toolFileValue } from '../../src/tools/module.js';
import { temporaryFolder, testClock } from '../support/agents.js';
import { openBox, workerFile } from './support.js';

/** A folder with files in it. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
/** What a tools file exports; ended after the test. */
async function load(folder: string, name: string, notes: string[] = []) {
  const env = { PATH: process.env.PATH ?? '' };
  const host = {
    workerFile,
    env,
    nodeVersion: '20.19.0',
    clock: testClock,
    note: (text: string) => notes.push(text),
  };
  const { exports, end } = await loadModule(join(folder, name), host, { source: name, isToolsFile: true });
  onTestFinished(end);
  return exports;
}
/** A toolbox whose tools are the functions of this module. */
function boxOf(code: string, options: Parameters<typeof openBox>[1] = {}) {
  const names = [...code.matchAll(/^\s*export (?:async )?(?:function|const) (\w+)/gm)].map(
    ([, name]) => name ?? '',
  );
  const tools = Object.fromEntries(names.map((name) => [name, { module: './a.mjs' }]));
  return openBox({ tools }, { folder: folderWith({ 'a.mjs': code }), ...options });
}
/** Time in which grace is short: what does not return control is ended soon. */
const impatient = {
  ...testClock,
  after: (ms: number, then: () => void) => systemClock.after(ms === 1000 ? 30 : ms, then),
};

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

describe('what a module does', () => {
  test('is printed as a line of its tool, and nothing reaches the streams of the process', async () => {
    const box = await boxOf(`
      console.log('loading');
      export async function look() {
        console.log('one %d', 1, { a: 1 });
        await null;
        process.stderr.write('two\\nthree\\n');
        return 1;
      }
      export function loud(given, { log }) { log('hi', 2, { b: [1] }); return 2; }`);
    expect(await Promise.all([box.call('look'), box.call('loud')])).toEqual([1, 2]);
    expect(box.notes.sort()).toEqual([
      './a.mjs: loading',
      'look: one 1 { a: 1 }',
      'look: three',
      'look: two',
      'loud: hi 2 { b: [ 1 ] }',
    ]);
  });

  test('keeps its state across calls, several of which run at once', async () => {
    const box = await boxOf(`
      let waiting; let count = 0;
      export const wait = () => new Promise((resolve) => { waiting = resolve; });
      export const go = () => { waiting?.('gone'); return ++count; };`);
    const first = box.call('wait');
    expect(await box.call('go')).toBe(1);
    expect(await first).toBe('gone');
    expect(await box.call('go')).toBe(2);
  });

  test('takes integers of any size, and gives them', async () => {
    const box = await boxOf('export const look = ({ id }) => ({ kind: typeof id, id, more: [id + 1n] });');
    const id = 12345678901234567890n;
    const output = await box.run(
      { call_id: 'c', name: 'look', arguments: { id } },
      new AbortController().signal,
    );
    expect(output).toBe('{"kind":"bigint","id":12345678901234567890,"more":[12345678901234567891]}');
  });

  test.each([
    ['throws', "throw new Error('not so');", 'not so'],
    ['throws what is no error', "throw 'not so';", 'not so'],
    ['returns what is no JSON', 'const a = {}; a.a = a; return a;', 'the result cannot be written as JSON'],
    ['returns too much', "return 'x'.repeat(300_000);", 'the result is larger than 256 kB'],
    ['leaves', 'process.exit(7);', 'the module ended itself by process.exit(7)'],
    [
      'fails beside its call',
      "setImmediate(() => { throw new Error('late'); }); return new Promise(() => {});",
      'the module failed outside of any call: late',
    ],
    [
      'forgets a promise',
      "Promise.reject(new Error('lost')); return new Promise(() => {});",
      'the module failed outside of any call: lost',
    ],
  ])('is told to the model when it %s, and the next call is answered', async (_, body, message) => {
    const box = await boxOf(`
      let count = 0;
      export const look = () => { ${body} };
      export const well = () => ++count;`);
    expect(await box.call('look')).toEqual({ error: expect.stringContaining(message) });
    expect(await box.call('well')).toBe(1);
  });

  test('is gone with its state when it leaves, which is said', async () => {
    const box = await boxOf(`
      let count = 0;
      export const look = () => ++count;
      export const leave = () => process.exit(0);
      export const wait = () => new Promise(() => {});`);
    expect([await box.call('look'), await box.call('look')]).toEqual([1, 2]);
    const waiting = box.call('wait');
    const error = 'the module ended itself by process.exit(0)';
    expect(await Promise.all([waiting, box.call('leave')])).toEqual([{ error }, { error }]);
    expect(await box.call('look')).toBe(1);
    expect(box.notes).toEqual([
      'note: ./a.mjs ended itself by process.exit(0)',
      'note: ./a.mjs is loaded again: what it remembered is gone',
    ]);
  });

  test('is not given the key', async () => {
    const env = { PATH: '', XAI_API_KEY: 'xai-secret', COPY: 'xai-secret', MINE: 'yes' };
    const box = await boxOf('export const look = () => process.env;', { env });
    expect(await box.call('look')).toEqual({ PATH: '', MINE: 'yes' });
  });

  test('hears that its result is no longer wanted, and why', async () => {
    const box = await boxOf(
      `let why;
      export const look = (given, { signal, call_id, name }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => { why = [signal.reason.message, call_id, name]; }));
      export const heard = () => why;`,
      { timeoutMs: 30 },
    );
    expect(await box.call('look')).toEqual({ error: 'timed out after 0.03 s' });
    expect(await box.call('heard')).toEqual(['timed out after 0.03 s', 'c0', 'look']);
    // It returns control: nothing has to be ended.
    expect(box.notes).toEqual([]);
  });

  test('is ended when it does not return control', async () => {
    const box = await boxOf(
      `export const look = () => { for (;;); };
      export const well = () => 1;`,
      { timeoutMs: 500, clock: impatient },
    );
    expect(await box.call('look')).toEqual({ error: 'timed out after 0.5 s' });
    expect(await box.call('well')).toBe(1);
    expect(box.notes).toEqual([
      'note: ./a.mjs does not return control, and is ended',
      'note: ./a.mjs is loaded again: what it remembered is gone',
    ]);
  });

  test('is made once more where it is safe and crashed', async () => {
    const folder = folderWith({
      'a.mjs': `import { existsSync, writeFileSync } from 'node:fs';
        export const look = () => {
          if (existsSync(new URL('seen', import.meta.url))) return 'found';
          writeFileSync(new URL('seen', import.meta.url), '');
          process.exit(1);
        };`,
    });
    const box = await openBox({ tools: { look: { module: './a.mjs', safe: true } } }, { folder });
    expect(await box.call('look')).toBe('found');
  });
});

test('a module that leaves while it is loaded is told as that', async () => {
  const folder = folderWith({ 'a.mjs': 'process.exit(3);' });
  await expect(load(folder, 'a.mjs')).rejects.toThrow('cannot be loaded: ended itself by process.exit(3)');
});

test('values of a tools file leave the thread as far as they can', async () => {
  const folder = folderWith({
    'a.mjs': `const shared = { run: () => 'both' }; const round = {}; round.round = round;
      export default { tools: { one: shared, two: shared, big: { return: 12345678901234567890n } }, round,
        odd: [Symbol('a'), new Date(0), Buffer.from('a')] };
      export const ignored = new Proxy({}, { ownKeys() { throw new Error('never looked at'); } });`,
  });
  const { default: whole } = await load(folder, 'a.mjs');
  expect(whole).toMatchObject({ tools: { big: { return: 12345678901234567890n } } });
  const { tools, round } = whole as { tools: Record<string, unknown>; round: Record<string, unknown> };
  expect(tools.one).toBe(tools.two);
  expect(round.round).toBe(round);
  const box = await openBox({ tools });
  expect([await box.call('one'), await box.call('two')]).toEqual(['both', 'both']);
});
