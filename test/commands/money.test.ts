// What a conversation costs, by the command line: the local API reports its usage where the service does.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { person, type RunOptions, root } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
/** Two words, at the prices of the day tests live in. */
const script = { rules: [{ when: { matches: '.' }, say: 'A word' }] };

async function caller(options: RunOptions & { rates?: string } = {}) {
  const api = await startTestApi({ script });
  const { run, home } = person(options);
  if (options.rates !== undefined) {
    mkdirSync(join(home, '.config/agents'), { recursive: true });
    writeFileSync(join(home, '.config/agents/rates.yaml'), options.rates);
  }
  return {
    api,
    home,
    voice: (flags: string, more: RunOptions = {}) =>
      run(
        `--base-url ${api.base} ${flags.startsWith('--json') ? '--json ' : ''}voice ${orderSupport} ${flags.replace('--json', '')}`,
        more,
      ),
  };
}

const told = (stdout: string, type: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((notice) => notice.type === type);

describe('the price of a conversation', () => {
  test('is told of each turn and of the session, as exact text and as integers that add up', async () => {
    const { voice } = await caller();
    const { stdout, code } = await voice('--json -m One -m Two -m Three');
    expect(code).toBe(0);
    const turns = told(stdout, 'turn_done');
    const [session] = told(stdout, 'session_done');
    expect(turns).toHaveLength(3);
    for (const { cost, meter, reported } of turns) {
      expect(meter).toMatchObject({ text_items: 1, audio_in_seconds: 0, tool_calls: 0 });
      expect(meter.audio_out_seconds).toBe(reported.output_audio_seconds);
      expect(cost).toMatchObject({ estimated: true, rates: '2026-04-23', model: 'grok-voice-latest' });
      // To the nearest tick: audio at 0.05 a minute, and 0.004.
      expect(cost.usd_ticks).toBe(Math.round((meter.audio_out_seconds * 500_000_000) / 60) + 40_000_000);
      expect(Number(cost.usd)).toBeCloseTo(cost.usd_ticks / 1e10, 10);
    }
    expect(session.cost.usd_ticks).toBe(turns.reduce((sum, { cost }) => sum + cost.usd_ticks, 0));
    expect(session).toMatchObject({ turns: 3, meter: { text_items: 3 } });
    expect(stdout.trim().split('\n').at(-1)).toContain('"session_done"');
  });

  test('of a model nobody knows is null, and unknown in words', async () => {
    const { voice } = await caller();
    const json = await voice('--json -m Hi --model grok-realtime');
    expect(told(json.stdout, 'session_done')[0].cost).toMatchObject({
      usd: null,
      usd_ticks: null,
      rates: null,
    });
    const words = await voice('-m Hi --model grok-realtime');
    expect(words.stderr).toContain('price of grok-realtime unknown)');
    expect(words.stderr).not.toContain('$');
  });

  test('holds the surcharge of telephony', async () => {
    const { voice } = await caller();
    const [plain] = told((await voice('--json -m Hi')).stdout, 'session_done');
    const [called] = told((await voice('--json -m Hi --telephony')).stdout, 'session_done');
    const surcharge = Math.round((plain.meter.audio_out_seconds * 100_000_000) / 60);
    expect(called.cost.usd_ticks).toBe(plain.cost.usd_ticks + surcharge);
  });

  test('a session without a turn has sums, and no line', async () => {
    const { voice } = await caller();
    const refused = '-m Hi --max-cost 0.001';
    expect((await voice(refused)).stderr).toMatch(/^error: the first turn would pass/);
    expect(told((await voice(`--json ${refused}`)).stdout, 'session_done')).toMatchObject([
      { turns: 0, cost: { usd: '0' } },
    ]);
  });
});

describe('a rates file', () => {
  test('in the config folder comes before the built-in prices, and adds to them', async () => {
    const { voice } = await caller({
      rates:
        'rates:\n  - { model: grok-realtime, per_audio_minute: 6, from: 2026-01-02 }\n  - per_text_item: "0.5"\n',
    });
    const [session] = told(
      (await voice('--json -m Hi --model grok-realtime --max-cost 9')).stdout,
      'session_done',
    );
    expect(session.cost).toMatchObject({ model: 'grok-realtime', rates: '2026-01-02' });
    expect(session.cost.usd_ticks).toBe(session.meter.audio_out_seconds * 1e9 + 5e9);
  });

  test('that AGENTS_RATES names is read instead, as JSON too', async () => {
    const { voice, home } = await caller({ rates: 'not read: [', env: { AGENTS_RATES: 'mine.json' } });
    writeFileSync(join(home, 'mine.json'), '[{"per_audio_minute": 1e-7}]');
    const [session] = told((await voice('--json -m Hi')).stdout, 'session_done');
    expect(session.cost.rates).toBe('mine.json');
    expect(session.cost.usd_ticks).toBe(
      40_000_000 + Math.round((session.meter.audio_out_seconds * 1000) / 60),
    );
  });

  test.each([
    ['- per_audio_minute: -1', 'rates.yaml[0]: per_audio_minute must be a number of US dollars, got -1'],
    ['- per_audio_minute: 0.00000000001', 'got 1e-11'],
    ['- per_audio_minute: 1001', 'must be a number of US dollars, got 1001'],
    ['- per_audio_minute: cheap', 'must be a number of US dollars, got "cheap"'],
    ['- { per_audio_minutes: 1 }', 'per_audio_minutes is not known (did you mean "per_audio_minute"?)'],
    ['- { model: 7, per_text_item: 1 }', 'model must be text, got 7'],
    ['- { from: 2026-02-30, per_text_item: 1 }', 'from must be a day such as 2026-08-05, got 2026-02-30'],
    ['- { model: x }', 'rates.yaml[0]: holds no price'],
    ['rates: [{ per_text_item: 1 }, 5]', 'rates.yaml: rates[1]: must be a row such as'],
    ['rates: {', 'not valid YAML'],
    ['', 'rates.yaml is empty'],
  ])('that holds %j is refused before anything is sent', async (rates, says) => {
    const { voice, api } = await caller({ rates });
    expect(await voice('-m Hi')).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
    expect(await api.requests()).toEqual([]);
  });

  test('that is not there is told', async () => {
    const { voice } = await caller({ env: { AGENTS_RATES: 'none.yaml' } });
    expect(await voice('-m Hi')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read none.yaml'),
    });
  });
});

