// Adding to a collection: what is sent, what is not sent again, what fails, what goes on where it was.

import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUnchanged } from '../../src/files.js';
import { Interrupts } from '../../src/interrupts.js';
import { type FakeReply, type SeenRequest, startFakeServer, startServer } from '../support/fake-server.js';
import { filed, knowledgeable, returnsText } from '../support/knowledge.js';

const json = (text: string) => JSON.parse(text);

async function withCollection() {
  const someone = await knowledgeable();
  await someone.run('knowledge create faq');
  return {
    ...someone,
    uploads: async () => (await someone.api.requests()).filter(({ path }) => path === '/v1/files').length,
  };
}

describe('a file', () => {
  test('is sent, processed and told, and not sent again', async () => {
    const { run, uploads, api } = await withCollection();
    expect(await run('knowledge add faq returns.md')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Added returns\.md \(file_[\w-]+\)\n$/),
      stderr: 'sent returns.md (96 B)\n',
    });
    const before = (await api.requests()).length;
    expect(await run('knowledge add faq returns.md')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Already there: returns\.md \(file_[\w-]+\)\n$/),
      stderr: '',
    });
    const after = (await api.requests()).slice(before);
    expect(after.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(await uploads()).toBe(1);
  });

  test('is told whole, for programs', async () => {
    const { run, write } = await withCollection();
    write('hours.csv', 'day,opens\nMonday,nine\n');
    const told = await run('--json knowledge add faq returns.md hours.csv --field lang=en --field a=b=c');
    expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 0, stderr: '' });
    const document = (name: string, content_type: string) => ({
      file_metadata: expect.objectContaining({ file_id: expect.any(String), name, content_type }),
      fields: { lang: 'en', a: 'b=c' },
      status: 'DOCUMENT_STATUS_PROCESSED',
    });
    expect(json(told.stdout)).toEqual({
      documents: [document('returns.md', 'text/markdown'), document('hours.csv', 'text/csv')],
    });
  });

  test('that is there keeps its fields, and that is said', async () => {
    const { run } = await withCollection();
    await run('knowledge add faq returns.md --field lang=en');
    expect((await run('knowledge add faq returns.md --field lang=en')).stderr).toBe('');
    expect((await run('knowledge add faq returns.md --field lang=de')).stderr).toMatch(
      /^note: returns\.md keeps the fields it has; for others take it out first: agents .*knowledge remove faq file_\S+\n$/,
    );
  });

  test('with the bytes of another is added once, and that is said', async () => {
    const { run, write, uploads } = await withCollection();
    write('twin.md', returnsText);
    const told = await run('knowledge add faq returns.md twin.md returns.md');
    expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Added returns\.md .*\n$/) });
    expect(told.stderr).toContain('note: twin.md holds the same bytes as returns.md: added once\n');
    expect(await uploads()).toBe(1);
  });

  test('in another collection is the same file: nothing is sent again', async () => {
    const { run, uploads } = await withCollection();
    await run('knowledge add faq returns.md');
    await run('knowledge create other');
    expect(await run('knowledge add other returns.md')).toMatchObject({
      code: 0,
      stderr: 'returns.md was sent before: nothing was sent again\n',
    });
    expect(await uploads()).toBe(1);
  });

  test('that changed is sent, and the older one is pointed at', async () => {
    const { run, write, uploads } = await withCollection();
    await run('knowledge add faq returns.md');
    write('returns.md', returnsText.replace('30', '60'));
    const told = await run('knowledge add faq returns.md');
    expect(told.stdout).toMatch(/^Added returns\.md/);
    expect(told.stderr).toMatch(
      /note: another returns\.md is in faq already and stays: agents knowledge remove faq file_[\w-]+ takes it out\n/,
    );
    expect(await uploads()).toBe(2);
  });

  test('need not be waited for', async () => {
    const { run } = await withCollection();
    const told = await run('--json knowledge add faq returns.md --no-wait');
    expect(json(told.stdout).documents).toMatchObject([{ status: 'DOCUMENT_STATUS_PROCESSING' }]);
  });

  test('that the service cannot read is told, and the others are added', async () => {
    const { run, write } = await withCollection();
    write('a.pdf', '%PDF-1.7');
    const told = await run('knowledge add faq a.pdf returns.md');
    expect(told).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Added returns\.md .*\n$/) });
    expect(told.stderr).toMatch(
      /error: a\.pdf: the local API reads text.* not PDF\n {2}agents knowledge remove faq file_/,
    );
    expect(told.stderr).toContain(
      'error: 1 of 2 was not added\n  those added stay; the same command sends only',
    );
    const again = await run('--json knowledge add faq a.pdf returns.md');
    expect(again.code).toBe(1);
    expect(json(again.stdout)).toEqual({
      documents: [expect.objectContaining({ status: 'DOCUMENT_STATUS_PROCESSED' })],
      errors: [
        { file: 'a.pdf', file_id: expect.any(String), error: expect.objectContaining({ code: 'refused' }) },
      ],
    });
    const alone = await run('knowledge add faq a.pdf');
    expect(alone).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('error: a.pdf: the local'),
    });
  });

  test('that cannot be sent is told, with all others like it, and nothing is sent', async () => {
    const { run, write, home, api } = await withCollection();
    const before = await api.requests();
    mkdirSync(join(home, 'folder'));
    write('empty.md', '');
    write('large.md', 'x');
    truncateSync(join(home, 'large.md'), 50 * 1024 * 1024 + 1);
    expect(await run('knowledge add faq folder empty.md large.md nosuch.md')).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'error: cannot read folder: it is a folder',
        '  empty.md is empty',
        '  large.md has 52 MB; a file has at most 50 MB',
        '  cannot read nosuch.md: no such file',
        '  nothing was sent',
        '',
      ].join('\n'),
    });
    expect(await api.requests()).toEqual(before);
  });

  test('that cannot be sent does not keep the others from it', async () => {
    const { run, write } = await withCollection();
    write('empty.md', '');
    const told = await run('--json knowledge add faq empty.md returns.md nosuch.md');
    expect(told.code).toBe(1);
    const error = (message: string) => ({ code: 'unreadable', message });
    expect(JSON.parse(told.stdout)).toEqual({
      documents: [expect.objectContaining({ status: expect.anything() })],
      errors: [
        { file: 'empty.md', error: expect.objectContaining(error('empty.md is empty')) },
        { file: 'nosuch.md', error: expect.objectContaining(error('cannot read nosuch.md: no such file')) },
      ],
    });
    expect(told.stderr).toContain('2 of 3 were not added');
    expect((await run('knowledge add faq empty.md returns.md')).stdout).toMatch(
      /^Already there: returns\.md \(/,
    );
  });

  test('whose bytes are there under another name is named along with it', async () => {
    const { run, write } = await withCollection();
    await run('knowledge add faq --text "We open at nine." --name hours.txt');
    write('opening.md', 'We open at nine.');
    expect((await run('knowledge add faq opening.md')).stdout).toMatch(
      /^Already there: opening\.md, with the same bytes as hours\.txt \([^)]+\)\n$/,
    );
  });

  test('of fifty megabytes is sent piece by piece', async () => {
    const { run, home, write } = await withCollection();
    write('large.txt', 'x');
    truncateSync(join(home, 'large.txt'), 50 * 1024 * 1024);
    // A file of zeros is no text.
    expect(await run('knowledge add faq large.txt')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sent large\.txt \(52 MB\)\nerror: large\.txt: the local API reads/),
    });
  });

  test('that changes while it is sent is not taken for what it was', async () => {
    const { home } = filed({});
    const path = join(home, 'returns.md');
    const pieces = async (measured: { size: number; sha256: string }) => {
      for await (const _ of readUnchanged(path, 'returns.md', measured));
    };
    const changed = expect.objectContaining({ message: 'returns.md changed while it was being sent' });
    await expect(pieces({ size: 96, sha256: 'other' })).rejects.toEqual(changed);
    await expect(pieces({ size: 95, sha256: 'other' })).rejects.toEqual(changed);
    await expect(pieces({ size: 97, sha256: 'other' })).rejects.toEqual(changed);
  });
});

