// `agents tools list | add | remove | enable | disable`: of stored agents and of spec files alike.

import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { agents, person, type RunOptions } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';

const parameters = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
const look = { type: 'function', function: { name: 'look', description: 'Look it up', parameters } };
const web = { type: 'web_search' };

/** A stored agent and a file of the same, in a home of one's own. */
async function withAgent(tools: object[] = [look, web], files: Record<string, string> = {}) {
  const api = await startTestApi();
  api.store.agents.insert('agent_1', { agent_id: 'agent_1', name: 'Order Support', tools });
  const { run, home } = person({ env: { AGENTS_BASE_URL: api.base } });
  const all = {
    'a.json': `${JSON.stringify({ name: 'A', tools }, null, 2)}\n`,
    'schema.json': JSON.stringify(parameters),
    'look.json': JSON.stringify(look.function),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(home, name), text);
  const asked = async () => (await api.requests()).map(({ method, body }) => ({ method, body }));
  return {
    home,
    asked,
    patches: async () => (await asked()).flatMap(({ method, body }) => (method === 'PATCH' ? [body] : [])),
    stored: () => api.store.agents.get('agent_1')?.tools,
    inFile: (name = 'a.json') => JSON.parse(readFileSync(join(home, name), 'utf8')).tools,
    run: (line: string, options: RunOptions = {}) => run(line, { cwd: home, ...options }),
  };
}

describe('list', () => {
  test('shows name, kind, what it is for and what it takes', async () => {
    const crm = {
      type: 'mcp',
      server_url: 'https://crm.example/mcp?key=hush',
      server_label: 'crm',
      headers: { authorization: 'Bearer hush' },
      allowed_tools: ['find', 'note'],
    };
    const { run } = await withAgent([look, { ...web, allowed_domains: ['x.ai'] }, crm]);
    expect(await run('tools list agent_1')).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'NAME        KIND        DESCRIPTION      PARAMETERS',
        'look        function    Look it up       id',
        'web_search  web_search                   allowed_domains: x.ai',
        'crm         mcp         crm.example/mcp  allowed_tools: find, note',
        '',
      ].join('\n'),
    });
  });

  test('an agent may be named by its name, or be a file that needs no server', async () => {
    const { run } = await withAgent();
    expect(await run(['tools', 'list', 'Order Support'] as never)).toMatchObject({ code: 0 });
    expect(await run('tools list a.json', { env: { AGENTS_BASE_URL: 'http://127.0.0.1:1' } })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('look'),
    });
    expect(await run('tools list -', { stdin: 'name: A\n' })).toMatchObject({ stdout: 'No tools.\n' });
  });

  test('--json has them as they are, members nobody knows included, whichever shape they came in', async () => {
    const server = await startFakeServer(() => ({
      body: {
        agent: {
          agentId: 'agent_1',
          tools: [
            { function: { name: 'look', parameters: '{"type":"object"}', x_new: 1 } },
            { webSearch: { allowedDomains: ['x.ai'] }, later: true },
            { type: 'teleport', to: 'Mars' },
          ],
        },
      },
    }));
    const { stdout } = await agents(`--base-url ${server.url} --json tools list agent_1`);
    expect(JSON.parse(stdout)).toEqual({
      tools: [
        { type: 'function', function: { name: 'look', parameters: { type: 'object' }, x_new: 1 } },
        { type: 'web_search', later: true, allowed_domains: ['x.ai'] },
        { type: 'teleport', to: 'Mars' },
      ],
    });
  });

  test('an agent that is not there is told, with names near it', async () => {
    const { run } = await withAgent();
    expect(await run("tools list 'Order Suport'")).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('there is no agent Order Suport (did you mean "Order Support"?)'),
    });
    expect(await run('tools list agent_9')).toMatchObject({ code: 3 });
    expect(await run('tools list gone.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read gone.yaml: no such file'),
    });
  });

  test('two agents of one name are told apart by their ids only', async () => {
    const server = await startFakeServer(({ path }) =>
      path.endsWith('/agents')
        ? { body: { agents: ['a1', 'a2'].map((agent_id) => ({ agent_id, name: 'Twin' })) } }
        : { status: 404 },
    );
    expect(await agents(`--base-url ${server.url} tools list Twin`)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: 2 agents are called Twin: a1, a2\n  name the one you mean by its id\n',
    });
  });
});

