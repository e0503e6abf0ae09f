// Staying on the line: drops that are survived, conversations continued, agents the service loads itself.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.js';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, type RunOptions, temporaryFolder } from '../support/agents.js';
import { type MisbehavingSocket, misbehaving } from '../support/hostile-socket.js';
import { startTestApi } from '../support/local-api.js';

const hello = 'voice spec.json -m Hello';
const once = (act: (socket: WebSocket) => void) => (socket: WebSocket, lines: number) => {
  if (lines > 0) return true;
  act(socket);
  return false;
};
const dropped = once((socket) => socket.close(1011, 'restart'));

function world({ url }: { url: string }, options: RunOptions = {}): RunOptions {
  const cwd = options.cwd ?? temporaryFolder();
  if (options.cwd === undefined) writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  return { cwd, ...options, env: { AGENTS_BASE_URL: url, XAI_API_KEY: 'xai-test', NO_COLOR: '1' } };
}
const notices = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each));
const sentTypes = ({ received }: MisbehavingSocket) =>
  received.map((frames) => frames.map(({ type, item }) => (item === undefined ? type : `item ${item.id}`)));

describe('a line that drops in a reply', () => {
  test('is taken up again by the conversation’s id, and the answer comes whole', async () => {
    const server = await misbehaving('reply', dropped);
    const told = await agents(hello, world(server));
    expect(told).toEqual({
      code: 0,
      stdout: 'Half a\nHalf a loaf\n',
      stderr:
        'The line dropped (code 1011). Reconnecting…\n' +
        'Connected again; the service kept the conversation.\n' +
        'The answer begins again:\n(first word 0.00 s, total 0.00 s, 2 text items, about $0.0080)\n' +
        // The words were sent twice: whether the first line took them nobody knows.
        '(session: 1 turn in 0.00 s, 2 text items, about $0.0080, estimated at rates of 2026-04-23)\n',
    });
    expect(server.queries).toEqual([
      { model: 'grok-voice-latest' },
      { model: 'grok-voice-latest', conversation_id: 'c1' },
    ]);
    expect(server.received[0]?.[0]?.session).toMatchObject({ resumption: { enabled: true } });
    expect(server.received[1]?.[0]?.session).toMatchObject({ resumption: { enabled: true } });
  });

  test('is told in JSON as it happens', async () => {
    const server = await misbehaving('reply', dropped);
    const told = notices((await agents(`--json ${hello}`, world(server))).stdout);
    expect(told.map(({ type }) => type)).toEqual([
      'ready',
      'user',
      'text',
      'reconnecting',
      'resumed',
      'answer_restarted',
      'text',
      'text',
      'response_done',
      'turn_done',
      'session_done',
    ]);
    expect(told[3]).toMatchObject({ code: 1011, reason: 'restart' });
    expect(told[4]).toMatchObject({ by: 'service', items: 0, conversation_id: 'c1' });
    expect(told.at(-2)).toMatchObject({ turn: 1, status: 'completed', text: 'Half a loaf' });
  });

  test('sends again under the same id what the service does not know it has', async () => {
    const server = await misbehaving('reply', dropped);
    await agents(hello, world(server));
    const [first, second] = sentTypes(server);
    const item = first?.find((each) => each.startsWith('item')) ?? '';
    expect(item).toMatch(/^item item_[0-9a-f]{8}_0$/);
    expect(second).toEqual(['session.update', item, 'response.create']);
  });

  test('does not say again what is told again, and takes the answer that was given meanwhile', async () => {
    const remembers: object[] = [];
    const server = await misbehaving(
      'reply',
      once((socket) => {
        const item = server.received[0]?.find((frame) => frame.item !== undefined)?.item ?? {};
        const content = [{ type: 'text', text: 'Half a loaf, while you were away.' }];
        remembers.push(item, { id: 'i1', type: 'message', role: 'assistant', content });
        socket.close(1012);
      }),
      { remembers },
    );
    const told = await agents(hello, world(server));
    expect(told).toMatchObject({ code: 0, stdout: 'Half a\n loaf, while you were away.\n' });
    expect(sentTypes(server)[1]).toEqual(['session.update']);
  });

  test('asks again where what is told again stops in the middle of a sentence', async () => {
    const remembers: object[] = [];
    const server = await misbehaving(
      'reply',
      once((socket) => {
        const item = server.received[0]?.find((frame) => frame.item !== undefined)?.item ?? {};
        const content = [{ type: 'text', text: 'Half a lo' }];
        remembers.push(item, {
          id: 'torn',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content,
        });
        socket.close(1012);
      }),
      { remembers },
    );
    expect(await agents(hello, world(server))).toMatchObject({ code: 0, stdout: 'Half a\nHalf a loaf\n' });
    expect(sentTypes(server)[1]).toEqual(['session.update', 'response.create']);
  });

  test('is told anew to a service that did not keep the conversation', async () => {
    const server = await misbehaving('reply', dropped, { forgets: true });
    const told = await agents(hello, world(server));
    expect(told).toMatchObject({ code: 0, stdout: 'Half a\nHalf a loaf\n' });
    expect(told.stderr).toContain('the service did not keep the conversation and was told 1 item of it.');
  });

  test('is told anew where the conversation’s id is refused', async () => {
    const server = await misbehaving('reply', dropped, {
      refuses: (lines) => (lines === 1 ? 404 : undefined),
      forgets: true,
    });
    expect(await agents(hello, world(server))).toMatchObject({ code: 0 });
    expect(server.queries.map(({ conversation_id }) => conversation_id)).toEqual([
      undefined,
      'c1',
      undefined,
    ]);
  });

  test.each([
    [401, 4, 'XAI_API_KEY'],
    [403, 4, 'lacks this permission'],
  ])('ends with a refusal by %d, which time does not change', async (status, code, says) => {
    const server = await misbehaving('reply', dropped, {
      refuses: (lines) => (lines > 0 ? status : undefined),
    });
    const told = await agents(`--json ${hello}`, world(server));
    expect(told.code).toBe(code);
    expect(told.stderr).toContain(says);
    expect(server.count()).toBe(2);
    expect(notices(told.stdout).slice(-2)).toMatchObject([
      { type: 'turn_done', status: 'failed' },
      { type: 'session_done', turns: 1 },
    ]);
  });

  test('waits for a service that is busy', async () => {
    const server = await misbehaving('reply', dropped, {
      refuses: (lines) => (lines > 0 && lines < 5 ? 429 : undefined),
    });
    expect(await agents(hello, world(server))).toMatchObject({ code: 0 });
    expect(server.count()).toBe(6);
  });

  test('ends with 5 when the service stays away, with what was tried', async () => {
    const server = await misbehaving('reply', dropped, {
      refuses: (lines) => (lines > 0 ? 503 : undefined),
    });
    const told = await agents(hello, world(server));
    expect(told.code).toBe(5);
    expect(told.stderr).toMatch(
      /closed the conversation \(code 1011: restart\), and 5 tries to come back did not help: GET \/v1\/realtime: 503/,
    );
    expect(server.count()).toBe(6);
  });

  test('ends a run that is told to stop at once', async () => {
    const interrupts = new Interrupts();
    const server = await misbehaving(
      'reply',
      once((socket) => socket.terminate()),
    );
    const told = await agents(hello, {
      ...world(server),
      interrupts,
      clock: {
        sleep: (_ms, signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason));
            interrupts.raise('interrupted');
          }),
      },
    });
    expect(told.code).toBe(130);
  });
});

