import { describe, expect, test } from 'vitest';
import { created, done, ready, types, word } from './support.js';

const next = { instructions: 'Be kind.' };
const change = { type: 'change', setup: next, what: 'agent.yaml changed: instructions' } as const;

describe('another configuration', () => {
  test('is asked for at once between turns, and told when it is taken', () => {
    const session = ready();
    session.input(change);
    expect(session.takeSent()).toEqual([{ type: 'session.update', session: next, event_id: 'event_1' }]);
    expect(session.notices).toEqual([]);
    session.event({ type: 'session.updated', session: {} });
    session.event({ type: 'session.updated', session: {} });
    expect(session.notices).toEqual([{ type: 'reconfigured', what: change.what }]);
    expect(session.session.setup).toEqual(next);
  });

  test('waits for the end of a response; the newest counts', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.takeSent();
    session.input({ ...change, setup: { instructions: 'Be quick.' } });
    session.input(change);
    session.event(word('Hi'));
    expect(session.takeSent()).toEqual([]);
    session.event(done());
    expect(session.takeSent()).toMatchObject([{ type: 'session.update', session: next }]);
  });

  test.each([
    ['by its event', { event_id: 'event_1' }],
    ['without naming it', {}],
  ])('that is refused %s leaves the old one, and the turn after it is not touched', (_, named) => {
    const session = ready();
    session.input(change);
    session.event({ type: 'error', error: { ...named, message: 'Unknown tool type' } });
    expect(session.takeNotices()).toEqual([
      {
        type: 'warning',
        code: 'change_refused',
        message: 'the service refuses the new configuration, the old one stays: Unknown tool type',
      },
    ]);
    expect(session.session.setup).toEqual({ instructions: 'Be brief.' });
    session.event({ type: 'session.updated', session: {} });
    expect(session.notices).toEqual([]);
  });

  test('asked for on a line that dropped is asked for again on the next', () => {
    const session = ready();
    session.input(change);
    session.takeSent();
    session.input({ type: 'dropped', code: 1006, reason: '' });
    session.input({ type: 'reconnected' });
    session.event({ type: 'conversation.created', conversation: { id: 'c1' } });
    expect(session.takeSent()).toMatchObject([{ session: { instructions: 'Be brief.' } }]);
    session.event({ type: 'session.updated', session: {} });
    expect(session.takeSent()).toMatchObject([{ session: next }]);
    session.event({ type: 'session.updated', session: {} });
    expect(session.notices.at(-1)).toMatchObject({ type: 'reconfigured' });
  });
});

describe('a greeting that crosses the question', () => {
  const added = { type: 'conversation.item.added', item: { id: 'item_0', type: 'message', role: 'user' } };
  const isActive = {
    type: 'error',
    error: { code: 'conversation_already_has_active_response', message: 'x' },
  };

  test('is no answer: the question is answered after it', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.takeSent();
    session.event(created('greeting'));
    session.event(added);
    session.event(isActive);
    session.event(word('Welcome.', 'greeting'));
    session.event(done('greeting'));
    expect(types(session.takeSent())).toEqual(['response.create']);
    session.event(created('answer'));
    session.event(word('Hi.', 'answer', 'i2'));
    session.event(done('answer'));
    expect(session.notices.filter(({ type }) => type === 'turn_done')).toMatchObject([
      { turn: 1, status: 'completed', text: 'Hi.' },
    ]);
  });

  test('while an answer that began unasked after the question is one', () => {
    const session = ready();
    session.input({ type: 'say', text: 'Hello' });
    session.event(added);
    session.event(created());
    session.event(isActive);
    session.event(done());
    expect(types(session.sent.slice(-1))).toEqual(['response.create']);
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'completed' });
  });
});
