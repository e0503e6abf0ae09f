// Faults over HTTP: the flag's, a request's own, and those set at run time.

import { describe, expect, test } from 'vitest';
import { faultNames, faultTable } from '../../../src/emulator/faults/table.js';
import { startTestApi, type TestApi } from '../../support/local-api.js';
import { ask, askRaw, handshake, makeAgent, send } from '../support.js';

const wish = (fault: string) => ({ 'x-local-fault': fault });
const chat = { model: 'grok-4.3', stream: true, messages: [{ role: 'user', content: 'Hi' }] };

async function statuses(api: TestApi, count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let at = 0; at < count; at++) seen.push((await ask(api, 'GET /v1/agents')).status);
  return seen;
}

describe('a request', () => {
  test('may ask for a fault of its own', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/agents', undefined, wish('error-500'))).toEqual({
      status: 500,
      body: { code: 'Internal error', error: 'Something went wrong' },
    });
    expect(await statuses(api, 2)).toEqual([200, 200]);
  });

  test('that asks for what there is not is told so, and changes nothing', async () => {
    const api = await startTestApi();
    const told = await ask(api, 'POST /v1/agents', { name: 'A' }, wish('fire'));
    expect(told).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('there is no fault fire') },
    });
    expect(await ask(api, 'GET /v1/agents')).toMatchObject({ body: { agents: [] } });
  });

  test('that is refused changes nothing', async () => {
    const api = await startTestApi({ faults: ['error-500=1'] });
    expect((await ask(api, 'POST /v1/agents', { name: 'A' })).status).toBe(500);
    expect(await ask(api, 'GET /v1/agents')).toMatchObject({ body: { agents: [] } });
  });

  test('whose reply is torn has been carried out', async () => {
    const api = await startTestApi({ faults: ['torn-reply=1'] });
    await expect(ask(api, 'POST /v1/agents', { name: 'A' })).rejects.toThrow();
    expect(await ask(api, 'GET /v1/agents')).toMatchObject({ body: { agents: [{ name: 'A' }] } });
  });

  test.each(['reset', 'torn-reply'])('from a page of this machine meets %s too', async (fault) => {
    const api = await startTestApi({ faults: [fault] });
    const page = { origin: 'http://localhost:3000' };
    await expect(ask(api, 'GET /v1/agents', undefined, page)).rejects.toThrow();
    expect((await ask(api, 'GET /__local/faults')).status).toBe(200);
  });

  test('is answered with its headers: the wait after a 429, the kind of a page', async () => {
    const api = await startTestApi();
    const limited = await send(api, 'GET /v1/agents', undefined, wish('rate-limit-429'));
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    const page = await send(api, 'GET /v1/agents', undefined, wish('bad-gateway-502'));
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
    const text = await send(api, 'GET /v1/agents', undefined, wish('unprocessable-422'));
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/);
    const empty = await send(api, 'GET /v1/agents', undefined, wish('empty-reply'));
    expect([empty.status, await empty.text()]).toEqual([200, '']);
  });

  test('is logged with the faults that struck it', async () => {
    const api = await startTestApi();
    await ask(api, 'GET /v1/agents', undefined, wish('overloaded-529'));
    await ask(api, 'GET /v1/agents', undefined, wish('reset')).catch(() => {});
    await ask(api, 'GET /v1/agents');
    await handshake(api, { headers: wish('handshake-503') });
    expect(await api.requests()).toMatchObject([
      { status: 529, faults: ['overloaded-529'] },
      { status: 0, faults: ['reset'] },
      { status: 200 },
      { status: 503, faults: ['handshake-503'] },
    ]);
    expect((await api.requests())[2]).not.toHaveProperty('faults');
  });
});