describe.each([
  ['a stored agent', 'agent_1'],
  ['a file', 'a.json'],
])('of %s', (_, target) => {
  const title = target === 'agent_1' ? 'Order Support (agent_1)' : 'a.json';
  async function world(tools?: object[], files?: Record<string, string>) {
    const made = await withAgent(tools, files);
    return { ...made, now: () => (target === 'agent_1' ? made.stored() : made.inFile()) };
  }

  test('a function is added by flags, from files, and from stdin', async () => {
    const { run, now } = await world([web]);
    const told = await run(
      `tools add ${target} --name open_ticket --description "Open a ticket" --parameters schema.json`,
    );
    expect(told).toEqual({
      code: 0,
      stdout: `Added open_ticket to ${title}; it has 2 tools now\n`,
      stderr: '',
    });
    await run(`tools add ${target} --function look.json --function -`, {
      stdin: 'tools:\n  - { function: { name: a } }\n  - { type: function, name: b, parameters: "{}" }\n',
    });
    await run(`tools add ${target} --name c --parameters '{"type":"object"}'`);
    await run(`tools add ${target} --name d`);
    expect(now()).toEqual([
      web,
      { type: 'function', function: { name: 'open_ticket', description: 'Open a ticket', parameters } },
      look,
      { type: 'function', function: { name: 'a' } },
      { type: 'function', function: { name: 'b', parameters: {} } },
      { type: 'function', function: { name: 'c', parameters: { type: 'object' } } },
      { type: 'function', function: { name: 'd', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  test('an MCP server is added, and its secrets are not printed', async () => {
    const { run, now } = await world([]);
    const line = `tools add ${target} --mcp https://crm.example/mcp --label crm --description Customers`;
    const flags = "--allowed-tool find --header 'Authorization=Bearer hush-hush' --header x-team=a=b";
    const told = await run(`${line} ${flags}`);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).not.toContain('hush');
    expect((await run(`tools list ${target}`)).stdout).not.toContain('hush');
    if (target === 'agent_1') {
      expect((await run('get agent_1')).stdout).toContain('[hidden]');
      expect((await run('get agent_1')).stdout).not.toContain('hush');
      expect((await run('update agent_1 --voice leo')).stdout).not.toContain('hush');
    }
    expect(now()).toEqual([
      {
        type: 'mcp',
        server_url: 'https://crm.example/mcp',
        server_label: 'crm',
        server_description: 'Customers',
        allowed_tools: ['find'],
        headers: { Authorization: 'Bearer hush-hush', 'x-team': 'a=b' },
      },
    ]);
  });

  test('a name that is taken is refused, unless it is to be replaced where it stands', async () => {
    const { run, now } = await world();
    const line = `tools add ${target} --name look --name look`;
    expect(await run(line)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${title} has look already\n  nothing was changed; add --replace to put the new in the place of the old\n`,
    });
    expect(now()).toEqual([look, web]);
    expect(await run(`${line} --replace`)).toMatchObject({
      stdout: expect.stringMatching(/^Replaced look in/),
    });
    expect(now()).toEqual([
      { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
      web,
    ]);
  });

  test('tools are removed by name or label, all or none', async () => {
    const crm = { type: 'mcp', server_url: 'https://crm.example', server_label: 'crm' };
    const { run, now } = await world([look, web, crm]);
    expect(await run(`tools remove ${target} crm loook`)).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: ${title} has no tool loook (did you mean "look"?)\n  its tools: look, web_search, crm\n`,
    });
    expect(await run(`tools remove ${target} crm look`)).toMatchObject({
      stdout: `Removed crm, look from ${title}; it has 1 tool now\n`,
    });
    expect(now()).toEqual([web]);
    await run(`tools remove ${target} web_search`);
    expect(now() ?? []).toEqual([]);
  });

  test('searches are enabled with what they are limited to, and disabled', async () => {
    const { run, now } = await world([look, { ...web, excluded_domains: ['a.example'] }]);
    const enable = (rest: string) => run(`tools enable ${target} ${rest}`);
    expect(
      await enable('web_search x_search --x-handle @xai --from-date 2026-07-01 --images --videos'),
    ).toEqual({
      code: 0,
      stdout: `Enabled web_search, x_search for ${title}; it has 3 tools now\n`,
      stderr: '',
    });
    await enable('web_search --allowed-domain docs.x.ai --allowed-domain x.ai');
    await enable('file_search --collection collection_a --max-results 5');
    const images = { enable_image_understanding: true };
    const posts = {
      type: 'x_search',
      allowed_x_handles: ['xai'],
      from_date: '2026-07-01',
      ...images,
      enable_video_understanding: true,
    };
    const files = { type: 'file_search', vector_store_ids: ['collection_a'], max_num_results: 5 };
    expect(now()).toEqual([
      look,
      { ...web, ...images, allowed_domains: ['docs.x.ai', 'x.ai'] },
      posts,
      files,
    ]);
    expect(await run(`tools disable ${target} web_search x_search`)).toMatchObject({
      code: 0,
      stdout: `Disabled web_search, x_search for ${title}; it has 2 tools now\n`,
    });
    expect(now()).toEqual([look, files]);
  });

  test('what is so already is a success and changes nothing', async () => {
    const { run, now, patches } = await world();
    for (const line of [`enable ${target} web_search`, `disable ${target} x_search`]) {
      expect(await run(`tools ${line}`)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(now()).toEqual([look, web]);
    expect(await patches()).toEqual([]);
  });

  test('--dry-run shows what would be written and writes nothing', async () => {
    const { run, now, patches } = await world();
    const shown = await run(`tools enable ${target} x_search --dry-run`);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('"type": "x_search"') });
    const json = JSON.parse((await run(`--json tools remove ${target} look web_search --dry-run`)).stdout);
    if (target === 'agent_1') {
      expect(json.request.body).toEqual({ agent: {}, field_mask: { paths: ['tools'] } });
      expect(shown.stdout).toContain('PATCH');
    } else
      expect(json).toEqual({ agent: { name: 'A', tools: [] }, text: expect.stringContaining('"tools"') });
    expect(now()).toEqual([look, web]);
    expect(await patches()).toEqual([]);
  });

  test('--json gives the agent as it is then', async () => {
    const { run } = await world();
    const { stdout } = await run(`--json tools enable ${target} x_search`);
    expect(JSON.parse(stdout).agent).toMatchObject({ tools: [look, web, { type: 'x_search' }] });
  });

  test.each([
    ['nothing to add', 'add', '', 'nothing to add'],
    ['parameters without a name', 'add', '--parameters schema.json', '--name is missing'],
    [
      'parameters for a file',
      'add',
      '--function look.json --parameters schema.json',
      '--parameters needs --name',
    ],
    ['a function and a server', 'add', '--name a --mcp https://a.example --label a', 'describe two tools'],
    ['a server without a label', 'add', '--mcp https://a.example', '--label is missing'],
    ['a label without a server', 'add', '--label crm', '--mcp is missing'],
    ['a header without a server', 'add', '--name a --header a=b', '--header needs --mcp'],
    [
      'an address that is none',
      'add',
      '--mcp crm --label crm',
      '--mcp must be an http or https URL, got crm',
    ],
    [
      'a header without a value',
      'add',
      '--mcp https://a.example --label a --header hush',
      '--header must be',
    ],
    ['a name that is none', 'add', '--name "look it up"', 'function.name must match'],
    ['a list for a schema', 'add', '--name a --parameters []', 'must be a JSON object or a file, got []'],
    ['a schema that is none', 'add', `--name a --parameters '{"type":"objet"}'`, 'must be of type object'],
    [
      'a schema with a fault inside',
      'add',
      `--name a --parameters '{"properties":{"q":{"type":"strin"}}}'`,
      'a: parameters are no JSON Schema: properties.q.type must be equal',
    ],
    ['a schema that is no JSON', 'add', `--name a --parameters '{"type":}'`, '--parameters: not valid JSON'],
    ['a file that is not there', 'add', '--function gone.json', 'cannot read gone.json: no such file'],
    ['a file of no tool', 'add', '--function number.json', 'number.json[0]: a tool must be an object'],
    ['a search in a file', 'add', '--function search.json', 'search.json is no function, but web_search'],
    ['a name twice', 'add', '--function look.json --name look', 'look would be added twice'],
    [
      'an unknown search',
      'enable',
      'web_serch',
      'web_serch is no built-in tool (did you mean "web_search"?)',
    ],
    ['a function to disable', 'disable', 'look', 'look is no built-in tool'],
    [
      'six domains',
      'enable',
      `web_search${' --allowed-domain x.ai'.repeat(6)}`,
      'must hold at most 5, got 6',
    ],
    ['21 handles', 'enable', `x_search${' --x-handle xai'.repeat(21)}`, 'must hold at most 20, got 21'],
    [
      '11 collections',
      'enable',
      `file_search${' --collection c'.repeat(11)}`,
      'must hold at most 10, got 11',
    ],
    ['both lists', 'enable', 'web_search --allowed-domain a.b --excluded-domain b.c', 'exclude each other'],
    ['an address for a domain', 'enable', 'web_search --allowed-domain https://x.ai', 'is no domain'],
    ['a handle that is none', 'enable', 'x_search --x-handle x.ai', 'x.ai is no handle'],
    ['a day that is none', 'enable', 'x_search --from-date 2026-02-30', 'must be a day as YYYY-MM-DD'],
    ['days in the wrong order', 'enable', 'x_search --from-date 2026-02-02 --to-date 2026-02-01', 'is after'],
    ['an option of another search', 'enable', 'web_search --x-handle xai', '--x-handle is for x_search'],
    ['a count that is none', 'enable', 'file_search --max-results 0', 'must be a whole number, 1 or more'],
  ])('%s is told, and nothing is sent or written', async (_what, verb, rest, message) => {
    const { run, now, asked } = await world([look], {
      'number.json': '[4]',
      'search.json': '{"type":"web_search"}',
    });
    const told = await run(`tools ${verb} ${target} ${rest}`);
    expect(told).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(told.stderr).not.toContain('hush');
    expect(now()).toEqual([look]);
    expect(await asked()).toEqual([]);
  });

  test('what is required and not described draws a note, as does a member nobody knows', async () => {
    const { run, now } = await world([]);
    const told = await run(`tools add ${target} --function -`, {
      stdin: '{"name":"a","strict":true,"parameters":{"type":"object","required":["id"]}}',
    });
    const notes = [
      'note: stdin: function.strict is not a member the API documents; sent as it is\n',
      'note: stdin: id is required but not among the properties\n',
    ].join('');
    expect(told.stderr).toContain(notes);
    // The local API is stricter than the service.
    if (target === 'a.json') expect(now()[0].function.strict).toBe(true);
    else expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining('strict') });
  });

  test('no more than 200 tools are written, and too many may become fewer', async () => {
    const many = Array.from({ length: 200 }, (_each, at) => ({
      type: 'function',
      function: { name: `f${at}` },
    }));
    const { run, now, patches } = await world(many);
    expect(await run(`tools enable ${target} web_search`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('would have 201 tools, and 200 is the most there may be'),
    });
    expect(await patches()).toEqual([]);
    await run(`tools remove ${target} f7`);
    expect(now()).toHaveLength(199);
  });

  test('searching nothing is noted, as is a collection that is searched all the same', async () => {
    const { run } = await world([]);
    expect((await run(`tools enable ${target} file_search`)).stderr).toBe(
      'note: file_search has nothing to search yet: name a --collection\n',
    );
  });
});

describe('collections to search', () => {
  const library = async () => {
    const someone = await withAgent();
    const { stdout } = await someone.run('--json knowledge create faq');
    return { ...someone, id: JSON.parse(stdout).collection_id as string };
  };

  test('are named by id or name, and stored by id', async () => {
    const { run, id, stored } = await library();
    await run('tools enable agent_1 file_search --collection faq');
    expect(stored()).toContainEqual({ type: 'file_search', vector_store_ids: [id] });
  });

  test.each(['agent_1', 'a.json'])('are not written to %s where there is no such name', async (target) => {
    const { run, patches, inFile } = await library();
    expect(await run(`tools enable ${target} file_search --collection faw`)).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('there is no collection faw (did you mean "faq"?)'),
    });
    expect(await patches()).toEqual([]);
    expect(inFile()).toEqual([look, web]);
  });

  test('are taken by id in a file where no server is at hand', async () => {
    const { run, inFile } = await withAgent();
    const env = { AGENTS_BASE_URL: 'http://localhost:1' };
    const line = 'tools enable a.json file_search --collection collection_a';
    expect(await run(line, { env })).toMatchObject({ code: 0, stderr: '' });
    expect(inFile()).toContainEqual({ type: 'file_search', vector_store_ids: ['collection_a'] });
  });
});

