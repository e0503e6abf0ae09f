import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { agents, person } from '../support/agents.js';
import { startFakeServer, startServer } from '../support/fake-server.js';

const offered = (stdout: string) => stdout.split('\n').filter((line) => line !== '');
const complete = async (words: string[], options = {}) =>
  offered((await agents(['__complete', '--', ...words], options)).stdout);
const values = (lines: string[]) => lines.map((line) => line.split('\t')[0]);

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a small script for %s', async (shell) => {
    const printed = await agents(`completion ${shell}`);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(Buffer.byteLength(printed.stdout)).toBeLessThan(20_000);
    expect(printed.stdout).toContain('agents __complete');
  });

  test('another shell is refused', async () => {
    expect(await agents('completion tcsh')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tcsh'),
    });
  });

  test('the bash script is understood by bash and completes a command', async () => {
    const { stdout: script } = await agents('completion bash');
    const asked = `agents() { printf 'create\\tCreate\\ncompletion\\tx\\nlist\\ty\\n'; }
${script}
COMP_WORDS=(agents c); COMP_CWORD=1; COMP_LINE='agents c'; COMP_POINT=8; _agents; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', asked], { encoding: 'utf8' })).toBe('create\ncompletion\n');
  });

  test('the bash script takes a URL for one word, though bash itself does not', async () => {
    const { stdout: script } = await agents('completion bash');
    const asked = `agents() { shift 2; printf '%s,' "$@" >&2; }
${script.replace('2>/dev/null', '')}
COMP_LINE='agents --base-url http://localhost:9978 get '; COMP_POINT=\${#COMP_LINE}
COMP_WORDS=(agents --base-url http : //localhost : 9978 get ''); COMP_CWORD=8; _agents`;
    const { stderr } = spawnSync('bash', ['-c', asked], { encoding: 'utf8' });
    expect(stderr).toBe('--base-url,http://localhost:9978,get,,');
  });

  test('offers commands, with what they do', async () => {
    const lines = await complete(['']);
    expect(values(lines)).toEqual([
      ...[
        'create',
        'list',
        'get',
        'update',
        'delete',
        'tools',
        'templates',
        'knowledge',
        'open',
        'run',
        'voice',
        'replay',
        'test',
        'phone',
        'call',
        'listen',
        'token',
        'voices',
        'models',
        'whoami',
        'dev',
        'doctor',
        'tour',
        'completion',
        'help',
      ],
    ]);
    expect(lines[0]).toBe('create\tCreate an agent, or several');
  });

  test('offers the flags of a command and the global ones', async () => {
    const flags = values(await complete(['create', '--']));
    expect(flags).toEqual(
      expect.arrayContaining(['--name', '--template', '--json', '--local', '--base-url']),
    );
  });

  test.each([
    [
      ['create', '--template', ''],
      ['healthcare', 'restaurant', 'customer-support', 'real-estate', 'appointment-booking', 'concierge'],
    ],
    [
      ['create', '--voice', ''],
      ['eve', 'ara', 'rex', 'sal', 'leo'],
    ],
    [['create', ''], [':files']],
    [['listen', '--secret-file', ''], [':files']],
    [['listen', 'a.yaml', '--record', ''], [':files']],
    [['create', '--instructions-file', ''], [':files']],
    [['create', '--name', ''], []],
    [
      ['create', '--voice='],
      ['--voice=eve', '--voice=ara', '--voice=rex', '--voice=sal', '--voice=leo'],
    ],
    [['create', '--instructions-file=a'], []],
    [['create', '--name=A'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [
      ['nonsense', ''],
      [
        'create',
        'list',
        'get',
        'update',
        'delete',
        'tools',
        'templates',
        'knowledge',
        'open',
        'run',
        'voice',
        'replay',
        'test',
        'phone',
        'call',
        'listen',
        'token',
        'voices',
        'models',
        'whoami',
        'dev',
        'doctor',
        'tour',
        'completion',
        'help',
      ],
    ],
    [['phone', 'simulate', '--audio', ''], [':files']],
    [
      ['test', ''],
      ['init', 'from', 'merge', ':files'],
    ],
    [['test', 'a.scenario.yaml', ''], [':files']],
    [
      ['test', '--reporter', ''],
      ['terminal', 'junit', 'tap', 'github', 'json', 'jsonl', 'html'],
    ],
    [['call', 'agent_1', '--to', ''], []],
  ])('after %j offers %j', async (words, expected) => {
    expect(values(await complete(words))).toEqual(expected);
  });

  test('offers the commands of phone, live numbers, and agents after them', async () => {
    const { run } = person();
    await run('--local phone buy --area-code 415 --name "Support Line" --yes');
    const { agent } = JSON.parse((await run('--local --json create --name "Order Support"')).stdout);
    const offers = async (words: string[]) =>
      offered((await run(['__complete', '--', '--local', ...words])).stdout);
    expect(values(await offers(['phone', '']))).toEqual([
      ...['list', 'get', 'buy', 'register', 'update', 'assign', 'unassign', 'release', 'simulate'],
    ]);
    for (const command of ['get', 'update', 'assign', 'unassign', 'release']) {
      expect(await offers(['phone', command, ''])).toEqual([
        expect.stringMatching(/^\+1415\d{7}\tSupport Line$/),
      ]);
    }
    const [number = ''] = values(await offers(['phone', 'get', '']));
    const agents = [`${agent.agent_id}\tOrder Support`];
    expect(await offers(['phone', 'assign', number, ''])).toEqual(agents);
    expect(await offers(['phone', 'register', '+1', '--agent', ''])).toEqual(agents);
    expect(await offers(['update', agent.agent_id, '--phone-number', ''])).toEqual([
      `${number}\tSupport Line`,
    ]);
    expect(await offers(['phone', 'register', '+1', '--secret-file', ''])).toEqual([':files']);
  });

  test('offers live ids with names, from the server the words name', async () => {
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name "Order Support"')).stdout);
    const asked = await run(['__complete', '--', '--local', 'get', '']);
    expect(offered(asked.stdout)).toEqual([`${agent.agent_id}\tOrder Support`]);
    const forVoice = await run(['__complete', '--', '--local', 'voice', '']);
    expect(offered(forVoice.stdout)).toEqual([`${agent.agent_id}\tOrder Support`, ':files']);
  });

  test('offers live voices and models, where a voice or a model is asked for', async () => {
    const { run } = person();
    const asked = async (...words: string[]) =>
      offered((await run(['__complete', '--', '--local', ...words])).stdout);
    const voices = await asked('voices', '--play', '');
    expect(voices).toHaveLength(28);
    expect(voices).toContain('eve\tEve');
    expect(await asked('create', '--voice', '')).toEqual(voices);
    expect(await asked('voice', '--voice=')).toContain('--voice=eve\tEve');
    expect(await asked('models', '')).toContain('grok-4.3');
    expect(await asked('run', '--model', '')).toEqual(await asked('models', ''));
    expect(await asked('voice', '--model', '')).toEqual([]);
    const own = await startFakeServer(({ path }) => ({
      body: {
        voices: [path === '/v1/tts/voices' ? { voice_id: 'eve' } : { voice_id: 'abcd1234', name: 'Mine' }],
      },
    }));
    const listed = await run(['__complete', '--', '--base-url', own.url, 'voices', '--play', '']);
    expect(offered(listed.stdout)).toEqual(['eve', 'abcd1234\tMine']);
  });

  test('offers the five voices everybody has where the server does not answer, and agents to open', async () => {
    expect(await complete(['voices', '--play', ''])).toEqual(['eve', 'ara', 'rex', 'sal', 'leo']);
    expect(await complete(['models', ''])).toEqual([]);
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name A')).stdout);
    const asked = await run(['__complete', '--', '--local', 'open', '']);
    expect(offered(asked.stdout)).toEqual([`${agent.agent_id}\tA`]);
  });

  test('offers the tools that an agent has, or that there are to enable', async () => {
    const { run, home } = person();
    const spec = {
      name: 'A',
      tools: [
        { type: 'function', function: { name: 'look', description: 'Look it up' } },
        { type: 'mcp', server_label: 'crm', server_url: 'https://crm.example' },
      ],
    };
    writeFileSync(join(home, 'a.json'), JSON.stringify(spec));
    const { agent } = JSON.parse((await run('--local --json create a.json', { cwd: home })).stdout);
    const offers = async (...words: string[]) =>
      offered((await run(['__complete', '--', ...words], { cwd: home })).stdout);
    expect(await offers('--local', 'tools', 'remove', agent.agent_id, '')).toEqual([
      'look\tLook it up',
      'crm',
    ]);
    expect(await offers('tools', 'remove', 'a.json', 'look', '')).toEqual(['look\tLook it up', 'crm']);
    expect(await offers('--local', 'tools', 'remove', 'agent_9', '')).toEqual([]);
    expect(await offers('--local', 'tools', 'list', '')).toEqual([`${agent.agent_id}\tA`, ':files']);
    expect(await offers('tools', 'enable', 'a.json', '')).toEqual(['web_search', 'x_search', 'file_search']);
    expect(values(await offers('tools', ''))).toEqual([
      'list',
      'add',
      'remove',
      'enable',
      'disable',
      'scaffold',
    ]);
    expect(values(await offers('tools', 'add', 'a.json', '--'))).toContain('--function');
    expect(await offers('tools', 'add', 'a.json', '--parameters', '')).toEqual([':files']);
  });

  test('offers the templates there are', async () => {
    expect(values(await complete(['templates', 'show', '']))).toContain('real-estate');
  });

  test('takes the time the local API needs to start on a busy machine', async () => {
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name A')).stdout);
    const clock = { after: (ms: number, fire: () => void) => systemClock.after(ms < 4000 ? 0 : ms, fire) };
    for (const [command, env] of [
      ['get', {}],
      ['update', { AGENTS_LOCAL: '1' }],
      ['delete', {}],
    ] as const) {
      const words = 'AGENTS_LOCAL' in env ? [command, ''] : ['--local', command, ''];
      const asked = await run(['__complete', '--', ...words], { clock, env: { ...env } });
      expect(values(offered(asked.stdout))).toContain(agent.agent_id);
    }
  });

  test('the bash script completes the value of a flag behind its =', async () => {
    const { stdout: script } = await agents('completion bash');
    const asked = (line: string, words: string, at: number) => {
      const text = `agents() { printf -- '--template=healthcare\\tbooks\\n--template=restaurant\\tx\\n'; }
${script}
COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(${words}); COMP_CWORD=${at}
_agents; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', text], { encoding: 'utf8' });
    };
    expect(asked('agents create --template=he', 'agents create --template = he', 4)).toBe('healthcare\n');
    expect(asked('agents create --template=', 'agents create --template =', 3)).toBe(
      'healthcare\nrestaurant\n',
    );
    // Where "=" does not break words.
    expect(asked('agents create --template=he', 'agents create --template=he', 2)).toBe(
      '--template=healthcare\n',
    );
  });

  test('a server that is silent, refuses or is not there costs no more than its moment', async () => {
    const silent = await startServer(() => {});
    const clock = { after: (_ms: number, fire: () => void) => systemClock.after(5, fire) };
    expect(await complete(['--base-url', silent, 'get', ''], { clock })).toEqual([]);
    expect(await complete(['get', ''])).toEqual([]);
  });
});

test.each([
  [
    ['get', ''],
    {
      agents: [
        { agent_id: 'agent_1', name: null },
        { agent_id: 'a\nb', name: 5 },
      ],
    },
    ['agent_1'],
  ],
  [
    ['tools', 'remove', 'agent_1', ''],
    {
      agent: { agent_id: 'agent_1', tools: [{ type: 'function', function: { name: 'a', description: 5 } }] },
    },
    ['a'],
  ],
  [['knowledge', 'show', ''], { collections: [{ collection_id: 'c', collection_name: null }] }, ['c']],
])('%j is completed whatever a server has in the place of text', async (line, body, offers) => {
  const { url } = await startFakeServer(() => ({ body }));
  const told = await agents(['__complete', '--', ...line], { env: { AGENTS_BASE_URL: url } });
  expect({ ...told, stdout: values(offered(told.stdout)) }).toEqual({ code: 0, stdout: offers, stderr: '' });
});

test('agents are offered however long their instructions are', async () => {
  const instructions = 'Be kind. '.repeat(10_000);
  const all = Array.from({ length: 100 }, (_, at) => ({ agent_id: `agent_${at}`, instructions }));
  const { url } = await startFakeServer(() => ({ body: { agents: all } }));
  // Nothing may wait for a limit: there is none.
  const clock = { after: () => () => {} };
  const told = await agents(['__complete', '--', 'get', ''], { env: { AGENTS_BASE_URL: url }, clock });
  expect(values(offered(told.stdout))).toEqual(all.map(({ agent_id }) => agent_id));
});
