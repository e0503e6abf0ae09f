// `agents test`, from the files to the exit code.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Interrupts } from '../../src/interrupts.js';
import { agents, root, temporaryFolder } from '../support/agents.js';
import { startServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';

const spec = `
name: Orders
instructions: You tell people where their orders are.
tools:
  - type: function
    function:
      name: lookup_order
      description: Look up an order
      parameters: { type: object, properties: { order_id: { type: string } }, required: [order_id] }
  - { type: function, function: { name: end_call, description: Hang up, parameters: { type: object, properties: {} } } }
`;

const script = `
rules:
  - when: { matches: '\\b(ORD-\\d+)' }
    say: Let me look.
    call: { name: lookup_order, arguments: { order_id: $1 } }
  - when: { tool_result: lookup_order, contains: shipped }
    say: Good news, it has shipped. Anything else?
  - when: { tool_result: lookup_order }
    say: I am sorry, I cannot see that order now.
  - when: { contains: bye }
    call: { name: end_call }
  - when: { tool_result: end_call }
    say: Goodbye.
  - when: { contains: loop }
    call: { name: lookup_order, arguments: { order_id: ORD-1 } }
  - say: One two three four five six seven eight nine ten.
`;

const head = `agent: agent.yaml
local: script.yaml
tools:
  state: { seen: {} }
  answers:
    lookup_order: { sets: { seen: { '{{order_id}}': true } }, return: { status: shipped } }
    end_call: { return: { ended: true } }
`;

const passing = `${head}turns:
  - user: Where is ORD-42?
    expect:
      - calls: { tool: lookup_order, with: { order_id: ORD-42 } }
      - says: shipped
  - user: Thanks, bye
expect:
  - ends: { with: end_call }
  - state: { seen: { ORD-42: true } }
`;

/** A folder with an agent, its script, and these files. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  const all = { 'agent.yaml': spec, 'script.yaml': script, ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs in a folder, whose state is kept there too. */
function runIn(folder: string, line: string, options: Parameters<typeof agents>[1] = {}) {
  const env = { AGENTS_STATE_DIR: join(folder, '.state'), AGENTS_DATA_DIR: join(folder, '.data') };
  return agents(line, { cwd: folder, ...options, env: { ...env, ...options.env } });
}

/** Looks again as soon as others have had their turn. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** `--watch` at work, and how often it has waited. */
function watching(folder: string, named = '') {
  const interrupts = new Interrupts();
  const seen: string[] = [];
  const running = runIn(folder, `test --local --watch ${named}`, {
    interrupts,
    onWrite: (_, text) => seen.push(text),
    clock: { sleep: systemClock.sleep },
  });
  const waits = () => seen.filter((text) => text.includes('Waiting for a file')).length;
  return { running, waits, interrupts };
}

describe('agents test', () => {
  test('plays what it finds, and ends with 0 when all pass', async () => {
    const folder = folderWith({ 'orders.scenario.yaml': passing });
    const { code, stdout, stderr } = await runIn(folder, 'test --local');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      'passed   orders.scenario.yaml › orders  0 ms, about $0.0104\n\n1 scenario: 1 passed; 0 ms, about $0.0104\n',
    );
    expect(existsSync(join(folder, 'test-results'))).toBe(false);
  });

  test('ends with 6 when one fails: expected beside got, and a recording that can be shown again', async () => {
    const broken = passing.replace('says: shipped', 'says: delivered');
    const folder = folderWith({ 'orders.scenario.yaml': broken });
    const { code, stdout, stderr } = await runIn(folder, 'test --local');
    expect({ code, stderr }).toEqual({ code: 6, stderr: '' });
    expect(stdout).toMatch(
      /^failed {3}orders\.scenario\.yaml › orders {2}0 ms, .*\n {9}expected says "delivered"\n {9}got {6}.*shipped/,
    );
    expect(stdout).toContain('1 scenario: 1 failed');
    const [recording = ''] = readdirSync(join(folder, 'test-results'));
    expect(stdout).toContain(`agents replay test-results/${recording}`);
    const shown = await runIn(folder, `replay test-results/${recording}`);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('> Where is ORD-42?') });
    writeFileSync(join(folder, 'orders.scenario.yaml'), passing);
    expect((await runIn(folder, 'test --local')).code).toBe(0);
    expect(readdirSync(join(folder, 'test-results'))).toEqual([]);
  });

  test('ends with 1 when one could not run, which is no failure', async () => {
    const folder = folderWith({ 'orders.scenario.yaml': passing });
    const { code, stdout } = await runIn(folder, 'test --base-url http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(stdout).toContain('error    orders.scenario.yaml › orders');
    expect(stdout).toContain('1 scenario: 1 could not run');
  });

  test.each([
    [
      'a scenario that is none',
      { 'a.scenario.yaml': 'turns: 5' },
      'a.scenario.yaml:1:1: turns must be an array',
    ],
    [
      'an agent that is not there',
      { 'a.scenario.yaml': passing.replace('agent.yaml', 'gone.yaml') },
      'gone.yaml',
    ],
    [
      'a script that is not there',
      { 'a.scenario.yaml': passing.replace('script.yaml', 'gone.yaml') },
      'gone.yaml',
    ],
    [
      'tools that are not there',
      { 'a.scenario.yaml': passing.replace('tools:\n', 'tools:\n  file: gone.yaml\n') },
      'gone.yaml',
    ],
    [
      'a handler that is none',
      { 'a.scenario.yaml': passing.replace('return: { status: shipped }', 'retrun: 1') },
      'retrun',
    ],
    ['sound that is not there', { 'a.scenario.yaml': `${head}turns: [{ audio: gone.wav }]` }, 'gone.wav'],
    [
      'a fault that is none',
      { 'a.scenario.yaml': passing.replace('local: script.yaml', 'local: { faults: [eror-500] }') },
      'eror-500',
    ],
    [
      'a stored agent that is to be stored',
      { 'a.scenario.yaml': `stored: true\n${passing.replace('agent.yaml', 'agent_1')}` },
      'agent_1',
    ],
    [
      'a tool that is misspelt',
      { 'a.scenario.yaml': `${passing}  - not_calls: lookup_ordr\n` },
      'a.scenario.yaml:17:5: not_calls names lookup_ordr, which is no function tool of the agent (did you mean "lookup_order"?)',
    ],
    [
      'an argument that is misspelt',
      { 'a.scenario.yaml': `${passing}  - not_calls: { tool: lookup_order, with: { order: ORD-1 } }\n` },
      'a.scenario.yaml:17:5: not_calls names order, which is no argument of lookup_order',
    ],
    [
      'an answer of a tool that is none',
      { 'a.scenario.yaml': passing.replace('  answers:\n', '  answers:\n    look_up: { return: 1 }\n') },
      'tools.answers names look_up',
    ],
    [
      'a tool that is to end the call and is none',
      { 'a.scenario.yaml': `${passing}ends_on: hangup\n` },
      'a.scenario.yaml:17:1: ends_on names hangup, which is no function tool of the agent',
    ],
    [
      'a tool that is to fail and is none',
      { 'a.scenario.yaml': passing.replace('tools:\n', 'tools:\n  fail: { lookup: down }\n') },
      'tools.fail names lookup',
    ],
    [
      'a day that is none',
      { 'a.scenario.yaml': `override: { today: 2026-02-31 }\n${passing}` },
      'a.scenario.yaml:1:13: override.today is no day of the calendar: 2026-02-31',
    ],
    ['no scenario at all', {}, 'agents test init'],
  ])('ends with 2 for %s, and plays none', async (_, files, named) => {
    const folder = folderWith({ 'good.scenario.yaml': passing, ...files });
    if (Object.keys(files).length === 0) writeFileSync(join(folder, 'good.scenario.yaml'), '');
    const line = Object.keys(files).length === 0 ? 'test --local nothing' : 'test --local';
    const { code, stdout, stderr } = await runIn(folder, line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    if (Object.keys(files).length > 0) expect(stderr).toContain(named);
  });

  test('tells and reports what ran when it is interrupted', async () => {
    const folder = folderWith({
      'a.scenario.yaml': passing,
      'b.scenario.yaml': `${head}turns: [{ silence: 60 }]`,
      'c.scenario.yaml': passing,
    });
    const interrupts = new Interrupts();
    const { code, stdout, stderr } = await runIn(
      folder,
      'test --local --workers 1 --reporter junit=out.xml',
      {
        interrupts,
        onWrite: (_, text) =>
          text.startsWith('passed') && setTimeout(() => interrupts.raise('interrupted'), 50),
      },
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(
      /^passed {3}a\.scenario\.yaml › a .*\n\n3 scenarios: 1 passed, 2 not run; .*stopped: interrupted\n$/,
    );
    expect(stderr).toContain('error: interrupted');
    expect(readFileSync(join(folder, 'out.xml'), 'utf8')).toContain(
      'tests="3" failures="0" errors="0" skipped="2"',
    );
  });

  test('prints one object an event under --json', async () => {
    const folder = folderWith({ 'orders.scenario.yaml': passing });
    const { code, stdout } = await runIn(folder, '--json test --local');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(events.map(({ type }) => type)).toEqual([
      'test_started',
      'scenario_started',
      'scenario_run',
      'scenario_done',
      'test_done',
    ]);
    expect(events[2]).toMatchObject({
      verdict: 'passed',
      ending: 'agent',
      turns: [{ said: 'Where is ORD-42?' }, {}],
    });
    expect(events[4]).toMatchObject({ scenarios: 1, passed: 1, failed: 0, errors: 0, skipped: 0 });
  });

  test('writes no report over what is tested', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    for (const file of ['agent.yaml', 'script.yaml', './a.scenario.yaml']) {
      expect(await runIn(folder, `test --local --reporter junit=${file}`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--reporter junit=${file} would write over what is tested`),
      });
    }
    expect(readFileSync(join(folder, 'agent.yaml'), 'utf8')).toBe(spec);
  });

  test('reports a file by its name, whatever that looks like', async () => {
    const folder = folderWith({
      'xai-orders.scenario.yaml': `name: xai-refunds\n${passing.replace('says: shipped', 'says: xai-0123456789')}`,
    });
    const { stdout } = await runIn(folder, '--json test --local');
    const { id, file, name, runs } = stdout
      .split('\n')
      .filter((line) => line.includes('"scenario_done"'))
      .map((line) => JSON.parse(line))[0];
    expect({ id, file, name }).toEqual({
      id: 'xai-orders.scenario.yaml › xai-refunds',
      file: 'xai-orders.scenario.yaml',
      name: 'xai-refunds',
    });
    expect(existsSync(join(folder, runs[0].recording))).toBe(true);
    expect(runs[0].replay).toBe(`agents replay ${runs[0].recording}`);
    // What was said, or expected, may hold one.
    expect(stdout).not.toContain('0123456789');
  });

  test('takes scenarios by name, tag, shard and what failed the last time', async () => {
    const failing = passing.replace('says: shipped', 'says: never');
    const folder = folderWith({
      'a.scenario.yaml': `tags: [one]\n${passing}`,
      'b.scenario.yaml': `tags: [two]\n${failing}`,
    });
    const listed = async (flags: string) =>
      (await runIn(folder, `test --local --list ${flags}`)).stdout.match(/\w+(?=\.scenario\.yaml)/g) ?? [];
    expect(await listed('')).toEqual(['a', 'b']);
    expect(await listed('--filter B.scen')).toEqual(['b']);
    expect(await listed('--tag one')).toEqual(['a']);
    expect(await listed('--tag !one')).toEqual(['b']);
    expect([...(await listed('--shard 1/2')), ...(await listed('--shard 2/2'))].sort()).toEqual(['a', 'b']);
    expect((await runIn(folder, 'test --last-failed')).code).toBe(2);
    await runIn(folder, 'test --local');
    expect(await listed('--last-failed')).toEqual(['b']);
    writeFileSync(join(folder, 'b.scenario.yaml'), passing);
    expect((await runIn(folder, 'test --local --last-failed')).stdout).toContain('1 scenario: 1 passed');
    expect((await runIn(folder, 'test --local --last-failed')).stdout).toContain('0 scenarios');
    expect((await runIn(folder, 'test --local --filter nothing')).code).toBe(2);
  });

  test('runs all of a file of which one that failed the last time is gone', async () => {
    const failing = passing.replace('says: shipped', 'says: never');
    const folder = folderWith({ 'a.scenario.yaml': `name: old\n${failing}`, 'b.scenario.yaml': passing });
    await runIn(folder, 'test --local');
    writeFileSync(join(folder, 'a.scenario.yaml'), `name: new\n${failing}`);
    // What else was asked for leaves it out: it is not forgotten.
    await runIn(folder, 'test --local --last-failed --filter b.scen');
    expect(await runIn(folder, 'test --local --last-failed')).toMatchObject({
      code: 6,
      stdout: expect.stringContaining('1 scenario: 1 failed'),
      stderr: 'note: not there any more: a.scenario.yaml › old; all of a.scenario.yaml is run\n',
    });
    const { stdout, stderr } = await runIn(folder, 'test --local --list --last-failed');
    expect({ stdout, stderr }).toEqual({ stdout: 'a.scenario.yaml › new\n', stderr: '' });
  });

  test.skipIf(!existsSync('/dev/full'))(
    'knows what failed though its report could not be written',
    async () => {
      const folder = folderWith({ 'a.scenario.yaml': passing.replace('says: shipped', 'says: never') });
      const full = await runIn(folder, 'test --local --reporter json=/dev/full');
      expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining('/dev/full') });
      const { stdout } = await runIn(folder, 'test --local --list --last-failed');
      expect(stdout).toBe('a.scenario.yaml › a\n');
    },
  );

  test('finds no state where tools keep theirs for themselves', async () => {
    const folder = folderWith({
      'tools.mjs':
        'export const lookup_order = () => ({ status: "shipped" });\nexport const end_call = () => 1;\n',
      'a.scenario.yaml':
        'agent: agent.yaml\nlocal: script.yaml\ntools: tools.mjs\nturns: [{ user: Hi }]\nexpect: { state: { booked: null } }\n',
    });
    const { code, stdout } = await runIn(folder, 'test --local');
    expect({ code, stdout }).toEqual({
      code: 6,
      stdout: expect.stringContaining('no canned tools had a state'),
    });
  });

  test('shows GitHub where a file is wrong', async () => {
    const folder = folderWith({
      'a.scenario.yaml': 'agent: x\nturns:\n  - usr: Hi\n',
      'b.scenario.yaml': 'agent: []',
    });
    const { code, stdout } = await runIn(folder, 'test --local --reporter terminal --reporter github');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^::error file=a\.scenario\.yaml,line=3,col=\d+,title=nothing was run::turns\[0\]/m,
    );
    expect(stdout).toMatch(/^::error file=b\.scenario\.yaml,line=1,col=/m);
    expect((await runIn(folder, 'test --local')).stdout).toBe('');
  });

  test('marks the reports of parts as of one run, which others cannot be joined with', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing, 'b.scenario.yaml': passing });
    const part = (flags: string, file: string) =>
      runIn(folder, `test --local ${flags} --reporter json=${file}`);
    await part('--shard 1/2', '1.json');
    await part('--shard 2/2 --repeat 2', '2.json');
    await part('--shard 2/2 --filter b.scen', 'other.json');
    expect((await runIn(folder, 'test merge 1.json 2.json')).code).toBe(0);
    const { code, stderr } = await runIn(folder, 'test merge 1.json other.json');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /1\.json is part of a run of 2 scenarios, \w{8}, and other\.json of one of 1 scenario, \w{8}: /,
    );
  });

  test('interrupts, presses keys, and waits in silence', async () => {
    const folder = folderWith({
      'a.scenario.yaml': `${head}turns:
  - user: Count, please
    interrupt: { after: three }
    expect: { not_says: ten }
  - dtmf: 12#
    expect: { says: one two }
  - silence: 0.01
    expect: { not_says: one }
`,
    });
    const { code, stdout } = await runIn(folder, '--json test --local --record');
    expect(stdout).toContain('"said":"(keys 12#)"');
    expect(code).toBe(0);
  });

  test('tells of a line that was down when the time was up, which is no failure of the agent', async () => {
    const folder = folderWith({
      'a.scenario.yaml': `${head}timeout: 0.3\nturns: [{ user: Hi, expect: { not_says: never } }]\n`.replace(
        'local: script.yaml',
        'local: { script: script.yaml, faults: [drop-at-connect] }',
      ),
    });
    const ran = await runIn(folder, 'test --local', { clock: systemClock });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('the line was down when the time of 0.3 s was up: closed with ');
  });

  test('lets an agent ask whether somebody is there', async () => {
    const folder = folderWith({
      'script.yaml': 'rules:\n  - { when: { silence: idle }, say: Are you still there? }\n  - { say: Ah. }\n',
      'a.scenario.yaml': `override: { idle: 0.05 }
${head}turns:
  - user: Hello
  - silence: 2
    expect: { says: still there }
`,
    });
    const clock = { now: Date.now, nowMs: () => performance.now() };
    expect(await runIn(folder, 'test --local', { clock })).toMatchObject({ code: 0 });
  });

  test('fails an agent that never comes to an end of its tools', async () => {
    const loop = script.replace(
      '- when: { tool_result: lookup_order, contains: shipped }\n    say: Good news, it has shipped. Anything else?',
      '- when: { tool_result: lookup_order, contains: shipped }\n    call: { name: lookup_order, arguments: { order_id: ORD-1 } }',
    );
    const folder = folderWith({ 'a.scenario.yaml': `${head}turns: [{ user: loop }]`, 'script.yaml': loop });
    expect(await runIn(folder, 'test --local')).toMatchObject({
      code: 6,
      stdout: expect.stringContaining('failed'),
    });
  });

  test('takes the day a scenario says it is, for agent, tools and local API', async () => {
    const folder = folderWith({
      'agent.yaml': spec.replace('are.', 'are. Today is {{today}}.'),
      'script.yaml': 'rules:\n  - { say: It is $today. }',
      'a.scenario.yaml':
        "agent: agent.yaml\nlocal: script.yaml\noverride: { today: 2024-02-29 }\nturns:\n  - { user: Which day is it?, expect: { says: ['2024-02-29', '{{today}}'] } }\n",
    });
    expect(await runIn(folder, 'test --local')).toMatchObject({ code: 0 });
  });

  test('has people who are played speak of days', async () => {
    const folder = folderWith({
      'script.yaml': 'rules:\n  - { say: It is $said }',
      'a.scenario.yaml':
        "agent: agent.yaml\nlocal: script.yaml\noverride: { today: 2024-02-29 }\nuser:\n  goal: A day\n  opens: '{{today+1}}'\n  rules: [{ when: { contains: '{{today+1}}' }, done: true }]\nexpect: [{ says: '2024-03-01' }, { ends: properly }]\n",
    });
    expect(await runIn(folder, 'test --local')).toMatchObject({ code: 0 });
  });

  test.each<[string, string, number, string]>([
    ['is done in their last turn', 'most: 2, opens: Hi, rules: [{ say: Thanks, done: true }]', 0, ''],
    ['has nothing to say any more', 'most: 1, opens: Hi, rules: [{ done: true }]', 0, ''],
    ['wants to say more', 'most: 1, opens: Hi, rules: [{ say: And? }]', 6, 'the person had no turns left'],
    ['is hung up on', 'opens: bye, rules: [{ say: And? }]', 6, 'the agent ended it before'],
    ['has what they wanted then', 'opens: bye, rules: [{ done: true }]', 0, ''],
  ])('a person who %s', async (_, user, code, got) => {
    const folder = folderWith({
      'script.yaml':
        'rules:\n  - { when: { contains: bye }, say: Goodbye., call: { name: end_call } }\n  - { say: Yes. }\n',
      'a.scenario.yaml': `${head}user: { goal: A, ${user} }\n`,
    });
    const ran = await runIn(folder, 'test --local');
    expect([ran.code, ran.stdout]).toEqual([code, expect.stringContaining(got)]);
  });

  test('waits no longer for the words of a person than a run may take, which is no failure of the agent', async () => {
    const model = await startServer(() => {});
    const folder = folderWith({ 'a.scenario.yaml': `${head}timeout: 0.2\nuser: { goal: A day }\n` });
    const env = { AGENTS_MODEL_URL: model, AGENTS_USER_MODEL: 'slow' };
    const ran = await runIn(folder, 'test --local', { env });
    expect(ran).toMatchObject({ code: 1, stderr: '' });
    expect(ran.stdout).toContain('the person who is played had not spoken when the time of 0.2 s was up');
  });

  test('makes an agent for the test and deletes it, also what a crash left behind', async () => {
    const api = await startTestApi();
    const folder = folderWith({
      'a.scenario.yaml': 'agent: agent.yaml\nstored: true\nturns: [{ user: Hi, expect: { says: Hi } }]\n',
    });
    const before = await runIn(folder, `test --base-url ${api.base}`);
    expect(before.code).toBe(0);
    const left = () =>
      runIn(folder, `--json list --base-url ${api.base}`).then(({ stdout }) => JSON.parse(stdout).agents);
    expect(await left()).toEqual([]);
    await runIn(folder, `create agent.yaml --name "Orders (test 00000000-1)" --base-url ${api.base}`);
    await runIn(folder, `create agent.yaml --base-url ${api.base}`);
    const tests = join(folder, '.state', 'tests');
    writeFileSync(
      join(tests, '00000000.json'),
      JSON.stringify({ server: `${api.base}/`, pid: 2 ** 30, names: ['Orders (test 00000000-1)'] }),
    );
    const swept = await runIn(folder, `test --base-url ${api.base}`, { dead: [2 ** 30] });
    expect(swept.stderr).toContain('1 agent of an earlier test deleted');
    expect(await left()).toMatchObject([{ name: 'Orders' }]);
    expect(readdirSync(tests).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  test('compares with an earlier run, which must be there', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    expect(await runIn(folder, 'test --local --baseline')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no baseline test-baseline.json'),
    });
    const kept = await runIn(folder, 'test --local --repeat 6 --update-baseline --baseline-file b.json');
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('Kept in b.json') });
    const compared = await runIn(folder, 'test --local --repeat 6 --baseline --baseline-file b.json');
    expect(compared.code).toBe(0);
    expect(compared.stdout).toMatch(/^same .*first word/m);
    const program = await runIn(folder, '--json test --local --baseline --baseline-file b.json');
    expect(program.stdout).toContain('{"type":"comparison",');
  });

  test('keeps a first run that there is nothing to compare with', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing, 'b.scenario.yaml': passing });
    const first = await runIn(folder, 'test --local --baseline --update-baseline');
    expect(first).toMatchObject({
      code: 0,
      stderr:
        'note: there is no baseline test-baseline.json yet: nothing to compare with\n' +
        'Kept in test-baseline.json; agents test --baseline compares with it\n',
    });
    const again = await runIn(folder, 'test --local --baseline --update-baseline');
    expect(again.stderr).not.toContain('note:');
    expect(again.stdout).toContain('pass rate 100 % → 100 %');
  });

  test('tells of scenarios that are gone, not of those that were not asked for', async () => {
    const folder = folderWith({
      'a.scenario.yaml': `tags: [one]\n${passing}`,
      'b.scenario.yaml': passing.replace('says: shipped', 'says: never'),
    });
    await runIn(folder, 'test --local --update-baseline');
    for (const some of ['--filter a.scen', '--tag one', '--shard 1/2', '--last-failed', 'a.scenario.yaml']) {
      const { stdout } = await runIn(folder, `test --local --baseline ${some}`);
      expect(stdout).toContain('pass rate');
      expect(stdout).not.toContain('gone');
    }
    rmSync(join(folder, 'b.scenario.yaml'));
    expect((await runIn(folder, 'test --local --baseline')).stdout).toMatch(/^gone .* b\.scenario\.yaml/m);
  });

  test('refuses a file for a baseline that nobody asked for', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    expect(await runIn(folder, 'test --local --baseline-file b.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--baseline-file names the file of --baseline and --update-baseline'),
    });
  });

  test('runs again when a file changes, and tells what is wrong with one', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    const { running, waits, interrupts } = watching(folder);
    await until(() => waits() === 1);
    writeFileSync(join(folder, 'script.yaml'), script.replace('it has shipped', 'it is lost'));
    await until(() => waits() === 2);
    writeFileSync(join(folder, 'a.scenario.yaml'), 'turns: 5');
    await until(() => waits() === 3);
    writeFileSync(join(folder, 'a.scenario.yaml'), passing.replace('says: shipped', 'says: lost'));
    await until(() => waits() === 4);
    interrupts.raise('interrupted');
    const { code, stdout, stderr } = await running;
    // Ctrl+C is how waiting is meant to end.
    expect(code).toBe(0);
    expect(stderr).not.toContain('interrupted');
    expect(stdout.match(/^(passed|failed) {3}(?=a)/gm)).toHaveLength(3);
    expect(stderr).toContain('a.scenario.yaml:1:1: turns must be an array');
  });

  test('runs what is to be done before and after, without the key, and not for ever', async () => {
    const folder = folderWith({
      'a.scenario.yaml': `timeout: 20
setup:
  - [sh, -c, 'sleep 60 & echo "before $XAI_API_KEY." >> log']
teardown: [sh, -c, 'echo after >> log']
${passing}`,
    });
    const env = { XAI_API_KEY: 'xai-secret-of-this-test' };
    expect(await runIn(folder, 'test --local', { env })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('before .\nafter\n');
    writeFileSync(join(folder, 'a.scenario.yaml'), `timeout: 0.05\nsetup: [sleep, '60']\n${passing}`);
    expect(await runIn(folder, 'test --local')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('sleep 60: took longer than 0.05 s'),
    });
    writeFileSync(join(folder, 'a.scenario.yaml'), `teardown: [sh, -c, 'echo no >&2; exit 3']\n${passing}`);
    expect(await runIn(folder, 'test --local')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('exit 3: ended with code 3: no'),
    });
    const throws = `setup: [[node, -e, 'throw new TypeError("not seeded")']]\n${passing}`;
    writeFileSync(join(folder, 'a.scenario.yaml'), throws);
    expect(await runIn(folder, 'test --local')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('ended with code 1: TypeError: not seeded'),
    });
  });

  test('does not play what nobody can judge', async () => {
    const folder = folderWith({ 'a.scenario.yaml': `${passing}  - judge: It is polite.\n` });
    const { code, stdout } = await runIn(folder, '--json test --local');
    expect(code).toBe(1);
    const run = stdout
      .split('\n')
      .map((line) => JSON.parse(line || '{}'))
      .find(({ type }) => type === 'scenario_run');
    expect(run).toMatchObject({
      verdict: 'error',
      turns: [],
      problem: { message: 'no model is set to judge' },
    });
  });

  test('knows a scenario however its file is spelled', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    const ids = await Promise.all(
      [
        'a.scenario.yaml',
        './a.scenario.yaml',
        join(folder, 'a.scenario.yaml'),
        '../x/../a.scenario.yaml',
        '.',
      ].map(
        async (name) =>
          (await runIn(folder, `test --local --list ${name.replace('../x/..', `../${basename(folder)}`)}`))
            .stdout,
      ),
    );
    expect(new Set(ids)).toEqual(new Set(['a.scenario.yaml › a\n']));
  });

  test('refuses a limit of cost where no price is known', async () => {
    const folder = folderWith({ 'a.scenario.yaml': `override: { model: unknown-voice }\n${passing}` });
    expect(await runIn(folder, 'test --local --max-cost 1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nobody knows the price of unknown-voice'),
    });
  });

  test('takes in scenario files that come, and waits for those that go', async () => {
    const folder = folderWith({});
    const { running, waits, interrupts } = watching(folder);
    await until(() => waits() === 1);
    writeFileSync(join(folder, 'a.scenario.yaml'), passing);
    await until(() => waits() === 2);
    mkdirSync(join(folder, 'below'));
    writeFileSync(
      join(folder, 'below/b.scenario.yaml'),
      passing.replaceAll(/(agent|script)\.yaml/g, '../$&'),
    );
    await until(() => waits() === 3);
    rmSync(join(folder, 'below'), { recursive: true });
    rmSync(join(folder, 'a.scenario.yaml'));
    await until(() => waits() === 4);
    writeFileSync(join(folder, 'a.scenario.yaml'), passing);
    await until(() => waits() === 5);
    interrupts.raise('interrupted');
    const { code, stdout, stderr } = await running;
    expect(code).toBe(0);
    expect(stdout.match(/(?<=^\d )scenarios?: \d passed/gm)).toEqual([
      'scenario: 1 passed',
      'scenarios: 2 passed',
      'scenario: 1 passed',
    ]);
    expect(stderr.match(/error: there is no \*\.scenario\.yaml in this folder/g)).toHaveLength(2);
  });

  test('sees a named file come back, and what it is made of', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    const { running, waits, interrupts } = watching(folder, 'a.scenario.yaml');
    await until(() => waits() === 1);
    for (const [at, [name, text]] of Object.entries({
      'a.scenario.yaml': passing,
      'script.yaml': script,
    }).entries()) {
      rmSync(join(folder, name));
      await until(() => waits() === 2 * at + 2);
      writeFileSync(join(folder, name), text);
      await until(() => waits() === 2 * at + 3);
    }
    interrupts.raise('interrupted');
    const { code, stdout, stderr } = await running;
    expect(code).toBe(0);
    expect(stdout.match(/1 passed/g)).toHaveLength(3);
    expect(stderr.match(/^error: .*/gm)).toEqual([
      'error: cannot read a.scenario.yaml: no such file',
      expect.stringContaining('script.yaml'),
    ]);
  });

  test('is interrupted while it plays, watching or not, with 130', async () => {
    const folder = folderWith({ 'a.scenario.yaml': passing });
    const interrupts = new Interrupts();
    const { code } = await runIn(folder, 'test --local --watch', {
      interrupts,
      onWrite: (_, text) => text.startsWith('passed') && interrupts.raise('interrupted'),
    });
    expect(code).toBe(130);
  });

  test('stops at what it may cost, with 6', async () => {
    const api = await startTestApi();
    const folder = folderWith({ 'a.scenario.yaml': passing, 'b.scenario.yaml': passing });
    const { code, stdout, stderr } = await runIn(
      folder,
      `test --base-url ${api.base} --workers 1 --max-cost 0.03`,
    );
    expect(code).toBe(6);
    expect(stderr).toContain('--max-cost 0.03');
    expect(stdout).toContain('not run');
  });

  test('has the five behaviours of the clinic pass', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await runIn(folder, `test --local ${join(root, 'fixtures/clinic')}`);
    expect(stdout).toContain('6 scenarios: 6 passed');
    expect(code).toBe(0);
  });
});
