// Collections from the terminal: made, listed, shown, searched, emptied, deleted, and given to agents.

import { describe, expect, test } from 'vitest';
import { agents, keyboard, person } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { knowledgeable } from '../support/knowledge.js';

const json = (text: string) => JSON.parse(text);

async function stocked() {
  const someone = await knowledgeable();
  const { run } = someone;
  const id = json((await run('--json knowledge create faq --description Questions')).stdout).collection_id;
  await run('knowledge add faq returns.md');
  const { documents } = json((await run('--json knowledge show faq')).stdout);
  return { ...someone, id: id as string, file: documents[0].file_metadata.file_id as string };
}

/** What was asked of the API that changes something. */
const changes = async ({ api }: Awaited<ReturnType<typeof knowledgeable>>) =>
  (await api.requests())
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);

describe('a collection', () => {
  test('is made, and the answer says how to go on', async () => {
    const { run, api } = await knowledgeable();
    expect(await run('knowledge create "Common questions"')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Created Common questions \(collection_[\w-]+\)\n$/),
      stderr: `Add files: agents knowledge add 'Common questions' <files>\n`,
    });
    const made = await run('--json knowledge create faq --description "What is asked"');
    expect(json(made.stdout)).toEqual({
      collection_id: expect.any(String),
      collection_name: 'faq',
      collection_description: 'What is asked',
      created_at: expect.any(String),
      documents_count: 0,
    });
    expect(made.stderr).toBe('');
    expect((await api.requests()).at(-1)?.body).toEqual({
      collection_name: 'faq',
      collection_description: 'What is asked',
    });
  });

  test('is listed and shown, for people and for programs', async () => {
    const { run, id, file } = await stocked();
    const listed = await run('knowledge list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^ID +NAME +DOCUMENTS +DESCRIPTION\n/);
    expect(listed.stdout).toContain(id);
    expect(json((await run('--json knowledge list --limit 1')).stdout)).toEqual({
      collections: [expect.objectContaining({ collection_id: id, documents_count: 1 })],
    });
    const shown = await run('knowledge show faq');
    expect(shown.stdout).toMatch(
      new RegExp(`^faq\n${id}\n\nQuestions\n\nID .*\n${file} +returns.md +96 B +processed\n$`),
    );
    expect(json((await run(`--json knowledge show ${id}`)).stdout)).toMatchObject({
      collection: { collection_id: id },
      documents: [{ file_metadata: { file_id: file }, status: 'DOCUMENT_STATUS_PROCESSED' }],
    });
    expect((await run('knowledge create empty')).code).toBe(0);
    expect((await run('knowledge show empty')).stdout).toContain('No documents.');
  });

  test('is searched, with the names of the files', async () => {
    const { run, file } = await stocked();
    expect(await run('knowledge search faq "How long do refunds take?"')).toEqual({
      code: 0,
      stdout:
        'returns.md\n  Returns\n  You may return an order within 30 days of delivery.\n  Refunds take five working days.\n',
      stderr: '',
    });
    expect(json((await run('--json knowledge search faq refunds --limit 1')).stdout)).toEqual({
      matches: [expect.objectContaining({ file_id: file, chunk_content: expect.any(String) })],
    });
    expect((await run('knowledge search faq elephants')).stdout).toBe('Nothing found.\n');
  });

  test('gives documents back and is deleted, each with a yes where files go', async () => {
    const someone = await stocked();
    const { run, file, api, id } = someone;
    expect(await run('knowledge remove faq returns.md')).toEqual({
      code: 0,
      stdout: `Removed returns.md (${file})\n`,
      stderr: '',
    });
    const again = await run('knowledge add faq returns.md');
    expect(again.stderr).toBe('returns.md was sent before: nothing was sent again\n');
    expect(again.stdout).toBe(`Added returns.md (${file})\n`);
    expect(await run(`--json knowledge remove faq ${file} --files --yes`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"file_deleted": true'),
    });
    expect(api.store.knowledge.getFile(file)).toBeUndefined();
    await run('knowledge add faq returns.md');
    expect(await run('knowledge delete faq --yes')).toEqual({
      code: 0,
      stdout: `Deleted faq (${id}) with 1 document\n`,
      stderr: 'the uploaded files stay with the service; --files would have deleted them as well\n',
    });
    expect((await run('knowledge list')).stdout).toBe('No collections.\n');
    const uploads = (await changes(someone)).filter((line) => line === 'POST /v1/files');
    expect(uploads).toHaveLength(2);
  });

  test('is deleted with its files where that is asked for', async () => {
    const { run, file, api } = await stocked();
    expect(json((await run('--json knowledge delete faq --files --yes')).stdout)).toEqual({
      deleted: [
        {
          collection_id: expect.any(String),
          collection_name: 'faq',
          documents_count: 1,
          files_deleted: true,
        },
      ],
    });
    expect(api.store.knowledge.getFile(file)).toBeUndefined();
  });
});

