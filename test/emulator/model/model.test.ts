// A model behind the local API, asked over REST and the socket; and a model that fails in every way.

import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { createMaker } from '../../../src/emulator/local.js';
import { agents } from '../../support/agents.js';
import {
  chunk,
  done,
  type FakeModel,
  say,
  saying,
  startFakeModel,
  streaming,
} from '../../support/fake-model.js';
import { refusing } from '../../support/hostile-server.js';
import { startTestApi, today } from '../../support/local-api.js';
import { ask, converse, send, types, userItem } from '../support.js';

interface Options {
  silenceMs?: number;
  key?: string;
  script?: { value: unknown; source: string };
}

function withModel({ url }: { url: string }, { silenceMs = 5000, key, script }: Options = {}) {
  const options = { url: new URL(url), name: 'llama3.2', key, silenceMs, after: systemClock.after };
  return startTestApi({ maker: createMaker(script, today, options) });
}

const lookup = { type: 'function', function: { name: 'lookup', description: 'Looks up', parameters: {} } };
const chat = (members: object = {}) => ({
  model: 'grok-4.3',
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi' },
  ],
  ...members,
});
const call = (id: string, args: string) =>
  chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name: 'lookup', arguments: args } }] });
const create = { type: 'response.create' };
const settled = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('chat completions', () => {
  test('are answered by the model, which is told everything', async () => {
    const model = await startFakeModel(saying('Hello\n\nthere, friend.'));
    const api = await withModel(model, { key: 'sk-local' });
    const { body } = await ask(api, 'POST /v1/chat/completions', chat({ tools: [lookup] }));
    expect(body).toMatchObject({
      model: 'grok-4.3',
      choices: [{ message: { content: 'Hello\n\nthere, friend.' }, finish_reason: 'stop' }],
    });
    expect(model.asked).toEqual([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer sk-local',
        body: { model: 'llama3.2', messages: chat().messages, stream: true, tools: [lookup] },
      },
    ]);
  });

  test('stream words while the model still speaks', async () => {
    let goOn = () => {};
    const model = await startFakeModel(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(say('Hello there. ') + say('And') + say(' '));
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      response.end(say('more.') + chunk({}, 'stop') + done);
    });
    const api = await withModel(model);
    const reply = await send(api, 'POST /v1/chat/completions', chat({ stream: true }));
    let text = '';
    for await (const piece of reply.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece);
      if (text.includes('there.')) goOn();
    }
    const contents = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, said]) => said);
    expect(contents.join('')).toBe('Hello there. And more.');
  });

  test('carry its calls, all of them', async () => {
    const model = await startFakeModel(
      streaming(call('a', '{"n":1}'), call('b', '{"n":2}'), chunk({}, 'tool_calls'), done),
    );
    const api = await withModel(model);
    const { body } = await ask(api, 'POST /v1/chat/completions', chat({ tools: [lookup] }));
    expect(body).toMatchObject({
      choices: [
        {
          message: {
            content: '',
            tool_calls: [
              { function: { name: 'lookup', arguments: '{"n":1}' } },
              { function: { name: 'lookup', arguments: '{"n":2}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  test.each([true, false])('say that the model was cut off for length (streamed: %s)', async (stream) => {
    const api = await withModel(await startFakeModel(streaming(say('So lo'), chunk({}, 'length'), done)));
    const reply = await send(api, 'POST /v1/chat/completions', chat({ stream }));
    expect(await reply.text()).toContain('"finish_reason":"length"');
  });

  test('are left to the script first', async () => {
    const model = await startFakeModel(saying('From the model.'));
    const rules = [{ when: { contains: 'refund' }, say: 'From the script.' }];
    const api = await withModel(model, { script: { value: { rules }, source: 's.yaml' } });
    const said = async (content: string) => {
      const { body } = await ask(
        api,
        'POST /v1/chat/completions',
        chat({ messages: [{ role: 'user', content }] }),
      );
      return (body as { choices: { message: { content: string } }[] }).choices[0]?.message.content;
    };
    expect([await said('A refund'), await said('Hello')]).toEqual(['From the script.', 'From the model.']);
  });
});

describe('the socket', () => {
  test('tells the model the conversation so far, calls and results included', async () => {
    const model = await startFakeModel((response, count) =>
      (count === 0
        ? streaming(say('One moment.'), call('x', '{"n":7}'), chunk({}, 'tool_calls'), done)
        : saying(`Answer ${count}.`))(response),
    );
    const line = await converse(await withModel(model));
    line.send({
      type: 'session.update',
      session: { instructions: 'Be kind.', tools: [{ ...lookup.function, type: 'function' }] },
    });
    line.send(userItem('Look it up'), create);
    const first = await line.until('response.done');
    const { call_id } = first.find(({ type }) => type === 'response.function_call_arguments.done') ?? {};
    const output = { type: 'function_call_output', call_id, output: '{"found":true}' };
    line.send({ type: 'conversation.item.create', item: output }, create);
    const second = await line.until('response.done');
    expect(second.at(-1)?.response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ transcript: 'Answer 1.' }] }],
    });
    line.send(userItem('Thanks'), create);
    await line.until('response.done');
    expect(model.asked[2]?.body.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Look it up' },
      { role: 'assistant', content: 'One moment.' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: call_id, type: 'function', function: { name: 'lookup', arguments: '{"n":7}' } }],
      },
      { role: 'tool', tool_call_id: call_id, content: '{"found":true}' },
      { role: 'assistant', content: 'Answer 1.' },
      { role: 'user', content: 'Thanks' },
    ]);
    expect(model.asked[0]?.body.tools).toEqual([lookup]);
  });

  test('speaks whole words of pieces', async () => {
    const model = await startFakeModel(
      streaming(say('Hel'), say('lo th'), say('ere.'), chunk({}, 'stop'), done),
    );
    const line = await converse(await withModel(model));
    line.send(userItem('Hi'), create);
    const deltas = (await line.until('response.done')).filter(
      ({ type }) => type === 'response.output_audio_transcript.delta',
    );
    expect(deltas.map(({ delta }) => delta)).toEqual(['Hello', ' there.']);
  });

  test('ends an answer that was cut off as incomplete, and one of nothing as completed', async () => {
    const model = await startFakeModel((response, count) =>
      streaming(...(count === 0 ? [say('So lo'), chunk({}, 'length')] : [chunk({}, 'stop')]), done)(response),
    );
    const line = await converse(await withModel(model));
    const statuses: unknown[] = [];
    for (const said of ['Hi', 'And?']) {
      line.send(userItem(said), create);
      statuses.push((await line.until('response.done')).at(-1)?.response.status);
    }
    expect(statuses).toEqual(['incomplete', 'completed']);
  });

  test.each(['response.cancel', 'close'])('stops the model on %s', async (how) => {
    const model = await startFakeModel((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(say('Well, '));
    });
    const line = await converse(await withModel(model));
    line.send(userItem('Hi'), create);
    await line.until('response.output_audio_transcript.delta');
    if (how === 'close') line.socket.close();
    else line.send({ type: how });
    await settled(() => model.left() === 1);
    if (how === 'close') return;
    expect((await line.until('response.done')).at(-1)?.response.status).toBe('cancelled');
  });
});

