// A new conversation with the same agent: the machine lets go of everything, and begins on another line.

import { describe, expect, test } from 'vitest';
import { comeBackDelayMs, mayComeBack } from '../../src/session/line.js';
import { awaiting } from '../../src/session/state.js';
import { call, created, type Drive, done, ready, types, word } from './support.js';

/** The new line stands, is greeted and configured. */
function standing(session: Drive): void {
  session.input({ type: 'reconnected' });
  session.event({ type: 'session.created', session: { id: 's2', model: 'm2' } });
  session.event({ type: 'conversation.created', conversation: { id: 'c2' } });
  session.event({ type: 'session.updated', session: {} });
}

describe('a cleared conversation', () => {
  test('begins anew: told once, and nothing of before is told to the service', () => {
    const session = ready();
    session.input({ type: 'say', text: 'My name is Kim' });
    session.event(created());
    session.event(word('Hello Kim.'));
    session.event(done());
    session.takeNotices();
    session.takeSent();
    session.input({ type: 'clear' });
    standing(session);
    expect(session.takeNotices()).toEqual([
      { type: 'cleared', session_id: 's2', conversation_id: 'c2', model: 'm2' },
    ]);
    expect(types(session.takeSent())).toEqual(['session.update']);
    session.input({ type: 'say', text: 'Who am I?' });
    expect(session.takeNotices()).toMatchObject([{ type: 'user', turn: 2 }]);
    expect(session.takeSent()).toMatchObject([
      { type: 'conversation.item.create', item: { content: [{ text: 'Who am I?' }] } },
      { type: 'response.create' },
    ]);
  });

  test('in the midst of an answer ends it; what waited is gone', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(word('Well,'));
    session.input({ type: 'say', text: 'Wait' });
    session.takeNotices();
    session.input({ type: 'clear' });
    expect(types(session.takeNotices())).toEqual(['interrupted', 'turn_done']);
    standing(session);
    expect(types(session.takeNotices())).toEqual(['cleared']);
    expect(session.session).toMatchObject({ waiting: [], history: [], phase: 'open' });
    expect(session.session.turn).toBeUndefined();
  });

  test('in the midst of a tool waits for no result of it', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created());
    session.event(call('call-1'));
    session.event(done());
    session.input({ type: 'clear' });
    standing(session);
    session.takeSent();
    expect(() => session.input({ type: 'tool_result', call_id: 'call-1', output: '{}' })).toThrow(RangeError);
    expect(session.takeSent()).toEqual([]);
  });

  test('what is said before the new line stands is said on it', () => {
    const session = ready();
    session.input({ type: 'clear' });
    session.input({ type: 'say', text: 'Hello' });
    expect(session.takeSent()).toEqual([]);
    standing(session);
    expect(types(session.takeNotices())).toEqual(['cleared', 'user']);
  });

  test('a configuration that was not taken yet is asked for again', () => {
    const session = ready();
    session.input({ type: 'change', setup: { instructions: 'Be kind.' }, what: 'a.yaml changed' });
    session.input({ type: 'clear' });
    session.takeSent();
    standing(session);
    expect(session.takeSent()).toMatchObject([
      { type: 'session.update', session: { instructions: 'Be brief.' } },
      { type: 'session.update', session: { instructions: 'Be kind.' } },
    ]);
    session.event({ type: 'session.updated', session: {} });
    expect(types(session.takeNotices())).toEqual(['cleared', 'reconfigured']);
  });

  test('a line that drops before it stands is replaced as any other; the first try is made at once', () => {
    const session = ready();
    session.input({ type: 'clear' });
    expect(mayComeBack(session.session, 1000)).toBe(true);
    expect(comeBackDelayMs(session.session, 0.5)).toBe(0);
    expect(awaiting(session.session)).toBeUndefined();
    session.input({ type: 'retrying' });
    expect(comeBackDelayMs(session.session, 0.5)).toBeGreaterThan(0);
    session.input({ type: 'reconnected' });
    session.input({ type: 'dropped', code: 1006, reason: '' });
    standing(session);
    expect(types(session.takeNotices()).at(-1)).toBe('cleared');
    session.input({ type: 'dropped', code: 1006, reason: '' });
    expect(session.session.resuming?.conversationId).toBe('c2');
  });

  test('needs an open line', () => {
    const session = ready();
    session.input({ type: 'dropped', code: 1006, reason: '' });
    expect(() => session.input({ type: 'clear' })).toThrow(RangeError);
  });
});
