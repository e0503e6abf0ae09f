import { expect, test } from 'vitest';
import { besideContext } from '../../../src/beside.js';
import { createLocals } from '../../../src/commands/test/locals.js';
import { testContext } from '../../support/context.js';
import { aCase } from '../../support/scenarios.js';

const isThere = ({ baseUrl }: { baseUrl: URL }) =>
  fetch(new URL('/v1/agents', baseUrl)).then(
    () => true,
    () => false,
  );

test('a server whose faults are those of a run is closed with it, one of all runs with the run of tests', async () => {
  const { context } = testContext();
  const locals = createLocals(context);
  const sides = [1, 2].map(() => besideContext(context, { note: () => {} }));
  const [one, other] = sides;
  if (one === undefined || other === undefined) throw new Error('two were made');
  const plain = aCase();
  const faulty = aCase({ local: { faults: ['drop-in-reply=1/3'] } });
  const shared = await locals.serverFor(plain, 1, one);
  expect(await locals.serverFor(plain, 2, other)).toBe(shared);
  const own = await locals.serverFor(faulty, 1, one);
  expect(await locals.serverFor(faulty, 1, one)).toBe(own);
  expect((await locals.serverFor(faulty, 2, other)).baseUrl.href).not.toBe(own.baseUrl.href);
  await one.close();
  expect([await isThere(own), await isThere(shared)]).toEqual([false, true]);
  // The same run of the same tests once more has a server again.
  expect(await isThere(await locals.serverFor(faulty, 1, other))).toBe(true);
  await other.close();
  await context.close();
  expect(await isThere(shared)).toBe(false);
});
