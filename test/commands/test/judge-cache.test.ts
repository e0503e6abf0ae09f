import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJudgeCache } from '../../../src/commands/test/judge-cache.js';
import { temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';

const key = 'a'.repeat(64);
const score = { score: 0.5, reason: 'half' };

function opened(home = temporaryFolder()) {
  const env = { HOME: home, AGENTS_STATE_DIR: join(home, 'state') };
  const { context, written } = testContext({ local: true }, { env });
  return { cache: openJudgeCache(context), folder: join(home, 'state', 'judge'), written, home };
}

test('what was scored is known in the next run, and to its owner alone', async () => {
  const { cache, folder, home } = opened();
  expect(await cache.get(key)).toBeUndefined();
  await cache.set(key, score);
  expect(await opened(home).cache.get(key)).toEqual(score);
  expect(await cache.get('b'.repeat(64))).toBeUndefined();
  expect(readdirSync(folder)).toEqual([`${key}.json`]);
  expect(statSync(join(folder, `${key}.json`)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, `${key}.json`), 'utf8')).toBe('{"score":0.5,"reason":"half"}\n');
});

test.each(['', '{', '[]', '{"score":2}', '{"reason":"none"}', '\ufffd'])(
  'a file that holds %j is as good as none, and is written anew',
  async (text) => {
    const { cache, folder } = opened();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${key}.json`), text);
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, score);
    expect(await cache.get(key)).toEqual(score);
  },
);

test('where nothing can be kept, it says so once and goes on', async () => {
  const { cache, home, written } = opened();
  writeFileSync(join(home, 'state'), 'no folder');
  await cache.set(key, score);
  await cache.set(key, score);
  expect(await cache.get(key)).toBeUndefined();
  expect(written().stderr).toMatch(
    /^note: scores of the judge are not kept: cannot write .*: a part of its path is no folder\n$/,
  );
});
