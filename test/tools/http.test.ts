import { describe, expect, test } from 'vitest';
import { type FakeReply, startFakeServer, startServer } from '../support/fake-server.js';
import { freePort, openBox, variable } from './support.js';

async function against(replies: FakeReply[], more: object = {}) {
  const server = await startFakeServer((_, count) => replies[count] ?? { body: { late: true } });
  const box = await openBox(
    { tools: { look: { url: `${server.url}/look?a=1`, ...more } } },
    { env: { TOKEN: 't' } },
  );
  return { box, seen: server.seen };
}

describe('an endpoint', () => {
  test('is posted the arguments, with the headers of the file', async () => {
    const { box, seen } = await against([{ body: { found: true } }], {
      headers: { authorization: `Bearer ${variable('TOKEN')}` },
    });
    expect(await box.call('look', { id: 1 })).toEqual({ found: true });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        path: '/look',
        query: { a: '1' },
        body: { id: 1 },
        headers: {
          authorization: 'Bearer t',
          'content-type': 'application/json',
          'x-tool-name': 'look',
          'x-call-id': 'c0',
        },
      },
    ]);
  });

  test('may be asked by another method, and answer with any text', async () => {
    const { box, seen } = await against([{ headers: { 'content-type': 'text/plain' }, body: 'just words' }], {
      method: 'PUT',
    });
    expect(await box.call('look')).toBe('just words');
    expect(seen[0]?.method).toBe('PUT');
  });

  test.each([
    ['refuses with a reason', { status: 404, body: { error: 'no such order' } }, 'HTTP 404: no such order'],
    ['refuses in another shape', { status: 400, body: { error: { message: 'bad' } } }, 'HTTP 400: bad'],
    ['refuses with text', { status: 403, body: 'go away' }, 'HTTP 403: go away'],
    ['fails without words', { status: 500 }, 'HTTP 500'],
    ['points elsewhere', { status: 302, headers: { location: 'https://evil.example' } }, 'HTTP 302'],
    ['says too much', { body: 'x'.repeat(256 * 1024 + 1) }, 'the result is larger than 256 kB'],
  ])('that %s has failed', async (_, reply, reason) => {
    const { box, seen } = await against([reply]);
    expect(await box.call('look')).toEqual({ error: reason });
    expect(seen).toHaveLength(1);
  });

  test('that is not there has failed, and is named without what it was sent', async () => {
    const port = await freePort();
    const box = await openBox({ tools: { look: { url: `http://127.0.0.1:${port}/look?secret=1` } } });
    expect(await box.call('look')).toEqual({ error: `cannot reach 127.0.0.1:${port}: ECONNREFUSED` });
  });

  test('that breaks off has failed', async () => {
    const url = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const box = await openBox({ tools: { look: { url } } });
    expect(await box.call('look')).toEqual({ error: expect.stringContaining('the reply broke off') });
  });

  test('is asked once more only where it is safe, and after 5xx only', async () => {
    const safe = await against([{ status: 503 }], { safe: true });
    expect(await safe.box.call('look')).toEqual({ late: true });
    const unsafe = await against([{ status: 503 }]);
    expect(await unsafe.box.call('look')).toEqual({ error: 'HTTP 503' });
    const refused = await against([{ status: 409, body: 'no' }], { safe: true });
    expect(await refused.box.call('look')).toEqual({ error: 'HTTP 409: no' });
    expect([safe.seen.length, unsafe.seen.length, refused.seen.length]).toEqual([2, 1, 1]);
  });

  test('that never answers is left when its time is over', async () => {
    const url = await startServer(() => {});
    const box = await openBox({ tools: { look: { url } } }, { timeoutMs: 30 });
    expect(await box.call('look')).toEqual({ error: 'timed out after 0.03 s' });
  });

  test('never is sent the key', async () => {
    const opening = openBox(
      { tools: { look: { url: 'http://127.0.0.1:1', headers: { a: variable('COPY') } } } },
      { env: { XAI_API_KEY: 'xai-1', COPY: 'xai-1' } },
    );
    await expect(opening).rejects.toThrow('tools.yaml: tools.look: may not hold the API key (COPY)');
  });
});
