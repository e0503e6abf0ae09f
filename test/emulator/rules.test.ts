// The built-in maker: the same words for the same input.

import { describe, expect, test } from 'vitest';
import type { Heard, Part } from '../../src/emulator/reply.js';
import { createRules } from '../../src/emulator/rules.js';
import type { FunctionDefinition } from '../../src/protocol/agent.js';

const rules = createRules(() => new Date('2026-07-01T12:00:00Z'));

function reply(members: Partial<Heard>): Part[] {
  const heard: Heard = {
    instructions: 'You are Ava. Be brief.',
    agentName: undefined,
    tools: [],
    turn: 1,
    said: 'Hi',
    results: [],
    history: [],
    ...members,
  };
  return [...(rules.reply(heard) as Iterable<Part>)];
}

function tool(name: string, description: string, properties: object = {}): FunctionDefinition {
  return { name, description, parameters: { type: 'object', properties, required: Object.keys(properties) } };
}
const text = { type: 'string' };
const weather = tool('get_weather', 'Look up the weather for a city.', { city: text });
const order = tool('lookup_order', 'Find an order by its number.', { order_id: text });
const booking = tool('bookTable', 'Reserve a table at the restaurant.', {
  date: text,
  guests: { type: 'integer' },
});
const clock = tool('current_time', 'Tell what time it is.');
const tools = [weather, order, booking, clock];

const say = (words: string): Part => ({ say: words });
const call = (name: string, args: Record<string, unknown>): Part => ({ call: { name, arguments: args } });

describe('a message', () => {
  test.each<[string, Part[]]>([
    [
      'What is the weather in London?',
      [say('One moment, let me get weather for London.'), call('get_weather', { city: 'London' })],
    ],
    [
      'Where is my order ORD-42?',
      [say('One moment, let me lookup order for ORD-42.'), call('lookup_order', { order_id: 'ORD-42' })],
    ],
    [
      'I want my orders, ORD-1 and ORD-2',
      [
        say('One moment, let me lookup order for ORD-1, ORD-2.'),
        call('lookup_order', { order_id: 'ORD-1' }),
        call('lookup_order', { order_id: 'ORD-2' }),
      ],
    ],
    [
      'Reserving a table for 4 on July 6th',
      [
        say('One moment, let me bookTable for 2026-07-06, 4.'),
        call('bookTable', { date: '2026-07-06', guests: 4 }),
      ],
    ],
    ['What is the current time?', [say('One moment, let me current time.'), call('current_time', {})]],
    [
      'The weather in Paris, and order ORD-7',
      [
        say('One moment, let me get weather and lookup order for Paris, ORD-7.'),
        call('get_weather', { city: 'Paris' }),
        call('lookup_order', { order_id: 'ORD-7' }),
      ],
    ],
  ])('"%s" calls the tools that fit', (said, parts) => {
    expect(reply({ said, tools })).toEqual(parts);
  });

  test.each([
    ['fits no tool', 'Tell me a joke'],
    ['fits a tool but lacks what it needs', 'What is the weather like?'],
    ['has what a tool needs but no word of it', 'I live in London'],
    ['has only words that every tool has', 'Can you please look this up for me?'],
    ['is empty', ''],
  ])('that %s is answered in words: "%s"', (_why, said) => {
    const parts = reply({ said, tools });
    expect(parts).toEqual([{ say: expect.stringMatching(/^Hello, this is Ava\. /) }]);
  });

  test('calls nothing where there are no tools', () => {
    expect(reply({ said: 'What is the weather in London?' })).toEqual([
      say('Hello, this is Ava. You said: What is the weather in London? My instructions begin: You are Ava.'),
    ]);
  });

  test('gives one word to one tool only, the one that fits best', () => {
    const forecast = tool('weather_forecast', 'Weather of the coming days.', { city: text });
    expect(reply({ said: 'What is the weather in London?', tools: [weather, forecast] })).toEqual([
      say('One moment, let me get weather for London.'),
      call('get_weather', { city: 'London' }),
    ]);
    expect(reply({ said: 'The weather forecast in London', tools: [weather, forecast] })).toEqual([
      say('One moment, let me weather forecast for London.'),
      call('weather_forecast', { city: 'London' }),
    ]);
  });

  test('does not depend on the order of the tools when one fits better', () => {
    const said = 'Find order ORD-42';
    expect(reply({ said, tools: [...tools].reverse() })).toEqual(reply({ said, tools }));
  });
});

