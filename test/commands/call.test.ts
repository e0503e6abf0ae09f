// agents call: an agent calls somebody.

import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { makeAgent } from '../emulator/support.js';
import { agents, keyboard, type RunOptions } from '../support/agents.js';
import { addNumber } from '../support/calls.js';
import { type FakeReply, startFakeServer } from '../support/fake-server.js';
import { startTestApi, type TestApiOptions } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

const line = '+14155550123';
const to = '+14155550199';

async function withAgent(options: TestApiOptions = {}) {
  const api = await startTestApi(options);
  const { agent_id } = await makeAgent(api, { name: 'Front Desk', instructions: 'Be kind.' });
  addNumber(api, line, { agent_id });
  const call = (flags: string, run: RunOptions = {}) => agents(`--base-url ${api.base} call ${flags}`, run);
  return { api, agent_id, call };
}

describe('a call that is placed', () => {
  test.each(['by id', 'by name'])('%s is followed to its end', async (way) => {
    const { call, agent_id } = await withAgent();
    const told = await call(`"${way === 'by id' ? agent_id : 'Front Desk'}" --to ${to} --yes`);
    expect(told).toEqual({
      code: 0,
      stdout:
        'person: Hello?\n' +
        'agent: Hello, this is Front Desk. You said: Hello? My instructions begin: Be kind.\n' +
        'person: Thank you for calling. Goodbye.\n' +
        'agent: Hello, this is Front Desk. You said: Thank you for calling. Goodbye. My instructions begin: Be kind.\n',
      stderr: expect.stringMatching(
        /^Calling \+14155550199 from \+14155550123 \(.*\) …\n(It rings\.\n)?(Answered\.\n)?The call is over after \d s: the person called hung up\.\n$/,
      ),
    });
  });

  test('--json has the call whole at each change, and each thing that is said', async () => {
    const { call, agent_id } = await withAgent();
    const { code, stdout, stderr } = await call(`${agent_id} --to ${to} --from ${line} --yes --json`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(lines[0]).toMatchObject({ type: 'call', call: { status: 'queued', from: line, to, agent_id } });
    expect(lines.filter(({ type }) => type === 'transcript').map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'user', 'assistant'],
    ]);
    expect(lines.at(-1).call).toMatchObject({ status: 'completed', transcript: { length: 4 } });
  });

  test.each([
    ['callee-busy', 'nobody was reached: the line is busy'],
    ['callee-no-answer', 'nobody was reached: nobody answered within 30 s'],
  ])('with %s ends with 6', async (fault, message) => {
    const { call } = await withAgent({
      faults: [fault],
      after: (ms, fire) => {
        const timer = setTimeout(fire, ms === 30_000 ? 20 : ms);
        return () => clearTimeout(timer);
      },
    });
    const told = await call(`"Front Desk" --to ${to} --yes`);
    expect(told).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining(`error: ${message}`) });
  });

  test('needs a number to call from', async () => {
    const { api, call } = await withAgent();
    const { agent_id } = await makeAgent(api, { name: 'Bo' });
    const told = await call(`Bo --to ${to} --yes`);
    expect(told).toMatchObject({ code: 1, stdout: '' });
    expect(told.stderr).toContain(`Agent ${agent_id} has no phone number to call from`);
    expect(told.stderr).toContain('phone assign <number> <agent> gives it one');
  });

  test('comes from a number that is named as its user does', async () => {
    const { api, call, agent_id } = await withAgent();
    addNumber(api, '+14155550124', { agent_id, name: 'Night Desk' });
    const told = await call(`"Front Desk" --to ${to} --from "Night Desk" --yes`);
    expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining('from +14155550124') });
    expect(await call(`"Front Desk" --to ${to} --from Nobody --yes`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no phone number Nobody'),
    });
  });

  test('is asked about at a terminal, and not placed without a yes', async () => {
    const { call } = await withAgent();
    for (const [answer, placed] of [
      ['n', 0],
      ['y', 1],
    ] as const) {
      const { stream, type } = keyboard();
      let screen = '';
      const told = await call(`"Front Desk" --to ${to}`, {
        stdin: stream,
        tty: { stdin: true, stderr: true },
        env: { NO_COLOR: '1' },
        onWrite: (_, text) => {
          const isFirst = !screen.includes('Let Front');
          screen += text;
          if (isFirst && screen.includes('Let Front')) setImmediate(() => type(answer));
        },
      });
      expect(told.code).toBe(0);
      expect(await renderScreen(screen)).toMatch(/Let Front Desk \(agent_\w+\) call \+14155550199\?/);
      expect(told.stdout.match(/^person: Hello\?$/gm) ?? []).toHaveLength(placed);
      expect(told.stderr.includes('Nobody was called.')).toBe(placed === 0);
    }
  });

  test('Ctrl+C hangs up, once, and follows the call to its end', async () => {
    const { api, call } = await withAgent({ wordDelayMs: 20 });
    const interrupts = new Interrupts();
    const told = await call(`"Front Desk" --to ${to} --yes`, {
      interrupts,
      onWrite: (_, text) => text.includes('person: Hello?') && interrupts.raise('interrupted'),
    });
    expect(told.code).toBe(130);
    expect(told.stderr).toContain('Hanging up; Ctrl+C again leaves at once.\n');
    expect(told.stderr).toContain('the agent hung up.\n');
    const hangUps = (await api.requests()).filter(({ path }) => path.endsWith('/hangup'));
    expect(hangUps).toMatchObject([{ status: 200 }]);
  });

  test('Ctrl+C twice leaves at once', async () => {
    const interrupts = new Interrupts();
    const told = await agentsOn(
      ({ method, path }) => {
        if (path.endsWith('/hangup')) setImmediate(() => interrupts.raise('interrupted'));
        else if (method === 'GET' && path.includes('calls/')) interrupts.raise('interrupted');
        return undefined;
      },
      { interrupts },
    );
    expect(told).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
  });
});

