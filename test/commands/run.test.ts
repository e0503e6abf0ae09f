import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, person, root } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
const leftOut =
  'note: left out web_search: chat completions take function tools only; agents voice uses all\n';

async function withAgent() {
  const { run, home } = person();
  const { agent } = JSON.parse((await run(['--local', '--json', 'create', orderSupport])).stdout);
  return { run, home, id: agent.agent_id };
}

describe('run in the local API', () => {
  test('shows the words and the tool call with its arguments', async () => {
    const { run, id } = await withAgent();
    expect(await run(['--local', 'run', id, '--message', "What's the status of order ORD-42?"])).toEqual({
      code: 0,
      stdout: '→ lookup_order({"order_id":"ORD-42"})\n',
      stderr: `${leftOut}(77 tokens in, 29 out, about $0.0002, estimated at rates of 2026-05-15)\n`,
    });
  });

  test('answers from a spec file too, and reads the message from stdin', async () => {
    const { run } = person();
    const answered = await run(['--local', 'run', orderSupport], { stdin: 'Hello\n' });
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('You said: Hello.') });
  });

  test('--json gives the whole response, --stream its chunks', async () => {
    const { run, id } = await withAgent();
    const whole = JSON.parse((await run(['--local', '--json', 'run', id, '-m', 'Hello'])).stdout);
    expect(whole).toMatchObject({
      object: 'chat.completion',
      model: 'grok-4.3',
      choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }],
    });
    const lines = (await run(['--local', '--json', 'run', id, '-m', 'Hello', '--stream'])).stdout
      .trim()
      .split('\n');
    const chunks = lines.map((line) => JSON.parse(line));
    expect(chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
    const words = chunks.map(({ choices }) => choices[0].delta.content ?? '').join('');
    expect(words).toBe(whole.choices[0].message.content);
  });

  test('a model that is retired is answered by another, one that never was is told', async () => {
    const { run, id } = await withAgent();
    const retired = await run(['--local', '--json', 'run', id, '-m', 'Hello', '--model', 'grok-3-fast']);
    expect(JSON.parse(retired.stdout).model).toBe('grok-4.3');
    expect(await run(['--local', 'run', id, '-m', 'Hello'], { env: { AGENTS_MODEL: 'gork-9' } })).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('The model gork-9 does not exist'),
    });
  });

  test.each([
    ['an empty message', '-m ""', 'the message is empty'],
    ['an empty pipe', '', 'the message is empty'],
  ])('%s is refused', async (_, flags, message) => {
    const { run, id } = await withAgent();
    expect(await run(`--local run ${id} ${flags}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('at a terminal without a message nothing waits', async () => {
    const { run, id } = await withAgent();
    expect(await run(`--local run ${id}`, { tty: { stdin: true } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no message'),
    });
  });
});

/** A stream of these chunks, ended as told. */
const stream = (chunks: unknown[], end = 'data: [DONE]\n\n') => ({
  headers: { 'content-type': 'text/event-stream' },
  body: chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + end,
});
const delta = (members: object, finish?: string) => ({
  choices: [{ index: 0, delta: members, ...(finish && { finish_reason: finish }) }],
});

describe('run against other servers', () => {
  async function against(reply: { status?: number; headers?: Record<string, string>; body?: unknown }) {
    const server = await startFakeServer(() => reply);
    const { run, home } = person({ env: { AGENTS_BASE_URL: server.url } });
    writeFileSync(
      join(home, 'a.json'),
      '{"name":"A","instructions":"Be kind.","tools":[{"type":"x_search"}]}',
    );
    return { answer: () => run('run a.json -m Hello', { cwd: home }), seen: server.seen };
  }

  test('sends instructions as the system prompt and function tools only', async () => {
    const { answer, seen } = await against(stream([delta({ content: 'Hi' })]));
    expect(await answer()).toMatchObject({
      code: 0,
      stdout: 'Hi\n',
      stderr: expect.stringContaining('left out x_search'),
    });
    expect(seen.map(({ path, body }) => [path, body])).toEqual([
      [
        '/v1/chat/completions',
        {
          model: 'grok-4.3',
          messages: [
            { role: 'system', content: 'Be kind.' },
            { role: 'user', content: 'Hello' },
          ],
          stream: true,
          stream_options: { include_usage: true },
        },
      ],
    ]);
  });

  test('joins a call that comes in pieces', async () => {
    const { answer } = await against(
      stream([
        delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '{"a"' } }] }),
        delta({ tool_calls: [{ index: 0, function: { name: 'up', arguments: ':1}' } }] }),
        delta({}, 'tool_calls'),
      ]),
    );
    expect(await answer()).toMatchObject({ code: 0, stdout: '→ lookup({"a":1})\n' });
  });

  test('strips what would steer a terminal from the words', async () => {
    const { answer } = await against(stream([delta({ content: 'a\u001b[31mb\u0007' })]));
    expect((await answer()).stdout).toBe('a[31mb\n');
  });

  test.each([
    [
      'ends too soon',
      stream([delta({ content: 'Half an' })], ''),
      5,
      'Half an\n',
      'the stream ended before the answer did',
    ],
    [
      'turns into an error',
      stream([delta({ content: 'Half' }), { error: { message: 'model crashed' } }]),
      1,
      'Half\n',
      'model crashed',
    ],
    ['holds what is no JSON', stream([], 'data: {"choices":\n\n'), 1, '', 'not a stream of answer chunks'],
    [
      'fails as 200 with JSON',
      { body: { code: 'x', error: 'The service is currently unavailable' } },
      5,
      '',
      'currently unavailable',
    ],
    ['is refused as 200 with JSON', { body: { code: 'x', error: 'Bad prompt' } }, 1, '', 'Bad prompt'],
    [
      'is HTML',
      { headers: { 'content-type': 'text/html' }, body: '<html>' },
      1,
      '',
      'not a stream of answer chunks',
    ],
  ])('a stream that %s is no whole answer', async (_, reply, code, stdout, message) => {
    const { answer } = await against(reply);
    expect(await answer()).toEqual({ code, stdout, stderr: expect.stringContaining(message) });
  });
});

describe('what the model gives', () => {
  const streaming = (...choices: object[]) =>
    startFakeServer(({ path }) =>
      path.endsWith('/a1')
        ? { body: { agent: { agent_id: 'a1' } } }
        : {
            headers: { 'content-type': 'text/event-stream' },
            body: `${choices.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`).join('')}data: [DONE]\n\n`,
          },
    );
  const call = (id: string, given: string, index?: number) => ({
    delta: { tool_calls: [{ id, index, function: { name: 'f', arguments: given } }] },
  });

  test.each([
    ['length', 'Half an ans', 1],
    ['content_filter', '', 1],
    ['stop', '', 1],
    ['stop', 'All of it.', 0],
  ])('ended with "%s" after %j has the exit code %i', async (finish_reason, content, code) => {
    const { url } = await streaming({ delta: { content } }, { delta: {}, finish_reason });
    const told = await agents(`--base-url ${url} run a1 -m Hi`);
    expect({ code: told.code, noted: told.stderr.includes('note: ') }).toEqual({ code, noted: code === 1 });
  });

  test.each([
    ['under one index', call('c1', '{"a":1}', 0), call('c2', '{"b":1}', 0)],
    ['without an index', call('c1', '{"a":1}'), call('c2', '{"b":1}')],
    ['under indices of their own', call('c1', '{"a":1}', 0), call('c2', '{"b":1}', 1)],
  ])('two calls %s are two calls', async (_, ...calls) => {
    const { url } = await streaming(...calls);
    expect((await agents(`--base-url ${url} run a1 -m Hi`)).stdout).toBe('→ f({"a":1})\n→ f({"b":1})\n');
  });

  test('a call in pieces is one', async () => {
    const piece = { delta: { tool_calls: [{ index: 0, function: { arguments: '1}' } }] } };
    const { url } = await streaming(call('c1', '{"a":', 0), piece);
    expect((await agents(`--base-url ${url} run a1 -m Hi`)).stdout).toBe('→ f({"a":1})\n');
  });
});