test('a drop after the result of a tool does not run the tool again', async () => {
  const api = await startTestApi({ faults: ['drop-in-reply=1/2'] });
  const cwd = temporaryFolder();
  const tool = {
    name: 'book_taxi',
    description: 'Order a taxi',
    parameters: { type: 'object', properties: { room: { type: 'integer' } }, required: ['room'] },
  };
  writeFileSync(
    join(cwd, 'spec.json'),
    JSON.stringify({ instructions: 'You are Ava.', tools: [{ type: 'function', function: tool }] }),
  );
  writeFileSync(join(cwd, 'tools.json'), '{"tools":{"book_taxi":{"return":{"ok":true}}}}');
  const talk = ['--json', 'voice', 'spec.json', '--tools', 'tools.json', '-m', 'A taxi for room 12'];
  const { code, stdout } = await agents(talk, world({ url: api.base }, { cwd }));
  const told = notices(stdout);
  expect(told.map(({ type }) => type).filter((type) => /^tool|^rec|^resumed|restarted/.test(type))).toEqual([
    'tool_call',
    'tool_result',
    'reconnecting',
    'resumed',
    'answer_restarted',
  ]);
  expect(told.find(({ type }) => type === 'turn_done')?.text).toMatch(/Here is what I found.*ok true\.$/);
  expect(code).toBe(0);
});

describe('--resume', () => {
  const remembers = [
    { id: 'u', type: 'message', role: 'user', content: [{ type: 'text', text: 'I am Ana.' }] },
    { id: 'f', type: 'function_call', call_id: 'k', name: 'note', arguments: '{"name":"Ana"}' },
    { id: 'o', type: 'function_call_output', call_id: 'k', output: 'ok' },
    { id: 'a', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hello \u001bAna.' }] },
  ];

  test('continues a conversation and shows what was said', async () => {
    const server = await misbehaving('prompt', () => true, { remembers });
    const told = await agents(`${hello} --resume c9`, world(server));
    expect(told).toMatchObject({ code: 0, stdout: 'Half a loaf\n' });
    expect(told.stderr).toMatch(/^> I am Ana\.\n→ note\(\{"name":"Ana"\}\)\n← ok\n {2}Hello Ana\.\n/);
    expect(server.queries[0]).toMatchObject({ conversation_id: 'c9' });
    const json = notices((await agents(`--json ${hello} --resume c9`, world(server))).stdout);
    expect(json[0]).toMatchObject({ type: 'history', replayed: true, item: { id: 'u' } });
    expect(json[4]).toMatchObject({ type: 'ready', conversation_id: 'c9' });
  });

  test('of one that is gone ends a script with 3 before anything is said', async () => {
    const server = await misbehaving('prompt', () => true, { forgets: true });
    const told = await agents(`${hello} --resume c9`, world(server));
    expect(told).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: the service does not keep the conversation c9, or no longer\n {2}leave --resume out/,
      ),
    });
    expect(sentTypes(server)[0]).toEqual(['session.update']);
  });
});

