// A conversation that goes on in another session. Fact sheet C9.

import { describe, expect, test } from 'vitest';
import { createConversations, mostKept } from '../../../src/emulator/realtime/conversations.js';
import { Growing } from '../../../src/emulator/realtime/growing.js';
import type { Peer } from '../../../src/emulator/realtime/state.js';
import { anEvent, types, userItem, type Wire } from '../support.js';
import { silence, spokenSession, vad, voice } from './session.js';

const create = { type: 'response.create' };
const resumption = { resumption: { enabled: true } };
const update = (session: Wire) => ({ type: 'session.update', session });

/** A conversation with a spoken turn, a tool, and a typed turn. */
function talked() {
  const session = spokenSession({ hears: ['What is the weather?'], session: { ...vad(), ...resumption } });
  session.hear(Int16Array.from([...voice(800, 24_000), ...silence(700, 24_000)]));
  session.speak('One moment.');
  const call_id = session.call('get_weather', { city: 'London' }).find(({ item }) => item?.call_id)
    ?.item.call_id;
  session.finish();
  const output = { type: 'function_call_output', call_id, output: '{"sky":"foggy"}' };
  session.receive({ type: 'conversation.item.create', item: output });
  session.receive(create);
  session.speak('It is foggy.');
  session.finish();
  session.receive({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be brief.' }] },
  });
  session.receive(userItem('Thank you'));
  return session;
}

const resuming = ({ conversationId: id, items }: Peer) =>
  spokenSession({ opening: { conversation: { id, items } } });

const replayed = (members: Wire) => ({
  id: expect.any(String),
  object: 'realtime.item',
  type: 'message',
  status: 'completed',
  replayed: true,
  ...members,
});

describe('a session that resumes a conversation', () => {
  test('has its id and a session id of its own', () => {
    const first = talked();
    const { greeting } = resuming(first.peer());
    expect(greeting[1]?.conversation.id).toBe(first.peer().conversationId);
    expect(types(greeting)).toEqual(['session.created', 'conversation.created', 'ping']);
  });

  test('is told what was said, before session.updated, with the ids it had', () => {
    const first = talked();
    const events = resuming(first.peer()).receive(update(resumption));
    expect(types(events)).toEqual([...Array(6).fill('conversation.item.added'), 'session.updated']);
    const text = (role: string, words: string) =>
      replayed({ role, content: [{ type: 'text', text: words }] });
    const call_id = expect.stringMatching(/^call-/);
    expect(events.slice(0, -1)).toEqual(
      [
        text('user', 'What is the weather?'),
        text('assistant', 'One moment.'),
        replayed({
          type: 'function_call',
          role: 'tool',
          call_id,
          name: 'get_weather',
          arguments: '{"city":"London"}',
        }),
        replayed({ type: 'function_call_output', role: 'tool', call_id, output: '{"sky":"foggy"}' }),
        text('assistant', 'It is foggy.'),
        text('user', 'Thank you'),
      ].map((item) => anEvent('conversation.item.added', { item })),
    );
    const ids = [...first.peer().items.entries()].map(([id]) => id);
    expect(ids).toEqual(expect.arrayContaining(events.slice(0, -1).map(({ item }) => item.id)));
  });

  test('counts its turns from there, and knows the calls that were made', () => {
    const first = talked();
    const call = [...first.peer().items.values()].find((item) => item?.type === 'function_call');
    const session = resuming(first.peer());
    session.receive(update(resumption));
    const output = { type: 'function_call_output', call_id: call?.call_id, output: 'late' };
    expect(types(session.receive({ type: 'conversation.item.create', item: output }))).toEqual([
      'conversation.item.added',
    ]);
    session.receive(userItem('And tomorrow?'));
    session.receive(create);
    expect(session.wanted()?.heard?.turn).toBe(3);
  });

  test('is told once, and nothing where it does not opt in', () => {
    const session = resuming(talked().peer());
    expect(types(session.receive(update({ voice: 'leo' })))).toEqual(['session.updated']);
    session.receive(userItem('Hello'));
    session.receive(create);
    expect(session.wanted()?.heard?.turn).toBe(1);
    session.finish();
    expect(session.receive(update(resumption))).toHaveLength(7);
    expect(session.receive(update(resumption))).toHaveLength(1);
  });

  test('is not told what was deleted', () => {
    const first = talked();
    const [[id] = ['']] = first.peer().items.entries();
    first.receive({ type: 'conversation.item.delete', item_id: id });
    expect(resuming(first.peer()).receive(update(resumption))).toHaveLength(6);
  });

  test('may itself be resumed, whole', () => {
    const second = resuming(talked().peer());
    second.receive(userItem('Meanwhile'));
    second.receive(update(resumption));
    const texts = resuming(second.peer())
      .receive(update(resumption))
      .flatMap(({ item }) => item?.content?.[0].text ?? []);
    expect(texts).toEqual([
      ...['What is the weather?', 'One moment.', 'It is foggy.', 'Thank you', 'Meanwhile'],
    ]);
  });
});

