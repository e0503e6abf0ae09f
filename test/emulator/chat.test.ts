// Chat completions, whole and as a stream, in the recorded shapes: fact sheet D.

import { describe, expect, test } from 'vitest';
import type { Heard, ReplyMaker } from '../../src/emulator/reply.js';
import { startTestApi, type TestApi, type TestApiOptions } from '../support/local-api.js';
import { ask, makeAgent, send, type Wire } from './support.js';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Look up the weather for a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const user = (content: unknown) => ({ role: 'user', content });
const system = { role: 'system', content: 'You are Ava. Be brief.' };
const asked = (members: object = {}) => ({
  model: 'grok-4.3',
  messages: [system, user('What is the weather in London?')],
  ...members,
});

const nowMs = () => Date.UTC(2026, 6, 1, 12);
const start = (options: TestApiOptions = {}) => startTestApi({ nowMs, ...options });
const complete = (api: TestApi, body: unknown) => ask(api, 'POST /v1/chat/completions', body);

/** A maker that says this, whatever it hears; and what it heard. */
function saying(...parts: (string | { name: string; arguments: Record<string, unknown> })[]) {
  const heard: Heard[] = [];
  const maker: ReplyMaker = {
    reply(given) {
      heard.push(given);
      return parts.map((part) => (typeof part === 'string' ? { say: part } : { call: part }));
    },
  };
  return { maker, heard };
}

const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
const callId = expect.stringMatching(/^call_[0-9a-f]{8}$/);
const frame = {
  id: uuid,
  created: Date.UTC(2026, 6, 1, 12) / 1000,
  model: 'grok-4.3',
  system_fingerprint: 'fp_local',
};
const usage = (prompt: number, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: { text_tokens: prompt, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
  num_sources_used: 0,
  cost_in_usd_ticks: 0,
});

describe('a whole answer', () => {
  test('has the recorded shape', async () => {
    const api = await start({ maker: saying('Hello there!').maker });
    expect(await complete(api, asked())).toEqual({
      status: 200,
      body: {
        object: 'chat.completion',
        ...frame,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hello there!', refusal: null },
            finish_reason: 'stop',
          },
        ],
        usage: usage(13, 3),
      },
    });
  });

  test('that calls tools has the calls and no words', async () => {
    const { maker } = saying(
      'One moment.',
      { name: 'get_weather', arguments: { city: 'London' } },
      { name: 'get_weather', arguments: { city: 'Paris' } },
    );
    const api = await start({ maker });
    const { body } = await complete(api, asked({ tools: [weather] }));
    const call = (city: string) => ({
      id: callId,
      type: 'function',
      function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
    });
    expect((body as Wire).choices).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: '',
          tool_calls: [call('London'), call('Paris')],
          refusal: null,
        },
        finish_reason: 'tool_calls',
      },
    ]);
    const [first, second] = (body as Wire).choices[0].message.tool_calls;
    expect(first.id).not.toBe(second.id);
  });

  test('has words of several parts in one text', async () => {
    const api = await start({ maker: saying('One.', 'Two.').maker });
    const { body } = await complete(api, asked());
    expect((body as Wire).choices[0].message.content).toBe('One. Two.');
  });
});

/** The data of each event of a stream; JSON where it is some. */
async function streamed(api: TestApi, body: object): Promise<{ type: string | null; data: unknown[] }> {
  const reply = await send(api, 'POST /v1/chat/completions', { ...body, stream: true });
  const events = (await reply.text()).split('\n\n').filter((text) => text !== '');
  return {
    type: reply.headers.get('content-type'),
    data: events.map((event) => {
      const data = event.replace(/^data: /, '');
      return data === '[DONE]' ? data : JSON.parse(data);
    }),
  };
}

const chunk = (members: object) => ({ object: 'chat.completion.chunk', ...frame, ...members });
const delta = (members: object) => chunk({ choices: [{ index: 0, delta: members }] });
const end = (reason: string) => chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const first = delta({ role: 'assistant', content: '' });

