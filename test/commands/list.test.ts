import { describe, expect, test } from 'vitest';
import { agents, person } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';

const agent = (n: number, members: object = {}) => ({
  agent_id: `agent_${n}`,
  name: `Agent ${n}`,
  ...members,
});

/** A server with so many agents, in pages of two, its tokens under `tokenName`. */
async function paged(total: number, tokenName = 'pagination_token') {
  return startFakeServer(({ query }) => {
    const start = Number(query.pagination_token ?? 0);
    const shown = Array.from({ length: Math.min(2, total - start) }, (_, at) => agent(start + at));
    const next = start + 2 < total ? { [tokenName]: String(start + 2) } : {};
    return { body: { agents: shown, ...next } };
  });
}

describe('list', () => {
  test('says so when there are none', async () => {
    expect(await agents('--local list')).toEqual({ code: 0, stdout: 'No agents.\n', stderr: '' });
    expect(await agents('--local --json list')).toEqual({
      code: 0,
      stdout: '{\n  "agents": []\n}\n',
      stderr: '',
    });
  });

  test.each(['pagination_token', 'paginationToken', 'next_page_token', 'nextPageToken'])(
    'follows %s to the last page',
    async (tokenName) => {
      const server = await paged(5, tokenName);
      const listed = await agents(`--base-url ${server.url} --json list`);
      expect(JSON.parse(listed.stdout).agents).toEqual([0, 1, 2, 3, 4].map((n) => agent(n)));
      expect(server.seen.map(({ query }) => query.pagination_token)).toEqual([undefined, '2', '4']);
    },
  );

  test('ends when a token comes again', async () => {
    const server = await startFakeServer(() => ({ body: { agents: [agent(1)], pagination_token: 'same' } }));
    const listed = await agents(`--base-url ${server.url} --json list`);
    expect(listed.code).toBe(0);
    expect(server.seen).toHaveLength(2);
  });

  test('asks for no more than the limit', async () => {
    const server = await paged(9);
    const listed = await agents(`--base-url ${server.url} --json list --limit 3`);
    expect(JSON.parse(listed.stdout).agents).toHaveLength(3);
    expect(server.seen.map(({ query }) => query.limit)).toEqual(['3', '1']);
  });

  test('filters by name, whatever the case', async () => {
    const server = await paged(12);
    const listed = await agents(`--base-url ${server.url} --json list --name "agent 1"`);
    const names = JSON.parse(listed.stdout).agents.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['Agent 1', 'Agent 10', 'Agent 11']);
  });

  test.each(['0', '-1', '1.5', 'many'])('a limit of %s is refused', async (limit) => {
    const refused = await agents(['--local', 'list', `--limit=${limit}`]);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`got ${limit}`) });
  });

  test('passes on members it does not know', async () => {
    const strange = agent(1, { mood: { today: 'fine' } });
    const server = await startFakeServer(() => ({ body: { agents: [strange] } }));
    const listed = await agents(`--base-url ${server.url} --json list`);
    expect(JSON.parse(listed.stdout)).toEqual({ agents: [strange] });
  });

  test('fits the table to the terminal, and cuts nothing in a pipe', async () => {
    const long = agent(1, { instructions: 'word '.repeat(100), tools: [{ type: 'web_search' }] });
    const server = await startFakeServer(() => ({ body: { agents: [long] } }));
    const piped = await agents(`--base-url ${server.url} list`);
    expect(piped.stdout.split('\n')[1]?.length).toBeGreaterThan(150);
    const shown = await agents(`--base-url ${server.url} list`, {
      tty: { stdout: true, columns: 70 },
      env: { NO_COLOR: '1' },
    });
    expect(shown.stdout).toMatch(
      /^ID\s+NAME\s+VOICE\s+TOOLS\s+INSTRUCTIONS\nagent_1\s+Agent 1\s+web_search\s+word .*…\n$/,
    );
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  });

  test('strips what would steer a terminal from names, and keeps it, escaped, in JSON', async () => {
    const hostile = agent(1, { name: 'evil\u001b[2J\u009b31m\u202ename' });
    const server = await startFakeServer(() => ({ body: { agents: [hostile] } }));
    const shown = await agents(`--base-url ${server.url} list`);
    expect(shown.stdout).toContain('evil[2J31mname');
    const json = await agents(`--base-url ${server.url} --json list`);
    expect(json.stdout).not.toMatch(/[\u001b\u009b\u202e]/);
    expect(JSON.parse(json.stdout).agents).toEqual([hostile]);
  });

  test('agents are listed in the order they were made', async () => {
    const { run } = person();
    for (const name of ['First', 'Second', 'Third']) await run(['--local', 'create', '--name', name]);
    const listed = JSON.parse((await run('--local --json list')).stdout).agents;
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(['First', 'Second', 'Third']);
  });
});
