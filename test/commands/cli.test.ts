// What holds for every command: flags, help, errors, keys.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { helpTopics } from '../../src/commands.js';
import { agents, person, temporaryFolder } from '../support/agents.js';
import { echoAgents, startFakeServer } from '../support/fake-server.js';
import { leafCommands } from '../support/leaf-commands.js';

const commands = await leafCommands();

describe('asking wrongly', () => {
  test.each([
    ['an unknown command', 'lst', "unknown command 'lst' (did you mean list?)"],
    ['an unknown flag', 'list --jsn', "unknown option '--jsn' (did you mean --json?)"],
    ['an unknown flag before the command', '--jsno list', "unknown option '--jsno' (did you mean --json?)"],
    ['a missing argument', 'get', "missing required argument 'id'"],
    ['an argument too many', 'get a b', 'too many arguments'],
    ['a flag without its value', '--local create --name', "option '--name <text>' argument missing"],
    [
      'a server that is no URL',
      '--base-url localhost list',
      '--base-url localhost: not an http or https URL',
    ],
    ['a server that is a socket', '--base-url ws://x list', '--base-url ws://x: not an http or https URL'],
    ['a server with a password', '--base-url http://a:b@x list', 'holds a user name or password'],
    ['two servers', '--local --base-url http://localhost:1 list', 'name two different servers'],
    ['a timeout of no time', '--timeout 0 --local list', '--timeout must be a number of seconds'],
    ['a timeout in words', '--timeout soon --local list', 'got soon'],
    ['help on nothing', 'help exit-cods', 'there is no help on exit-cods (did you mean "exit-codes"?)'],
  ])('%s is told, for people and for programs', async (_, line, message) => {
    const human = await agents(line);
    expect(human).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`error: `) });
    expect(human.stderr).toContain(message);
    const json = await agents(`--json ${line}`);
    expect({ ...json, stderr: '' }).toEqual({ code: 2, stdout: '', stderr: '' });
    expect(JSON.parse(json.stderr)).toEqual({
      error: { code: 'usage', message: expect.stringContaining(message), hint: expect.any(String) },
    });
  });

  test.each([
    [{ AGENTS_LOCAL: 'maybe' }, 'AGENTS_LOCAL must be 1 or 0, got maybe'],
    [{ AGENTS_LOCAL: '1', AGENTS_BASE_URL: 'http://localhost:1' }, 'name two different servers'],
    [{ AGENTS_BASE_URL: 'nowhere' }, 'AGENTS_BASE_URL nowhere: not an http or https URL'],
    [{ AGENTS_TIMEOUT: 'x' }, 'AGENTS_TIMEOUT must be a number of seconds'],
    [{ AGENTS_TIMEOUT: 'x' }, 'for example AGENTS_TIMEOUT=30'],
    [{ XAI_API_KEY_FILE: '/nosuch' }, 'cannot read the key file /nosuch (XAI_API_KEY_FILE): no such file'],
  ])('an environment of %j is told', async (env, message) => {
    expect(await agents('list', { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test.each(['', '--local', '--timeout 5', '--verbose --no-input'])(
    'nothing but "%s" shows help, on stderr',
    async (line) => {
      expect(await agents(line)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('Usage: agents'),
      });
    },
  );

  test('no command is told to programs in JSON alone', async () => {
    const { stderr, ...told } = await agents('--json --local');
    expect(told).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'usage', message: 'there is no command' });
  });

  test.each([
    ['get', 'get'],
    ['--json get a b', 'get'],
    ['list --jsn', 'list'],
    ['dev --port x', 'dev'],
    ['--local update a --vad-threshold loud', 'update'],
  ])('%s points to the help of its command', async (line, command) => {
    expect((await agents(line)).stderr).toContain(`agents ${command} --help shows its arguments and flags`);
  });

  test.each([
    ['call agent_1 --to 0 --yes', '--to 0 is no phone number as E.164 writes it'],
    ['create --name A --vad-silence-ms 1.5', '--vad-silence-ms must be a whole number, got 1.5'],
    ["create ''", 'an empty name is no file'],
    ["voice ''", 'an empty name is no file'],
    ['voice agent_1 -m ""', 'the message is empty'],
    ['voice agent_1 -m Hi -m " "', 'the message is empty'],
    ['run folder -m Hi', 'cannot read folder: it is a folder'],
    ['voice nofile.txt -m Hi', 'cannot read nofile.txt: no such file'],
    ['update nofile.txt --name A', 'cannot read nofile.txt: no such file'],
    ['create two.jsonl --name Z', 'two.jsonl holds 2 specs, which cannot all be called Z'],
  ])('%s is told as what it is', async (line, message) => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'folder'));
    writeFileSync(join(home, 'two.jsonl'), '{"name":"A"}\n{"name":"B"}\n');
    const refused = await agents(`--local ${line}`, { cwd: home });
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`error: ${message}`) });
  });

  test.each(['run', 'voice'])(
    '%s takes no file for a spec that has nothing an agent has',
    async (command) => {
      const home = temporaryFolder();
      writeFileSync(join(home, 'replies.yaml'), 'rules:\n  - when: { contains: a }\n    say: b\n');
      writeFileSync(join(home, 'package.json'), '{"version":"1.0.0"}');
      writeFileSync(join(home, 'typo.json'), '{"name":"A","instuctions":"Be kind."}');
      const say = (file: string) => agents(`--local ${command} ${file} -m Hi`, { cwd: home });
      expect(await say('replies.yaml')).toEqual({
        code: 2,
        stdout: '',
        stderr:
          'error: replies.yaml is no agent: it has none of name, instructions, tools, voice, collection_ids\n' +
          '  it looks like a script: agents dev --script replies.yaml\n',
      });
      expect(await say('package.json')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('a spec looks like'),
      });
      expect((await say('typo.json')).stderr).toMatch(/^note: typo\.json: instuctions is not a member/);
    },
  );
});