describe('a text', () => {
  test('is added under its name, from a flag or from stdin', async () => {
    const { run } = await withCollection();
    expect(await run('knowledge add faq --text "We open at nine." --name hours')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Added hours\.txt/),
    });
    const piped = await run('knowledge add faq - --name notes.md', {
      stdin: '# Parking\n\nBehind the house.',
    });
    expect(piped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Added notes\.md/) });
    expect((await run('knowledge search faq "Where can I park?"')).stdout).toBe(
      'notes.md\n  Parking\n  Behind the house.\n',
    );
  });

  test('from an empty pipe is told', async () => {
    const { run } = await withCollection();
    expect(await run('knowledge add faq - --name a.txt')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stdin is empty'),
    });
  });
});

type Answers = Record<string, (request: SeenRequest, count: number) => FakeReply>;

/** A service of a test's own: what it does not answer otherwise, it answers as if all were well. */
async function service(answers: Answers = {}) {
  const counts = new Map<string, number>();
  const server = await startFakeServer((request) => {
    const kind = kindOf(request);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return answers[kind]?.(request, count) ?? usual[kind]?.(request, count) ?? { status: 404 };
  });
  const someone = filed({ env: { AGENTS_BASE_URL: server.url } });
  return { ...someone, server, count: (kind: string) => counts.get(kind) ?? 0 };
}

