// The lock between processes, with processes that only a table knows of.

import { existsSync, mkdirSync, readdirSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FileLock, type ProcessTable } from '../../src/emulator/store/file-lock.js';
import { folder, refusal } from './support.js';

afterEach(() => vi.restoreAllMocks());

// Above what any system gives to a process, so that none of them runs.
const us = 99_000_001;
const them = 99_000_002;
const living = 99_000_003;
const here = hostname().replaceAll('~', '-');

const table = (pid: number, ...alive: number[]): ProcessTable => ({
  pid,
  isAlive: (asked) => alive.includes(asked),
});

/** Every look at the clock takes a second, so that waiting ends after a few attempts. */
function hurryTime(): void {
  let now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
}

/** A lock that somebody holds, named as `token`. */
function heldBy(token: string): string {
  const path = join(folder(), 'local.db.owner');
  mkdirSync(path);
  writeFileSync(join(path, token), '');
  return path;
}

const minuteAgo = () => new Date(Date.now() - 60_000);

describe('the lock', () => {
  test('gives back what the work gives, time after time', () => {
    const lock = new FileLock(join(folder(), 'lock'), table(us));
    expect([lock.hold(() => 1), lock.hold(() => 'two')]).toEqual([1, 'two']);
  });

  test('is free again when the work throws', () => {
    const path = join(folder(), 'lock');
    const lock = new FileLock(path, table(us));
    expect(() =>
      lock.hold(() => {
        throw new RangeError('the work is wrong');
      }),
    ).toThrow(RangeError);
    expect([readdirSync(path), new FileLock(path, table(them, us)).hold(() => 'mine')]).toEqual([[], 'mine']);
  });

  test('leaves nothing but its empty folder', () => {
    const place = folder();
    const lock = new FileLock(join(place, 'lock'), table(us));
    lock.hold(() => expect(readdirSync(join(place, 'lock'))).toHaveLength(1));
    expect([readdirSync(place), readdirSync(join(place, 'lock'))]).toEqual([['lock'], []]);
  });

  test('shuts out another process while it is held, which is told who holds it', async () => {
    hurryTime();
    const path = join(folder(), 'lock');
    const ours = new FileLock(path, table(us, them));
    const theirs = new FileLock(path, table(them, us));
    const told = await ours.hold(() => refusal(() => theirs.hold(() => 'both have it')));
    expect(told).toEqual({
      code: 'storage',
      message: expect.stringMatching(new RegExp(`in use by process ${us}, which does not let go$`)),
    });
    expect(theirs.hold(() => 'free')).toBe('free');
    expect(readdirSync(path)).toEqual([]);
  });

  test('shuts out another lock of the same process', async () => {
    hurryTime();
    const path = join(folder(), 'lock');
    const first = new FileLock(path, table(us));
    const second = new FileLock(path, table(us));
    const told = await first.hold(() => refusal(() => second.hold(() => 'both have it')));
    expect(told.code).toBe('storage');
  });

  test('waits for a holder that lives and lets go', () => {
    const token = `${here}~${them}~~7`;
    const path = heldBy(token);
    let asked = 0;
    const processes: ProcessTable = {
      pid: us,
      isAlive: () => {
        if (++asked === 3) unlinkSync(join(path, token));
        return true;
      },
    };
    expect(new FileLock(path, processes).hold(() => readdirSync(path))).toEqual([
      expect.stringMatching(`^${here}~${us}~`),
    ]);
    expect(asked).toBe(3);
  });

  test('says so when it cannot be made at all', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, 'not a folder');
    const lock = new FileLock(join(file, 'lock'), table(us));
    expect(await refusal(() => lock.hold(() => 1))).toEqual({
      code: 'storage',
      message: expect.stringContaining(join(file, 'lock')),
    });
  });
});

describe('a lock left behind', () => {
  test.each([
    ['a process that is dead', `${here}~${them}~~3`],
    ['a process of our id that ended before we began', `${here}~${us}~12345~0`],
    ['a process whose id another one has now', `${here}~${process.ppid}~1~0`],
  ])('is taken over from %s', (_holder, token) => {
    const path = heldBy(token);
    const lock = new FileLock(path, table(us, process.ppid));
    expect(lock.hold(() => readdirSync(path))).toEqual([expect.stringMatching(`^${here}~${us}~`)]);
  });

  test.each([
    ['a process that lives', `${here}~${them}~~3`, them],
    ['a process of another machine that may live', 'elsewhere~4242~1~0', 4242],
  ])('is not taken over from %s', async (_holder, token, named) => {
    hurryTime();
    const path = heldBy(token);
    const told = await refusal(() => new FileLock(path, table(us, them)).hold(() => 'taken'));
    expect(told).toEqual({
      code: 'storage',
      message: expect.stringContaining(`in use by process ${named}`),
    });
    expect(readdirSync(path)).toEqual([token]);
  });

  test('is taken over from a process of another machine after half a minute', () => {
    const token = 'elsewhere~4242~1~0';
    const path = heldBy(token);
    utimesSync(join(path, token), minuteAgo(), minuteAgo());
    expect(new FileLock(path, table(us)).hold(() => 'taken')).toBe('taken');
  });

  test('does not keep anything of one that could not be had', async () => {
    hurryTime();
    const place = folder();
    const path = join(place, 'lock');
    mkdirSync(path);
    writeFileSync(join(path, `${here}~${them}~~3`), '');
    await refusal(() => new FileLock(path, table(us, them)).hold(() => 'taken'));
    expect(readdirSync(place)).toEqual(['lock']);
  });

  test('is taken over when it is an empty folder', () => {
    const path = join(folder(), 'lock');
    mkdirSync(path);
    expect(new FileLock(path, table(us)).hold(() => 'taken')).toBe('taken');
  });
});

describe('folders prepared by processes that were killed', () => {
  test('are swept away, those of the living and of anything else are not', () => {
    const place = folder();
    const prepare = (token: string, isOld = false) => {
      const path = join(place, `local.db.owner.${token}`);
      mkdirSync(path);
      writeFileSync(join(path, token), '');
      if (isOld) utimesSync(path, minuteAgo(), minuteAgo());
    };
    prepare(`${here}~${them}~~0`);
    prepare(`${here}~${us}~12345~0`);
    prepare('elsewhere~4242~1~0', true);
    prepare(`${here}~${living}~~5`);
    prepare('elsewhere~4343~1~0');
    writeFileSync(join(place, 'local.db'), '');
    mkdirSync(join(place, 'other.db.owner.x'));
    const lock = new FileLock(join(place, 'local.db.owner'), table(us, living));
    expect(readdirSync(place).sort()).toEqual(
      [
        'local.db',
        `local.db.owner.${here}~${living}~~5`,
        'local.db.owner.elsewhere~4343~1~0',
        'other.db.owner.x',
      ].sort(),
    );
    expect(lock.hold(() => 'taken')).toBe('taken');
  });

  test('do not hinder a lock whose folder is not there yet', () => {
    const path = join(folder(), 'deeper', 'lock');
    expect(() => new FileLock(path, table(us))).not.toThrow();
    expect(existsSync(path)).toBe(false);
  });
});