describe('a deletion', () => {
  test.each([
    'knowledge delete faq',
    'knowledge remove faq returns.md --files',
    '--json knowledge delete faq',
  ])('off a terminal without a yes is not sent: %s', async (line) => {
    const someone = await stocked();
    const before = (await someone.api.requests()).length;
    const told = await someone.run(line);
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toContain('a deletion has to be confirmed');
    expect((await someone.api.requests()).length).toBe(before);
  });

  test.each([
    ['n', 'faq is kept', true],
    ['y', '', false],
  ])('at a terminal asks, and hears %s', async (answer, told, isKept) => {
    const { run, id, api } = await stocked();
    const { stream, type } = keyboard();
    let question = '';
    let isAnswered = false;
    const asked = run('knowledge delete faq', {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      env: { NO_COLOR: '1' },
      onWrite: (_, text) => {
        question += text;
        if (isAnswered || !question.includes('with 1 document?')) return;
        isAnswered = true;
        setImmediate(() => type(answer));
      },
    });
    const { code, stderr } = await asked;
    expect(code).toBe(0);
    expect(stderr).toContain(told);
    expect(api.store.knowledge.getCollection(id) !== undefined).toBe(isKept);
  });
});

describe('a name', () => {
  test('of two collections is no name: both ids are told, nothing is sent', async () => {
    const someone = await stocked();
    const { run } = someone;
    await run('knowledge create faq');
    const before = await changes(someone);
    for (const line of ['show faq', 'delete faq --yes', 'add faq returns.md', 'search faq refunds']) {
      const told = await run(`knowledge ${line}`);
      expect(told).toMatchObject({ code: 2, stdout: '' });
      expect(told.stderr).toMatch(
        /2 collections are called faq: collection_[\w-]+, collection_[\w-]+\n {2}name the one you mean by its id/,
      );
    }
    expect(await changes(someone)).toEqual(before);
  });

  test('of none is told, with the nearest', async () => {
    const { run, id } = await stocked();
    expect(await run('knowledge show fax')).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: there is no collection fax (did you mean "faq"?)\n  agents knowledge list shows what there is\n',
    });
    expect(await run('knowledge remove faq return.md')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no document return.md (did you mean "returns.md"?)'),
    });
    const gone = await run('knowledge show collection_9');
    expect(gone).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Collection not found: collection_9'),
    });
    expect(gone.stderr).toContain('agents knowledge list shows');
    expect((await run(`knowledge show ${id}`)).code).toBe(0);
  });

  test('may be an id without its usual beginning', async () => {
    const server = await startFakeServer(({ path }) => ({
      body: path.endsWith('/collections')
        ? { collections: [{ collection_id: 'c1', collection_name: 'c2' }, { collectionId: 'c2' }] }
        : path.endsWith('/documents')
          ? {}
          : { collection: { collectionId: 'c2' } },
    }));
    const told = await agents(`--base-url ${server.url} --json knowledge show c2`);
    expect(json(told.stdout)).toEqual({ collection: { collection_id: 'c2' }, documents: [] });
  });
});

