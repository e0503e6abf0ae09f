// Files, collections, documents and search of the local API, over HTTP.

import { describe, expect, test } from 'vitest';
import { processingMs } from '../../src/emulator/handlers/knowledge.js';
import { startTestApi, type TestApi } from '../support/local-api.js';
import { ask, type Wire } from './support.js';

const startMs = Date.UTC(2026, 6, 1);

/** A local API whose time the test moves. */
async function start() {
  let now = startMs;
  const api = await startTestApi({ nowMs: () => now });
  return { api, process: () => (now += processingMs), advance: (ms: number) => (now += ms) };
}

async function upload(api: TestApi, name: string, content: string | Uint8Array, fields: object = {}) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, String(value));
  form.append('file', new File([content as Uint8Array<ArrayBuffer>], name));
  const reply = await fetch(`${api.base}/v1/files`, { method: 'POST', body: form });
  return { status: reply.status, body: (await reply.json()) as Wire };
}

async function collection(api: TestApi, name = 'faq'): Promise<string> {
  const { body } = await ask(api, 'POST /v1/collections', { collection_name: name });
  return (body as Wire).collection_id;
}

async function add(api: TestApi, id: string, name: string, content: string | Uint8Array): Promise<string> {
  const file = await upload(api, name, content);
  expect(await ask(api, `POST /v1/collections/${id}/documents/${file.body.id}`, {})).toMatchObject({
    status: 200,
  });
  return file.body.id;
}

const search = async (api: TestApi, ids: string[], query: string, more: object = {}) =>
  (await ask(api, 'POST /v1/documents/search', { query, source: { collection_ids: ids }, ...more })) as {
    status: number;
    body: Wire;
  };

describe('collections', () => {
  test('are made, listed by pages, shown and deleted', async () => {
    const { api } = await start();
    const made = await ask(api, 'POST /v1/collections', {
      collection_name: 'faq',
      collection_description: 'Questions',
    });
    const expected = {
      collection_id: expect.stringMatching(/^collection_/),
      collection_name: 'faq',
      collection_description: 'Questions',
      created_at: new Date(startMs).toISOString(),
      documents_count: 0,
    };
    expect(made).toEqual({ status: 200, body: expected });
    const { collection_id: id } = made.body as Wire;
    await collection(api, 'other');
    const first = (await ask(api, 'GET /v1/collections?limit=1')).body as Wire;
    expect(first).toEqual({ collections: [expected], pagination_token: expect.any(String) });
    const next = await ask(api, `GET /v1/collections?limit=1&pagination_token=${first.pagination_token}`);
    expect(next.body).toEqual({ collections: [expect.objectContaining({ collection_name: 'other' })] });
    expect(await ask(api, `GET /v1/collections/${id}`)).toEqual({ status: 200, body: expected });
    expect(await ask(api, `DELETE /v1/collections/${id}`)).toEqual({ status: 200, body: {} });
    for (const line of [`GET /v1/collections/${id}`, `DELETE /v1/collections/${id}`]) {
      expect(await ask(api, line)).toMatchObject({
        status: 404,
        body: { error: `Collection not found: ${id}` },
      });
    }
  });

  test.each([
    [{}, 422],
    [{ collection_name: '' }, 400],
    [{ collection_name: 'a', colour: 'red' }, 422],
  ])('made of %j are refused', async (body, status) => {
    const { api } = await start();
    expect((await ask(api, 'POST /v1/collections', body)).status).toBe(status);
  });
});

