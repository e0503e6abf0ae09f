// Finding a tool's parameters in a message: all required ones, or no call.

import { describe, expect, test } from 'vitest';
import { argumentSets } from '../../src/emulator/parameters.js';

const today = new Date('2026-07-01T12:00:00Z');
const text = { type: 'string' };

/** The arguments of each call for a tool with these parameters, all required unless told otherwise. */
function sets(said: string, properties: object, required = Object.keys(properties)) {
  const parameters = { type: 'object', properties, required };
  return argumentSets({ name: 'tool', parameters }, said, today);
}

describe('a parameter is found', () => {
  test.each<[string, string, object, unknown]>([
    ['a mark with letters', 'Where is order ORD-42?', { order_id: text }, 'ORD-42'],
    ['a mark without a dash', 'Is flight BA117 late?', { flight_no: text }, 'BA117'],
    ['a plain number as a mark', 'Where is 10042?', { order_number: text }, '10042'],
    ['a number after a hash', 'ticket #77 please', { ticket: text }, '77'],
    ['a mark by a name in camelCase', 'ORD-9', { orderId: text }, 'ORD-9'],
    ['a city', 'What is the weather in London?', { city: text }, 'London'],
    ['a city of several words', 'The weather in New York City today', { city: text }, 'New York City'],
    ['a name inside the sentence', 'What about Paris', { city: text }, 'Paris'],
    ['a name', 'I am Ava Smith', { name: text }, 'Ava Smith'],
    ['something quoted', 'Play "old town road" now', { title: text }, 'old town road'],
    ['something quoted with curly quotes', 'Play “old town” now', { title: text }, 'old town'],
    ['the whole message', ' find me a red bike ', { query: text }, 'find me a red bike'],
    ['a thing', 'Book a haircut on Friday', { service: text }, 'haircut'],
    ['a day', 'tomorrow', { date: text }, '2026-07-02'],
    ['a day by its format', 'tomorrow', { start: { type: 'string', format: 'date' } }, '2026-07-02'],
    ['a time', 'at 7:30 pm', { time: text }, '19:30'],
    ['a time by its format', 'at noon', { begin: { type: 'string', format: 'time' } }, '12:00'],
    ['an address', 'Mail ava.b+c@x.example.com.', { email: text }, 'ava.b+c@x.example.com'],
    ['a phone number', 'Call +1 (415) 555-0100 now', { phone: text }, '+14155550100'],
    ['a link', 'See https://x.ai/a?b=1 now', { url: text }, 'https://x.ai/a?b=1'],
    ['a choice', 'In Fahrenheit, please', { unit: { enum: ['celsius', 'fahrenheit'] } }, 'fahrenheit'],
    [
      'a choice written with a line',
      'Is it in stock?',
      { state: { enum: ['sold_out', 'in_stock'] } },
      'in_stock',
    ],
    ['a choice of numbers', 'Make it 20', { size: { enum: [10, 20] } }, 20],
    ['a constant', 'Hi', { kind: { const: 'lookup' } }, 'lookup'],
    ['a whole number', 'a table for 3', { guests: { type: 'integer' } }, 3],
    ['a number in letters', 'a table for three', { guests: { type: 'integer' } }, 3],
    ['a fraction', '2.5 kilos', { weight: { type: 'number' } }, 2.5],
    ['a number below zero', 'set it to -3', { degrees: { type: 'number' } }, -3],
    ['a number beside a time', 'at 10:30 for 4', { guests: { type: 'integer' } }, 4],
    ['yes', 'yes, please', { confirm: { type: 'boolean' } }, true],
    ['off', 'turn it off', { enabled: { type: 'boolean' } }, false],
  ])('%s in "%s"', (_what, said, properties, value) => {
    const [name = ''] = Object.keys(properties);
    expect(sets(said, properties)).toEqual([{ [name]: value }]);
  });
});

