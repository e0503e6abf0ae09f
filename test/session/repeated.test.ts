import { expect, test } from 'vitest';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { createRepetitionCheck } from '../../src/session/repeated.js';

function check() {
  const isRepeated = createRepetitionCheck();
  return (event: object | string) => {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    return isRepeated(readServerFrame(text), text);
  };
}
const word = (delta: string, event_id?: unknown) => ({
  type: 'response.output_text.delta',
  delta,
  ...(event_id !== undefined && { event_id }),
});

test('the same event again is a repetition, known or unknown, however many came between', () => {
  const isRepeated = check();
  for (const event of [word('a', 'e1'), { type: 'mood.changed', event_id: 'e2' }]) {
    expect(isRepeated(event)).toBe(false);
    for (let count = 0; count < 100; count++) isRepeated(word('x', `${JSON.stringify(event)} ${count}`));
    expect(isRepeated(event)).toBe(true);
  }
});

test('the same words are none: only an id makes them one', () => {
  const isRepeated = check();
  const frames = [word('a'), word('a', ''), word('a', null), word('a', 7), '<html>', '[1]'];
  for (const frame of [...frames, ...frames]) expect(isRepeated(frame)).toBe(false);
});

test('servers that give every event the same id are still heard', () => {
  const isRepeated = check();
  expect([word('a', 'e'), word('b', 'e'), word('a', 'e')].map(isRepeated)).toEqual([false, false, false]);
});

test('memory of them has an end', () => {
  const isRepeated = check();
  isRepeated(word('a', 'first'));
  for (let count = 0; count < 1000; count++) isRepeated(word('a', `e${count}`));
  expect(isRepeated(word('a', 'first'))).toBe(false);
});