describe('files', () => {
  test('are taken as a form, told without their bytes, and deleted', async () => {
    const { api, advance } = await start();
    const { status, body } = await upload(api, 'a b".md', 'Hello', { purpose: 'assistants' });
    const expected = {
      id: expect.stringMatching(/^file_/),
      object: 'file',
      bytes: 5,
      created_at: startMs / 1000,
      expires_at: null,
      filename: 'a b".md',
      purpose: 'assistants',
    };
    expect({ status, body }).toEqual({ status: 200, body: expected });
    expect(await ask(api, `GET /v1/files/${body.id}`)).toEqual({ status: 200, body: expected });
    expect(await ask(api, `DELETE /v1/files/${body.id}`)).toEqual({
      status: 200,
      body: { id: body.id, object: 'file', deleted: true },
    });
    expect((await ask(api, `GET /v1/files/${body.id}`)).status).toBe(404);
    const short = await upload(api, 'a.txt', 'Hello', { expires_after: 60 });
    expect(short.body.expires_at).toBe(startMs / 1000 + 60);
    advance(60_000);
    expect((await ask(api, `GET /v1/files/${short.body.id}`)).status).toBe(404);
  });

  test('that are empty, too large or none are refused', async () => {
    const { api } = await start();
    expect((await upload(api, 'a.txt', '')).status).toBe(400);
    const most = 50 * 1024 * 1024;
    expect((await upload(api, 'a.txt', new Uint8Array(most + 1))).status).toBe(413);
    expect((await upload(api, 'a.txt', new Uint8Array(most + 1024 * 1024))).status).toBe(413);
    expect((await upload(api, 'a.txt', 'x', { expires_after: 'soon' })).status).toBe(400);
    expect(await ask(api, 'POST /v1/files', { file: 'text' })).toMatchObject({ status: 400 });
    const form = new FormData();
    form.append('file', 'only text');
    const reply = await fetch(`${api.base}/v1/files`, { method: 'POST', body: form });
    expect(reply.status).toBe(400);
  });

  test('have fifty megabytes at most, which are kept whole', async () => {
    const { api } = await start();
    const { status, body } = await upload(api, 'a.bin', new Uint8Array(50 * 1024 * 1024).fill(7));
    expect({ status, bytes: body.bytes }).toEqual({ status: 200, bytes: 50 * 1024 * 1024 });
    expect(api.store.knowledge.bytesOf(body.id)?.length).toBe(50 * 1024 * 1024);
  });
});

