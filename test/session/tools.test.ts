import { describe, expect, test } from 'vitest';
import { awaiting, expectsResult, isIdle } from '../../src/session/state.js';
import { call, created, type Drive, done, ready, types, word } from './support.js';

/** A turn in which these calls were made and the response is over. */
function calling(...callIds: string[]): Drive {
  const session = ready();
  session.input({ type: 'say', text: 'Look it up' });
  session.event(created());
  for (const id of callIds) session.event(call(id));
  session.takeSent();
  return session;
}

const outputs = (session: Drive) =>
  session
    .takeSent()
    .map((event) =>
      event.type === 'conversation.item.create' && 'output' in event.item
        ? [event.item.call_id, event.item.output]
        : event.type,
    );

describe('tool calls', () => {
  test('are told with their arguments parsed, and answered after the response with one request', () => {
    const session = calling('c1');
    expect(session.notices.at(-1)).toEqual({
      type: 'tool_call',
      turn: 1,
      call_id: 'c1',
      name: 'lookup',
      arguments: { a: 1 },
    });
    session.event(done());
    expect(awaiting(session.session)).toBeUndefined();
    session.input({ type: 'tool_result', call_id: 'c1', output: '{"ok":true}' });
    expect(outputs(session)).toEqual([['c1', '{"ok":true}'], 'response.create']);
    session.event(created('r2'));
    session.event(word('Done', 'r2', 'i2'));
    session.event(done('r2'));
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', text: 'Done', tool_calls: 1 });
  });

  test.each([
    ['Let me see.', 'Done.', 'Let me see. Done.'],
    ['Let me see. ', 'Done.', 'Let me see. Done.'],
    ['Let me see.', '\nDone.', 'Let me see.\nDone.'],
    ['', 'Done.', 'Done.'],
  ])('stand between two messages: %j and %j make one text', (before, after, whole) => {
    const session = ready();
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created());
    if (before !== '') session.event(word(before));
    session.event(call('c1'));
    session.event(done());
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    session.event(created('r2'));
    // Torn, and told again.
    session.event(word(after.slice(0, 2), 'r2', 'i2'));
    session.input({ type: 'dropped', code: 1006, reason: '' });
    session.input({ type: 'reconnected' });
    session.event({ type: 'conversation.created', conversation: { id: 'c2' } });
    session.event({ type: 'session.updated', session: {} });
    session.event(created('r3'));
    for (const letter of after) session.event(word(letter, 'r3', 'i3'));
    session.event(done('r3'));
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', text: whole });
  });

  test('past the last round are not made, and the turn ends there', () => {
    const session = ready();
    session.session = { ...session.session, maxToolRounds: 1 };
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created());
    session.event(call('c1'));
    session.event(done());
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    session.event(created('r2'));
    session.event(call('c2', 'lookup', '{}', 'r2'));
    expect(expectsResult(session.session, 'c2')).toBe(false);
    session.takeSent();
    session.takeNotices();
    session.event(done('r2'));
    expect(outputs(session)).toEqual([['c2', '{"error":"not run: too many rounds of tools in one turn"}']]);
    expect(session.notices).toMatchObject([
      { type: 'response_done' },
      {
        type: 'error',
        code: 'tool_rounds',
        message: expect.stringContaining('after 1 rounds of tools; it now calls lookup'),
      },
      { type: 'turn_done', status: 'failed', tool_calls: 2 },
    ]);
    expect(isIdle(session.session)).toBe(true);
    // The next turn begins anew.
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created('r3'));
    session.event(call('c3', 'lookup', '{}', 'r3'));
    expect(expectsResult(session.session, 'c3')).toBe(true);
  });

  test('told again after their response is over are not made again', () => {
    const session = calling('c1');
    session.event(done());
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    session.takeNotices();
    session.takeSent();
    // The next response has no id yet: what is late must not pass for its beginning.
    for (const late of [call('c1'), word('Well'), done()]) session.event(late);
    expect([session.sent, session.notices]).toEqual([[], []]);
    session.event(created('r2'));
    session.event(word('Done', 'r2', 'i2'));
    session.event(done('r2'));
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', text: 'Done', tool_calls: 1 });
  });

  test('a result that comes before the response is over waits for its end', () => {
    const session = calling('c1');
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    expect(outputs(session)).toEqual([]);
    session.event(done());
    expect(outputs(session)).toEqual([['c1', 'x'], 'response.create']);
  });

  test('several calls are all answered, in their order, before the one request', () => {
    const session = calling('c1', 'c2', 'c3');
    session.event(done());
    session.input({ type: 'tool_result', call_id: 'c3', output: '3' });
    session.input({ type: 'tool_result', call_id: 'c1', output: '1' });
    expect(outputs(session)).toEqual([]);
    session.input({ type: 'tool_result', call_id: 'c2', output: '2' });
    expect(outputs(session)).toEqual([['c1', '1'], ['c2', '2'], ['c3', '3'], 'response.create']);
  });

  test('a call announced by several events is one call', () => {
    const session = calling('c1');
    const item = {
      id: 'item-c1',
      type: 'function_call',
      call_id: 'c1',
      name: 'lookup',
      arguments: '{"a":1}',
    };
    session.event({ type: 'response.output_item.done', response_id: 'r1', item });
    session.event(done('r1', { output: [item] }));
    expect(types(session.notices).filter((type) => type === 'tool_call')).toHaveLength(1);
  });

  test('a call that only stands in response.done is made all the same', () => {
    const session = calling();
    const item = { id: 'x', type: 'function_call', call_id: 'c9', name: 'lookup', arguments: '' };
    session.event(done('r1', { output: [item] }));
    expect(session.notices).toContainEqual(
      expect.objectContaining({ type: 'tool_call', call_id: 'c9', arguments: {} }),
    );
    expect(expectsResult(session.session, 'c9')).toBe(true);
  });

  test('a call whose name comes later is told when it is known', () => {
    const session = calling();
    session.event({ ...call('c1'), name: undefined });
    expect(types(session.notices)).not.toContain('tool_call');
    session.event({
      type: 'response.output_item.done',
      response_id: 'r1',
      item: { type: 'function_call', call_id: 'c1', name: 'lookup', arguments: '{}' },
    });
    expect(session.notices.at(-1)).toMatchObject({ type: 'tool_call', name: 'lookup' });
  });

  test.each([
    ['', {}],
    ['{"a":', '{"a":'],
    ['42', '42'],
    ['[1]', [1]],
  ])('arguments %j are told as %j', (given, told) => {
    const session = calling();
    session.event(call('c1', 'lookup', given));
    expect(session.notices.at(-1)).toMatchObject({ arguments: told });
  });

  test('a result for no open call is refused and changes nothing', () => {
    const session = calling('c1');
    const before = session.session;
    expect(() => session.input({ type: 'tool_result', call_id: 'c2', output: 'x' })).toThrow(RangeError);
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    expect(() => session.input({ type: 'tool_result', call_id: 'c1', output: 'again' })).toThrow(RangeError);
    expect(before.turn?.calls).toEqual([expect.not.objectContaining({ output: expect.anything() })]);
  });

  test('an interrupted turn answers its open calls and asks for nothing more', () => {
    const session = calling('c1', 'c2');
    session.event(done());
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    session.input({ type: 'interrupt' });
    const unanswered = '{"error":"interrupted before it was done"}';
    expect(outputs(session)).toEqual([
      ['c1', 'x'],
      ['c2', unanswered],
    ]);
    expect(types(session.notices).slice(-2)).toEqual(['interrupted', 'turn_done']);
    expect(isIdle(session.session)).toBe(true);
  });

  test('what is said while a tool runs is said after the turn', () => {
    const session = calling('c1');
    session.event(done());
    session.input({ type: 'say', text: 'Are you there?' });
    expect(outputs(session)).toEqual([]);
    session.input({ type: 'tool_result', call_id: 'c1', output: 'x' });
    session.takeSent();
    session.event(created('r2'));
    session.event(done('r2'));
    expect(session.notices.at(-1)).toEqual({ type: 'user', turn: 2, text: 'Are you there?' });
  });
});