describe('--max-cost', () => {
  test('ends a script before the turn that would pass it, with 6 and the amount', async () => {
    const { voice } = await caller();
    const ended = await voice('-m One -m Two -m Three --max-cost 0.01');
    expect(ended).toMatchObject({ code: 6, stdout: 'A word\nA word\n' });
    expect(ended.stderr).toMatch(
      /error: the next turn would pass --max-cost 0\.01: about \$0\.008\d is spent, and a turn costs about \$0\.004\d\n/,
    );
  });

  test('ends a pipe as well, and --json tells it as an error', async () => {
    const { voice } = await caller();
    const ended = await voice('--json --max-cost 0.005', { stdin: 'One\nTwo\n' });
    expect(ended.code).toBe(6);
    expect(JSON.parse(ended.stderr).error.code).toBe('budget_reached');
    expect(told(ended.stdout, 'session_done')[0].turns).toBe(1);
  });

  test('that holds all the turns there are changes nothing', async () => {
    const { voice } = await caller();
    expect(await voice('-m One -m Two --max-cost $0.01')).toMatchObject({
      code: 0,
      stdout: 'A word\nA word\n',
    });
  });

  test('that the last turn passes is told, the turn is finished, and the exit code is 6', async () => {
    const { voice } = await caller();
    const ended = await voice('-m One --max-cost 0.0041');
    expect(ended).toMatchObject({ code: 6, stdout: expect.stringMatching(/^A\n? word\n$/) });
    expect(ended.stderr).toContain('note: --max-cost 0.0041 is passed');
    expect(ended.stderr).toContain('error: --max-cost 0.0041 is passed: about $0.004');
  });

  test('needs a price: an unknown model is refused before anything is sent, with how to add it', async () => {
    const { voice, api } = await caller();
    const refused = await voice('-m Hi --model grok-realtime --max-cost 1');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--max-cost cannot be kept: nobody knows the price of grok-realtime');
    expect(refused.stderr).toContain('.config/agents/rates.yaml');
    expect(await api.requests()).toEqual([]);
  });
});