describe('a stream', () => {
  const streamed = async (fault: string) => {
    const api = await startTestApi();
    return send(api, 'POST /v1/chat/completions', chat, wish(fault));
  };

  test('that fails with status 200 is one JSON object', async () => {
    const reply = await streamed('stream-error-200');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await reply.json()).toMatchObject({ code: 'Internal error' });
  });

  test('that fails later tells so where the next chunk would be', async () => {
    const events = (await (await streamed('error-in-stream')).text()).trim().split('\n\n');
    expect(events).toHaveLength(3);
    expect(JSON.parse(events[2]?.slice(6) ?? '')).toMatchObject({ error: expect.stringContaining('middle') });
  });

  test('that is torn ends without its end', async () => {
    const reply = await streamed('torn-stream');
    let text = '';
    const read = async () => {
      for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>)
        text += Buffer.from(chunk);
    };
    await expect(read()).rejects.toThrow();
    expect(text).toContain('Hello');
    expect(text).not.toContain('[DONE]');
  });

  test('faults leave whole answers alone', async () => {
    const api = await startTestApi({ faults: ['torn-stream', 'stream-error-200'] });
    const told = await ask(api, 'POST /v1/chat/completions', { ...chat, stream: false });
    expect(told.status).toBe(200);
  });
});

describe('/__local/faults', () => {
  test('tells what there is and what is rehearsed', async () => {
    const api = await startTestApi({ faults: ['error-500=1/2'], seed: 7 });
    await statuses(api, 3);
    expect(await ask(api, 'GET /__local/faults')).toEqual({
      status: 200,
      body: {
        seed: 7,
        faults: [{ fault: 'error-500=1/2', at: ['request'], occasions: 3, struck: 1 }],
        known: faultNames.map((name) => ({ name, ...faultTable[name] })),
      },
    });
  });

  test('changes them while the local API runs, and ends them', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'PUT /__local/faults', { faults: ['error-500=2'], seed: 3 })).toEqual({
      status: 200,
      body: { seed: 3, faults: [{ fault: 'error-500=2', at: ['request'], occasions: 0, struck: 0 }] },
    });
    expect(await statuses(api, 3)).toEqual([500, 500, 200]);
    await ask(api, 'PUT /__local/faults', { faults: ['unavailable-503'] });
    expect(await statuses(api, 1)).toEqual([503]);
    expect(await ask(api, 'DELETE /__local/faults')).toEqual({ status: 200, body: { seed: 3, faults: [] } });
    expect(await statuses(api, 1)).toEqual([200]);
  });

  test.each([
    ['{'],
    ['[]'],
    ['{}'],
    [{ faults: 'error-500' }],
    [{ faults: [1] }],
    [{ faults: ['fire'] }],
    [{ faults: ['error-500=9/2'] }],
    [{ faults: [], seed: -1 }],
    [{ faults: [], seed: 1.5 }],
    [{ faults: [], seed: '1' }],
  ])('refuses %j and keeps what it has', async (body) => {
    const api = await startTestApi({ faults: ['error-500'] });
    expect((await ask(api, 'PUT /__local/faults', body)).status).toBe(400);
    expect(await statuses(api, 1)).toEqual([500]);
  });

  test('is not for pages of other origins', async () => {
    const api = await startTestApi();
    const headers = { origin: 'https://evil.example' };
    for (const line of ['GET /__local/faults', 'PUT /__local/faults', 'DELETE /__local/faults']) {
      expect((await askRaw(api, line, headers)).status).toBe(403);
    }
  });

  test('never is at fault itself', async () => {
    const api = await startTestApi({ faults: ['error-500', 'reset'] });
    expect((await ask(api, 'GET /__local/faults')).status).toBe(200);
    expect((await ask(api, 'GET /__local/snapshot', undefined, wish('error-500'))).status).toBe(200);
  });

  test('a reset brings back those it was started with', async () => {
    const api = await startTestApi({ faults: ['error-500=1'] });
    expect(await statuses(api, 2)).toEqual([500, 200]);
    await ask(api, 'DELETE /__local/faults');
    await ask(api, 'POST /__local/reset');
    expect(await statuses(api, 2)).toEqual([500, 200]);
  });
});

describe('the seed', () => {
  test('gives the same run for the same requests', async () => {
    const run = async (seed: number) => {
      const api = await startTestApi({ faults: ['error-500=0.4', 'overloaded-529=0.2'], seed });
      await makeAgent(api).catch(() => {});
      return statuses(api, 30);
    };
    const once = await run(11);
    expect(new Set(once)).toEqual(new Set([200, 500, 529]));
    expect(await run(11)).toEqual(once);
    expect(await run(12)).not.toEqual(once);
  });
});