const kindOf = ({ method, path }: SeenRequest) =>
  `${method} ${path
    .replace('/v1/', '')
    .replace(/collection_\w+/, 'c')
    .replace(/file_\w+/, 'f')}`;

const processed = (status: unknown = 'DOCUMENT_STATUS_PROCESSED') => ({
  body: {
    documents: [{ file_metadata: { file_id: 'file_1', name: 'returns.md', size_bytes: '96' }, status }],
  },
});
const usual: Answers = {
  'GET collections/c/documents': (_, count) => (count === 0 ? { body: { documents: [] } } : processed()),
  'POST files': () => ({ body: { id: 'file_1', filename: 'returns.md' } }),
  'GET files/f': () => ({ body: { id: 'file_1' } }),
  'POST collections/c/documents/f': () => ({ body: {} }),
};
const line = 'knowledge add collection_1 returns.md';

describe('what was interrupted', () => {
  test('after the bytes were sent goes on without sending them', async () => {
    const { run, count } = await service({
      'POST collections/c/documents/f': (_, times) => (times === 0 ? { status: 503 } : { body: {} }),
      'GET collections/c/documents': (_, times) => (times < 2 ? { body: {} } : processed()),
    });
    expect(await run(line)).toMatchObject({ code: 5, stdout: '' });
    expect(await run(line)).toEqual({
      code: 0,
      stdout: 'Added returns.md (file_1)\n',
      stderr: 'returns.md was sent before: nothing was sent again\n',
    });
    expect([count('POST files'), count('POST collections/c/documents/f')]).toEqual([1, 2]);
  });

  test('is sent again where the service has it no more', async () => {
    const { run, count } = await service({
      'GET collections/c/documents': (_, times) => (times % 2 === 0 ? { body: {} } : processed()),
      'GET files/f': () => ({ status: 404 }),
    });
    await run(line);
    expect(await run(line)).toMatchObject({ code: 0, stderr: 'sent returns.md (96 B)\n' });
    expect(count('POST files')).toBe(2);
  });

  test('by Ctrl+C in the middle keeps what was done', async () => {
    const { run, write, home } = filed({});
    write('b.md', 'b');
    let uploads = 0;
    let interrupts = new Interrupts();
    const happened = new Set<string>();
    function stopWhenBoth(what: string) {
      const isNews = !happened.has(what);
      happened.add(what);
      if (isNews && happened.size === 2) setImmediate(() => interrupts.raise('interrupted'));
    }
    const url = await startServer(async (request, response) => {
      let text = '';
      try {
        for await (const chunk of request) text += chunk;
      } catch {
        return;
      }
      const path = request.url ?? '';
      const reply = (body: unknown) => response.end(JSON.stringify(body));
      if (path.endsWith('/v1/files')) {
        uploads++;
        const isFirst = text.includes('returns.md');
        if (isFirst || uploads > 2) return reply({ id: isFirst ? 'file_1' : 'file_2' });
        // Never answered.
        return stopWhenBoth('other upload');
      }
      if (path.includes('/files/')) return reply({ id: 'file_1' });
      if (request.method === 'POST') {
        reply({});
        return stopWhenBoth('first document');
      }
      const document = (file_id: string) => ({ file_metadata: { file_id, name: file_id }, status: 2 });
      return reply({ documents: uploads > 2 ? [document('file_1'), document('file_2')] : [] });
    });
    const both = 'knowledge add collection_1 returns.md b.md';
    const options = { cwd: home, env: { AGENTS_BASE_URL: url } };
    const stopped = await run(both, { ...options, interrupts });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('error: interrupted');
    const [state] = readdirSync(join(home, 'state', 'knowledge'));
    const { files } = json(readFileSync(join(home, 'state', 'knowledge', state ?? ''), 'utf8'));
    expect(Object.values(files)).toEqual(['file_1']);
    interrupts = new Interrupts();
    expect(await run(both, { ...options, interrupts })).toMatchObject({ code: 0 });
    expect(uploads).toBe(3);
  });

  test('by a state folder that cannot be written is said, and goes on', async () => {
    const { run, home, write } = await service();
    write('file', '');
    const told = await run(line, { env: { AGENTS_STATE_DIR: join(home, 'file') } });
    expect(told.code).toBe(0);
    expect(told.stderr).toContain('note: what was sent cannot be remembered: cannot write');
  });
});