describe('asking wrongly', () => {
  test.each([
    ['knowledge create ""', 'a collection needs a name'],
    ['knowledge list --limit 0', '--limit must be a whole number from 1 on'],
    ['knowledge search faq', 'a search needs a collection and what to look for'],
    ['knowledge search faq ""', 'a search needs a collection and what to look for'],
    ['knowledge search faq x --limit none', '--limit must be a whole number'],
    ['knowledge show ""', 'an empty name is no collection'],
    [
      `knowledge search ${Array.from({ length: 11 }, (_, at) => `collection_${at}`).join(' ')} x`,
      'at most 10',
    ],
    ['knowledge add faq', 'nothing to add'],
    ['knowledge add faq --text hello', 'the text has no name'],
    ['knowledge add faq --text " " --name a.txt', '--text holds no text'],
    ['knowledge add faq returns.md --name a.txt', '--name is for --text and stdin'],
    ['knowledge add faq - --text x --name a.txt', 'cannot both be called by --name'],
    ['knowledge add faq -', 'the text has no name'],
    ['knowledge add faq returns.md --field lang', '--field lang: not of the form key=value'],
  ])('%s is told, and nothing is sent', async (line, message) => {
    const { run, api } = await knowledgeable();
    expect(await run(line)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(await api.requests()).toEqual([]);
  });

  test('no subcommand shows help, on stderr', async () => {
    const told = await agents('knowledge');
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toContain('attach <collection> <agent>');
  });
});

describe('an agent', () => {
  async function withAgent() {
    const someone = await stocked();
    const { agent } = json((await someone.run('--json create --name Ava --tool web_search')).stdout);
    return { ...someone, agent: agent.agent_id as string };
  }

  test('is given a collection and the tool that searches it, and loses both', async () => {
    const { run, id, agent, api } = await withAgent();
    const attached = await run(`--json knowledge attach faq ${agent}`);
    expect(json(attached.stdout).agent).toMatchObject({
      collection_ids: [id],
      tools: [{ type: 'web_search' }, { type: 'file_search' }],
    });
    expect((await run(`knowledge attach faq ${agent}`)).stderr).toBe('faq is attached already\n');
    const more = json((await run('--json knowledge create more')).stdout).collection_id;
    expect(await run(`knowledge attach more ${agent}`)).toMatchObject({ code: 0, stderr: '' });
    expect((await api.requests()).at(-1)?.body).toEqual({
      agent: { collection_ids: [id, more] },
      field_mask: { paths: ['collection_ids'] },
    });
    expect(await run(`knowledge detach faq ${agent}`)).toMatchObject({ code: 0, stderr: '' });
    const last = await run(`knowledge detach more ${agent}`);
    expect(last.stderr).toBe('took the tool file_search away as well: it has nothing left to search\n');
    expect(api.store.agents.get(agent)).toMatchObject({
      collection_ids: [],
      tools: [{ type: 'web_search' }],
    });
    expect(await run(`knowledge detach more ${agent}`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`more is not attached to ${agent}`),
    });
  });

  test('keeps a search with stores of its own', async () => {
    const { run, id, agent, api } = await withAgent();
    const tools = [{ type: 'file_search', vector_store_ids: ['collection_other'] }];
    api.store.agents.update(agent, (each) => ({ ...each, tools, collection_ids: [id] }));
    expect(await run(`knowledge detach ${id} ${agent}`)).toMatchObject({ code: 0, stderr: '' });
    expect(api.store.agents.get(agent)).toMatchObject({ collection_ids: [], tools });
  });

  test('has ten collections at most, and an eleventh is not sent', async () => {
    const someone = await withAgent();
    const { run, agent, api } = someone;
    const ten = Array.from({ length: 10 }, (_, at) => `collection_${at}`);
    api.store.agents.update(agent, (each) => ({ ...each, collection_ids: ten }));
    const before = await changes(someone);
    expect(await run(`knowledge attach faq ${agent}`)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('at most 10 collections'),
    });
    expect(await changes(someone)).toEqual(before);
  });

  test('is made and changed with collections by name', async () => {
    const { run, id } = await stocked();
    const made = json((await run('--json create --name Ava --collection faq')).stdout).agent;
    expect(made.collection_ids).toEqual([id]);
    expect(await run(`update ${made.agent_id} --collection nope`)).toMatchObject({ code: 3, stdout: '' });
    const updated = json((await run(`--json update ${made.agent_id} --collection faq`)).stdout).agent;
    expect(updated.collection_ids).toEqual([id]);
  });

  test('that has a collection which is deleted is told, and can be rid of it', async () => {
    const { run, id, agent, api } = await withAgent();
    // Ids of another server need not look like ours.
    api.store.agents.update(agent, (each) => ({ ...each, collection_ids: ['faq-1', id] }));
    expect((await run('knowledge delete faq --yes')).stderr).toContain(
      `note: Ava (${agent}) still names it: agents knowledge detach ${id} ${agent} ends that\n`,
    );
    expect(await run(`knowledge detach ${id} Ava`)).toMatchObject({ code: 0, stderr: '' });
    expect(await run('knowledge detach faq-1 Ava')).toMatchObject({ code: 0, stderr: '' });
    expect(api.store.agents.get(agent)).toMatchObject({ collection_ids: [] });
  });

  test('that is not there is not found', async () => {
    const { run } = await stocked();
    expect(await run('knowledge attach faq agent_9')).toMatchObject({ code: 3, stdout: '' });
  });

  test('is named by its exact name as well', async () => {
    const { run, id, agent, api } = await withAgent();
    expect(await run('knowledge attach faq Ava')).toMatchObject({ code: 0 });
    expect(api.store.agents.get(agent)).toMatchObject({ collection_ids: [id] });
    expect(await run('knowledge detach faq Ava')).toMatchObject({ code: 0 });
    expect(api.store.agents.get(agent)).toMatchObject({ collection_ids: [] });
    expect(await run('knowledge attach faq Eva')).toMatchObject({ code: 3, stdout: '' });
  });
});

