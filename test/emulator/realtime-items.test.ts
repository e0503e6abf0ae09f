// Items and frames: every kind that can be made, those that cannot, and audio both ways. Fact sheet C2, C3, C6.

import { describe, expect, test } from 'vitest';
import { speechPcm } from '../../src/emulator/speech.js';
import { anError, anEvent, pureSession, types, userItem, type Wire } from './support.js';

const make = (item: unknown, members: Wire = {}): Wire => ({
  type: 'conversation.item.create',
  item,
  ...members,
});
const anId = expect.any(String);
const message = (role: string, ...content: Wire[]) => ({ type: 'message', role, content });
const inputText = (text: string) => ({ type: 'input_text', text });
const completed = { id: anId, object: 'realtime.item', status: 'completed' };

describe('an item', () => {
  test.each<[string, Wire, Wire]>([
    ['of the person', message('user', inputText('Hi')), message('user', inputText('Hi'))],
    [
      'of the agent',
      message('assistant', { type: 'output_text', text: 'Hello' }),
      message('assistant', { type: 'output_text', text: 'Hello' }),
    ],
    [
      'of the system',
      message('system', { type: 'text', text: 'Rules' }),
      message('system', { type: 'text', text: 'Rules' }),
    ],
    [
      'of several parts, audio too',
      message('user', inputText('Hi'), { type: 'input_audio', audio: 'AAAA' }),
      message('user', inputText('Hi'), { type: 'input_audio', audio: 'AAAA' }),
    ],
    [
      'that is a call of before, its arguments not repeated',
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"x":1}' },
      { type: 'function_call', role: 'tool', call_id: 'c1', name: 'f', arguments: '' },
    ],
  ])('%s is added', (_what, item, echo) => {
    expect(pureSession().receive(make(item))).toEqual([
      anEvent('conversation.item.added', { item: { ...completed, ...echo } }),
    ]);
  });

  test.each<[string, Wire]>([
    ['a message', message('user', inputText('Hi'))],
    ['a call', { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }],
    ['a message to speak', { type: 'force_message', content: [{ type: 'output_text', text: 'Hi' }] }],
  ])('keeps the id its maker chose: %s', (_what, item) => {
    const [added] = pureSession().receive(make({ ...item, id: 'mine' }));
    expect(added?.item.id).toBe('mine');
  });

  test('of the output of a call of before is taken, and known by its name', () => {
    const session = pureSession();
    session.receive(make({ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }));
    const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };
    expect(session.receive(make({ ...output, id: 'mine' }))).toEqual([
      anEvent('conversation.item.added', { item: { ...completed, ...output, id: 'mine', role: 'tool' } }),
    ]);
    expect(session.heard({ type: 'response.create' })?.heard?.results).toEqual([
      { name: 'f', output: 'done' },
    ]);
  });

  test('to be spoken is added and begins a response of its own', () => {
    const session = pureSession();
    const content = [{ type: 'output_text', text: 'Welcome.' }];
    const force = { type: 'force_message', role: 'assistant', interruptible: true, content };
    const events = session.receive(make(force));
    expect(events).toEqual([
      anEvent('conversation.item.added', { item: { ...completed, ...message('assistant', ...content) } }),
      anEvent('response.created', { response: expect.objectContaining({ status: 'in_progress' }) }),
    ]);
  });

  test('may carry anything besides', () => {
    const item = { ...message('user', { ...inputText('Hi'), note: 1 }), replayed: true };
    expect(types(pureSession().receive(make(item, { previous_item_id: null })))).toEqual([
      'conversation.item.added',
    ]);
  });

  test.each<[string, unknown, string]>([
    ['that is not there', undefined, 'item'],
    ['without a type', { role: 'user' }, 'item.type'],
    ['of an unknown type', { type: 'image' }, 'item.type'],
    ['of an unknown role', message('robot', inputText('Hi')), 'item.role'],
    ['without content', { type: 'message', role: 'user' }, 'item.content'],
    ['with no content', message('user'), 'item.content'],
    ['with text for content', { type: 'message', role: 'user', content: 'Hi' }, 'item.content'],
    ['with a picture', message('user', { type: 'input_image', image_url: 'x' }), 'item.content[0]'],
    ['with a number for text', message('user', { type: 'input_text', text: 5 }), 'item.content[0]'],
    ['with a number for its id', { ...message('user', inputText('Hi')), id: 5 }, 'item.id'],
    ['of a call without a name', { type: 'function_call', call_id: 'c', arguments: '{}' }, 'item.name'],
    [
      'of a call with an object for arguments',
      { type: 'function_call', call_id: 'c', name: 'f', arguments: {} },
      'item.arguments',
    ],
    [
      'of an output that is an object',
      { type: 'function_call_output', call_id: 'c', output: {} },
      'item.output',
    ],
    ['to be spoken without words', { type: 'force_message', content: [] }, 'item.content'],
    [
      'to be spoken by the person',
      { type: 'force_message', role: 'user', content: [{ type: 'output_text', text: 'Hi' }] },
      'item.role',
    ],
  ])('%s is refused', (_what, item, param) => {
    expect(pureSession().receive(make(item, { event_id: 'mine' }))).toEqual([
      anError({ code: 'invalid_value', param, event_id: 'mine' }),
    ]);
  });

  test('is deleted, once', () => {
    const session = pureSession();
    session.receive(make({ ...message('user', inputText('Hi')), id: 'mine' }));
    const remove = (item_id: string) =>
      session.receive({ type: 'conversation.item.delete', item_id, event_id: 'e' });
    const missing = [anError({ code: 'item_not_found', param: 'item_id', event_id: 'e' })];
    expect(remove('other')).toEqual(missing);
    expect(remove('mine')).toEqual([anEvent('conversation.item.deleted', { item_id: 'mine' })]);
    expect(remove('mine')).toEqual(missing);
  });

  test('that is deleted while it is spoken is not remembered', () => {
    const session = pureSession();
    session.receive({ type: 'response.create' });
    const { item } = session.speak('Hello').find(({ type }) => type === 'conversation.item.added') as Wire;
    const remove = { type: 'conversation.item.delete', item_id: item.id };
    expect(session.receive(remove)).toEqual([anEvent('conversation.item.deleted', { item_id: item.id })]);
    session.finish();
    expect([...session.peer().items.values()]).toEqual([]);
    expect(session.receive(remove)).toEqual([anError({ code: 'item_not_found', param: 'item_id' })]);
  });

  test('is truncated without a word', () => {
    const session = pureSession();
    const truncate = { type: 'conversation.item.truncate', content_index: 0, audio_end_ms: 100 };
    expect(session.receive({ ...truncate, item_id: 'any' })).toEqual([]);
  });
});