type Asked = { method: string; path: string };

/** Against a server that knows an agent, and places calls that never end unless `answer` says otherwise. */
async function agentsOn(
  answer: (asked: Asked) => FakeReply | undefined,
  options: RunOptions = {},
  flags = '--yes',
) {
  const server = await startFakeServer((asked) => {
    const call = { call_id: 'call_1', status: 'ringing' };
    const isAgent = asked.path.startsWith('/v1/agents');
    return answer(asked) ?? { body: isAgent ? { agent: { agent_id: 'agent_1', name: 'A' } } : { call } };
  });
  const told = await agents(`--base-url ${server.url} call agent_1 --to ${to} ${flags} --timeout 0.5`, {
    env: { XAI_API_KEY: 'xai-test', ...options.env },
    ...options,
  });
  return { ...told, seen: server.seen, url: server.url };
}

const isPost = ({ method }: Asked) => method === 'POST';

describe('a server that places no calls', () => {
  test.each([
    [404, 1],
    [405, 1],
    [501, 1],
    [403, 4],
  ])('and says so with %i is explained, with exit code %i', async (status, code) => {
    const { seen, url, ...told } = await agentsOn((asked) =>
      isPost(asked) ? { status, body: { error: 'no way' } } : undefined,
    );
    expect(told).toMatchObject({ code, stdout: '' });
    expect(told.stderr).toMatch(/no (public )?endpoint for placing calls/);
    if (code === 1) expect(told.stderr).toContain(`${url} has no endpoint`);
    expect(told.stderr).toContain("the console's Call Me");
    expect(told.stderr).toContain('Twilio');
    expect(told.stderr).toContain('agents --local call');
    expect(seen.filter(isPost)).toHaveLength(1);
  });

  test('for another reason is told that one', async () => {
    const wrong = await agentsOn((asked) =>
      isPost(asked) ? { status: 403, body: { error: 'Your team is blocked' } } : undefined,
    );
    expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining('the team, not the key') });
    expect(wrong.stderr).not.toContain('Call Me');
  });
});

