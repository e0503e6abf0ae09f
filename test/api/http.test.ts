import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../src/api/http.js';

/** Those who wait for a signal to abort, counted from now to the end of the test. */
function listeners() {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const waiting = new Set<unknown>();
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (type === 'abort') waiting.add(listener);
    return addEventListener.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    waiting.delete(listener);
    return removeEventListener.call(this, type, listener, options);
  };
  onTestFinished(() => void Object.assign(EventTarget.prototype, { addEventListener, removeEventListener }));
  return waiting;
}

test('nobody waits for the end of a request that is over', async () => {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const http = await createHttp({ origin, timeoutMs: 5000, shortLived: true });
  const waiting = listeners();
  const asked = http.send({ method: 'GET', url: origin, headers: {} }, new AbortController().signal);
  expect(waiting.size).toBeGreaterThan(0);
  for await (const _chunk of (await asked).chunks());
  expect(waiting.size).toBe(0);
  await http.close();
});
