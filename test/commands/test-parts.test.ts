// What `agents test` is put together from, piece by piece.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clockOn } from '../../src/beside.js';
import { localDate, systemClock } from '../../src/clock.js';
import { createRunRecording } from '../../src/commands/test/recordings.js';
import { createSpending } from '../../src/commands/test/spending.js';
import type { Context } from '../../src/context.js';
import { temporaryFolder } from '../support/agents.js';
import { aCase } from '../support/scenarios.js';

describe('a clock on another day', () => {
  test.each(['2026-07-05', '2024-02-29', '2031-12-31'])('says %s, at the same time of day', (today) => {
    for (const month of [0, 3, 6, 10]) {
      const clock = clockOn(
        { ...systemClock, now: () => new Date(2026, month, 15, 23, 30).getTime() },
        today,
      );
      expect(localDate(clock.now())).toBe(today);
      expect(new Date(clock.now()).getHours()).toBe(23);
    }
  });

  test('is the clock itself without one', () => {
    expect(clockOn(systemClock, undefined)).toBe(systemClock);
  });
});

describe('spending', () => {
  test('knows no limit without one', () => {
    const spending = createSpending(undefined, 10n);
    const purse = spending.open(() => 10n ** 12n);
    expect([purse.refusal(), spending.refusal(), spending.passed()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(spending.spent()).toBe(10n ** 12n);
  });

  test('lets as many turns begin at a time as it can pay for', () => {
    const spending = createSpending(100n, 30n);
    const purses = Array.from({ length: 5 }, () => spending.open(() => 0n));
    expect(purses.map((purse) => purse.refusal()?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'budget_reached',
      'budget_reached',
    ]);
    expect(spending.refusal()?.code).toBe('budget_reached');
    expect(spending.passed()).toBeUndefined();
  });

  test('learns what a turn costs', () => {
    const spending = createSpending(100n, 90n);
    let ticks = 0n;
    const purse = spending.open(() => ticks);
    for (const after of [10n, 20n, 30n]) {
      expect(purse.refusal()).toBeUndefined();
      ticks = after;
    }
    purse.settle();
    purse.settle();
    expect(spending.spent()).toBe(30n);
    expect(spending.refusal()).toBeUndefined();
  });

  test('stays refused, however cheap a turn turns out', () => {
    const spending = createSpending(10n, 8n);
    const purse = spending.open(() => 1n);
    expect(purse.refusal()).toBeUndefined();
    const refused = spending.refusal();
    expect(refused?.code).toBe('budget_reached');
    purse.settle();
    expect(spending.refusal()).toBe(refused);
  });

  test('tells when more was spent than was to be', () => {
    const spending = createSpending(100n, 1n);
    const purse = spending.open(() => 101n);
    purse.settle();
    expect(spending.passed()?.message).toContain('is passed: about');
  });
});

describe('a recording of a run', () => {
  const scenario = aCase({ name: 'Ärger, mit “Zeichen”!' });

  function recordingIn(folder: string, about = { run: 1, attempt: 1 }) {
    const context = { path: (named: string) => join(folder, named) } as Context;
    return createRunRecording(context, 'out', scenario, about);
  }

  test('is kept whole, under a name of words, in place of an earlier one', async () => {
    const folder = temporaryFolder();
    for (const line of ['{"a":1}\n', '{"b":2}\n']) {
      const recording = recordingIn(folder);
      recording.write(() => line, line.length);
      const named = await recording.keep();
      expect(named).toMatch(/^out\/arger-mit-zeichen-[0-9a-f]{6}\.jsonl$/);
      expect(readFileSync(join(folder, named ?? ''), 'utf8')).toBe(line);
    }
  });

  test('that is long is on the disk before it is kept, and gone when it is dropped', async () => {
    const folder = temporaryFolder();
    const recording = recordingIn(folder);
    const line = `${'x'.repeat(1024 * 1024)}\n`;
    for (let at = 0; at < 6; at++) recording.write(() => line, line.length);
    const path = join(folder, (await recording.keep()) ?? '');
    expect(readFileSync(path, 'utf8')).toBe(line.repeat(6));
    await recordingIn(folder).drop();
    expect(existsSync(path)).toBe(false);
  });

  test('of nothing is none', async () => {
    expect(await recordingIn(temporaryFolder()).keep()).toBeUndefined();
  });

  test('that cannot be written is told by keep alone', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'out'), 'no folder');
    const recording = recordingIn(folder);
    for (let at = 0; at < 6; at++) recording.write(() => 'x', 1024 * 1024);
    await expect(recording.keep()).rejects.toMatchObject({ code: 'storage' });
  });
});
