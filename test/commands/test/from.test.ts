import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWireThere, wireNames, wirePath } from '../../recording/support.js';
import { readScenario } from '../../scenario/support.js';
import { person, root } from '../../support/agents.js';

/** Somebody with a recording in the folder. */
function withRecording() {
  const { run, home } = person();
  cpSync(join(root, 'test/support/examples/talk.jsonl'), join(home, 'talk.jsonl'));
  writeFileSync(join(home, 'agent.yaml'), 'name: Bot\n');
  return {
    home,
    run: (line: string | readonly string[], options = {}) => run(line, { cwd: home, ...options }),
  };
}

describe('test from', () => {
  test('prints a scenario', async () => {
    const { run } = withRecording();
    const { code, stdout, stderr } = await run('test from talk.jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('# Made of talk.jsonl: ');
    expect(stdout).toContain('# Whose conversation it was is not recorded: add agent');
    expect(readScenario(stdout)).toEqual({
      name: 'talk',
      override: { today: '2026-07-01' },
      tools: { answers: { lookup_order: [{ when: { order_id: 'ORD-42' }, return: { status: 'shipped' } }] } },
      turns: [
        {
          user: 'Where is order ORD-42?',
          expect: {
            calls: { tool: 'lookup_order', with: { order_id: 'ORD-42' } },
            uses_result: { tool: 'lookup_order', member: 'status' },
          },
        },
      ],
      expect: { ends: 'properly' },
    });
    expect(JSON.parse((await run('--json test from talk.jsonl -o -')).stdout)).toEqual({ scenario: stdout });
  });

  test('writes a new file, which names the agent from where it is', async () => {
    const { run, home } = withRecording();
    mkdirSync(join(home, 'tests'));
    expect(await run('test from talk.jsonl --agent agent.yaml -o tests/talk.scenario.yaml')).toEqual({
      code: 0,
      stdout: 'Wrote tests/talk.scenario.yaml\n',
      stderr: 'Run it: agents test tests/talk.scenario.yaml\n',
    });
    const file = join(home, 'tests/talk.scenario.yaml');
    expect(readScenario(readFileSync(file, 'utf8')).agent).toBe('../agent.yaml');
    writeFileSync(file, 'mine');
    expect(await run('test from talk.jsonl -o tests/talk.scenario.yaml')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: tests/talk.scenario.yaml is there already\n  name another with --out, or move it away\n',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await run('test from talk.jsonl -o nowhere/talk.scenario.yaml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot write nowhere/talk.scenario.yaml: no such folder'),
    });
  });

  test.each([
    ['', 'wss://api.x.ai/v1/realtime', 'agents test a.yaml --agent <id|file>'],
    ['--agent agent.yaml', 'wss://api.x.ai/v1/realtime', 'agents test a.yaml'],
    ['', 'ws://127.0.0.1:40001/v1/realtime', 'agents test a.yaml --local --agent <id|file>'],
    ['--agent agent.yaml', 'ws://localhost:9978/v1/realtime', 'agents test a.yaml --local'],
    ['--local', 'ws://127.0.0.1:40001/v1/realtime', 'agents --local test a.yaml --agent <id|file>'],
    [
      '--base-url http://localhost:9978',
      'ws://localhost:9978/v1/realtime',
      'agents --base-url http://localhost:9978 test a.yaml --agent <id|file>',
    ],
    ['', '', 'agents test a.yaml --agent <id|file>'],
  ])('with "%s", of a recording with %s, says how to run it', async (flags, url, again) => {
    const { run, home } = withRecording();
    const file = join(home, 'talk.jsonl');
    const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    const header = JSON.stringify({ ...JSON.parse(head), url });
    writeFileSync(file, [header, ...lines].join('\n'));
    const { code, stderr } = await run(`test from talk.jsonl -o a.yaml ${flags}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Run it: ${again}\n` });
  });

  test.each([
    ['agent_abc123', 'agent_abc123'],
    ['agent.yaml', 'agent.yaml'],
    ['plain', './plain'],
    ['./agent.yaml', 'agent.yaml'],
  ])('names the agent %s as %s', async (given, agent) => {
    const { run, home } = withRecording();
    writeFileSync(join(home, 'plain'), '{"name":"A"}');
    expect(readScenario((await run(`test from talk.jsonl --agent ${given}`)).stdout).agent).toBe(agent);
  });

  test.each(['gone.yaml', '-'])('refuses the agent %s', async (given) => {
    const { run } = withRecording();
    expect(await run(`test from talk.jsonl --agent ${given}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: cannot read ${given}: no such file\n  --agent takes the id of an agent, or its spec file\n`,
    });
  });

  test('takes what a conversation has kept: a stored agent by its id, one of a file by its name', async () => {
    const { run, home } = withRecording();
    cpSync(join(root, 'fixtures/clinic'), join(home, 'clinic'), { recursive: true });
    const { agent } = JSON.parse((await run('--local --json create clinic/clinic.yaml')).stdout);
    const words = '--audio clinic/request.wav --fast -m Goodbye --tools clinic/tools.yaml';
    expect((await run(`--local voice ${agent.agent_id} ${words} --record a.jsonl`)).code).toBe(0);
    const { stdout } = await run('test from a.jsonl');
    expect(readScenario(stdout)).toMatchObject({
      agent: agent.agent_id,
      override: { today: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
      turns: [{ user: 'I would like a dental cleaning on Monday, July 6th.' }, { user: 'Goodbye' }],
    });
    expect(stdout).toContain('July 6th. # spoken');
    expect((await run('--local voice clinic/clinic.yaml -m Hello --record b.jsonl')).code).toBe(0);
    expect((await run('test from b.jsonl')).stdout).toContain('# It was with Clinic Assistant');
  });

  test('reads stdin, and says what is no recording', async () => {
    const { run, home } = withRecording();
    const stdin = readFileSync(join(home, 'talk.jsonl'));
    expect(readScenario((await run('test from -', { stdin })).stdout).name).toBe('recorded');
    expect(await run('test from -', { stdin: '{"kind":"closed","code":1000}' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stdin holds no words and no keys of a person'),
    });
    expect((await run('test from agent.yaml')).code).toBe(2);
    expect((await run('test from gone.jsonl -o a.yaml')).code).toBe(2);
    expect(existsSync(join(home, 'a.yaml'))).toBe(false);
  });

  const folder = join(root, 'fixtures/recordings/watch');
  test.each(readdirSync(folder))('reads %s', async (name) => {
    const { run } = withRecording();
    const { code, stdout, stderr } = await run(['test', 'from', join(folder, name)]);
    if (code === 0) expect(readScenario(stdout).turns.length).toBeGreaterThan(0);
    else expect(stderr).toMatch(/ holds no words and no keys of a person\n/);
  });

  test.skipIf(!isWireThere).each(wireNames)('reads %s of the real service', async (name) => {
    const { run } = withRecording();
    const { turns } = readScenario((await run(['test', 'from', wirePath(name)])).stdout);
    expect(turns).toMatchObject([{ user: expect.any(String) }]);
    expect(turns[0].expect).toEqual(
      name.startsWith('tool_call')
        ? { calls: { tool: 'get_weather', with: { city: 'London' } }, uses_result: 'get_weather' }
        : undefined,
    );
  });
});
