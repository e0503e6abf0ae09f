import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { person } from '../support/agents.js';
import { echoAgents, startFakeServer } from '../support/fake-server.js';

const stored = {
  agent_id: 'agent_1',
  name: 'Old',
  instructions: 'Old words',
  voice: { voice_id: 'eve', vad_threshold: 0.5, accent: 'soft' },
  mood: 'fine',
  created_at: '2026-01-01T00:00:00Z',
};

async function updater(agent: Record<string, unknown> = stored) {
  const server = await startFakeServer(echoAgents({ agent_1: { ...agent } }));
  const { run, home } = person({ env: { AGENTS_BASE_URL: server.url } });
  const patches = () => server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  return { run, home, patches, seen: server.seen };
}

describe('update by flags', () => {
  test.each([
    ['--name New', { agent: { name: 'New' }, field_mask: { paths: ['name'] } }],
    ['--instructions ""', { agent: { instructions: '' }, field_mask: { paths: ['instructions'] } }],
    ['--clear-instructions', { agent: {}, field_mask: { paths: ['instructions'] } }],
    [
      '--clear-tools --clear-voice --clear-collections',
      { agent: {}, field_mask: { paths: ['tools', 'voice', 'collection_ids'] } },
    ],
    ['--tool web_search', { agent: { tools: [{ type: 'web_search' }] }, field_mask: { paths: ['tools'] } }],
    [
      '--collection collection_1',
      { agent: { collection_ids: ['collection_1'] }, field_mask: { paths: ['collection_ids'] } },
    ],
    [
      '--voice leo',
      {
        agent: { voice: { voice_id: 'leo', vad_threshold: 0.5, accent: 'soft' } },
        field_mask: { paths: ['voice'] },
      },
    ],
    ['--phone-number p1', { agent: { name: 'Old' }, field_mask: { paths: ['name'] }, phone_number_id: 'p1' }],
    ['--no-phone-number', { agent: { name: 'Old' }, field_mask: { paths: ['name'] }, phone_number_id: '' }],
    [
      '--phone-number p1 --name New',
      { agent: { name: 'New' }, field_mask: { paths: ['name'] }, phone_number_id: 'p1' },
    ],
  ])('%s sends exactly what was asked for', async (flags, body) => {
    const { run, patches } = await updater();
    expect(await run(`--json update agent_1 ${flags}`)).toMatchObject({ code: 0, stderr: '' });
    expect(patches()).toEqual([body]);
  });

  test('reads the agent only when the request depends on it', async () => {
    const { run, seen } = await updater();
    await run('--json update agent_1 --name New');
    expect(seen.map(({ method }) => method)).toEqual(['PATCH']);
  });

  test.each([
    ['nothing to change', '', 'nothing to change'],
    ['a name cleared by nothing', '--name ""', 'name must not be empty'],
    [
      'set and cleared at once',
      '--instructions a --clear-instructions',
      'instructions cannot be set and cleared at once',
    ],
    ['out of range', '--vad-threshold 2', 'voice.vad_threshold must be at most 1, got 2'],
  ])('%s is refused and nothing is sent', async (_, flags, message) => {
    const { run, seen } = await updater();
    const refused = await run(`update agent_1 ${flags}`);
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });

  test('an id that is not there is told, with exit code 3', async () => {
    const { run } = await updater();
    expect(await run('update agent_9 --name New')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('Agent not found: agent_9'),
    });
  });

  test('shows the agent as it is afterwards, also when the reply is empty', async () => {
    const server = await startFakeServer(({ method }) =>
      method === 'PATCH' ? { body: {} } : { body: { agent: { ...stored, name: 'New' } } },
    );
    const { run } = person({ env: { AGENTS_BASE_URL: server.url } });
    const updated = await run('--json update agent_1 --name New');
    expect(JSON.parse(updated.stdout).agent.name).toBe('New');
  });
});

describe('--dry-run', () => {
  test('in the local API shows where agents dev serves, not what is gone with the command', async () => {
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name A')).stdout);
    const shown = await run(`--local --json update ${agent.agent_id} --name B --dry-run`);
    expect(JSON.parse(shown.stdout).request.url).toBe(`http://localhost:9978/v1/agents/${agent.agent_id}`);
  });

  test('shows the request with the key hidden and sends nothing', async () => {
    const { run, seen } = await updater();
    const shown = await run('--json update agent_1 --name New --dry-run', {
      env: { XAI_API_KEY: 'xai-very-secret' },
    });
    expect(JSON.parse(shown.stdout)).toEqual({
      request: {
        method: 'PATCH',
        url: expect.stringMatching(/\/v1\/agents\/agent_1$/),
        headers: expect.objectContaining({
          authorization: 'Bearer [hidden]',
          'content-type': 'application/json',
        }),
        body: { agent: { name: 'New' }, field_mask: { paths: ['name'] } },
      },
    });
    const human = await run('update agent_1 --name New --dry-run', {
      env: { XAI_API_KEY: 'xai-very-secret' },
    });
    expect(human.stdout).toMatch(/^PATCH http.*\/v1\/agents\/agent_1\n/);
    expect(shown.stdout + human.stdout).not.toContain('very-secret');
    expect(seen).toEqual([]);
  });
});

