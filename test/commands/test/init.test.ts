import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { templateFile, templates } from '../../../src/spec/templates.js';
import { readScenario } from '../../scenario/support.js';
import { person, root, temporaryFolder } from '../../support/agents.js';
import { startTestApi } from '../../support/local-api.js';

const lookUp = {
  type: 'function',
  function: { name: 'look_up', parameters: { properties: { id: { type: 'string' } }, required: ['id'] } },
};
const spec = { name: 'Bot', instructions: 'You are Bot.', tools: [lookUp] };

function somebody(files: Record<string, unknown> = { 'agent.json': spec }) {
  const { run, home } = person();
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return {
    home,
    run: (line: string | readonly string[], options = {}) => run(line, { cwd: home, ...options }),
  };
}

describe('test init', () => {
  test('writes a first scenario for a spec file, and says how it is run', async () => {
    const { run, home } = somebody();
    expect(await run('test init agent.json')).toEqual({
      code: 0,
      stdout: 'Wrote agent.scenario.yaml\n',
      stderr: 'Run it: agents test agent.scenario.yaml --local\n',
    });
    const text = readFileSync(join(home, 'agent.scenario.yaml'), 'utf8');
    expect(text).toContain('# A first scenario for Bot.\n');
    expect(text).toContain('  # - user: Words that make it call look_up\n');
    expect(readScenario(text)).toMatchObject({ agent: 'agent.json', turns: [{ user: 'Hello' }] });
    expect(await run('test init agent.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('agent.scenario.yaml is there already'),
    });
    const printed = await run('test init agent.json -o -');
    expect(printed).toEqual({ code: 0, stdout: text, stderr: '' });
    expect(JSON.parse((await run('--json test init agent.json -o -')).stdout)).toEqual({ scenario: text });
  });

  test('writes one for a stored agent, by id or name', async () => {
    const { run, home } = somebody({ 'agent.json': { ...spec, name: 'Zoë’s  Café!' } });
    const { agent } = JSON.parse((await run('--local --json create agent.json')).stdout);
    expect(await run(`--local test init ${agent.agent_id}`)).toEqual({
      code: 0,
      stdout: 'Wrote zoe-s-cafe.scenario.yaml\n',
      stderr: 'Run it: agents --local test zoe-s-cafe.scenario.yaml\n',
    });
    const { agent: named } = readScenario(readFileSync(join(home, 'zoe-s-cafe.scenario.yaml'), 'utf8'));
    expect(named).toBe(agent.agent_id);
    const byName = await run(['--local', 'test', 'init', 'Zoë’s  Café!', '-o', 'b.yaml']);
    expect(byName.code).toBe(0);
    expect((await run('--local test init agent_gone')).code).toBe(3);
  });

  test.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    [
      'by the name of the spec',
      {
        'agent.tools.yaml': 'a: 1',
        'agent.script.yml': 'a: 1',
        'tools.yaml': 'tools: { look_up: { return: 1 } }',
      },
      'agent.tools.yaml',
      'agent.script.yml',
    ],
    [
      'by what they hold',
      { 'tools.json': { tools: { look_up: { return: 1 } } }, 'script.yaml': 'rules: [{ say: Hello }]' },
      'tools.json',
      'script.yaml',
    ],
    ['modules', { 'tools.mjs': 'export {}' }, 'tools.mjs', undefined],
    [
      'not those of others',
      { 'tools.yaml': 'tools: { other: { return: 1 } }', 'script.yaml': '- a' },
      undefined,
      undefined,
    ],
    ['not what cannot be read', { 'tools.yaml': '{', 'script.json': '{' }, undefined, undefined],
    ['not the spec itself', {}, undefined, undefined],
  ])('finds tools and script beside a spec: %s', async (_, files, tools, script) => {
    const { run } = somebody({ 'agent.json': spec, ...files });
    const value = readScenario((await run('test init agent.json -o -')).stdout);
    expect({ tools: value.tools, script: value.local?.script }).toEqual({ tools, script });
  });

  test('names files from where the scenario is', async () => {
    const { run, home } = somebody({
      'agents/bot.json': spec,
      'agents/bot.tools.yaml': '',
      'tests/scenario.schema.json': {},
    });
    expect((await run('test init agents/bot.json -o tests/a.scenario.yaml')).code).toBe(0);
    const text = readFileSync(join(home, 'tests/a.scenario.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=scenario\.schema\.json\n/);
    expect(readScenario(text)).toMatchObject({
      agent: '../agents/bot.json',
      tools: '../agents/bot.tools.yaml',
    });
  });

  test.each([
    ['-', 'a scenario names its agent, and stdin has no name'],
    ['gone.json', 'cannot read gone.json: no such file'],
    ['list.json', 'list.json'],
  ])('refuses %s', async (target, message) => {
    const { run } = somebody({ 'list.json': [spec, spec] });
    const { code, stdout, stderr } = await run(`test init ${target}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

/** What the agent answers to the scenario's turn, as the local API speaks for it: its words, and how it ended. */
async function answerTo(value: ReturnType<typeof readScenario>, folder: string) {
  const path = value.local?.script && join(folder, value.local.script);
  const script = path && parse(readFileSync(path, 'utf8'));
  const { base } = await startTestApi({ script });
  const tools = value.tools === undefined ? [] : ['--tools', join(folder, value.tools)];
  const { run } = somebody({});
  const line = [
    '--base-url',
    base,
    '--json',
    'voice',
    join(folder, value.agent),
    ...tools,
    '-m',
    value.turns[0].user,
  ];
  const { stdout } = await run(line);
  const notices = stdout
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each));
  return notices.find(({ type }) => type === 'turn_done');
}

describe('what it writes passes in the local API', () => {
  const specs = [
    ...templates.map(({ name }) => templateFile(name, 'spec')),
    'fixtures/clinic/clinic.yaml',
    'fixtures/agents/order-support.json',
    'test/support/examples/agent.yaml',
  ];
  test.each(specs)('%s', async (file) => {
    const { run } = somebody({});
    const folder = temporaryFolder();
    expect((await run(['test', 'init', join(root, file), '-o', join(folder, 'a.yaml')])).code).toBe(0);
    const value = readScenario(readFileSync(join(folder, 'a.yaml'), 'utf8'));
    const answer = await answerTo(value, folder);
    const { questions, words } = value.turns[0].expect;
    expect(answer).toMatchObject({ status: 'completed', tool_calls: 0 });
    expect(answer.text.split('?').length - 1).toBeLessThanOrEqual(questions.most);
    expect(answer.text.split(/\s+/).length).toBeLessThanOrEqual(words.most);
    const hasCompanions = !file.startsWith('fixtures/agents') && !file.startsWith('test');
    expect([value.tools !== undefined, value.local !== undefined]).toEqual([hasCompanions, hasCompanions]);
  });
});