describe('asked again without another word, a session that resumes', () => {
  test('answers what was said last', () => {
    const session = resuming(talked().peer());
    session.receive(update(resumption));
    session.receive(create);
    expect(session.wanted()?.heard).toMatchObject({ said: 'Thank you', results: [] });
    expect(session.wanted()?.heard?.silence).toBeUndefined();
  });

  test('answers the result of a tool', () => {
    const first = spokenSession({ session: resumption });
    first.receive(userItem('What is the weather?'));
    first.receive(create);
    const call_id = first.call('get_weather', {}).find(({ item }) => item?.call_id)?.item.call_id;
    first.finish();
    const output = { type: 'function_call_output', call_id, output: 'foggy' };
    first.receive({ type: 'conversation.item.create', item: output });
    const session = resuming(first.peer());
    session.receive(update(resumption));
    session.receive(create);
    expect(session.wanted()?.heard).toMatchObject({ results: [{ name: 'get_weather', output: 'foggy' }] });
  });
});

describe('conversations', () => {
  const items: Peer['items'] = Growing.of(['a', { type: 'message', role: 'user', text: 'Hello' }]);

  test('are kept for 30 minutes after anything last happened, and no longer', () => {
    let nowMs = 0;
    const conversations = createConversations(() => nowMs);
    conversations.keep('one', items);
    nowMs += 20 * 60_000;
    expect(conversations.find('one')).toBe(items);
    conversations.keep('one', items);
    nowMs += 30 * 60_000;
    expect(conversations.find('one')).toBe(items);
    nowMs += 1;
    expect(conversations.find('one')).toBeUndefined();
    conversations.keep('two', Growing.of());
    nowMs -= 1;
    // Gone, not only hidden.
    expect(conversations.find('one')).toBeUndefined();
  });

  test('are the latest of very many', () => {
    const conversations = createConversations(() => 0);
    for (const id of ['one', 'two', 'one']) conversations.keep(id, items);
    for (let each = 1; each < mostKept; each++) conversations.keep(`other ${each}`, items);
    expect([conversations.find('one'), conversations.find('two')]).toEqual([items, undefined]);
    conversations.keep('last', items);
    expect([conversations.find('one'), conversations.find('last')]).toEqual([undefined, items]);
  });

  test('of others are not known', () => {
    const conversations = createConversations(() => 0);
    conversations.keep('one', items);
    expect(conversations.find('two')).toBeUndefined();
    conversations.clear();
    expect(conversations.find('one')).toBeUndefined();
  });

  test('answers it also where the beginning of an answer came before the line dropped', () => {
    const first = spokenSession({ session: resumption });
    first.receive(userItem('What is the weather?'));
    first.receive(create);
    const call_id = first.call('get_weather', {}).find(({ item }) => item?.call_id)?.item.call_id;
    first.finish();
    first.receive({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: 'foggy' },
    });
    first.receive(create);
    first.speak('It');
    first.finish();
    const session = resuming(first.peer());
    session.receive(update(resumption));
    session.receive(create);
    expect(session.wanted()?.heard).toMatchObject({ results: [{ name: 'get_weather', output: 'foggy' }] });
  });

  test('answers no result that another call came after, or other words', () => {
    const call = (call_id: string) => ({
      type: 'conversation.item.create',
      item: { type: 'function_call', call_id, name: 'get_weather', arguments: '{}' },
    });
    const result = (call_id: string) => ({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: call_id },
    });
    const session = spokenSession({ session: resumption });
    session.receive(userItem('What is the weather?'));
    for (const each of [call('a'), result('a'), call('b'), result('b')]) session.receive(each);
    session.receive(create);
    expect(session.wanted()?.heard).toMatchObject({ results: [{ output: 'b' }] });
    session.finish();
    session.receive(userItem('Thank you'));
    const resumed = resuming(session.peer());
    resumed.receive(update(resumption));
    resumed.receive(create);
    expect(resumed.wanted()?.heard).toMatchObject({ said: 'Thank you', results: [] });
  });
});
