import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createClips } from '../../../src/commands/test/clips.js';
import { root, temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';

const format = { type: 'audio/pcm' as const, rate: 24_000 as const };

/** A folder with three copies of a clip, and how long one is, in bytes. */
async function threeClips() {
  const folder = temporaryFolder();
  const { context } = testContext({}, { cwd: folder });
  for (const name of ['a.wav', 'b.wav', 'c.wav']) {
    copyFileSync(join(root, 'fixtures/clinic/request.wav'), join(folder, name));
  }
  const { length } = (await createClips(format).load(context, 'a.wav', {})).clip.bytes;
  return { context, length };
}

describe('the clips of a run of tests', () => {
  test('are read once, and once more where the end of a turn is heard otherwise', async () => {
    const { context, length } = await threeClips();
    const clips = createClips(format);
    const [first, second] = await Promise.all([
      clips.load(context, 'a.wav', {}),
      clips.load(context, 'a.wav', {}),
    ]);
    expect(second).toBe(first);
    const heard = { turn_detection: { type: 'server_vad', silence_duration_ms: 300 } } as const;
    const other = await clips.load(context, 'a.wav', heard);
    expect(other.clip.bytes.length).toBeGreaterThan(length);
    expect(await clips.load(context, 'a.wav', heard)).toBe(other);
  });

  test('give way, the least lately used first, when they are too many', async () => {
    const { context, length } = await threeClips();
    const clips = createClips(format, 2 * length);
    const load = (name: string) => clips.load(context, name, {});
    const [a, b] = [await load('a.wav'), await load('b.wav')];
    expect(await load('a.wav')).toBe(a);
    await load('c.wav');
    expect(await load('a.wav')).toBe(a);
    expect(await load('b.wav')).not.toBe(b);
  });

  test('are asked for again when they could not be read', async () => {
    const { context } = await threeClips();
    const clips = createClips(format);
    await expect(clips.load(context, 'd.wav', {})).rejects.toMatchObject({ code: 'unreadable' });
    copyFileSync(context.path('a.wav'), context.path('d.wav'));
    expect((await clips.load(context, 'd.wav', {})).clip.bytes.length).toBeGreaterThan(0);
  });
});
