// `setup` and `teardown` of a run that is stopped: what comes after it is told within half a second of the stop.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPrograms } from '../../../src/commands/test/programs.js';
import { CliError } from '../../../src/errors.js';
import { Interrupts } from '../../../src/interrupts.js';
import { temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';
import { handClock } from '../../support/hand-clock.js';
import { aCase } from '../../support/scenarios.js';

/** Tells in a file that it has begun, and takes no notice of being asked to end. */
const stubborn = (name: string) => ['sh', '-c', `trap '' TERM; touch ${name}; sleep 60`];
const note = (name: string) => ['sh', '-c', `echo ${name} >> log`];

function stage() {
  const folder = temporaryFolder();
  const interrupts = new Interrupts();
  const clock = handClock(0);
  const { context } = testContext({}, { interrupts, clock });
  /** When each program was asked to end, and when it was first made to. */
  const asked = new Map<number, number>();
  const made = new Map<number, number>();
  const { kill } = context.host;
  context.host.kill = (pid, signal) => {
    kill(pid, signal);
    const sent = signal === 'SIGTERM' ? asked : made;
    if (!sent.has(pid)) sent.set(pid, clock.nowMs());
  };
  return {
    interrupts,
    clock,
    asked,
    last: () => Math.max(...made.values()),
    programs: createPrograms(context),
    folder,
    isThere: (name: string) => existsSync(join(folder, name)),
    log: () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n'),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Moves the clock on while the work goes on. */
async function ended(work: Promise<void>, { advance }: { advance(ms: number): void }): Promise<unknown> {
  let failure: unknown;
  let isOver = false;
  work.then(
    () => {
      isOver = true;
    },
    (error: unknown) => {
      failure = error;
      isOver = true;
    },
  );
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!isOver) advance(5);
  }
  return failure;
}

/** Of the half second that a stopped run has, most is left for reports. */
const mostMs = 400;

describe('programs of a run that is stopped', () => {
  test('a teardown that has begun is cut, and those after it are not begun', async () => {
    const { programs, folder, interrupts, clock, last, isThere } = stage();
    const teardown = [stubborn('begun'), note('never')];
    const work = programs.tearDown(aCase({ folder, teardown }));
    await until(() => isThere('begun'));
    clock.advance(10_000);
    interrupts.raise('interrupted');
    expect(await ended(work, clock)).toMatchObject({ code: 'interrupted' });
    expect(last()).toBeLessThanOrEqual(10_000 + mostMs);
    expect(isThere('log')).toBe(false);
  });

  test('a teardown has its short time from the stop on', async () => {
    const { programs, folder, interrupts, clock, last, isThere, log } = stage();
    const setup = programs.setUp(aCase({ folder, setup: [stubborn('begun')] }));
    await until(() => isThere('begun'));
    interrupts.raise('terminated');
    expect(await ended(setup, clock)).toBeInstanceOf(CliError);
    const work = programs.tearDown(aCase({ folder, teardown: [note('after'), stubborn('again')] }));
    await until(() => isThere('again'));
    await ended(work, clock);
    expect(log()).toEqual(['after']);
    expect(last()).toBeLessThanOrEqual(mostMs);
  });

  test('one that ends in time is not cut', async () => {
    const { programs, folder, interrupts, log } = stage();
    interrupts.raise('interrupted');
    await programs.tearDown(aCase({ folder, teardown: [note('one'), note('two')] }));
    expect(log()).toEqual(['one', 'two']);
    await expect(programs.setUp(aCase({ folder, setup: [note('three')] }))).rejects.toThrow('interrupted');
    expect(log()).toEqual(['one', 'two']);
  });

  test('one that is being ended when the run is stopped has no longer than the others', async () => {
    const { programs, folder, interrupts, clock, asked, last, isThere } = stage();
    const work = programs.setUp(aCase({ folder, setup: [stubborn('begun')], timeoutMs: 1000 }));
    await until(() => isThere('begun'));
    clock.advance(1000);
    await until(() => asked.size > 0);
    clock.advance(100);
    interrupts.raise('interrupted');
    await ended(work, clock);
    expect(last()).toBeLessThanOrEqual(1100 + mostMs);
  });
});