describe('documents', () => {
  test('are processed a moment after they are added, and counted', async () => {
    const { api, process } = await start();
    const id = await collection(api);
    const file = (await upload(api, 'returns.md', 'Return it within 30 days.')).body.id;
    await ask(api, `POST /v1/collections/${id}/documents/${file}`, { fields: { lang: 'en' } });
    const expected = {
      file_metadata: expect.objectContaining({
        file_id: file,
        name: 'returns.md',
        size_bytes: '25',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
      fields: { lang: 'en' },
    };
    const path = `/v1/collections/${id}/documents`;
    expect((await ask(api, `GET ${path}/${file}`)).body).toEqual({
      ...expected,
      status: 'DOCUMENT_STATUS_PROCESSING',
    });
    expect((await search(api, [id], 'return')).body).toEqual({ matches: [] });
    process();
    const processed = { ...expected, status: 'DOCUMENT_STATUS_PROCESSED' };
    expect((await ask(api, `GET ${path}/${file}`)).body).toEqual(processed);
    expect((await ask(api, `GET ${path}`)).body).toEqual({ documents: [processed] });
    expect((await ask(api, `GET /v1/collections/${id}`)).body).toMatchObject({ documents_count: 1 });
    expect((await ask(api, `POST ${path}/${file}`, {})).status).toBe(409);
    expect((await ask(api, `DELETE ${path}/${file}`)).status).toBe(200);
    expect((await ask(api, `DELETE ${path}/${file}`)).status).toBe(404);
    expect((await search(api, [id], 'return')).body).toEqual({ matches: [] });
    expect((await ask(api, `GET /v1/files/${file}`)).status).toBe(200);
  });

  test('that are no text fail, with the reason', async () => {
    const { api, process } = await start();
    const id = await collection(api);
    const pdf = await add(api, id, 'a.pdf', '%PDF-1.7 ...');
    const image = await add(api, id, 'a.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]));
    const blank = await add(api, id, 'a.txt', ' \n ');
    const told = async (file: string) =>
      (await ask(api, `GET /v1/collections/${id}/documents/${file}`)).body as Wire;
    expect(await told(pdf)).not.toHaveProperty('error_message');
    process();
    expect(await told(pdf)).toMatchObject({
      status: 'DOCUMENT_STATUS_FAILED',
      error_message: 'the local API reads text, Markdown, HTML, CSV and JSON, not PDF',
    });
    expect((await told(image)).error_message).toContain('not a file of the kind png');
    expect((await told(blank)).error_message).toBe('there is no text in it');
  });

  test('need a collection, a file, and the fields the collection asks for', async () => {
    const { api } = await start();
    const file = (await upload(api, 'a.txt', 'x')).body.id;
    expect((await ask(api, `POST /v1/collections/nope/documents/${file}`, {})).status).toBe(404);
    const { body } = await ask(api, 'POST /v1/collections', {
      collection_name: 'strict',
      field_definitions: [{ key: 'author', required: true }],
    });
    const path = `/v1/collections/${(body as Wire).collection_id}/documents`;
    expect((await ask(api, `POST ${path}/nope`, {})).status).toBe(404);
    expect((await ask(api, `POST ${path}/${file}`, {})).body).toMatchObject({
      error: 'The field author is required in this collection',
    });
    expect((await ask(api, `POST ${path}/${file}`, { fields: { author: 'x' } })).status).toBe(200);
  });
});

describe('a search', () => {
  test('finds the passages that fit best, by the stems of their words, in the collections named', async () => {
    const { api, process } = await start();
    const [one, two] = [await collection(api, 'one'), await collection(api, 'two')];
    const returns = await add(api, one, 'returns.md', '# Returns\n\nYou may return an order within 30 days.');
    await add(api, one, 'hours.txt', 'The shop opens at nine.');
    const other = await add(
      api,
      two,
      'other.html',
      '<p>Returned <b>orders</b> are &quot;refunded&quot;.</p>',
    );
    process();
    const found = (await search(api, [one], 'returning an order?')).body;
    expect(found.matches).toEqual([
      {
        file_id: returns,
        chunk_id: expect.any(String),
        chunk_content: 'Returns\nYou may return an order within 30 days.',
        score: expect.any(Number),
        collection_ids: [one],
        fields: {},
      },
    ]);
    const both = (await search(api, [one, two], 'returns')).body.matches as Wire[];
    expect(both.map(({ file_id }) => file_id).sort()).toEqual([returns, other].sort());
    expect(both[0]?.score).toBeGreaterThanOrEqual(both[1]?.score);
    expect((await search(api, [one, two], 'returns', { limit: 1 })).body.matches).toHaveLength(1);
    expect((await search(api, [one, two], 'elephants')).body).toEqual({ matches: [] });
  });

  test.each([
    '"',
    "' OR 1=1 --",
    'content:order',
    'NEAR(order, 2)',
    'AND OR NOT',
    'order*',
    '^order',
    '(((',
    '-order +order',
    '{content}: x',
    '\0',
    '???',
    '日本語 ☃',
    'x '.repeat(5000),
  ])('of what looks like syntax is a search for words: %j', async (query) => {
    const { api, process } = await start();
    const id = await collection(api);
    await add(api, id, 'a.txt', 'An order is near.');
    process();
    expect(await search(api, [id], query)).toMatchObject({
      status: 200,
      body: { matches: expect.any(Array) },
    });
  });

  test('needs collections that are there, ten at most, and no filter', async () => {
    const { api } = await start();
    const id = await collection(api);
    expect((await search(api, [id, 'nope'], 'x')).status).toBe(404);
    expect((await search(api, [], 'x')).status).toBe(400);
    expect((await search(api, Array(11).fill(id), 'x')).status).toBe(400);
    expect((await search(api, [id], 'x', { filter: 'a:b' })).status).toBe(400);
    expect((await search(api, [id], '')).status).toBe(400);
  });
});

test('a snapshot holds all of it, another local API takes it, and a reset leaves nothing', async () => {
  const { api, process } = await start();
  const id = await collection(api);
  const file = await add(api, id, 'a.txt', 'An order is near.');
  process();
  const before = await search(api, [id], 'order');
  const snapshot = (await ask(api, 'GET /__local/snapshot')).body as Wire;
  const other = await startTestApi();
  expect((await ask(other, 'PUT /__local/snapshot', snapshot)).status).toBe(200);
  const after = await search(other, [id], 'order');
  expect(after.body.matches).toMatchObject([{ file_id: file, chunk_content: 'An order is near.' }]);
  expect(after.body.matches).toHaveLength(before.body.matches.length);
  expect(new TextDecoder().decode(other.store.knowledge.bytesOf(file))).toBe('An order is near.');
  for (const knowledge of [
    {},
    { ...snapshot.knowledge, documents: [{}] },
    { ...snapshot.knowledge, files: [{}] },
  ])
    expect((await ask(other, 'PUT /__local/snapshot', { ...snapshot, knowledge })).status).toBe(400);
  await ask(other, 'POST /__local/reset');
  expect((await ask(other, 'GET /v1/collections')).body).toEqual({ collections: [] });
  expect((await ask(other, `GET /v1/files/${file}`)).status).toBe(404);
});