test('what changes nothing says that it is so already', async () => {
  const { run, patches } = await withAgent();
  const title = 'Order Support (agent_1); it has 2 tools now';
  expect((await run('tools enable agent_1 web_search')).stdout).toBe(
    `web_search is already enabled for ${title}\n`,
  );
  expect((await run('tools disable agent_1 x_search file_search')).stdout).toBe(
    `x_search, file_search are already disabled for ${title}\n`,
  );
  await run('tools enable agent_1 web_search --allowed-domain x.ai');
  const sent = await patches();
  expect((await run('tools enable agent_1 web_search --allowed-domain x.ai')).stdout).toContain('already');
  expect(await patches()).toEqual(sent);
});

test('one that is kept by its collections is told when file_search is disabled', async () => {
  const { run } = await withAgent([], {
    'c.yaml': 'name: A\ncollection_ids: [c1]\ntools: [{ type: file_search }]\n',
  });
  expect((await run('tools disable c.yaml file_search')).stderr).toContain('--clear-collections');
});

test('nothing of the other tools is lost on the way through the service', async () => {
  const others = [
    { function: { name: 'look', parameters: '{"type":"object"}', x_new: 1 }, later: null },
    { type: 'teleport', to: { planet: 'Mars' }, limit: 12345678901234567890n },
  ];
  const agent = { agent_id: 'agent_1', name: 'A', tools: others };
  const server = await startFakeServer(() => ({ body: { agent } }));
  expect(await agents(`--base-url ${server.url} tools enable agent_1 x_search`)).toMatchObject({ code: 0 });
  expect(server.seen[1]).toMatchObject({
    method: 'PATCH',
    body: {
      field_mask: { paths: ['tools'] },
      agent: {
        tools: [
          { type: 'function', function: { name: 'look', parameters: { type: 'object' }, x_new: 1 } },
          { type: 'teleport', to: { planet: 'Mars' }, limit: 12345678901234567890n },
          { type: 'x_search' },
        ],
      },
    },
  });
});

