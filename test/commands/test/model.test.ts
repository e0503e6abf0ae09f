import { describe, expect, test } from 'vitest';
import { openJudgeCache } from '../../../src/commands/test/judge-cache.js';
import { type ModelChoice, openModel } from '../../../src/commands/test/model.js';
import { createJudge } from '../../../src/scenario/judge.js';
import { createPerson } from '../../../src/scenario/person.js';
import type { GlobalFlags } from '../../../src/settings.js';
import { temporaryFolder } from '../../support/agents.js';
import { testContext } from '../../support/context.js';
import { type FakeReply, startFakeServer, startServer } from '../../support/fake-server.js';
import { startTestApi } from '../../support/local-api.js';

const said = (content: string | null): FakeReply => ({ body: { choices: [{ message: { content } }] } });
const hello = [{ role: 'user' as const, content: 'Hello' }];

interface Setting extends Partial<ModelChoice> {
  flags?: GlobalFlags;
  env?: Record<string, string>;
}

/** A model in a context of its own, which must be there. */
function opened({ flags = { local: true }, env = {}, ...choice }: Setting) {
  const { context, written } = testContext(flags, { env });
  const model = openModel(context, { which: 'judge', ...choice });
  if (model === undefined) throw new Error('no model');
  return { complete: model, written, context };
}

/** A server that gives these answers, one after the other, the last of them for ever. */
const answering = (...replies: FakeReply[]) =>
  startFakeServer((_, count) => replies[Math.min(count, replies.length - 1)] ?? {});