test('a client that leaves stops the model', async () => {
  const model = await startFakeModel(() => {});
  const api = await withModel(model);
  const leave = new AbortController();
  const asked = fetch(`${api.base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chat()),
    signal: leave.signal,
  });
  await settled(() => model.asked.length === 1);
  leave.abort();
  await expect(asked).rejects.toThrow();
  await settled(() => model.left() === 1);
});

type Start = () => Promise<{ url: string } | FakeModel>;
const replying =
  (status: number, body: string, type = 'application/json') =>
  () =>
    startFakeModel((response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });

const failures: [string, Start, RegExp][] = [
  ['is down', refusing, /failed: nothing listens there/],
  ['answers 500', replying(500, '{"error":{"message":"out of memory"}}'), /status 500, out of memory/],
  [
    'answers 404',
    replying(404, '{"error":"model llama3.2 not found"}'),
    /status 404, model llama3\.2 not found/,
  ],
  ['answers 502 in HTML', replying(502, '<html>'), /status 502$/],
  ['answers in HTML', replying(200, '<html>', 'text/html'), /no stream of chunks/],
  ['redirects', replying(302, ''), /redirect/],
  ['sends an error for a stream', replying(200, '{"error":"busy"}'), /failed: busy/],
  ['sends nothing', () => startFakeModel(streaming()), /broke off/],
  ['sends nonsense', () => startFakeModel(streaming('data: {"weather":"fine"}\n\n')), /no answer/],
  [
    'calls without sense',
    () => startFakeModel(streaming(call('a', '{'), chunk({}, 'stop'), done)),
    /no JSON object/,
  ],
  ['is silent', () => startFakeModel(() => {}), /said nothing for 0\.1 s/],
];

describe.each(failures)('a model that %s', (kind, start, says) => {
  // On a busy machine others take long as well.
  const silenceMs = kind === 'is silent' ? 100 : 5000;

  test.each([true, false])('is told as 503 (streamed: %s)', async (stream) => {
    const api = await withModel(await start(), { silenceMs });
    expect(await ask(api, 'POST /v1/chat/completions', chat({ stream }))).toEqual({
      status: 503,
      body: { code: 'The service is currently unavailable', error: expect.stringMatching(says) },
    });
  });

  test("is told on the socket as the service's own error, and the session goes on", async () => {
    const line = await converse(await withModel(await start(), { silenceMs }));
    for (let turn = 0; turn < 2; turn++) {
      line.send(userItem('Hi'), create);
      const events = await line.until('response.done');
      expect(types(events)).toEqual([
        'conversation.item.added',
        'response.created',
        'error',
        'response.done',
      ]);
      expect(events.at(-2)?.error).toMatchObject({
        type: 'internal_error',
        message: expect.stringMatching(says),
      });
      expect(events.at(-1)?.response).toMatchObject({ status: 'failed' });
    }
  });
});

describe('a model that fails in the middle', () => {
  const torn: Start = () =>
    startFakeModel((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(say('Half a loaf is'));
      setTimeout(() => response.destroy(), 20);
    });
  const stalled: Start = () =>
    startFakeModel((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(say('Half a loaf is'));
    });

  test.each([
    ['torn', torn],
    ['stalled', stalled],
  ])('is told where the next chunk or word would be: %s', async (_, start) => {
    const api = await withModel(await start(), { silenceMs: 1000 });
    const text = await (await send(api, 'POST /v1/chat/completions', chat({ stream: true }))).text();
    expect(text).toContain('Half');
    expect(JSON.parse(text.trim().split('\n\n').at(-1)?.slice(6) ?? '')).toMatchObject({
      code: 'The service is currently unavailable',
    });
    const line = await converse(api);
    line.send(userItem('Hi'), create);
    const { response } = (await line.until('response.done')).at(-1) ?? {};
    expect(response).toMatchObject({
      status: 'failed',
      output: [{ content: [{ transcript: 'Half a loaf' }] }],
    });
  });
});

test('the program tells a model that is down as what it is', async () => {
  const api = await withModel(await refusing());
  const spec = { stdin: '{"name":"A"}' };
  const env = { AGENTS_BASE_URL: api.base };
  const created = await agents('--json create -', { ...spec, env });
  const { agent_id } = (JSON.parse(created.stdout) as { agent: { agent_id: string } }).agent;
  const failed = { stdout: '', stderr: expect.stringContaining('nothing listens there') };
  expect(await agents(`run ${agent_id} -m Hello`, { env })).toEqual({ code: 5, ...failed });
  expect(await agents(`voice ${agent_id} -m Hello`, { env })).toEqual({ code: 1, ...failed });
});
