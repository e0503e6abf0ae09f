// agents phone simulate: a caller by flags, from a pipe and at a terminal.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { wavHeader } from '../../src/audio/wav-header.js';
import { systemClock } from '../../src/clock.js';
import { Interrupts } from '../../src/interrupts.js';
import { makeAgent } from '../emulator/support.js';
import { agents, keyboard, person, type RunOptions, root, temporaryFolder } from '../support/agents.js';
import { addNumber, join as joinCall, receiver } from '../support/calls.js';
import { startFakeServer } from '../support/fake-server.js';
import { startTestApi, type TestApiOptions } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

const line = '+14155550123';

/** A local API whose number has an agent. */
async function withAgent(options: TestApiOptions = {}, number: Record<string, unknown> = {}) {
  const api = await startTestApi(options);
  const { agent_id } = await makeAgent(api, { name: 'Ava', instructions: 'Be kind.' });
  addNumber(api, line, { agent_id, ...number });
  const simulate = (flags: string, run: RunOptions = {}) =>
    agents(`--base-url ${api.base} phone simulate --to ${line} ${flags}`, run);
  return { api, agent_id, simulate };
}

/** A clock on which nobody waits for a greeting. */
const hasty = {
  clock: { after: (ms: number, fire: () => void) => systemClock.after(ms === 1000 ? 1 : ms, fire) },
};

describe('a call by flags', () => {
  test('may name the number as its user does', async () => {
    const { api } = await withAgent({}, { name: 'Night Desk' });
    const told = await agents(`--base-url ${api.base} phone simulate --to "Night Desk" -m Hello`);
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('You said: Hello.') });
    expect(await agents(`--base-url ${api.base} phone simulate --to "Nigth Desk" -m Hello`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no phone number Nigth Desk (did you mean "Night Desk"?)'),
    });
  });

  test('has its turns in the order of the command line, each after the answer before', async () => {
    const { simulate } = await withAgent();
    const told = await simulate('-m "Good morning" --dtmf 12# -m Goodbye');
    expect(told).toEqual({
      code: 0,
      stdout:
        'agent: Hello, this is Ava.\n' +
        'caller: Good morning\n' +
        'agent: Hello, this is Ava. You said: Good morning. My instructions begin: Be kind.\n' +
        'caller presses: 12#\n' +
        'agent: Hello, this is Ava. You said: 12. My instructions begin: Be kind.\n' +
        'caller: Goodbye\n' +
        'agent: Hello, this is Ava. You said: Goodbye. My instructions begin: Be kind.\n',
      stderr: expect.stringMatching(
        /^Calling \+14155550123 from \+14155550100 …\nAnswered\.\nThe call is over after \d s: the caller hung up\.\n$/,
      ),
    });
  });

  test('--json is the news as they come, one a line', async () => {
    const { simulate } = await withAgent();
    const { code, stdout, stderr } = await simulate('-m Hi --from +14155550188 --json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const news = stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(news[0]).toMatchObject({
      type: 'ringing',
      from: '+14155550188',
      to: line,
      call_id: expect.any(String),
    });
    expect(news.filter(({ type }) => type !== 'agent_delta').map(({ type }) => type)).toEqual([
      'ringing',
      'answered',
      'agent',
      'agent_done',
      'caller',
      'agent',
      'agent_done',
      'ended',
    ]);
    expect(news.at(-1)).toMatchObject({ status: 'completed', reason: 'caller_hung_up' });
  });

  test('a WAV is heard, with the words beside it, and one that is silent is named before', async () => {
    const { simulate } = await withAgent();
    const cwd = temporaryFolder();
    for (const name of ['request.wav', 'request.wav.txt'])
      copyFileSync(join(root, 'fixtures/clinic', name), join(cwd, name));
    const told = await simulate('--audio request.wav', { cwd });
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('caller: I would like a dental cleaning'),
    });
    const zeros = Buffer.concat([wavHeader(8000, 16_000), Buffer.alloc(16_000)]);
    writeFileSync(join(cwd, 'nothing.wav'), zeros);
    const silent = await simulate('--audio nothing.wav --timeout 0.3', { cwd });
    expect(silent.stderr).toContain('note: nothing.wav is silent');
    expect(silent.stderr).toContain('error: the agent said nothing for 0.3 s');
    expect(silent.code).toBe(5);
  });

  test('--hang-up-after stays on the line', async () => {
    const { simulate } = await withAgent();
    const waits: number[] = [];
    const after = (ms: number, fire: () => void) => {
      waits.push(ms);
      return systemClock.after(ms === 7000 ? 100 : ms, fire);
    };
    const told = await simulate('-m Hi --hang-up-after 7', { clock: { after } });
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('You said: Hi.') });
    expect(waits).toContain(7000);
  });

  test('goes through the webhook of a number, whose troubles are told', async () => {
    const api = await startTestApi({ sleep: async () => {} });
    const { url } = await receiver(({ event }, count) => {
      if (count === 0) return 500;
      void joinCall(api, event.data.call_id);
      return 200;
    });
    addNumber(api, line, { webhook: url });
    const told = await agents(`--base-url ${api.base} phone simulate --to ${line} -m Hello`, hasty);
    expect(told.stderr).toContain(`note: the webhook ${url} did not take the call: it answered 500\n`);
    expect(told.stderr).toMatch(/(took the call: 200 \(try 2\)|Answered\.)\n/);
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('agent: Hello, this is Ava. You said: Hello.'),
    });
  });

  test('a call that is handed over ends well, with the target', async () => {
    const api = await startTestApi();
    const { url } = await receiver(({ event }) => {
      const path = `${api.base}/v1/realtime/calls/${event.data.call_id}/refer`;
      void joinCall(api, event.data.call_id).then(async () => {
        await expect
          .poll(async () => (await fetch(path.replace('/refer', ''))).text())
          .toContain('in_progress');
        await fetch(path, { method: 'POST', body: '{"target_uri":"tel:+14155550188"}' });
      });
      return 200;
    });
    addNumber(api, line, { webhook: url });
    const told = await agents(`--base-url ${api.base} phone simulate --to ${line} --hang-up-after 60`);
    expect(told).toMatchObject({ code: 0, stdout: '→ handed over to tel:+14155550188\n' });
    expect(told.stderr).toMatch(/The call is over after \d s: handed over\.\n$/);
  });

  test('an agent that is gone has broken the call off', async () => {
    const api = await startTestApi();
    const { url } = await receiver(({ event }) => {
      void joinCall(api, event.data.call_id).then(({ socket }) => setTimeout(() => socket.terminate(), 20));
      return 200;
    });
    addNumber(api, line, { webhook: url });
    expect(await agents(`--base-url ${api.base} phone simulate --to ${line} -m Hi`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("error: the call broke off: the agent's line broke"),
    });
  });
});