describe('which model', () => {
  test('is none where nobody names one', () => {
    const { context } = testContext({ local: true }, { env: { AGENTS_MODEL_URL: 'http://localhost:1' } });
    expect(openModel(context, { which: 'user' })).toBeUndefined();
    expect(openModel(context, { which: 'judge', model: ' ' })).toBeUndefined();
  });

  test('is named by flag, else by environment, and asked at its own server by its own key', async () => {
    const server = await answering(said('by flag'), said('by environment'));
    const env = {
      AGENTS_JUDGE_MODEL: 'judge-1',
      AGENTS_USER_MODEL: 'user-1',
      AGENTS_MODEL_URL: server.url,
      AGENTS_MODEL_KEY: 'sk-model',
      XAI_API_KEY: 'xai-0123456789',
    };
    const byFlag = opened({ model: 'judge-2', url: `${server.url}/v1`, env });
    expect(await byFlag.complete(hello, { seed: 7 })).toBe('by flag');
    const byEnv = opened({ which: 'user', env });
    expect(await byEnv.complete(hello)).toBe('by environment');
    expect(
      server.seen.map(({ path, body, headers }) => ({ path, body, key: headers.authorization })),
    ).toEqual([
      {
        path: '/v1/chat/completions',
        body: { model: 'judge-2', messages: hello, temperature: 0, seed: 7 },
        key: 'Bearer sk-model',
      },
      {
        path: '/v1/chat/completions',
        body: { model: 'user-1', messages: hello, temperature: 0 },
        key: 'Bearer sk-model',
      },
    ]);
  });

  test.each(['/openai/v4', '/v1/chat/completions', ''])('is asked under %s', async (path) => {
    const server = await answering(said('yes'));
    expect(await opened({ model: 'm', url: server.url + path }).complete(hello)).toBe('yes');
    expect(server.seen[0]?.path).toBe(
      path === '/openai/v4' ? `${path}/chat/completions` : '/v1/chat/completions',
    );
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('is asked at the server of the run otherwise, by the key of that', async () => {
    const server = await answering(said('yes'));
    const env = { XAI_API_KEY: 'xai-0123456789', AGENTS_MODEL_KEY: 'sk-model' };
    const { complete } = opened({ model: 'm', flags: { baseUrl: `${server.url}/xai` }, env });
    expect(await complete(hello)).toBe('yes');
    expect(server.seen[0]).toMatchObject({
      path: '/xai/v1/chat/completions',
      headers: { authorization: 'Bearer xai-0123456789' },
    });
  });

  test('may be one of the local API', async () => {
    const script = { rules: [{ when: { contains: 'Hello' }, say: '{"score":1}' }] };
    const { base } = await startTestApi({ script });
    const { complete } = opened({ model: 'grok-4.3', flags: { baseUrl: base } });
    expect(await complete(hello, { seed: 1 })).toBe('{"score":1}');
  });

  test.each<[Setting, string]>([
    [{ url: 'localhost:1' }, '--model-url localhost:1: not an http or https URL'],
    [{ url: '' }, '--model-url : not an http or https URL'],
    [{ env: { AGENTS_MODEL_URL: 'nowhere' } }, 'AGENTS_MODEL_URL nowhere: not an http or https URL'],
    [{ url: 'http://me:secret@localhost' }, 'holds a user name or password'],
    [{ url: 'http://localhost/?a=b' }, 'must end with its path'],
    [
      { url: 'http://192.0.2.1', env: { AGENTS_MODEL_KEY: 'sk-model' } },
      '--model-url http://192.0.2.1: the key would travel in the clear',
    ],
  ])('is refused at %j', (setting, message) => {
    expect(() => opened(setting)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});

describe('asking a model', () => {
  test('is tried again after a 5xx and a 429, twice at most', async () => {
    const server = await answering(
      { status: 503, body: { error: 'busy' } },
      { status: 429 },
      said('at last'),
    );
    const { complete, written } = opened({ model: 'm', url: server.url });
    expect(await complete(hello)).toBe('at last');
    expect(server.seen).toHaveLength(3);
    expect(written().stderr).toContain('busy; trying again in');
    const down = await answering({ status: 500 });
    const failing = opened({ model: 'm', url: down.url }).complete(hello);
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
    expect(down.seen).toHaveLength(3);
  });

  test('leaves out temperature and seed for models that refuse them, from then on', async () => {
    const refusal = { status: 400, body: { error: { message: "'temperature' does not support 0" } } };
    const server = await startFakeServer(({ body }) =>
      typeof body === 'object' && body !== null && 'temperature' in body ? refusal : said('well'),
    );
    const { complete } = opened({ model: 'm', url: server.url });
    expect(await Promise.all([complete(hello, { seed: 1 }), complete(hello, { seed: 2 })])).toEqual([
      'well',
      'well',
    ]);
    expect(await complete(hello, { seed: 3 })).toBe('well');
    expect(server.seen.at(-1)?.body).toEqual({ model: 'm', messages: hello });
    expect(server.seen).toHaveLength(5);
  });

  test.each([
    ['<think>\n{"score":1} perhaps\n</think>\n\nNo.', '\n\nNo.'],
    ['No <think>no</think>', 'No <think>no</think>'],
    [null, ''],
  ])('reads %j', async (content, text) => {
    const server = await answering(said(content));
    expect(await opened({ model: 'm', url: server.url }).complete(hello)).toBe(text);
  });

  test.each<[FakeReply, { code: string; said?: string; hint?: string }]>([
    [
      { status: 400, body: { error: 'no such thing' } },
      { code: 'refused', said: 'no such thing' },
    ],
    [
      { status: 401, body: { error: 'who?' } },
      { code: 'key_refused', hint: 'AGENTS_MODEL_KEY' },
    ],
    [
      { status: 404, body: { error: 'no model m' } },
      { code: 'not_found', hint: '--judge-model' },
    ],
    [{ body: { choices: [] } }, { code: 'invalid_reply', said: 'the reply lacks' }],
    [{ body: '<html>' }, { code: 'invalid_reply', said: 'not JSON' }],
  ])('fails by %j', async (reply, { code, said: words = '', hint = '' }) => {
    const server = await answering(reply);
    const env = { AGENTS_MODEL_KEY: 'sk-model-0123' };
    const { complete } = opened({ model: 'm', url: server.url, env });
    const told = `the judge model m at ${server.url}: POST /v1/chat/completions: `;
    const failure = await complete(hello).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code,
      message: expect.stringContaining(told),
      hint: expect.stringContaining(hint),
    });
    expect(failure).toMatchObject({ message: expect.stringContaining(words) });
  });

  test('without a key is told what is missing, and where it comes from', async () => {
    const server = await answering({ status: 401, body: { error: 'who?' } });
    await expect(opened({ model: 'm', url: server.url }).complete(hello)).rejects.toMatchObject({
      code: 'key_missing',
      hint: 'its key comes from AGENTS_MODEL_KEY',
    });
    await expect(opened({ model: 'm', flags: {} }).complete(hello)).rejects.toMatchObject({
      code: 'key_missing',
      message: expect.stringContaining('https://api.x.ai'),
    });
  });

  test('where nothing listens says so', async () => {
    const { complete } = opened({ which: 'user', model: 'm', url: 'http://127.0.0.1:9' });
    await expect(complete(hello)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/^the user model m at http:\/\/127.0.0.1:9: .*nothing listens there/),
      hint: 'is a model server running there? --model-url names another',
    });
  });

  test('never shows the key, also where the server says it back', async () => {
    const key = 'sk-model-0123456789';
    const server = await answering({ status: 400, body: { error: `you sent ${key}` } });
    const env = { AGENTS_MODEL_KEY: key };
    const { complete, context, written } = opened({
      model: 'm',
      url: server.url,
      env,
      flags: { local: true, verbose: true },
    });
    const error = await complete(hello).catch((each: Error) => each);
    context.output.note(String(error));
    context.output.note(`env ${key}`);
    expect(written().stderr).toContain('you sent');
    expect(written().stderr).not.toContain(key);
  });

  test('asks several at a time', async () => {
    const waiting: (() => void)[] = [];
    const url = await startServer((_, response) => {
      waiting.push(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(said('yes').body));
      });
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    const { complete } = opened({ model: 'm', url });
    expect(await Promise.all([complete(hello), complete(hello), complete(hello)])).toEqual([
      'yes',
      'yes',
      'yes',
    ]);
  });
});

describe('models of the local API', () => {
  test('judge what was played, once for all runs that keep it', async () => {
    const script = {
      rules: [{ when: { contains: 'The rubric:' }, say: '{"score": 0.8, "reason": "It is polite."}' }],
    };
    const api = await startTestApi({ script });
    const env = { HOME: temporaryFolder() };
    const played = { turns: [], notices: [], ending: 'script' as const, total_ms: 0, now_ms: 0 };
    for (const _run of [1, 2]) {
      const { complete, context } = opened({ model: 'grok-4.3', flags: { baseUrl: api.base }, env });
      const judge = createJudge({ complete, cache: openJudgeCache(context), model: 'grok-4.3' });
      expect(await judge('It is polite.', played)).toEqual({ score: 0.8, reason: 'It is polite.' });
    }
    expect(await api.requests()).toHaveLength(1);
  });

  test('play a person to the end', async () => {
    const script = {
      rules: [
        { when: { contains: 'you speak first' }, say: 'I need a check-up.' },
        { when: { contains: 'which day' }, say: 'Tomorrow, please.' },
        { say: '[done]' },
      ],
    };
    const api = await startTestApi({ script });
    const { complete } = opened({ which: 'user', model: 'grok-4.3', flags: { baseUrl: api.base } });
    const someone = createPerson({ goal: 'A check-up.' }, { seed: 1, complete });
    const said = (words: string) => someone.next({ said: words, calls: [] });
    expect(await someone.next(undefined)).toEqual({ say: 'I need a check-up.' });
    expect(await said('For which day?')).toEqual({ say: 'Tomorrow, please.' });
    expect(await said('It is booked.')).toEqual({ done: true });
  });
});
