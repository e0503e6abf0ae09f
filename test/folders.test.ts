// Folders that files are kept in, and those that nothing can be kept in.

import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, writeProblem } from '../src/folders.js';
import { agents, temporaryFolder } from './support/agents.js';

describe('a folder', () => {
  test('is made with those above it, for nobody else to look into', () => {
    const home = temporaryFolder();
    expect(makeFolder(join(home, 'a/b'))).toEqual([join(home, 'a'), join(home, 'a/b')]);
    expect(makeFolder(join(home, 'a/b'))).toEqual([]);
    if (process.platform !== 'win32') expect(statSync(join(home, 'a')).mode & 0o777).toBe(0o700);
  });

  test('behind a link is made where the link leads, and not where it leads nowhere', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'real'));
    symlinkSync(join(home, 'real'), join(home, 'link'));
    symlinkSync(join(home, 'gone'), join(home, 'dangling'));
    makeFolder(join(home, 'link/a'));
    expect(existsSync(join(home, 'real/a'))).toBe(true);
    expect(() => makeFolder(join(home, 'dangling/a'))).toThrow('no folder can be made in');
  });

  test('is not made below a file', () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'file'), '');
    expect(() => makeFolder(join(home, 'file/a/b'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    expect(writeProblem(join(home, 'file/a'))).toBe('a part of its path is no folder');
  });

  test('is tried without a trace', () => {
    const home = temporaryFolder();
    expect(writeProblem(join(home, 'a/b'))).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });
});

// Node's recursive mkdir goes on for ever there.
describe.runIf(existsSync('/proc/self'))('a folder in /proc', () => {
  test.each([
    ['--local list', { AGENTS_DATA_DIR: '/proc/x' }, 1],
    ['dev --port 0 --data /proc/x/y', {}, 1],
    ['--local voice agent.json -m Hi --record /proc/x/r.jsonl', {}, 2],
    ['--local voice agent.json -m Hi --transcript /proc/x/r.md', {}, 2],
    ['--local voice agent.json -m Hi --save-audio /proc/x', {}, 2],
    ['--local voice agent.json -m Hi --audio-out /proc/x/a.pcm', {}, 2],
  ])('is refused: %s', async (line, env, code) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'agent.json'), '{"name":"A"}');
    expect(await agents(line, { cwd, env: { HOME: cwd, ...env } })).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining('no folder can be made'),
    });
  });
});