describe('without a tool', () => {
  test.each<[string, Partial<Heard>, string]>([
    [
      'the name is that of the agent',
      { agentName: 'Order Support' },
      'Hello, this is Order Support. You said: Hi. My instructions begin: You are Ava.',
    ],
    [
      'or stands in the instructions',
      {},
      'Hello, this is Ava. You said: Hi. My instructions begin: You are Ava.',
    ],
    [
      'or is given by "your name is"',
      { instructions: 'Be kind; your name is Ada Lovelace.' },
      'Hello, this is Ada Lovelace. You said: Hi. My instructions begin: Be kind; your name is Ada Lovelace.',
    ],
    [
      'or there is none',
      { instructions: 'You are a helpful agent.' },
      'Hello. You said: Hi. My instructions begin: You are a helpful agent.',
    ],
    ['there may be no instructions', { instructions: '' }, 'Hello. You said: Hi. I have no instructions.'],
    [
      'a sentence said is not ended twice',
      { said: 'Hello there!' },
      'Hello, this is Ava. You said: Hello there! My instructions begin: You are Ava.',
    ],
    [
      'blanks around what was said are gone',
      { said: '  Hi  ' },
      'Hello, this is Ava. You said: Hi. My instructions begin: You are Ava.',
    ],
    [
      'nothing said is told',
      { said: '' },
      'Hello, this is Ava. I could not make out what you said. My instructions begin: You are Ava.',
    ],
    ['a greeting, where nobody has spoken yet', { said: '', turn: 0 }, 'Hello, this is Ava. How can I help?'],
    [
      'only the first line of the instructions is read',
      { instructions: '\n# Support\nYou are Bo.' },
      'Hello, this is Bo. You said: Hi. My instructions begin: # Support',
    ],
    [
      'long instructions are cut',
      { instructions: 'i'.repeat(161) },
      `Hello. You said: Hi. My instructions begin: ${'i'.repeat(159)}…`,
    ],
  ])('%s', (_what, heard, words) => {
    expect(reply(heard)).toEqual([say(words)]);
  });
});

describe('silence', () => {
  test.each([
    ['idle', 'Are you still there?'],
    ['unclear', 'I heard you, but I could not make out the words. Could you say that again?'],
  ] as const)('of the kind %s is answered by asking for words', (silence, words) => {
    expect(reply({ said: '', silence })).toEqual([{ say: words }]);
  });
});

describe('the result of a tool', () => {
  const found = 'Here is what I found with lookup order: ';
  test.each([
    ['{"status":"shipped","items":[1,2]}', `${found}status shipped, items 1 and 2.`],
    ['{"order":{"arrives_on":"Friday","late":false}}', `${found}order arrives on Friday, late false.`],
    ['[{"id":1},{"id":2}]', `${found}id 1 and id 2.`],
    ['It is foggy.', `${found}It is foggy.`],
    ['It is foggy', `${found}It is foggy.`],
    ['"quoted"', `${found}quoted.`],
    ['12', `${found}12.`],
    ['false', `${found}false.`],
    ['{broken', `${found}{broken.`],
    ['{"error":"no such order"}', 'I am sorry, lookup order did not work: no such order.'],
    ['{"error":"No such order."}', 'I am sorry, lookup order did not work: No such order.'],
    ['', 'lookup order is done; it returned nothing.'],
    ['null', 'lookup order is done; it returned nothing.'],
    ['[]', 'lookup order is done; it returned nothing.'],
    ['{}', 'lookup order is done; it returned nothing.'],
  ])('%s is told', (output, words) => {
    expect(reply({ results: [{ name: 'lookup_order', output }] })).toEqual([say(words)]);
  });

  test('is told with those of all others, in their order', () => {
    const results = [
      { name: 'get_weather', output: '{"sky":"clear"}' },
      { name: 'lookup_order', output: '{"error":"gone"}' },
    ];
    expect(reply({ results })).toEqual([
      say('Here is what I found with get weather: sky clear. I am sorry, lookup order did not work: gone.'),
    ]);
  });

  test('is answered, not the words before it', () => {
    const results = [{ name: 'get_weather', output: 'foggy' }];
    expect(reply({ results, said: 'What is the weather in London?', tools })).toEqual([
      say('Here is what I found with get weather: foggy.'),
    ]);
  });
});

test('the same is said to the same, as often as one asks', () => {
  const heard = { said: 'The weather in Paris, and order ORD-7', tools };
  const answers = Array.from({ length: 5 }, () => reply(heard));
  expect(new Set(answers.map((parts) => JSON.stringify(parts))).size).toBe(1);
  expect(reply({ ...heard, turn: 9 })).toEqual(answers[0]);
});