describe('there is no call without a required parameter', () => {
  test.each<[string, string, object]>([
    ['a mark', 'Where is my order?', { order_id: text }],
    ['a mark, where a number is only a count', 'I have 2 orders', { order_id: text }],
    ['a mark, where a number is a time', 'Where is my order from 10:30?', { order_id: text }],
    ['a mark, where a number is a day', 'Where is my order of July 6 2026?', { order_id: text }],
    ['a mark, where a number is an ISO date', 'Where is my order of 2026-07-06?', { order_id: text }],
    ['a city', 'weather?', { city: text }],
    ['a date', 'some time soon', { date: text }],
    ['a time', 'at seven', { time: text }],
    ['an address', 'mail me', { email: text }],
    ['a phone number', 'call 911', { phone: text }],
    ['a choice', 'in kelvin', { unit: { enum: ['celsius', 'fahrenheit'] } }],
    ['a choice, where it is part of a word', 'onions', { state: { enum: ['on', 'off'] } }],
    ['a whole number', '2.5 kilos', { count: { type: 'integer' } }],
    ['a number', 'ORD-42', { count: { type: 'number' } }],
    ['yes or no', 'what?', { confirm: { type: 'boolean' } }],
    ['a list', 'red and blue', { colours: { type: 'array' } }],
    ['an object', 'my address', { address: { type: 'object' } }],
    ['anything, where nothing was said', '', { query: text }],
  ])('%s: "%s"', (_what, said, properties) => {
    expect(sets(said, properties)).toEqual([]);
  });

  test('not even when all others are there', () => {
    const properties = { city: text, date: text };
    expect(sets('The weather in London', properties)).toEqual([]);
    expect(sets('The weather in London tomorrow', properties)).toEqual([
      { city: 'London', date: '2026-07-02' },
    ]);
  });

  test('not even when the schema does not describe it', () => {
    expect(sets('in London', { city: text }, ['city', 'country'])).toEqual([]);
  });
});

describe('several parameters', () => {
  test('are all found in one message', () => {
    const properties = { date: text, time: text, guests: { type: 'integer' }, name: text };
    expect(sets('Book a table for 4 on July 6th at 7:30 pm for Ava', properties)).toEqual([
      { date: '2026-07-06', time: '19:30', guests: 4, name: 'Ava' },
    ]);
  });

  test('that are optional are filled when they are plainly there, and left out when not', () => {
    const properties = { city: text, days: { type: 'integer' }, unit: { enum: ['celsius'] }, note: text };
    const weather = (said: string) => sets(said, properties, ['city']);
    expect(weather('The weather in London')).toEqual([{ city: 'London' }]);
    expect(weather('The weather in London for 3 days in celsius')).toEqual([
      { city: 'London', days: 3, unit: 'celsius' },
    ]);
  });

  test.each([
    ['Where are ORD-1 and ORD-2?', ['ORD-1', 'ORD-2']],
    ['ORD-1, ORD-2, ORD-1 and A77', ['ORD-1', 'ORD-2', 'A77']],
  ])('of one kind in "%s" make a call each', (said, found) => {
    expect(sets(said, { order_id: text })).toEqual(found.map((order_id) => ({ order_id })));
  });

  test('of one kind keep what else was said in each call', () => {
    const properties = { order_id: text, when: { type: 'string', format: 'date' } };
    expect(sets('Send ORD-1 and ORD-2 tomorrow', properties)).toEqual([
      { order_id: 'ORD-1', when: '2026-07-02' },
      { order_id: 'ORD-2', when: '2026-07-02' },
    ]);
  });
});

describe('a tool that wants nothing', () => {
  test.each<[string, object | undefined]>([
    ['no parameters', undefined],
    ['an empty schema', {}],
    ['no properties', { type: 'object', properties: {} }],
    ['optional ones only', { type: 'object', properties: { unit: { enum: ['celsius'] } } }],
    ['a strange schema', { properties: [], required: 'all' }],
  ])('with %s is called with nothing', (_what, parameters) => {
    const tool = { name: 'tool', ...(parameters && { parameters: parameters as Record<string, unknown> }) };
    expect(argumentSets(tool, 'Hello', today)).toEqual([{}]);
  });
});