describe('a service', () => {
  test.each([
    [2, 0],
    ['processed', 0],
    [3, 1],
    ['FAILED', 1],
  ])('that tells the status as %j ends with %i', async (status, code) => {
    const { run } = await service({
      'GET collections/c/documents': (_, count) => (count === 0 ? { body: {} } : processed(status)),
    });
    expect(await run(line)).toMatchObject({ code });
  });

  test('that tells no hash is believed where name and size are the same', async () => {
    const { run, count } = await service({ 'GET collections/c/documents': () => processed() });
    expect(await run(line)).toEqual({
      code: 0,
      stdout: 'Already there: returns.md (file_1)\n',
      stderr:
        'note: returns.md is taken for the one that is there, by its name and size alone; ' +
        'if it has changed, take that out first: agents knowledge remove collection_1 file_1\n',
    });
    expect(count('POST files')).toBe(0);
  });

  test.each([403, 404, 410])('that answers %i about what was sent is sent it again', async (status) => {
    const { run, count } = await service({
      'GET collections/c/documents': (_, times) => (times % 2 === 0 ? { body: {} } : processed()),
      'GET files/f': () => ({ status, body: { error: "another team's" } }),
    });
    expect([(await run(line)).code, (await run(line)).code]).toEqual([0, 0]);
    expect(count('POST files')).toBe(2);
  });

  test('that has the document already is no failure', async () => {
    const { run } = await service({
      'POST collections/c/documents/f': () => ({ status: 409, body: { error: 'there' } }),
    });
    expect(await run(line)).toMatchObject({ code: 0, stdout: 'Added returns.md (file_1)\n' });
  });

  test('that never ends processing is not waited for without end', async () => {
    const { run, count } = await service({
      'GET collections/c/documents': (_, times) => (times === 0 ? { body: {} } : processed(1)),
    });
    expect(await run(line)).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'sent returns.md (96 B)\nerror: returns.md: still not processed after 10 minutes without a change\n' +
        '  agents --base-url http://SERVER knowledge show collection_1 tells how far it is\n'.replace(
          /--base-url \S+ /,
          '',
        ),
    });
    expect(count('GET collections/c/documents')).toBeGreaterThan(190);
  });

  test('that refuses the key is asked for one file only of many', async () => {
    const { run, write, count } = await service({
      'POST files': () => ({ status: 401, body: { error: 'no' } }),
    });
    const names = Array.from({ length: 20 }, (_, at) => `${at}.md`);
    for (const name of names) write(name, name);
    const told = await run(`knowledge add collection_1 ${names.join(' ')}`);
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining('20 of 20 were not added') });
    expect(count('POST files')).toBeLessThanOrEqual(4);
  });

  test.each([500, 503, 529])('failing an upload with %i is not asked again by itself', async (status) => {
    const { run, count } = await service({ 'POST files': () => ({ status }) });
    expect(await run(line)).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringMatching(/^not sent: returns/),
    });
    expect(count('POST files')).toBe(1);
  });

  test('asking to wait gets the whole file once more', async () => {
    const { run, server } = await service({
      'POST files': (_, count) =>
        count === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { body: { id: 'file_1' } },
    });
    expect(await run(line)).toMatchObject({ code: 0 });
    const bodies = server.seen.filter(({ path }) => path === '/v1/files').map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test('refusing one file gets the others', async () => {
    const { run, write } = await service({
      'POST files': ({ body }) =>
        String(body).includes('bad.md') ? { status: 413 } : { body: { id: 'file_1' } },
    });
    write('bad.md', 'bad');
    const told = await run('--json knowledge add collection_1 bad.md returns.md');
    expect(told.code).toBe(1);
    expect(json(told.stdout)).toMatchObject({
      documents: [{ file_metadata: { file_id: 'file_1' } }],
      errors: [{ file: 'bad.md', error: { code: 'too_large', status: 413 } }],
    });
  });

  test('is sent the form it documents: the length known, the name escaped', async () => {
    const { run, write, server } = await service();
    write('a "b".md', 'x');
    await run(['knowledge', 'add', 'collection_1', 'a "b".md']);
    const sent = server.seen.find(({ path }) => path === '/v1/files');
    expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent?.headers['content-length']).toBe(String(Buffer.byteLength(String(sent?.body))));
    expect(sent?.headers['transfer-encoding']).toBeUndefined();
    expect(sent?.body).toContain(
      'name="file"; filename="a %22b%22.md"\r\ncontent-type: text/markdown\r\n\r\nx\r\n',
    );
  });

  test('is sent four files at a time, and no more', async () => {
    let most = 0;
    let open = 0;
    let made = 0;
    const waiting: (() => void)[] = [];
    const url = await startServer(async (request, response) => {
      for await (const _ of request);
      const path = request.url ?? '';
      if (!path.endsWith('/v1/files')) {
        const documents = Array.from({ length: 9 }, (_, at) => ({
          file_metadata: { file_id: `f${at}` },
          status: 2,
        }));
        return void response.end(JSON.stringify(request.method === 'GET' && made > 0 ? { documents } : {}));
      }
      open++;
      most = Math.max(most, open);
      waiting.push(() => {
        open--;
        response.end(JSON.stringify({ id: `f${made++}` }));
      });
      if (open === 4 || made + open === 9) for (const answer of waiting.splice(0)) answer();
    });
    const names = Array.from({ length: 9 }, (_, at) => `${at}.md`);
    const { run } = filed(
      { env: { AGENTS_BASE_URL: url } },
      Object.fromEntries(names.map((name) => [name, name])),
    );
    expect(await run(`knowledge add collection_1 ${names.join(' ')}`)).toMatchObject({ code: 0 });
    expect([most, made]).toEqual([4, 9]);
  });
});

describe('--verbose', () => {
  test('shows what is sent without the bytes', async () => {
    const { run } = await service();
    const told = await run(`--verbose ${line}`, { env: { XAI_API_KEY: 'xai-very-secret' } });
    expect(told.stderr).toContain('> {"file":"returns.md, text/markdown, 96 bytes"}');
    expect(told.stderr).not.toMatch(/30 days|very-secret/);
  });
});
