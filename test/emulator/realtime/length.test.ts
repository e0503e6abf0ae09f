// What is long takes as many steps as it is long: nothing is copied for every thing that is added to it.

import { describe, expect, test } from 'vitest';
import { pause, spokenWords } from '../../../src/emulator/reply.js';
import { createRules } from '../../../src/emulator/rules.js';
import { startTestApi, today } from '../../support/local-api.js';
import { countSteps } from '../../support/steps.js';
import { converse, userItem, type Wire } from '../support.js';
import { spokenSession, vad, voice } from './session.js';

const create = (item: Wire) => ({ type: 'conversation.item.create', item });
const call = (at: number) =>
  create({ type: 'function_call', call_id: `call-${at}`, name: 'look_up', arguments: '{}' });
const output = (at: number) => create({ type: 'function_call_output', call_id: `call-${at}`, output: '1' });

type Session = ReturnType<typeof spokenSession>;

test.each<[string, (session: Session, count: number) => void]>([
  ['turns that are typed', (session, count) => repeat(count, () => session.receive(userItem('Hi')))],
  [
    'calls and their results',
    (session, count) =>
      repeat(count, (at) => {
        session.receive(call(at));
        session.receive(output(at));
      }),
  ],
  [
    'items that are deleted again',
    (session, count) => {
      const ids = repeat(count, () => session.receive(userItem('Hi'))[0]?.item.id);
      repeat(count, (at) => session.receive({ type: 'conversation.item.delete', item_id: ids[at] }));
    },
  ],
  [
    'answers',
    (session, count) =>
      repeat(count, () => {
        session.receive({ type: 'response.create' });
        session.speak('Yes.');
        session.finish();
      }),
  ],
  [
    'calls of one answer',
    (session, count) => {
      session.receive({ type: 'response.create' });
      repeat(count, () => session.call('look_up'));
      session.finish();
    },
  ],
  [
    'words of one answer',
    (session, count) => {
      session.receive({ type: 'response.create' });
      session.speak('word '.repeat(count));
      session.finish();
    },
  ],
  [
    'spoken turns',
    (session, count) => {
      session.receive({ type: 'session.update', session: vad({ create_response: false }) });
      repeat(count, () => {
        session.hear(voice(100, 24_000));
        session.receive({ type: 'input_audio_buffer.commit' });
      });
    },
  ],
])('%s cost as much each, however many there are', (_, take) => {
  const few = countSteps(() => take(spokenSession(), 50));
  const many = countSteps(() => take(spokenSession(), 500));
  expect(many).toBeLessThan(few * 15);
});

function repeat<T>(count: number, act: (at: number) => T): T[] {
  const made: T[] = [];
  for (let at = 0; at < count; at++) made.push(act(at));
  return made;
}

describe('unbroken text', () => {
  const long = 'x'.repeat(40_000);

  test('is spoken in pieces that make the whole', () => {
    for (const text of [long, ` a ${long} b`, '👋'.repeat(1000), `${'\n'.repeat(1000)}x`]) {
      const pieces = spokenWords(text);
      expect(pieces.join('')).toBe(text);
      expect(Math.max(...pieces.map((piece) => [...piece.trim()].length))).toBeLessThanOrEqual(64);
      expect(pieces.some((piece) => /\p{Cs}/u.test(piece))).toBe(false);
    }
  });

  test('of blanks at the end is not spoken', () => {
    expect(spokenWords(`x${' '.repeat(100_000)}`)).toEqual(['x']);
  });

  test('waits as one word does', async () => {
    const waits: number[] = [];
    const pace = { wordDelayMs: 15, sleep: async (ms: number) => void waits.push(ms) };
    let said = '';
    for (const piece of spokenWords(`Hello ${'x'.repeat(200)} there`)) {
      await pause(pace, piece, said !== '');
      said += piece;
    }
    expect(waits).toEqual([15, 15, 0, 0, 0, 15]);
  });

  test('comes over the line in events that are small', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send(userItem(long));
    line.send({ type: 'response.create' });
    const events = await line.until('response.done');
    const of = (type: string) => events.filter((event) => event.type === type);
    const words = of('response.output_audio_transcript.delta').map(({ delta }) => delta as string);
    expect(words.join('')).toBe(`Hello. You said: ${long}. I have no instructions.`);
    const sounds = of('response.output_audio.delta').map(({ delta }) => (delta as string).length);
    expect(Math.max(...sounds)).toBeLessThan(300_000);
  });
});

// With a step for each pair of characters these would take minutes.
test.each([
  ['letters', 'x'],
  ['stops', '!'],
  ['blanks', ' '],
  ['digits', '1'],
  ['opening quotes', '“'],
  ['words', 'email a@ '],
])('a hundred thousand %s are understood, and answered', (_, character) => {
  const schema = { type: 'object', properties: { email: { type: 'string' }, text: { type: 'string' } } };
  const parameters = { ...schema, required: ['email', 'text'] };
  const said = `send an email ${character.repeat(100_000)} x`;
  const heard = { instructions: said, agentName: undefined, turn: 1, said, history: [] };
  const rules = createRules(today);
  const tools = [{ name: 'send_email', parameters }];
  const parts = [
    ...(rules.reply({ ...heard, tools, results: [] }) as Iterable<{ say: string }>),
    ...(rules.reply({ ...heard, tools, results: [{ name: 'f', output: said }] }) as Iterable<{
      say: string;
    }>),
  ];
  expect(parts.map(({ say }) => spokenWords(say).length > 0)).toEqual([true, true]);
});