describe('--max-minutes', () => {
  test('ends a script before the turn that would pass it', async () => {
    const { voice } = await caller();
    let now = 0;
    const clock = { nowMs: () => (now += 1000), after: () => () => {} };
    const ended = await voice('-m One -m Two -m Three --max-minutes 1', { clock });
    expect(ended.code).toBe(6);
    expect(ended.stderr).toMatch(/error: (the next turn would pass )?--max-minutes 1/);
  });

  test('ends a pipe that says nothing', async () => {
    const { voice } = await caller();
    const after: typeof systemClock.after = (ms, fire) => systemClock.after(ms === 300_000 ? 20 : ms, fire);
    const stdin = Object.assign(new PassThrough());
    const ended = await voice('--max-minutes 5', { stdin, clock: { after } });
    expect(ended).toEqual({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('error: --max-minutes 5 is reached'),
    });
  });
});

test.each([
  [
    '--max-cost 0',
    '--max-cost must be an amount of US dollars in plain digits, at least 0.0000000001, got 0',
  ],
  [
    '--max-cost 1e-9',
    '--max-cost must be an amount of US dollars in plain digits, at least 0.0000000001, got 1e-9',
  ],
  [
    '--max-cost -1',
    '--max-cost must be an amount of US dollars in plain digits, at least 0.0000000001, got -1',
  ],
  ['--max-cost 1e3', 'got 1e3'],
  ['--max-cost much', 'got much'],
  ['--max-minutes 0', '--max-minutes must be a number of minutes, more than 0, got 0'],
  ['--max-minutes ""', 'got'],
  ['--max-minutes 99999', 'got 99999'],
  ['--max-minutes NaN', 'got NaN'],
])('%s is refused', async (flags, says) => {
  const { voice } = await caller();
  expect(await voice(`-m Hi ${flags}`)).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(says),
  });
});

describe('run', () => {
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1500 };
  async function answer(members: object, flags = '', env: Record<string, string> = {}) {
    const chunks = [
      { model: 'grok-4.3', choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] },
      { model: 'grok-4.3', choices: [], usage: { ...usage, ...members } },
    ];
    const server = await startFakeServer(() => ({
      headers: { 'content-type': 'text/event-stream' },
      body: `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`,
    }));
    const { run, home } = person({ env: { AGENTS_BASE_URL: server.url, ...env } });
    writeFileSync(join(home, 'a.json'), '{"name":"A","instructions":"Be kind."}');
    return { ...(await run(`run a.json -m Hello ${flags}`, { cwd: home })), seen: server.seen };
  }

  test('tells the price by the rates, thinking included', async () => {
    // 1000 in at 1.25 and 500 out at 2.50 a million.
    expect((await answer({})).stderr).toBe(
      '(1000 tokens in, 500 out, about $0.0025, estimated at rates of 2026-05-15)\n',
    );
  });

  test('tells what the service says instead, where it says so', async () => {
    expect((await answer({ cost_in_usd_ticks: 34_000_000 })).stderr).toBe(
      '(1000 tokens in, 500 out, $0.0034 by the service)\n',
    );
  });

  test('is silent about what nobody knows, and survives counts that are none', async () => {
    const nonsense = { prompt_tokens: -1, total_tokens: 1e300, cost_in_usd_ticks: -5 };
    expect(await answer({ ...nonsense, completion_tokens: 0 })).toMatchObject({ code: 0, stderr: '' });
  });

  test('leaves --json as it is, request and all', async () => {
    const { stderr, seen } = await answer({}, '--json --stream');
    expect(stderr).toBe('');
    expect(seen[0]?.body).not.toHaveProperty('stream_options');
  });
});