test('completion offers collections with their names, agents, and files', async () => {
  const { run, id } = await stocked();
  const offered = async (...words: string[]) => (await run(['__complete', '--', ...words, ''])).stdout;
  expect(await offered('knowledge', 'show')).toBe(`${id}\tfaq\n`);
  expect(await offered('knowledge', 'add', 'faq')).toBe(':files\n');
  expect(await offered('create', '--collection')).toBe(`${id}\tfaq\n`);
  expect(await offered('knowledge')).toContain('attach\tLet an agent search a collection\n');
  const { agent } = json((await run('--json create --name Ava')).stdout);
  expect(await offered('knowledge', 'attach', 'faq')).toBe(`${agent.agent_id}\tAva\n`);
});

describe('what a server may say otherwise', () => {
  test.each([
    [{ results: [{ fileId: 'f', chunkContent: 'Nine.' }] }, 'f\n  Nine.\n'],
    [{ matches: [{ file_id: 'f', content: 'Nine.', file_name: 'hours.md' }] }, 'hours.md\n  Nine.\n'],
    [{}, 'Nothing found.\n'],
    [{ matches: [{ file_id: '\u001b[2Jf', chunk_content: '\u001b[31mNine.' }] }, '[2Jf\n  [31mNine.\n'],
  ])('a search answered with %j', async (body, stdout) => {
    const server = await startFakeServer(({ path }) =>
      path.includes('search') ? { body } : { status: 404 },
    );
    expect(await agents(`--base-url ${server.url} knowledge search collection_1 x`)).toEqual({
      code: 0,
      stdout,
      stderr: '',
    });
  });

  test.each([
    [2, 'processed'],
    [3, 'failed: too odd'],
    ['processing', 'processing'],
    ['DOCUMENT_STATUS_NEW', 'DOCUMENT_STATUS_NEW'],
  ])('a document whose status is %j is shown as %s', async (status, shown) => {
    const document = {
      fileMetadata: { fileId: 'f', name: 'a.md', sizeBytes: '1500' },
      status,
      errorMessage: 'too odd',
    };
    const server = await startFakeServer(({ path }) => ({
      body: path.endsWith('/documents') ? { data: [document] } : { collection_id: 'collection_1' },
    }));
    const told = await agents(`--base-url ${server.url} knowledge show collection_1`);
    expect(told.stdout).toContain(`f   a.md  1.5 kB  ${shown}\n`);
  });
});

describe('files that are to go as well', () => {
  const three = ['a', 'b', 'c'].map((name) => ({
    file_metadata: { file_id: `file_${name}`, name },
    status: 2,
  }));
  const reply = ({ method, path }: { method: string; path: string }) => {
    if (path === '/v1/files/file_b') return { status: 403, body: { error: 'no' } };
    if (path === '/v1/files/file_c') return { status: 404, body: { error: 'gone' } };
    if (path.endsWith('/documents')) return { body: { documents: three } };
    return { body: method === 'GET' ? { collection_id: 'collection_1', collection_name: 'faq' } : {} };
  };

  test('are all tried, and those that stay are named: the collection no longer leads to them', async () => {
    const { url, seen } = await startFakeServer(reply);
    const { run } = person({ env: { AGENTS_BASE_URL: url } });
    const told = await run('--json knowledge delete collection_1 --files --yes');
    expect(told.code).toBe(1);
    expect(json(told.stdout)).toMatchObject({
      deleted: [{ collection_id: 'collection_1', files_deleted: false }],
      errors: [{ file_id: 'file_b', error: { code: 'forbidden' } }],
    });
    expect(seen.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([
      '/v1/collections/collection_1',
      '/v1/files/file_a',
      '/v1/files/file_b',
      '/v1/files/file_c',
    ]);
  });

  test('may be gone already', async () => {
    const { url } = await startFakeServer(reply);
    const { run } = person({ env: { AGENTS_BASE_URL: url } });
    expect(await run('knowledge remove collection_1 c --files --yes')).toEqual({
      code: 0,
      stdout: 'Deleted c (file_c)\n',
      stderr: '',
    });
  });
});