describe('a call is never placed twice', () => {
  test.each([
    ['429', { status: 429, headers: { 'retry-after': '0' }, body: { error: 'slow' } }, 5, ''],
    ['500', { status: 500, body: { error: 'boom' } }, 5, 'nobody knows whether the telephone rings'],
    ['502 of a proxy', { status: 502, body: '<html>' }, 5, 'nobody knows'],
    ['a reply that says nothing', { status: 200, body: {} }, 1, 'nobody knows'],
    ['401', { status: 401, body: { error: 'who' } }, 4, 'XAI_API_KEY'],
    ['409', { status: 409, body: { error: 'there' } }, 1, ''],
    ['422', { status: 422, body: 'odd' }, 1, ''],
  ])('whatever is answered: %s', async (_, reply, code, says) => {
    const { seen, ...told } = await agentsOn((asked) => (isPost(asked) ? reply : undefined));
    expect(told).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
    expect(seen.filter(isPost)).toHaveLength(1);
  });

  test('a run that is stopped while it dials says that it may ring', async () => {
    const interrupts = new Interrupts();
    const told = await agentsOn(
      (asked) => {
        if (!isPost(asked)) return undefined;
        setImmediate(() => interrupts.raise('terminated'));
        // Its body never comes to its end.
        return { headers: { 'content-length': '99' } };
      },
      { interrupts },
    );
    expect(told).toMatchObject({
      code: 143,
      stderr: expect.stringContaining('Nobody knows whether the telephone rings'),
    });
  });

  test('nor when the call is lost sight of', async () => {
    const { seen, ...told } = await agentsOn(({ path }) =>
      path.endsWith('/call_1') ? { status: 503 } : undefined,
    );
    expect(told).toMatchObject({ code: 5, stderr: expect.stringContaining('the call call_1 may go on') });
    expect(seen.filter(isPost)).toHaveLength(1);
  });
});

describe('the path', () => {
  test.each([
    ['--yes --path /v9/dial', {}],
    ['--yes', { AGENTS_CALLS_PATH: '/v9/dial' }],
  ])('%s with %j is where the call is placed, looked at and hung up', async (flags, env) => {
    const { seen, code } = await agentsOn(
      ({ path }) =>
        path.startsWith('/v9/dial/')
          ? { body: { call_id: 'call_1', status: 'completed', transcript: [] } }
          : undefined,
      { env: { XAI_API_KEY: 'xai-test', ...env } },
      flags,
    );
    expect(code).toBe(0);
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/agents/agent_1',
      'POST /v9/dial',
      'GET /v9/dial/call_1',
    ]);
  });
});

describe('asking wrongly', () => {
  test.each([
    [`agent_1 --to ${to}`, 'a call has to be confirmed'],
    ['agent_1 --to 14155550199 --yes', '--to 14155550199 is no phone number as E.164 writes it'],
    [`agent_1 --to ${to} --from 4155550123 --yes`, '--from 4155550123 is no phone number'],
    [`agent_1 --to ${to} --yes --path calls`, '--path calls is no path'],
    [`agent_1 --to ${to} --yes --path /../x`, '--path /../x is no path'],
    ['agent_1 --yes', "required option '--to <e164>' not specified"],
    [`--to ${to} --yes`, "missing required argument 'agent'"],
  ])('%s is told, and nothing is sent', async (line, message) => {
    const server = await startFakeServer(() => ({ status: 500 }));
    const told = await agents(`--base-url ${server.url} call ${line}`);
    expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(server.seen).toEqual([]);
  });

  test('an agent nobody has is not found, and a name that several have names them', async () => {
    const { api, call, agent_id } = await withAgent();
    expect(await call(`Nobody --to ${to} --yes`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no agent Nobody'),
    });
    expect(await call(`agent_9 --to ${to} --yes`)).toMatchObject({ code: 3 });
    const second = await makeAgent(api, { name: 'Front Desk' });
    expect(await call(`"Front Desk" --to ${to} --yes`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`are called Front Desk: ${agent_id}, ${second.agent_id}`),
    });
  });
});

test('completion offers the agents there are', async () => {
  const { api, agent_id } = await withAgent();
  const told = await agents(['__complete', '--', '--base-url', api.base, 'call', '']);
  expect(told.stdout).toBe(`${agent_id}\tFront Desk\n`);
});

test('being told to stop hangs up before leaving', async () => {
  const { api, call } = await withAgent({ wordDelayMs: 20 });
  const interrupts = new Interrupts();
  const told = await call(`"Front Desk" --to ${to} --yes`, {
    interrupts,
    onWrite: (_, text) => text.includes('person: Hello?') && interrupts.raise('terminated'),
  });
  expect(told.code).toBe(143);
  const hangUps = (await api.requests()).filter(({ path }) => path.endsWith('/hangup'));
  expect(hangUps).toMatchObject([{ status: 200 }]);
});
