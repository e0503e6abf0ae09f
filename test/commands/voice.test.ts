import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { person, root } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
const greeting =
  'Hello, this is Order Support. You said: Hello. My instructions begin: You are a friendly order support agent for Acme Corp.';
const timing =
  '(first word 0.00 s, first audio 0.00 s, total 0.00 s, 5.8 s of audio out, 1 text item, about $0.0088)\n';
const sums =
  '(session: 2 turns in 0.00 s, first word 0.00 s on average, first audio 0.00 s on average, 11.5 s of audio out, ' +
  '2 text items, the service bills 12 s, about $0.0176, estimated at rates of 2026-04-23)\n';

async function withAgent() {
  const { run, home } = person();
  const { agent } = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout);
  return { run, home, id: agent.agent_id };
}

const notices = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('voice by script', () => {
  test('-m flags are turns, one after the other', async () => {
    const { run, id } = await withAgent();
    expect(await run(['--local', 'voice', id, '-m', 'Hello', '-m', 'Hello'])).toEqual({
      code: 0,
      stdout: `${greeting}\n${greeting}\n`,
      stderr: timing + timing + sums,
    });
  });

  test.each(['voice', 'run'])('%s answers by the name of the agent that was meant', async (command) => {
    const { run, id } = await withAgent();
    const api = await startTestApi();
    for (const server of [['--local'], ['--base-url', api.base]]) {
      const say = async (target: string) => (await run([...server, command, target, '-m', 'Hello'])).stdout;
      const { agent } = JSON.parse((await run([...server, '--json', 'create', orderSupport])).stdout);
      await run([...server, 'update', agent.agent_id, '--name', 'Acme Orders']);
      expect(await say(agent.agent_id)).toContain('this is Acme Orders');
      // A file has the same instructions, and a name that nobody is told.
      expect(await say(orderSupport)).toMatch(/^Hello\. You said/);
    }
    expect((await run(['--local', command, id, '-m', 'Hello'])).stdout).toContain('this is Order Support');
  });

  test('lines of a pipe are turns; empty ones are none', async () => {
    const { run, id } = await withAgent();
    expect(await run(['--local', 'voice', id], { stdin: 'Hello\r\n\n  \nHello' })).toMatchObject({
      code: 0,
      stdout: `${greeting}\n${greeting}\n`,
    });
  });

  test('an empty pipe is nothing to say', async () => {
    const { run, id } = await withAgent();
    expect(await run(['--local', 'voice', id])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: there is nothing to say\n  give turns with -m, or pipe them in\n',
    });
  });

  test('a tool call is shown, and the model is told that nothing runs it here', async () => {
    const { run, id } = await withAgent();
    expect(await run(['--local', 'voice', id, '-m', 'Where is order ORD-42?'])).toEqual({
      code: 0,
      stdout:
        'One moment, let me lookup order for ORD-42.\n→ lookup_order({"order_id":"ORD-42"})\n' +
        'I am sorry, lookup order did not work: unknown tool: lookup_order.\n',
      stderr:
        '← {"error":"unknown tool: lookup_order"} (0.00 s)\n' +
        '(first word 0.00 s, first audio 0.00 s, 1 tool call 0.00 s, total 0.00 s, 5.1 s of audio out, 1 text item, about $0.0083)\n' +
        '(session: 1 turn in 0.00 s, 1 tool call 0.00 s, 5.1 s of audio out, 1 text item, the service bills 6 s, ' +
        'about $0.0083, estimated at rates of 2026-04-23)\n',
    });
  });

  test('--json gives one notice a line, numbered and timed', async () => {
    const { run, id } = await withAgent();
    const told = notices((await run(['--local', '--json', 'voice', id, '-m', 'Hello'])).stdout);
    expect(told.map(({ type }) => type)).toEqual([
      'ready',
      'user',
      ...Array(greeting.split(' ').length).fill('text'),
      'response_done',
      'turn_done',
      'session_done',
    ]);
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, at) => at));
    expect(told.every(({ at_ms }) => Number.isInteger(at_ms))).toBe(true);
    expect(told.at(-2)).toMatchObject({ type: 'turn_done', turn: 1, status: 'completed', text: greeting });
  });

  test('talks from a spec file without asking for a stored agent', async () => {
    const api = await startTestApi();
    const { run } = person();
    const talked = await run(['--base-url', api.base, 'voice', orderSupport, '-m', 'Hello']);
    expect(talked.code).toBe(0);
    expect((await api.requests()).map(({ path }) => path)).toEqual(['/v1/realtime']);
  });

  test('a threshold the session does not take is clamped, with a note', async () => {
    const { run, home } = person();
    writeFileSync(join(home, 'a.yaml'), 'name: A\nvoice: { vad_threshold: 1 }\n');
    const talked = await run('--local voice a.yaml -m Hello', { cwd: home });
    expect(talked).toMatchObject({ code: 0, stderr: expect.stringContaining('using 0.9') });
  });

  test('a voice model can be named, and goes into the address', async () => {
    const { run, id } = await withAgent();
    const told = notices(
      (await run(['--local', '--json', 'voice', id, '-m', 'Hi', '--model', 'grok-voice-think-fast-1.0']))
        .stdout,
    );
    expect(told[0]).toMatchObject({ type: 'ready', model: 'grok-voice-think-fast-1.0' });
    const byDefault = notices((await run(['--local', '--json', 'voice', id, '-m', 'Hi'])).stdout);
    expect(byDefault[0]).toMatchObject({ model: 'grok-voice-latest' });
  });

  test('an agent the service will not configure is told as that', async () => {
    const { run, home } = person();
    writeFileSync(join(home, 'a.json'), JSON.stringify({ name: 'A', tools: [{ type: 'telepathy' }] }));
    expect(await run('--local voice a.json -m Hello', { cwd: home })).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(
        "the service refuses this agent's configuration: Unknown tool type 'telepathy'",
      ),
    });
  });

  test('an answer that fails makes the exit code 1, and the next turn is still taken', async () => {
    let turns = 0;
    const maker = {
      *reply() {
        if (turns++ === 0) throw new Error('out of thought');
        yield { say: 'Better now.' };
      },
    };
    const api = await startTestApi({ maker });
    const { run } = person();
    const talked = await run(['--base-url', api.base, 'voice', orderSupport, '-m', 'One', '-m', 'Two']);
    expect(talked.code).toBe(1);
    expect(talked.stdout).toBe('Better now.\n');
    expect(talked.stderr).toContain('error: out of thought');
  });

  test.each([
    ['an id that is not there', 'voice agent_9 -m Hi', 3, 'Agent not found: agent_9'],
    ['a file that is not there', 'voice missing.yaml -m Hi', 2, 'cannot read missing.yaml: no such file'],
  ])('%s is told', async (_, line, code, message) => {
    const { run } = person();
    expect(await run(`--local ${line}`)).toEqual({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('stdin that is not UTF-8 is told, and the turns before it were taken', async () => {
    const { run, id } = await withAgent();
    const stdin = Buffer.concat([Buffer.from('Hello\n'), Buffer.from([0xff, 0xfe, 0x0a])]);
    expect(await run(['--local', 'voice', id], { stdin })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('stdin is not UTF-8 text'),
    });
  });

  test('--verbose shows the frames, the key hidden and the audio counted', async () => {
    const api = await startTestApi();
    const { run } = person();
    const talked = await run(['--base-url', api.base, '--verbose', 'voice', orderSupport, '-m', 'Hello'], {
      env: { XAI_API_KEY: 'xai-very-secret' },
    });
    expect(talked.stderr).toContain('> authorization: Bearer [hidden]');
    expect(talked.stderr).toContain('> {"event_id":"event_0","type":"session.update"');
    expect(talked.stderr).toMatch(/"delta":"\(\d+ characters of audio\)"/);
    expect(talked.stderr).not.toContain('very-secret');
  });
});