describe('a frame', () => {
  test.each([
    ['is no JSON', '{', 'invalid_json'],
    ['is empty', '', 'invalid_json'],
    ['is text', '"session.update"', 'invalid_event'],
    ['is a list', '[]', 'invalid_event'],
    ['is null', 'null', 'invalid_event'],
    ['has no type', '{}', 'invalid_event'],
    ['has a type that is no text', '{"type":5}', 'invalid_event'],
    ['has an unknown type', '{"type":"session.destroy"}', 'invalid_event'],
    ['asks for an item', '{"type":"conversation.item.retrieve","item_id":"x"}', 'invalid_event'],
    ['is an event of the server', '{"type":"response.done"}', 'invalid_event'],
    ['has a type every object has', '{"type":"constructor"}', 'invalid_event'],
  ])('that %s is refused, and the session goes on', (_what, frame, code) => {
    const session = pureSession();
    expect(session.receive(frame)).toEqual([anError({ type: 'invalid_event', code })]);
    expect(types(session.receive(userItem('Hi')))).toEqual(['conversation.item.added']);
  });

  test('that is refused is named by the id its sender gave it', () => {
    expect(pureSession().receive({ type: 'nonsense', event_id: 'mine' })).toEqual([
      anError({ type: 'invalid_event', code: 'invalid_event', event_id: 'mine' }),
    ]);
  });

  test('that is taken is not named', () => {
    const [added] = pureSession().receive({ ...userItem('Hi'), event_id: 'mine' });
    expect(added?.event_id).not.toBe('mine');
  });

  test.each(['item', 'tool'])('nested too deep to be written again is refused: %s', (place) => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const frames = {
      item: `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi","more":${deep}}]}}`,
      tool: `{"type":"session.update","session":{"tools":[{"type":"function","name":"f","parameters":{"x":${deep}}}]}}`,
    };
    expect(types(pureSession().receive(frames[place as 'item']))).toEqual(['error']);
  });
});