describe('a call that nobody answers', () => {
  test.each([
    ['--to +14155550999', 3, 'nobody can be called: there is no such number'],
    ['--to +14155550124', 6, 'the call was not answered: the number has neither an agent nor a webhook'],
    ['--to +14155550125', 6, 'the call was not answered: the webhook did not take it'],
  ])('%s ends with %i', async (flags, code, message) => {
    const { api } = await withAgent({ sleep: async () => {} });
    addNumber(api, '+14155550124');
    addNumber(api, '+14155550125', { webhook: (await receiver(() => 500)).url });
    const told = await agents(`--base-url ${api.base} phone simulate ${flags} -m Hi`);
    expect({ ...told, stderr: '' }).toEqual({ code, stdout: '', stderr: '' });
    expect(told.stderr).toContain(`error: ${message}`);
    const json = await agents(`--json --base-url ${api.base} phone simulate ${flags} -m Hi`);
    expect(JSON.parse(json.stderr.trim()).error).toMatchObject({
      code: code === 3 ? 'not_found' : 'not_answered',
    });
  });
});

describe('another server', () => {
  test('is named, with exit code 1, and how to run one', async () => {
    const server = await startFakeServer(() => ({ status: 404, body: { error: 'no' } }));
    const told = await agents(`--base-url ${server.url} phone simulate --to ${line} -m Hi`, {
      env: { XAI_API_KEY: 'xai-very-secret' },
    });
    expect(told).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `error: ${server.url} is no local API, and only that can make up a call (GET /__local/calls: status 404)\n` +
        '  agents dev serves one, reached by --base-url http://localhost:9978; --local runs it inside this command\n',
    });
    expect(JSON.stringify(server.seen)).not.toContain('very-secret');
  });

  test('of xAI is not even asked', async () => {
    expect(await agents(`phone simulate --to ${line} -m Hi`)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('https://api.x.ai is no local API'),
    });
  });

  test.each([
    ['news that are none', '[]', 1, 'sent something that is no news of a call'],
    [
      'nothing, and closes',
      undefined,
      1,
      'the call broke off: the line to the local API dropped (code 1011)',
    ],
  ])('that sends %s is told', async (_, frame, code, message) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => void server.close());
    server.on('connection', (socket) => (frame === undefined ? socket.close(1011) : socket.send(frame)));
    await new Promise((resolve) => server.on('listening', resolve));
    const { port } = server.address() as { port: number };
    const told = await agents(`--base-url http://127.0.0.1:${port} phone simulate --to ${line} -m Hi`);
    expect(told).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('that is not there is told', async () => {
    expect(await agents(`--base-url http://127.0.0.1:1 phone simulate --to ${line} -m Hi`)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('nothing listens there'),
    });
  });
});