describe('a streamed answer', () => {
  test('comes word by word, ends with a reason and [DONE]', async () => {
    const api = await start({ maker: saying('Hello there!', 'Bye.').maker });
    const { type, data } = await streamed(api, asked());
    expect(type).toMatch(/^text\/event-stream/);
    expect(data).toEqual([
      first,
      delta({ content: 'Hello' }),
      delta({ content: ' there!' }),
      delta({ content: ' Bye.' }),
      end('stop'),
      '[DONE]',
    ]);
  });

  test('has one id for all its pieces', async () => {
    const api = await start({ maker: saying('Hello there!').maker });
    const { data } = await streamed(api, asked());
    expect(new Set(data.slice(0, -1).map((piece) => (piece as Wire).id)).size).toBe(1);
  });

  test('tells its usage in a piece without choices when that was asked for', async () => {
    const api = await start({ maker: saying('Hello there!').maker });
    const { data } = await streamed(api, asked({ stream_options: { include_usage: true } }));
    expect(data.slice(-3)).toEqual([end('stop'), chunk({ choices: [], usage: usage(13, 3) }), '[DONE]']);
  });

  test.each([{}, { stream_options: null }, { stream_options: { include_usage: false } }])(
    'does not tell its usage with %j',
    async (members) => {
      const api = await start({ maker: saying('Hello').maker });
      const { data } = await streamed(api, asked(members));
      expect(data).toEqual([first, delta({ content: 'Hello' }), end('stop'), '[DONE]']);
    },
  );

  test('brings each tool call whole, in a piece of its own', async () => {
    const { maker } = saying(
      { name: 'get_weather', arguments: { city: 'London' } },
      { name: 'get_weather', arguments: { city: 'Paris' } },
    );
    const api = await start({ maker });
    const { data } = await streamed(api, asked({ tools: [weather] }));
    const call = (index: number, city: string) =>
      delta({
        tool_calls: [
          {
            index,
            id: callId,
            type: 'function',
            function: { name: 'get_weather', arguments: JSON.stringify({ city }) },
          },
        ],
      });
    expect(data).toEqual([first, call(0, 'London'), call(1, 'Paris'), end('tool_calls'), '[DONE]']);
  });

  test('that calls a tool has no words beside it, as the whole one has none', async () => {
    const { maker } = saying('One moment.', { name: 'get_weather', arguments: { city: 'London' } });
    const api = await start({ maker });
    const { data } = await streamed(api, asked({ tools: [weather] }));
    const words = data.flatMap((piece) => (piece as Wire).choices?.[0]?.delta.content ?? []);
    expect(words.join('')).toBe('');
  });

  test('says so when it cannot be made', async () => {
    const maker: ReplyMaker = {
      *reply() {
        yield { say: 'Hello' };
        throw new Error('the model has gone');
      },
    };
    const api = await start({ maker });
    const reply = await send(api, 'POST /v1/chat/completions', asked({ stream: true }));
    const text = await reply.text();
    expect(text).toContain('the model has gone');
    expect(text).not.toContain('[DONE]');
  });
});

