// What happens by itself: pings, a word when nobody speaks, the end. The clock is the test's.

import { describe, expect, test } from 'vitest';
import { anError, anEvent, types, userItem } from '../support.js';
import { silence, spokenSession, vad, voice } from './session.js';

const create = { type: 'response.create' };
const idle = (members = {}) => spokenSession({ session: vad({ idle_timeout_ms: 5000, ...members }) });

/** A session in which an answer of 1.1 seconds has just been given. */
function answered(session = idle()) {
  session.receive(userItem('Hello'));
  session.receive(create);
  session.speak('Good morning to you.');
  session.finish();
  return session;
}

describe('silence after an answer', () => {
  test('is remarked on when the answer has been played and the time is over', () => {
    const session = answered();
    session.hear(silence(3000, 24_000));
    const playedMs = 1100;
    expect(session.pass(4990)).toEqual([]);
    const events = session.pass(playedMs + 20);
    expect(events).toEqual([
      anEvent('input_audio_buffer.timeout_triggered', {
        item_id: expect.any(String),
        audio_start_ms: 0,
        audio_end_ms: 3000,
      }),
      anEvent('response.created', { response: expect.objectContaining({ status: 'in_progress' }) }),
    ]);
    expect(session.wanted()?.heard).toMatchObject({ said: '', silence: 'idle', turn: 1 });
  });

  test('is remarked on after every answer', () => {
    const session = answered();
    for (let at = 0; at < 3; at++) {
      expect(types(session.pass(10_000))).toEqual([
        'input_audio_buffer.timeout_triggered',
        'response.created',
      ]);
      session.speak('Are you there?');
      session.finish();
    }
  });

  test.each<[string, (session: ReturnType<typeof answered>) => unknown]>([
    ['somebody speaks', (session) => session.hear(voice(500, 24_000))],
    ['somebody writes', (session) => session.receive(userItem('Wait'))],
    ['an answer is asked for', (session) => session.receive(create)],
    [
      'it is no longer wanted',
      (session) => session.receive({ type: 'session.update', session: vad({ idle_timeout_ms: null }) }),
    ],
  ])('is not remarked on when %s', (_what, act) => {
    const session = answered();
    act(session);
    expect(session.pass(60_000)).toEqual([]);
  });

  test.each<[string, object]>([
    ['where nobody asked for it', vad()],
    ['where it is null', vad({ idle_timeout_ms: null })],
    ['where turns end by hand', { turn_detection: { type: null, idle_timeout_ms: 5000 } }],
  ])('is not remarked on %s', (_what, session) => {
    expect(answered(spokenSession({ session })).pass(60_000)).toEqual([]);
  });

  test('is not remarked on while a tool is at work', () => {
    const session = idle();
    session.receive(create);
    session.call('look_up');
    session.finish();
    expect(session.pass(60_000)).toEqual([]);
  });

  test('is not remarked on before the first answer', () => {
    expect(idle().pass(60_000)).toEqual([]);
  });
});

describe('the end of a session', () => {
  const end = [anError({ type: 'max_duration', code: 'max_duration' })];

  test('comes after two hours', () => {
    const session = spokenSession();
    expect(session.pass(120 * 60_000 - 1)).toEqual([]);
    expect(session.closed()).toBeUndefined();
    expect(session.pass(1)).toEqual(end);
    expect(session.closed()).toBe('max_duration');
  });

  test('comes when it was told to come', () => {
    const session = spokenSession({ opening: { longestMs: 1000 } });
    expect(session.pass(1000)).toEqual(end);
  });
});
