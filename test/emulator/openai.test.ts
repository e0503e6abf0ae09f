// A client that knows nothing of us: OpenAI's own, for chat completions and for the realtime socket.

import { connect } from 'node:net';
import { createServer } from 'node:tls';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { generate } from 'selfsigned';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/local-api.js';
import { ask } from './support.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const definition = { name: 'get_weather', description: 'Look up the weather for a city.', parameters };
const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: definition }];
const words = 'Hello, this is Ava. You said: Hi. My instructions begin: You are Ava.';
const messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You are Ava.' },
  { role: 'user', content: 'Hi' },
];
const weatherMessages: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'user', content: 'What is the weather in London?' },
];

const clientOf = (api: TestApi) =>
  new OpenAI({ apiKey: 'xai-test', baseURL: `${api.base}/v1`, maxRetries: 0 });

describe('chat completions by the openai package', () => {
  test('answer whole', async () => {
    const client = clientOf(await startTestApi());
    const answer = await client.chat.completions.create({ model: 'grok-4.3', messages });
    expect(answer.choices[0]).toEqual({
      index: 0,
      message: { role: 'assistant', content: words, refusal: null },
      finish_reason: 'stop',
    });
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
  });

  test('answer as a stream', async () => {
    const client = clientOf(await startTestApi());
    const stream = await client.chat.completions.create({
      model: 'grok-4.3',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(words);
    expect(usage?.total_tokens).toBeGreaterThan(0);
  });

  test('call a tool, and answer its result', async () => {
    const client = clientOf(await startTestApi());
    const first = await client.chat.completions.create({
      model: 'grok-4.3',
      messages: weatherMessages,
      tools,
    });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (message === undefined || call?.type !== 'function') throw new Error('no call');
    expect(call.function).toEqual({ name: 'get_weather', arguments: '{"city":"London"}' });
    const second = await client.chat.completions.create({
      model: 'grok-4.3',
      messages: [...weatherMessages, message, { role: 'tool', tool_call_id: call.id, content: 'foggy' }],
      tools,
    });
    expect(second.choices[0]?.message.content).toBe('Here is what I found with get weather: foggy.');
  });

  test('call a tool as a stream that the package puts together', async () => {
    const client = clientOf(await startTestApi());
    const stream = client.chat.completions.stream({ model: 'grok-4.3', messages: weatherMessages, tools });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'get_weather', arguments: '{"city":"London"}' } },
    ]);
    expect(choices[0]?.finish_reason).toBe('tool_calls');
  });

  test('refuse an unknown model and a wrong key in a way the package understands', async () => {
    const client = clientOf(await startTestApi());
    const unknown = client.chat.completions.create({ model: 'gpt-4o', messages });
    await expect(unknown).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const refusing = clientOf(await startTestApi({ faults: ['wrong-key'] }));
    const refused = refusing.chat.completions.create({ model: 'grok-4.3', messages });
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  test('list models', async () => {
    const client = clientOf(await startTestApi());
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('grok-4.3');
  });
});

/** That client speaks nothing but wss: a line with TLS in front of the local API. */
async function secured(api: TestApi): Promise<string> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const { port } = new URL(api.base);
  const server = createServer({ key, cert }, (secure) => {
    const plain = connect(Number(port), '127.0.0.1');
    secure.pipe(plain).pipe(secure);
    for (const [one, other] of [
      [secure, plain],
      [plain, secure],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `https://127.0.0.1:${address.port}`;
}

/** The realtime client, connected and configured. */
async function realtime(api: TestApi, session: object, apiKey = 'xai-test') {
  const client = new OpenAI({ apiKey, baseURL: `${await secured(api)}/v1` });
  const options = { rejectUnauthorized: false };
  const line = new OpenAIRealtimeWS({ model: 'grok-voice-latest', options }, client);
  onTestFinished(() => line.close());
  await new Promise<void>((resolve, reject) => {
    line.on('error', reject);
    line.on('session.updated', () => resolve());
    line.on('session.created', () =>
      line.send({ type: 'session.update', session: { type: 'realtime', ...session } }),
    );
  });
  return {
    line,
    /** Sends, and gives the words and the calls of the response that follows. */
    answer: (...events: Parameters<typeof line.send>[0][]) =>
      new Promise<{ text: string; calls: Called[] }>((resolve, reject) => {
        let text = '';
        const calls: Called[] = [];
        const hear = ({ delta }: { delta: string }) => {
          text += delta;
        };
        const note = ({ call_id, name, arguments: given }: Called) =>
          void calls.push({ call_id, name, arguments: given });
        line.on('error', reject);
        line.on('response.output_audio_transcript.delta', hear);
        line.on('response.function_call_arguments.done', note);
        line.once('response.done', () => {
          line.off('response.output_audio_transcript.delta', hear);
          line.off('response.function_call_arguments.done', note);
          resolve({ text, calls });
        });
        for (const event of events) line.send(event);
      }),
  };
}

interface Called {
  call_id: string;
  name: string;
  arguments: string;
}

const said = (text: string): RealtimeClientEvent => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

describe('the realtime socket by the openai package', () => {
  test('answers a typed turn', async () => {
    const { answer } = await realtime(await startTestApi(), { instructions: 'You are Ava.' });
    expect(await answer(said('Hi'), { type: 'response.create' })).toEqual({ text: words, calls: [] });
  });

  test('calls a tool, and answers its result', async () => {
    const session = { instructions: 'You are Ava.', tools: [{ type: 'function', ...definition }] };
    const { answer } = await realtime(await startTestApi(), session);
    const first = await answer(said('What is the weather in London?'), { type: 'response.create' });
    expect(first).toEqual({
      text: 'One moment, let me get weather for London.',
      calls: [{ call_id: expect.any(String), name: 'get_weather', arguments: '{"city":"London"}' }],
    });
    const call_id = first.calls[0]?.call_id ?? '';
    const item = { type: 'function_call_output', call_id, output: '{"sky":"foggy"}' } as const;
    const second = await answer({ type: 'conversation.item.create', item }, { type: 'response.create' });
    expect(second).toEqual({ text: 'Here is what I found with get weather: sky foggy.', calls: [] });
  });

  test('opens with an ephemeral secret in place of a key', async () => {
    const api = await startTestApi();
    const { body } = await ask(api, 'POST /v1/realtime/client_secrets', {});
    const { answer } = await realtime(api, {}, (body as { value: string }).value);
    expect((await answer(said('Hi'), { type: 'response.create' })).text).toContain('You said: Hi.');
  });
});