describe('what is heard', () => {
  const hear = async (members: object) => {
    const { maker, heard } = saying('Yes.');
    const api = await start({ maker });
    await makeAgent(api, { name: 'Ava Support', instructions: 'You are Ava. Be brief.' });
    expect(await complete(api, asked(members))).toMatchObject({ status: 200 });
    return heard;
  };
  const heard = {
    instructions: 'You are Ava. Be brief.',
    agentName: 'Ava Support',
    tools: [],
    turn: 1,
    said: 'What is the weather in London?',
    results: [],
    history: [{ type: 'message', role: 'user', text: 'What is the weather in London?' }],
  };

  test('are the instructions, the words said last and the functions', async () => {
    expect(await hear({ tools: [weather] })).toEqual([{ ...heard, tools: [weather.function] }]);
  });

  test.each(['none'])('are no functions with tool_choice %s', async (tool_choice) => {
    expect(await hear({ tools: [weather], tool_choice })).toEqual([heard]);
  });

  test.each(['auto', 'required', { type: 'function', function: { name: 'get_weather' } }])(
    'are the functions with tool_choice %j',
    async (tool_choice) => {
      expect(await hear({ tools: [weather], tool_choice })).toEqual([
        { ...heard, tools: [weather.function] },
      ]);
    },
  );

  test('are words in parts, and how often the person spoke', async () => {
    const messages = [
      user('Hi'),
      { role: 'assistant', content: 'Hello' },
      user([{ type: 'text', text: 'And ' }, { type: 'image_url' }, { type: 'text', text: 'now?' }]),
    ];
    expect(await hear({ messages })).toEqual([
      {
        ...heard,
        instructions: '',
        agentName: undefined,
        turn: 2,
        said: 'And now?',
        history: [
          { type: 'message', role: 'user', text: 'Hi' },
          { type: 'message', role: 'assistant', text: 'Hello' },
          { type: 'message', role: 'user', text: 'And now?' },
        ],
      },
    ]);
  });

  test('are the results of tools since the last answer, by the names of the tools', async () => {
    const call = (id: string, name: string) => ({
      id,
      type: 'function',
      function: { name, arguments: '{}' },
    });
    const messages = [
      user('Hi'),
      { role: 'assistant', content: '', tool_calls: [call('call_0', 'long_ago')] },
      { role: 'tool', tool_call_id: 'call_0', content: 'old' },
      { role: 'assistant', content: '', tool_calls: [call('call_1', 'one'), call('call_2', 'two')] },
      { role: 'tool', tool_call_id: 'call_1', content: '{"x":1}' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'text' }] },
      { role: 'tool', tool_call_id: 'call_9', content: null },
    ];
    expect((await hear({ messages }))[0]?.results).toEqual([
      { name: 'one', output: '{"x":1}' },
      { name: 'two', output: 'text' },
      { name: 'unknown', output: '' },
    ]);
  });
});

describe('the built-in rules over chat completions', () => {
  test('call a tool, and answer its result', async () => {
    const api = await start();
    const first = (await complete(api, asked({ tools: [weather] }))).body as Wire;
    const { message, finish_reason } = first.choices[0];
    expect(finish_reason).toBe('tool_calls');
    const [{ id }] = message.tool_calls;
    expect(message.tool_calls).toEqual([
      { id: callId, type: 'function', function: { name: 'get_weather', arguments: '{"city":"London"}' } },
    ]);
    const result = { role: 'tool', tool_call_id: id, content: '{"sky":"foggy","degrees":12}' };
    const messages = [...asked().messages, message, result];
    const second = (await complete(api, asked({ messages, tools: [weather] }))).body as Wire;
    expect(second.choices).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Here is what I found with get weather: sky foggy, degrees 12.',
          refusal: null,
        },
        finish_reason: 'stop',
      },
    ]);
  });

  test('do not call a tool with tool_choice none', async () => {
    const api = await start();
    const { body } = await complete(api, asked({ tools: [weather], tool_choice: 'none' }));
    expect((body as Wire).choices[0]).toMatchObject({
      message: { content: expect.stringContaining('You said: What is the weather in London?') },
      finish_reason: 'stop',
    });
  });

  test('say the same to the same, whole and streamed', async () => {
    const api = await start();
    const whole = async () => ((await complete(api, asked())).body as Wire).choices[0].message.content;
    const { data } = await streamed(api, asked());
    const pieces = data.flatMap((piece) => (piece as Wire).choices?.[0]?.delta.content ?? []);
    expect([await whole(), pieces.join('')]).toEqual([await whole(), await whole()]);
  });
});