describe('update by file', () => {
  const write = (home: string, value: unknown) => {
    const file = join(home, 'update.json');
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  test.each([
    ['agentId', { agent: { agentId: 'agent_1', name: 'New' } }],
    ['agent_id', { agent: { agent_id: 'agent_1', name: 'New' } }],
    ['no envelope', { agent_id: 'agent_1', name: 'New' }],
    ['a mask as an object', { agent: { agentId: 'agent_1', name: 'New' }, fieldMask: { paths: ['name'] } }],
    [
      'a phone number beside it',
      { agent: { agentId: 'agent_1', name: 'New' }, phone_number_id: 'p1' },
      { phone_number_id: 'p1' },
    ],
    ['a mask as text', { agent: { agentId: 'agent_1', name: 'New', instructions: 'x' }, field_mask: 'name' }],
  ])('is read with %s', async (_, value, beside?: object) => {
    const { run, home, patches } = await updater();
    expect(await run(['--json', 'update', write(home, value)])).toMatchObject({ code: 0, stderr: '' });
    expect(patches()).toEqual([{ agent: { name: 'New' }, field_mask: { paths: ['name'] }, ...beside }]);
  });

  test('tells what stands beside the agent and is no member there', async () => {
    const { run, home } = await updater();
    const file = write(home, { agent: { agentId: 'agent_1', name: 'New' }, fieldmask: { paths: ['name'] } });
    expect((await run(['update', file])).stderr).toContain('fieldmask beside agent is not a member');
  });

  test('a voice seen as a bare name is one to be changed in part', async () => {
    const { run, patches } = await updater({ ...stored, voice: 'eve' });
    await run('update agent_1 --vad-threshold 0.4');
    expect(patches()).toMatchObject([{ agent: { voice: { voice_id: 'eve', vad_threshold: 0.4 } } }]);
  });

  test('clears what is masked and absent, or null', async () => {
    const { run, home, patches } = await updater();
    await run([
      'update',
      write(home, { agent: { agentId: 'agent_1' }, field_mask: { paths: ['instructions'] } }),
    ]);
    await run(['update', write(home, { agent: { agentId: 'agent_1', tools: null } })]);
    expect(patches()).toEqual([
      { agent: {}, field_mask: { paths: ['instructions'] } },
      { agent: {}, field_mask: { paths: ['tools'] } },
    ]);
  });

  test('what get gave may be sent back: members no mask can name count only when they were changed', async () => {
    const { run, home, patches } = await updater();
    const got = (await run('--json get agent_1')).stdout;
    const same = await run(['--json', 'update', write(home, got.replace('Old words', 'New words'))]);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(patches()).toEqual([
      {
        agent: { name: 'Old', instructions: 'New words', voice: stored.voice },
        field_mask: { paths: ['name', 'instructions', 'voice'] },
      },
    ]);
    const changed = await run(['update', write(home, got.replace('fine', 'better'))]);
    expect(changed.stderr).toContain('mood is not a member the API documents');
    expect(patches()[1]).toMatchObject({
      agent: { mood: 'better' },
      field_mask: { paths: expect.arrayContaining(['mood']) },
    });
  });

  test('flags come on top, and stdin is as good as a file', async () => {
    const { run, patches } = await updater();
    const stdin = JSON.stringify({ agent: { agentId: 'agent_1', name: 'File', instructions: 'File' } });
    await run('update - --name Flag', { stdin });
    expect(patches()).toEqual([
      { agent: { name: 'Flag', instructions: 'File' }, field_mask: { paths: ['name', 'instructions'] } },
    ]);
  });

  test.each([
    ['without an id', { agent: { name: 'New' } }, 'agent.agentId is missing'],
    [
      'with a name that would be cleared',
      { agent: { agentId: 'agent_1' }, field_mask: { paths: ['name'] } },
      'can be changed but not cleared',
    ],
    [
      'with a mask of numbers',
      { agent: { agentId: 'agent_1' }, field_mask: { paths: [1] } },
      'field_mask must be',
    ],
    ['holding two', [{ agent_id: 'a' }, { agent_id: 'b' }], 'holds 2 specs; an update takes one'],
  ])('%s is refused and nothing is sent', async (_, value, message) => {
    const { run, home, seen } = await updater();
    const refused = await run(['update', write(home, value)]);
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });
});

test('a number bought in the local API is assigned, moved and taken away', async () => {
  const { run } = person();
  const made = JSON.parse((await run('--local --json create --name A')).stdout).agent;
  expect(await run(`--local update ${made.agent_id} --phone-number nope`)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Phone number not found: nope'),
  });
});
