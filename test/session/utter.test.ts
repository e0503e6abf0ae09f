// The agent speaks of itself: a greeting of its own, or words it is given. And the keys of a caller's phone.

import { expect, test } from 'vitest';
import { created, done, drive, ready, types, word } from './support.js';

test('words that are given start a response by themselves', () => {
  const driven = ready();
  driven.input({ type: 'utter', words: 'Hello, this is Acme.' });
  expect(driven.takeSent()).toMatchObject([
    {
      type: 'conversation.item.create',
      item: {
        type: 'force_message',
        role: 'assistant',
        interruptible: true,
        content: [{ type: 'output_text', text: 'Hello, this is Acme.' }],
      },
    },
  ]);
  driven.event(created());
  driven.event(word('Hello, this is Acme.'));
  driven.event(done());
  expect(driven.takeSent()).toEqual([]);
  expect(driven.takeNotices()).toMatchObject([
    { type: 'text', text: 'Hello, this is Acme.' },
    { type: 'response_done' },
    { type: 'turn_done', status: 'completed', unasked: true, text: 'Hello, this is Acme.' },
  ]);
});

test('without words the agent is asked for some', () => {
  const driven = ready();
  driven.input({ type: 'utter' });
  expect(types(driven.takeSent())).toEqual(['response.create']);
  expect(driven.session.turn).toMatchObject({ unasked: true });
});

test('a greeting that does not come is given up, and one that is refused is told', () => {
  for (const words of [undefined, 'Hello.']) {
    const driven = ready();
    driven.input({ type: 'utter', words });
    driven.input({ type: 'timeout' });
    expect(driven.takeNotices()).toMatchObject([
      { type: 'error', code: 'timeout' },
      { type: 'turn_done', status: 'timeout' },
    ]);
    driven.input({ type: 'utter', words });
    const asked = driven.takeSent().at(-1);
    driven.event({ type: 'error', error: { message: 'no', event_id: asked?.event_id } });
    expect(driven.takeNotices()).toMatchObject([
      { type: 'error', message: 'no' },
      { type: 'turn_done', status: 'failed' },
    ]);
  }
});

test('what is to be said during an answer interrupts it and waits for its end', () => {
  const driven = ready();
  driven.input({ type: 'say', text: 'Hi' });
  driven.event(created());
  driven.takeSent();
  driven.input({ type: 'utter', words: 'One moment.' });
  expect(types(driven.takeSent())).toEqual(['response.cancel']);
  driven.event(done('r1', { status: 'cancelled' }));
  expect(driven.takeSent()).toMatchObject([{ item: { type: 'force_message' } }]);
});

test('nothing is said once the conversation is over', () => {
  const driven = ready();
  driven.input({ type: 'closed', code: 1000, reason: '' });
  expect(() => driven.input({ type: 'utter' })).toThrow('the conversation is over');
});

test('each key of the caller is told as it comes', () => {
  const driven = drive();
  for (const event of ['4', '#'])
    driven.event({ type: 'input_audio_buffer.dtmf_event_received', event, received_at: 1_730_000_000 });
  expect(driven.takeNotices()).toEqual([
    { type: 'dtmf', digit: '4' },
    { type: 'dtmf', digit: '#' },
  ]);
  driven.event({ type: 'input_audio_buffer.dtmf_event_received' });
  expect(driven.takeNotices()).toMatchObject([{ type: 'warning', code: 'malformed_event' }]);
});