describe('help and version', () => {
  test('are answers: on stdout, with exit code 0', async () => {
    expect(await agents('--version')).toEqual({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
    for (const line of [
      '--help',
      'help',
      'create --help',
      'help create',
      'help exit-codes',
      'help environment',
    ]) {
      const { code, stdout, stderr } = await agents(line);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
      expect(stdout.length).toBeGreaterThan(200);
    }
  });

  test('name every topic', async () => {
    for (const line of ['--help', 'help --help']) {
      const { stdout } = await agents(line);
      for (const topic of helpTopics) expect(stdout).toContain(topic);
    }
    for (const topic of helpTopics) expect((await agents(['help', topic])).code).toBe(0);
  });

  test('-h and -V are short for them', async () => {
    expect(await agents('-V')).toEqual({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
    expect(await agents('-h')).toEqual(await agents('--help'));
    expect(await agents('get -h')).toEqual(await agents('get --help'));
  });

  test.each(commands)('%s ends its help with the flags that go with every command', async (command) => {
    for (const line of [`${command} --help`, `help ${command}`]) {
      expect((await agents(line)).stdout.trimEnd().split('\n').at(-1)).toBe(
        'Global flags: --json --local --base-url <url> --timeout <s> --no-input --verbose (agents --help)',
      );
    }
  });

  test('every command shows two examples or more', async () => {
    expect(commands).toEqual(expect.arrayContaining(['create', 'voice', 'completion']));
    for (const command of commands) {
      const help = (await agents(`help ${command}`)).stdout;
      const shown = help.slice(help.indexOf('Examples:')).match(/^ {2}\$ /gm) ?? [];
      expect({ command, examples: shown.length >= 2 }).toEqual({ command, examples: true });
    }
  });
});

describe('hints that name a command', () => {
  test('reach the same server', async () => {
    const { run } = person();
    const refused = 'Agent not found: agent_9\n';
    expect((await run('--local get agent_9')).stderr).toContain(
      `${refused}  agents --local list shows what there is`,
    );
    expect((await run('get agent_9', { env: { AGENTS_LOCAL: '1' } })).stderr).toContain(
      `${refused}  agents list shows what there is`,
    );
    const several = await run('--local --json delete agent_8 agent_9');
    expect(JSON.parse(several.stdout).errors[0].error.hint).toBe('agents --local list shows what there is');
    const server = await startFakeServer(() => ({ status: 404, body: { error: 'no' } }));
    expect((await run(`--base-url ${server.url} get agent_9`)).stderr).toContain(
      `agents --base-url ${server.url} list shows`,
    );
    expect((await run('--local run a -m ""')).stderr).toContain('agents --local run <id> --message "Hello"');
    expect((await run('--local update a')).stderr).toContain('agents update --help shows');
  });

  test('do not point at agents where a phone number is not found', async () => {
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name A')).stdout);
    const told = await run(`--local update ${agent.agent_id} --phone-number nope`);
    expect(told).toMatchObject({ code: 3, stderr: expect.stringContaining('Phone number not found: nope') });
    expect(told.stderr).toContain('agents --local phone list shows what there is');
  });
});

describe('a data folder that cannot be used', () => {
  async function withBrokenFolder() {
    const { run, home } = person();
    writeFileSync(join(home, 'file'), '');
    writeFileSync(join(home, 'a.json'), '{"name":"A","instructions":"Be kind."}');
    const env = { AGENTS_DATA_DIR: join(home, 'file', 'data') };
    return (line: string) => run(line, { env, cwd: home });
  }

  test('is told with the reason and the way on', async () => {
    const run = await withBrokenFolder();
    for (const line of ['--local list', '--local create a.json', 'dev --port 0']) {
      const { code, stdout, stderr } = await run(line);
      expect({ line, code, stdout }).toEqual({ line, code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: the data file .* cannot be opened: a part of its path is no folder\n/);
      expect(stderr).toContain('AGENTS_DATA_DIR');
      expect(stderr).toContain('agents dev --memory');
    }
  });

  test('does not matter to a conversation with a spec file', async () => {
    const run = await withBrokenFolder();
    expect(await run('--local voice a.json -m Hi')).toMatchObject({ code: 0 });
    expect(await run('--local run a.json -m Hi')).toMatchObject({ code: 0 });
  });
});

describe('where requests go', () => {
  test('without key and server, both ways on are told and nothing is sent', async () => {
    for (const line of [
      'list',
      'get a',
      'create --name A',
      'delete a',
      'run a -m x',
      'voice a -m x',
      'update a --name x',
      'call a --to +14155550199 --yes',
    ]) {
      const refused = await agents(line);
      expect({ line, ...refused }).toEqual({
        line,
        code: 4,
        stdout: '',
        stderr:
          'error: no API key for https://api.x.ai\n  set XAI_API_KEY (keys are made at https://console.x.ai), or work offline: add --local\n',
      });
    }
  });

  test('flags stand before or after the command', async () => {
    const server = await startFakeServer(echoAgents({}));
    for (const line of [`--json --base-url ${server.url} list`, `list --json --base-url ${server.url}`]) {
      expect(await agents(line)).toMatchObject({ code: 0, stdout: '{\n  "agents": []\n}\n' });
    }
  });

  test.each(['', '/', '/v1', '/v1/', '/proxy', '/proxy/v1'])(
    'a base URL ending in "%s" is understood',
    async (path) => {
      const server = await startFakeServer(() => ({ body: { agents: [] } }));
      await agents(`--base-url ${server.url}${path} list`);
      expect(server.seen[0]?.path).toBe(`${path.startsWith('/proxy') ? '/proxy' : ''}/v1/agents`);
    },
  );

  test('the flag comes before the environment, the environment before the default', async () => {
    const [one, two] = [await startFakeServer(echoAgents({})), await startFakeServer(echoAgents({}))];
    await agents(`--base-url ${one.url} list`, { env: { AGENTS_BASE_URL: two.url, AGENTS_LOCAL: '1' } });
    await agents('list', { env: { AGENTS_BASE_URL: two.url } });
    expect([one.seen.length, two.seen.length]).toEqual([1, 1]);
    expect((await agents('list', { env: { AGENTS_LOCAL: '1' } })).code).toBe(0);
  });

  test('a key never travels in the clear, nor is shown', async () => {
    const env = { XAI_API_KEY: 'xai-very-secret' };
    for (const line of [
      '--base-url http://192.0.2.1 list',
      '--base-url http://192.0.2.1 voice a.yaml -m Hi',
    ]) {
      const home = temporaryFolder();
      writeFileSync(join(home, 'a.yaml'), 'name: A\n');
      const refused = await agents(line, { env, cwd: home });
      expect(refused).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('the key would travel unencrypted to http://192.0.2.1'),
      });
    }
  });

  test('a key that could not stand in a header is told without being shown', async () => {
    const refused = await agents('list', { env: { XAI_API_KEY: 'xai-with a blank' } });
    expect(refused.code).toBe(4);
    expect(refused.stderr).not.toContain('blank\n');
    expect(refused.stderr).not.toContain('xai-with');
  });

  test('the key may stand in a file', async () => {
    const server = await startFakeServer(echoAgents({}));
    const { run, home } = person({ env: { AGENTS_BASE_URL: server.url } });
    writeFileSync(join(home, 'key'), 'xai-from-file\n');
    await run('list', { env: { XAI_API_KEY_FILE: join(home, 'key') } });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer xai-from-file');
    expect(await run('list', { env: { XAI_API_KEY_FILE: join(home, 'none') } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read'),
    });
  });

  test('no key goes to the local API', async () => {
    const { run } = person({ env: { XAI_API_KEY: 'xai-very-secret' } });
    const listed = await run('--local --verbose list');
    expect(listed.stderr).toContain('> GET http://127.0.0.1');
    expect(listed.stderr).not.toContain('authorization');
  });
});

describe('--verbose', () => {
  test('shows request and reply on stderr with the request id, secrets hidden', async () => {
    const server = await startFakeServer(() => ({
      headers: { 'x-request-id': 'req_42' },
      body: {
        agent: { agent_id: 'a', tools: [{ type: 'mcp', server_url: 'u', authorization: 'Bearer hush' }] },
      },
    }));
    const shown = await agents(`--base-url ${server.url} --verbose --json get a`, {
      env: { XAI_API_KEY: 'xai-very-secret' },
    });
    expect(shown.stderr).toContain(`> GET ${server.url}/v1/agents/a`);
    expect(shown.stderr).toContain('> authorization: Bearer [hidden]');
    expect(shown.stderr).toMatch(/< 200 in \d+ ms, request id req_42/);
    expect(shown.stderr).not.toMatch(/very-secret|hush/);
    expect(JSON.parse(shown.stdout).agent.tools[0].authorization).toBe('Bearer hush');
  });
});