test('a secret is hidden in a request that is shown', async () => {
  const { run } = await withAgent();
  const shown = await run(
    'tools add agent_1 --mcp https://a.example --label a --header x-team=hush --dry-run --verbose',
  );
  expect(shown.code).toBe(0);
  expect(shown.stdout + shown.stderr).not.toContain('hush');
});

describe('a file', () => {
  test('keeps its comments, its rights, and its place behind a link', async () => {
    const text = '# Ours.\nname: A  # short\ntools:\n  # The web.\n  - {type: web_search}\n';
    const { run, home } = await withAgent([], { 'real.yaml': text });
    chmodSync(join(home, 'real.yaml'), 0o640);
    symlinkSync(join(home, 'real.yaml'), join(home, 'a.yaml'));
    expect(await run('tools enable a.yaml x_search')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(home, 'real.yaml'), 'utf8')).toBe(`${text}  - type: x_search\n`);
    expect(statSync(join(home, 'real.yaml')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(home, 'a.yaml')).isSymbolicLink()).toBe(true);
  });

  test.runIf(process.getuid?.() !== 0)('that may not be written is left alone', async () => {
    const { run, home, inFile } = await withAgent();
    chmodSync(join(home, 'a.json'), 0o444);
    expect(await run('tools enable a.json x_search')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('no right to write there'),
    });
    expect(inFile()).toEqual([look, web]);
  });

  test.each([
    ['stdin', '-', 2, 'stdin cannot be changed in place'],
    ['several agents', 'two.yaml', 2, 'two.yaml holds 2 specs; this takes one'],
    ['handlers', 'handlers.yaml', 2, 'handlers.yaml: tools must be a list'],
    ['no agent', 'none.yaml', 2, 'none.yaml is no agent'],
    ['no YAML', 'bad.yaml', 2, 'bad.yaml: not valid YAML: line 2'],
  ])('%s is not changed', async (_, target, code, message) => {
    const { run } = await withAgent([], {
      'two.yaml': 'name: A\n---\nname: B\n',
      'handlers.yaml': 'tools: { look: { return: 1 } }\n',
      'none.yaml': 'rules: []\n',
      'bad.yaml': 'name: [\n',
    });
    expect(await run(`tools enable ${target} web_search`, { stdin: 'name: A\n' })).toEqual({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('that was changed by somebody else meanwhile is left alone', async () => {
    const { run, home } = await withAgent();
    const file = join(home, 'a.json');
    // The note comes between reading and writing.
    const onWrite = () => writeFileSync(file, '{"name":"B"}');
    expect(await run('tools enable a.json file_search', { onWrite })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('a.json was changed by somebody else meanwhile'),
    });
    expect(readFileSync(file, 'utf8')).toBe('{"name":"B"}');
  });
});

test('help on the command points to help on handlers, which is another matter', async () => {
  for (const line of ['help tools', 'tools --help']) {
    expect((await agents(line)).stdout).toContain('the file of --tools: agents help handlers');
  }
  expect((await agents('help handlers')).stdout).toMatch(/^Handlers: what runs an agent's tools here\n/);
  expect((await agents('tools')).code).toBe(2);
  expect((await agents('tools lst')).stderr).toContain("unknown command 'lst' (did you mean list?)");
});

describe('trouble', () => {
  const agent = { agent_id: 'agent_1', tools: [] };
  const failingPatch = (status: number) =>
    startFakeServer(({ method }) => (method === 'PATCH' ? { status } : { body: { agent } }));

  test.each([
    [401, 4],
    [403, 4],
    [404, 3],
    [409, 1],
    [422, 1],
    [429, 5],
    [503, 5],
  ])('a change refused with %i ends with %i, and is not tried twice', async (status, code) => {
    const server = await failingPatch(status);
    const told = await agents(`--base-url ${server.url} tools enable agent_1 web_search`);
    expect(told).toMatchObject({ code, stdout: '' });
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  test('a change answered with nothing was made, and is shown', async () => {
    const server = await failingPatch(204);
    expect(await agents(`--base-url ${server.url} tools enable agent_1 web_search`)).toMatchObject({
      code: 0,
    });
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET']);
  });

  test('tools that are no list are not written over', async () => {
    const server = await startFakeServer(() => ({ body: { agent: { ...agent, tools: 'some' } } }));
    expect(await agents(`--base-url ${server.url} tools enable agent_1 web_search`)).toMatchObject({
      code: 1,
    });
    expect(server.seen).toHaveLength(1);
  });

  test('text from a server does not steer the terminal', async () => {
    const tools = [{ type: 'function', function: { name: 'a\u001b[2J', description: 'b\u0007\nc' } }];
    const server = await startFakeServer(() => ({ body: { agent: { ...agent, tools } } }));
    const { stdout } = await agents(`--base-url ${server.url} tools list agent_1`);
    expect(stdout).toContain('a[2J');
    expect(stdout).not.toMatch(/[\u0007\u001b]/);
  });

  test('without a key nothing is sent', async () => {
    for (const line of ['list a', 'add a --name b', 'remove a b', 'enable a web_search', 'scaffold a']) {
      expect(await agents(`tools ${line}`)).toMatchObject({
        code: 4,
        stdout: '',
        stderr: expect.stringContaining('no API key'),
      });
    }
  });

  test('Ctrl+C between reading and writing writes nothing', async () => {
    const interrupts = new Interrupts();
    const server = await startFakeServer(() => {
      interrupts.raise('interrupted');
      return { body: { agent } };
    });
    const told = await agents(`--base-url ${server.url} tools enable agent_1 web_search`, { interrupts });
    expect(told).toEqual({ code: 130, stdout: '', stderr: 'error: interrupted\n' });
    expect(server.seen).toHaveLength(1);
  });
});

test('a file keeps the byte order mark that an editor put there', async () => {
  const text = '\ufeffname: A\r\ntools: [{type: web_search}] # ours\r\n';
  const { run, home } = await withAgent([], { 'a.yaml': text });
  expect(await run('tools enable a.yaml x_search')).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(join(home, 'a.yaml'), 'utf8')).toMatch(/^\ufeffname: A\r\n[\s\S]*# ours\r\n$/);
});