describe('--server-side', () => {
  const greeting = [
    { type: 'session.updated', session: { instructions: 'stored' } },
    { type: 'response.created', response: { id: 'g1' } },
    { type: 'response.output_audio_transcript.delta', response_id: 'g1', item_id: 'g', delta: 'Welcome.' },
    { type: 'response.done', response: { id: 'g1', status: 'completed', output: [] } },
  ];

  test('leaves the agent to the service, and hears its greeting out', async () => {
    const server = await misbehaving('connect', (socket) => {
      for (const event of greeting) socket.send(JSON.stringify(event));
      return true;
    });
    const told = await agents('voice agent_1 --server-side --voice leo -m Hello', world(server));
    expect(told).toMatchObject({ code: 0, stdout: 'Welcome.\nHalf a loaf\n' });
    expect(told.stderr).toContain('the agent cannot be read');
    expect(server.queries).toEqual([{ agent_id: 'agent_1' }]);
    expect(Object.keys(server.received[0]?.[0]?.session ?? {}).sort()).toEqual([
      'audio',
      'resumption',
      'turn_detection',
      'voice',
    ]);
    const json = notices((await agents('--json voice agent_1 --server-side -m Hello', world(server))).stdout);
    expect(json.filter(({ type }) => type === 'turn_done')).toMatchObject([
      { turn: 1, unasked: true, text: 'Welcome.' },
      { turn: 2, text: 'Half a loaf' },
    ]);
  });

  test('takes no file', async () => {
    const server = await misbehaving('prompt', () => true);
    expect(await agents(`${hello} --server-side`, world(server))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--server-side needs the id of a stored agent, got the file spec.json'),
    });
    expect(server.count()).toBe(0);
  });
});

describe('at the prompt', () => {
  /** Talks until each of these was shown, doing what stands beside it. */
  async function talk(
    server: MisbehavingSocket,
    moments: [RegExp, (type: (keys: string) => void) => void][],
    { flags = '', ...options }: RunOptions & { flags?: string } = {},
  ) {
    const { stream, type } = keyboard();
    const waiting = [...moments];
    let shown = '';
    const told = await agents(`voice spec.json ${flags}`, {
      ...world(server, options),
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      onWrite: (_, text) => {
        shown += text;
        const next = waiting[0];
        if (next === undefined || !next[0].test(shown)) return;
        waiting.shift();
        shown = '';
        setImmediate(() => next[1](type));
      },
    });
    return { ...told, missed: waiting.map(([words]) => String(words)) };
  }

  test('/conversation names it, and the end tells how to continue', async () => {
    const server = await misbehaving('prompt', () => true);
    const told = await talk(server, [
      [/> /, (type) => type('/conversation\r')],
      [/c1; continue it with: agents voice spec\.json --resume c1/, (type) => type('Hello\r')],
      [/total [^)]*\)/, (type) => type('/quit\r')],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
    expect(told.stderr).toContain('Continue with: agents voice spec.json --resume c1\n');
  });

  test('/conversation promises nothing where the local API ends with the command', async () => {
    const server = await misbehaving('prompt', () => true);
    const told = await talk(
      server,
      [
        [/> /, (type) => type('/conversation\r')],
        [/agents dev serves one that stays/, (type) => type('/quit\r')],
      ],
      { flags: '--local' },
    );
    expect(told).toMatchObject({ code: 0, missed: [] });
    expect(told.stderr).not.toContain('--resume');
  });

  test('a drop is one line, and the conversation goes on', async () => {
    const server = await misbehaving(
      'prompt',
      once((socket) => setTimeout(() => socket.terminate(), 20)),
    );
    const told = await talk(server, [
      [/service kept the conversation/, (type) => type('Hello\r')],
      [/total [^)]*\)/, (type) => type('\u0004')],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
    expect(told.stderr.match(/The line dropped/g)).toHaveLength(1);
  });

  test('time that ends while the line is away ends the conversation when it is back', async () => {
    const server = await misbehaving(
      'prompt',
      once((socket) => setTimeout(() => socket.terminate(), 20)),
    );
    let end = () => {};
    const after: typeof systemClock.after = (ms, fire) => {
      if (ms !== 300_000) return systemClock.after(ms, fire);
      end = fire;
      return () => {};
    };
    const told = await talk(server, [], {
      flags: '--max-minutes 5',
      clock: {
        after,
        sleep: async () => {
          end();
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    expect(told).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('error: --max-minutes 5 is reached'),
    });
  });

  test('Ctrl+C twice leaves an answer that cannot be stopped', async () => {
    const server = await misbehaving('reply', () => false);
    const told = await talk(server, [
      [/> /, (type) => type('Hello\r')],
      [/Half a/, (type) => type('\u0003\u0003')],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });
});
