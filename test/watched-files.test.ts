import { execFileSync } from 'node:child_process';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stampOf } from '../src/watched-files.js';
import { temporaryFolder } from './support/agents.js';

test('a file is another when it holds something else', () => {
  const path = join(temporaryFolder(), 'a');
  expect(stampOf(path)).toBe('');
  expect(stampOf(join(path, 'below'))).toBe('');
  writeFileSync(path, 'one');
  const one = stampOf(path);
  expect(one).not.toBe('');
  utimesSync(path, 1, 1);
  expect(stampOf(path)).toBe(one);
  writeFileSync(path, 'two');
  expect(stampOf(path)).not.toBe(one);
});

test('a large one is another when it was changed', () => {
  const path = join(temporaryFolder(), 'a');
  writeFileSync(path, Buffer.alloc(1024 * 1024 + 1));
  utimesSync(path, 1, 1);
  const one = stampOf(path);
  expect(stampOf(path)).toBe(one);
  utimesSync(path, 2, 2);
  expect(stampOf(path)).not.toBe(one);
});

test.skipIf(process.platform === 'win32')('nothing is taken from a pipe', () => {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  expect(stampOf(path)).toBe('');
});
