import { expect, test } from 'vitest';
import { reasonOf } from '../../src/emulator/other-server.js';

test.each<[unknown, string]>([
  [new TypeError('fetch failed', { cause: new Error('no such certificate') }), 'no such certificate'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error('closed'), { code: 'ECONNRESET' }) }),
    'closed (ECONNRESET)',
  ],
  [Object.assign(new Error('connect 1'), { code: 'ECONNREFUSED' }), 'nothing listens there'],
  [new Error('its answer broke off'), 'its answer broke off'],
])('%s is told as %s', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