describe('asking wrongly', () => {
  test.each([
    ['', "required option '--to <number>' not specified"],
    ['--to 4155550123', '--to 4155550123 is no phone number as E.164 writes it'],
    [`--to ${line} --from home`, '--from home is no phone number as E.164 writes it'],
    [`--to ${line} -m ""`, 'the message is empty'],
    [`--to ${line} --dtmf 1x`, '--dtmf 1x are no keys of a telephone'],
    [`--to ${line} --hang-up-after soon`, '--hang-up-after must be seconds'],
    [`--to ${line} --audio nofile.wav`, 'cannot read nofile.wav'],
  ])('%s is told, and nobody is called', async (flags, message) => {
    const server = await startFakeServer(() => ({ status: 404 }));
    const told = await agents(`--base-url ${server.url} phone simulate ${flags}`);
    expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(server.seen).toEqual([]);
  });
});

describe('a pipe', () => {
  test('has a turn on each line', async () => {
    const { simulate } = await withAgent();
    const told = await simulate('', { stdin: 'Hello there\n\n#12#\n/nothing\n' });
    expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining('There is no /nothing;') });
    expect(told.stdout.match(/^caller.*$/gm)).toEqual(['caller: Hello there', 'caller presses: 12#']);
  });

  test('that is closed at the other end stops it quietly', async () => {
    const { simulate } = await withAgent();
    const interrupts = new Interrupts();
    const told = await simulate('-m Hi', {
      interrupts,
      onWrite: (target) => target === 'stdout' && interrupts.raise('pipe-closed'),
    });
    expect(told.code).toBe(141);
    expect(told.stderr).not.toContain('error');
  });

  test('Ctrl+C hangs up, and tells that it was interrupted', async () => {
    const { simulate } = await withAgent();
    const interrupts = new Interrupts();
    const told = await simulate('--hang-up-after 60', {
      interrupts,
      onWrite: (_, text) => text.includes('Answered') && setImmediate(() => interrupts.raise('interrupted')),
    });
    expect(told).toMatchObject({ code: 130, stderr: expect.stringContaining('the caller hung up.') });
  });
});

describe('at a terminal', () => {
  type Moment = [shown: RegExp, keys: string];

  async function atTerminal(moments: Moment[]) {
    const { simulate } = await withAgent();
    const { stream, type } = keyboard();
    const waiting = [...moments];
    let shown = '';
    let screen = '';
    const told = await simulate('', {
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      env: { NO_COLOR: '1' },
      onWrite: (_, text) => {
        shown += text;
        screen += text;
        const next = waiting[0];
        if (next === undefined || !next[0].test(shown)) return;
        waiting.shift();
        shown = '';
        setImmediate(() => type(next[1]));
      },
    });
    return { ...told, screen: await renderScreen(screen), missed: waiting };
  }

  test('one types what the caller says and presses, and hangs up', async () => {
    const { code, screen, missed } = await atTerminal([
      [/caller> /, 'Good morning\r'],
      [/kind\./, '#12#\r'],
      [/kind\./, '/dtmf 7x\r'],
      [/no keys/, '/hangup\r'],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    expect(screen).toContain('agent: Hello, this is Ava. You said: Good morning.');
    expect(screen).toContain('agent: Hello, this is Ava. You said: 12. My instructions begin: Be kind.');
    expect(screen).not.toContain('caller: Good morning');
    expect(screen).toContain('7x are no keys of a telephone');
    expect(screen).toContain('the caller hung up.');
  });

  test.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('%s hangs up', async (_, key) => {
    const { code, screen } = await atTerminal([[/caller> /, key]]);
    expect(code).toBe(0);
    expect(screen).toContain('the caller hung up.');
  });
});

test('--local does all of it inside the command', async () => {
  const { run } = person();
  const { agent } = JSON.parse((await run('--local --json create --name Ava')).stdout);
  expect(await run(`--local phone simulate --to ${line} -m Hi`)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('there is no such number'),
  });
  expect(agent.agent_id).toMatch(/^agent_/);
});