describe('audio that is heard', () => {
  const append = (ms: number, rate = 24_000) => ({
    type: 'input_audio_buffer.append',
    audio: Buffer.alloc(((ms * rate) / 1000) * 2).toString('base64'),
  });
  const commit = { type: 'input_audio_buffer.commit' };

  test('is taken without a word', () => {
    expect(pureSession().receive(append(100))).toEqual([]);
  });

  test('is answered by itself once it is committed, as it was recorded', () => {
    const session = pureSession();
    for (const ms of [100, 100, 50]) session.receive(append(ms));
    const events = session.receive(commit);
    const item_id = events[0]?.item_id;
    expect(events).toEqual([
      anEvent('input_audio_buffer.speech_started', { item_id, audio_start_ms: 0 }),
      anEvent('conversation.item.added', {
        item: {
          id: item_id,
          object: 'realtime.item',
          type: 'message',
          status: 'in_progress',
          role: 'user',
          content: [{ type: 'input_audio', transcript: '' }],
        },
      }),
      anEvent('input_audio_buffer.speech_stopped', { item_id, audio_end_ms: 250 }),
      anEvent('input_audio_buffer.committed', { item_id }),
      anEvent('conversation.item.input_audio_transcription.completed', {
        item_id,
        content_index: 0,
        transcript: '',
        status: 'completed',
      }),
      anEvent('response.created', { response: expect.objectContaining({ status: 'in_progress' }) }),
    ]);
    expect(session.receive({ type: 'response.create' })).toEqual([
      anError({ code: 'conversation_already_has_active_response' }),
    ]);
  });

  test('does not begin a second response beside one that runs', () => {
    const session = pureSession();
    session.receive({ type: 'response.create' });
    session.receive(append(100));
    expect(types(session.receive(commit)).at(-1)).toBe(
      'conversation.item.input_audio_transcription.completed',
    );
  });

  test.each([8000, 16000, 48000])('is measured at the rate of the session: %i', (rate) => {
    const session = pureSession();
    const format = { type: 'audio/pcm', rate };
    session.receive({ type: 'session.update', session: { audio: { input: { format } } } });
    session.receive(append(240, rate));
    expect(session.receive(commit)[2]?.audio_end_ms).toBe(240);
  });

  test('is gone when it is cleared or committed', () => {
    const session = pureSession();
    const empty = [anError({ code: 'input_audio_buffer_commit_empty' })];
    expect(session.receive(commit)).toEqual(empty);
    session.receive(append(100));
    expect(session.receive({ type: 'input_audio_buffer.clear' })).toEqual([
      anEvent('input_audio_buffer.cleared'),
    ]);
    expect(session.receive(commit)).toEqual(empty);
    session.receive(append(100));
    session.receive(commit);
    expect(session.receive(commit)).toEqual(empty);
  });
});

describe('audio that is spoken', () => {
  const rates = [8000, 16000, 22050, 24000, 32000, 44100, 48000];

  test.each(rates)('is PCM as long as it says, at %i samples a second', (rate) => {
    const session = pureSession();
    const format = { type: 'audio/pcm', rate };
    session.receive({ type: 'session.update', session: { audio: { output: { format } } } });
    session.receive({ type: 'response.create' });
    const pieces = session
      .speak('Go, an extraordinarily long sentence follows.')
      .filter(({ type }) => type === 'response.output_audio.delta');
    const lengths = pieces.map(({ delta }) => Buffer.from(delta, 'base64').length);
    expect(lengths).toEqual(pieces.map(({ audio_duration_ms: ms }) => Math.round((ms / 1000) * rate) * 2));
    const total = pieces.reduce((sum, { audio_duration_ms: ms }) => sum + ms, 0);
    expect(session.finish().at(-1)?.usage.output_audio_seconds).toBe(total / 1000);
  });

  test.each(rates)('is a soft sound and no silence at %i samples a second', (rate) => {
    const pcm = speechPcm('Hello', rate);
    const samples = Array.from({ length: pcm.length / 2 }, (_, at) => pcm.readInt16LE(at * 2));
    const loudest = Math.max(...samples.map(Math.abs));
    expect({ begins: samples[0], isHeard: loudest > 1000, isSoft: loudest < 8000 }).toEqual({
      begins: 0,
      isHeard: true,
      isSoft: true,
    });
  });

  test('is the same for the same words', () => {
    expect(speechPcm('Hello', 24_000).equals(speechPcm('Hello', 24_000))).toBe(true);
    expect(speechPcm('Hello', 24_000)).not.toEqual(speechPcm('Hello there', 24_000));
  });

  test('follows a change of the rate from the next piece on', () => {
    const session = pureSession();
    session.receive({ type: 'response.create' });
    const audio = (events: Wire[]) => events.find(({ type }) => type === 'response.output_audio.delta');
    const before = audio(session.speak('Hello'));
    const format = { type: 'audio/pcm', rate: 48_000 };
    session.receive({ type: 'session.update', session: { audio: { output: { format } } } });
    const after = audio(session.speak('Hello'));
    expect(Buffer.from(after?.delta, 'base64').length).toBe(2 * Buffer.from(before?.delta, 'base64').length);
  });
});
