// A model's chunks as parts, and a conversation as a model's messages: without a server.

import { describe, expect, test } from 'vitest';
import { createChunkReader } from '../../../src/emulator/model/chunks.js';
import { chatMessages } from '../../../src/emulator/model/messages.js';
import type { Heard, Item, Part } from '../../../src/emulator/reply.js';

function read(...deltas: (object | string)[]): Part[] {
  const reader = createChunkReader();
  const parts = deltas.flatMap((delta) => {
    const choice = typeof delta === 'string' ? { delta: {}, finish_reason: delta } : { delta };
    return reader.take(JSON.stringify({ choices: [choice] }));
  });
  return [...parts, ...reader.end()];
}
const words = (parts: Part[]) => parts.map((part) => ('say' in part ? part.say : part.call));
const content = (...pieces: string[]) => pieces.map((each) => ({ content: each }));

describe('words', () => {
  test('are told as soon as they are whole, with the blank before them', () => {
    const parts = read(...content('\n Hel', 'lo', ' wo', 'rld. How', ' are', '\n\nyou', '?', '\n'), 'stop');
    expect(words(parts)).toEqual(['Hello', ' world.', ' How', ' are', '\n\nyou?']);
    expect(parts.every((part) => 'say' in part && part.continues === true)).toBe(true);
  });

  test('without blanks are not held back for ever', () => {
    const parts = words(read(...content(...'これは空白のない長い文です。'.repeat(4)), 'stop')) as string[];
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe('これは空白のない長い文です。'.repeat(4));
  });

  test('keep the blanks between them, however many', () => {
    const parts = words(
      read(...content('Lines:\n', ' '.repeat(15), ' '.repeat(15), 'one'), 'stop'),
    ) as string[];
    expect(parts.join('')).toBe(`Lines:\n${' '.repeat(30)}one`);
  });

  test('without blanks may be very long', () => {
    const long = 'x'.repeat(100_000);
    expect(words(read(...content(`${long} ${long}`, ' y'), 'stop'))).toEqual([`${long} ${long}`, ' y']);
  });

  test('thought and not said are left out, and nothing is an answer too', () => {
    const thought = [{ reasoning_content: 'Hmm.', content: '' }, { reasoning: 'Hm', content: null }, {}];
    expect(read(...thought, 'stop')).toEqual([]);
    expect(words(read(...thought, ...content('Yes'), 'stop'))).toEqual(['Yes']);
  });

  test('that were cut off for length are told as that, a call that was is not made', () => {
    const call = { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }] };
    expect(read(...content('So lo'), call, 'length')).toEqual([
      { say: 'So', continues: true },
      { say: ' lo', continues: true, cutOff: true },
    ]);
  });
});

describe('calls', () => {
  const piece = (index: number | undefined, id?: string, name?: string, args?: string) => ({
    tool_calls: [{ index, id, function: { name, arguments: args } }],
  });

  test('come in pieces by their index, and are told after the words', () => {
    expect(
      words(
        read(
          piece(0, 'a', 'look'),
          piece(1, 'b', 'book', '{}'),
          piece(0, undefined, undefined, '{"id"'),
          { content: 'One moment.' },
          piece(0, undefined, undefined, ':7}'),
          'tool_calls',
        ),
      ),
    ).toEqual(['One', ' moment.', { name: 'look', arguments: { id: 7 } }, { name: 'book', arguments: {} }]);
  });

  test('all under the index 0, or under none, are told apart by their ids', () => {
    for (const index of [0, undefined]) {
      const parts = read(piece(index, 'a', 'f', '{"n":1}'), piece(index, 'b', 'f', '{"n":2}'), 'stop');
      expect(words(parts)).toEqual([
        { name: 'f', arguments: { n: 1 } },
        { name: 'f', arguments: { n: 2 } },
      ]);
    }
  });

  test('without arguments have none', () => {
    expect(words(read(piece(0, 'a', 'f', ''), 'tool_calls'))).toEqual([{ name: 'f', arguments: {} }]);
  });

  test.each(['{', '[1]', '"x"', 'null'])('with %s for arguments are nonsense', (given) => {
    expect(() => read(piece(0, 'a', 'f', given), 'tool_calls')).toThrow(
      'it called f with arguments that are no JSON object',
    );
  });
});

describe('what is no answer', () => {
  test.each([
    ['{"error":{"message":"out of memory"}}', 'out of memory'],
    ['{"choices":7}', 'it sent no answer'],
    ['<html>', 'it sent no answer'],
    ['', 'it sent no answer'],
  ])('%j is told as "%s"', (data, says) => {
    expect(() => createChunkReader().take(data)).toThrow(says);
  });

  test('is one that breaks off', () => {
    expect(() => read(...content('Hel'))).toThrow('its answer broke off');
  });

  test('is not a chunk without a choice, which tells the usage', () => {
    expect(createChunkReader().take('{"choices":[],"usage":{"total_tokens":3}}')).toEqual([]);
  });
});

describe('a conversation', () => {
  const call = (id: string, given = '{"n":1}'): Item => ({
    type: 'function_call',
    call_id: id,
    name: 'f',
    arguments: given,
  });
  const result = (id: string): Item => ({ type: 'function_call_output', call_id: id, output: `of ${id}` });
  const user = (text: string): Item => ({ type: 'message', role: 'user', text });
  const messages = (history: Item[], instructions = '') =>
    chatMessages({ instructions, history } as unknown as Heard);
  const asked = (id: string, given = '{"n":1}') => ({
    id,
    type: 'function',
    function: { name: 'f', arguments: given },
  });
  const told = (id: string, text = `of ${id}`) => ({ role: 'tool', tool_call_id: id, content: text });

  test('begins with the instructions, where there are any', () => {
    expect(messages([user('Hi')], 'Be kind.')).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(messages([user('')])).toEqual([{ role: 'user', content: '(inaudible)' }]);
  });

  test('without words to answer ends in silence', () => {
    const silence = { role: 'user', content: '(silence)' };
    expect(messages([], 'Greet.')).toEqual([{ role: 'system', content: 'Greet.' }, silence]);
    const hello: Item = { type: 'message', role: 'assistant', text: 'Hello?' };
    expect(messages([hello])).toEqual([{ role: 'assistant', content: 'Hello?' }, silence]);
  });

  test('has calls of one answer together, and each result behind them whenever it came', () => {
    expect(messages([user('Go'), call('a'), call('b', ''), user('Well?'), result('b'), result('a')])).toEqual(
      [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: '', tool_calls: [asked('a'), asked('b', '{}')] },
        told('a'),
        told('b'),
        { role: 'user', content: 'Well?' },
      ],
    );
  });

  test('has no call without a result and no result without a call', () => {
    expect(messages([call('a'), result('elsewhere')])).toEqual([
      { role: 'assistant', content: '', tool_calls: [asked('a')] },
      told('a', '{"error":"no result came"}'),
    ]);
  });
});
