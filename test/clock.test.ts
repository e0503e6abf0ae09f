import { expect, test } from 'vitest';
import { systemClock } from '../src/clock.js';

test('what is to come in a month does not come at once', async () => {
  const month = 31 * 24 * 60 * 60 * 1000;
  const come: string[] = [];
  const cancel = systemClock.after(month, () => come.push('after'));
  const controller = new AbortController();
  const slept = systemClock.sleep(month, controller.signal).then(
    () => come.push('sleep'),
    () => {},
  );
  await systemClock.sleep(20);
  expect(come).toEqual([]);
  cancel();
  controller.abort();
  await slept;
});
