import { describe, expect, test } from 'vitest';
import { readServerFrame } from '../../src/protocol/realtime-server.js';

const read = (event: unknown) => readServerFrame(JSON.stringify(event));

describe('a frame that is known', () => {
  test.each([
    [
      'a word',
      { type: 'response.output_audio_transcript.delta', delta: 'Hi', response_id: 'r1', item_id: 'i1' },
    ],
    ['a word without ids', { type: 'response.output_text.delta', delta: 'Hi' }],
    ['a greeting with nothing in it', { type: 'session.created' }],
    ['a conversation', { type: 'conversation.created', conversation: { id: 'c1', object: 'x' } }],
    [
      'an item with null for everything',
      {
        type: 'conversation.item.added',
        item: { type: 'message', id: null, role: null, status: null, content: null, name: null },
        previous_item_id: null,
      },
    ],
    [
      'an end with its usage at top level',
      {
        type: 'response.done',
        response: { id: 'r1', status: 'completed', output: [], usage: {} },
        usage: { input_tokens: 7, output_audio_seconds: 1.59, billable_audio_seconds: 1 },
      },
    ],
    [
      'an error with everything',
      {
        type: 'error',
        error: { type: 'invalid_event', code: 'c', message: 'm', param: 'p', event_id: 'e' },
      },
    ],
    [
      'an error with null for everything',
      {
        type: 'error',
        error: { type: null, code: null, message: null, param: null, event_id: null },
      },
    ],
    ['a flat error', { type: 'error', message: 'm', code: 'c' }],
    ['a bare error', { type: 'error' }],
  ])('%s', (_, event) => {
    expect(read(event)).toEqual({ kind: 'event', event });
  });

  test.each([
    ['in words alone', { error: 'Out of credits' }, { error: { message: 'Out of credits' } }],
    ['flat, beside null', { error: null, message: 'm' }, { message: 'm' }],
    [
      'with a number for its code',
      { error: { code: 404, message: 'm' } },
      { error: { code: '404', message: 'm' } },
    ],
    ['flat, with a number', { code: 7, message: 'm' }, { code: '7', message: 'm' }],
    [
      'with a place that is no text',
      { error: { message: 'm', param: ['a'] } },
      { error: { message: 'm', param: ['a'] } },
    ],
    ['in a list', { error: ['m'] }, {}],
  ])('an error told %s is heard', (_, members, heard) => {
    expect(read({ type: 'error', ...members })).toEqual({
      kind: 'event',
      event: { type: 'error', ...heard },
    });
  });

  test('an end is one whatever its counts are', () => {
    const response = { id: 'r1', status: 'completed', usage: 'none' };
    const event = {
      type: 'response.done',
      response,
      usage: { input_tokens: null, output_tokens: '5', total_tokens: 9 },
    };
    expect(read(event)).toEqual({
      kind: 'event',
      event: {
        type: 'response.done',
        response: { id: 'r1', status: 'completed' },
        usage: { total_tokens: 9 },
      },
    });
  });

  test('keeps the members nobody knows', () => {
    const event = {
      type: 'response.output_item.added',
      rid: 7,
      item: { type: 'message', replayed: false, content: [{ type: 'audio', shape: 'new' }] },
    };
    expect(read(event)).toEqual({ kind: 'event', event });
  });

  test.each([
    ['response.audio.delta', 'response.output_audio.delta', { delta: 'AA==' }],
    ['response.audio_transcript.delta', 'response.output_audio_transcript.delta', { delta: 'Hi' }],
    ['response.audio_transcript.done', 'response.output_audio_transcript.done', { transcript: 'Hi' }],
    ['response.text.delta', 'response.output_text.delta', { delta: 'Hi' }],
    ['response.text.done', 'response.output_text.done', { text: 'Hi' }],
    ['conversation.item.created', 'conversation.item.added', { item: { type: 'message' } }],
    [
      'input_audio_transcription.completed',
      'conversation.item.input_audio_transcription.completed',
      { transcript: 'Hi', item_id: 'i1' },
    ],
    [
      'input_audio_transcription.updated',
      'conversation.item.input_audio_transcription.updated',
      { transcript: 'Hi', item_id: 'i1' },
    ],
  ])('%s is another name of %s', (alias, type, members) => {
    expect(read({ type: alias, ...members })).toEqual({
      kind: 'event',
      event: { type, called: alias, ...members },
    });
  });
});

describe('a frame that is new', () => {
  test.each([
    ['an event nobody has seen', { type: 'response.video.delta', delta: 'x' }],
    ['the name of something every object has', { type: 'constructor' }],
    ['the name of every prototype', { type: '__proto__', a: 1 }],
    ['an empty name', { type: '' }],
  ])('%s passes as it came', (_, event) => {
    expect(read(event)).toEqual({ kind: 'unknown', event });
  });
});

describe('a frame that needs no action', () => {
  test.each(['ping', 'response.content_part.done', 'input_audio_buffer.cleared'])(
    '%s, whatever it holds',
    (type) => {
      expect(read({ type, timestamp: 1, part: [] })).toEqual({ kind: 'unused', type });
    },
  );
});

describe('a frame whose shape is wrong', () => {
  test.each([
    [
      'a word that is no text',
      { type: 'response.output_text.delta', delta: 5 },
      'delta must be a string, got 5',
    ],
    ['a word that is not there', { type: 'response.output_text.delta' }, 'delta is missing'],
    [
      'a call without its id',
      { type: 'response.function_call_arguments.done', name: 'f' },
      'call_id is missing',
    ],
    [
      'an item of another kind',
      { type: 'conversation.item.added', item: [] },
      'item must be an object, got []',
    ],
    ['an end without a response', { type: 'response.done' }, 'response is missing'],
  ])('%s is told with what is wrong', (_, event, problem) => {
    expect(read(event)).toEqual({ kind: 'malformed', type: event.type, problem });
  });

  test('is told by the name it came with', () => {
    expect(read({ type: 'response.text.delta' })).toEqual({
      kind: 'malformed',
      type: 'response.text.delta',
      problem: 'delta is missing',
    });
  });
});

describe('a frame that is no event', () => {
  test.each([
    ['no JSON', '{"type":"ping"'],
    ['nothing', ''],
    ['a list', '[{"type":"ping"}]'],
    ['null', 'null'],
    ['text', '"ping"'],
    ['a number', '5'],
    ['an object without a type', '{"event":"ping"}'],
    ['a type that is no text', '{"type":5}'],
  ])('%s', (_, frame) => {
    expect(readServerFrame(frame)).toEqual({ kind: 'not-json', text: frame });
  });

  test('is cut where it is long', () => {
    expect(readServerFrame('x'.repeat(10_000))).toEqual({ kind: 'not-json', text: 'x'.repeat(80) });
  });

  test.each([
    ['new', 'response.video.delta'],
    ['known', 'session.updated'],
  ])('nesting without end makes no %s event of it: a value so deep could not be shown', (_, type) => {
    const frame = `{"type":"${type}","more":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(['event', 'unknown']).not.toContain(readServerFrame(frame).kind);
  });
});

describe('deltas, which are read by hand', () => {
  const values = [undefined, null, 'x', '', 5, {}, []];
  const types = [
    'response.output_audio.delta',
    'response.output_audio_transcript.delta',
    'response.text.delta',
  ];

  test.each(types)('%s is taken or refused as its schema would have it', (type) => {
    for (const delta of values) {
      for (const response_id of values) {
        for (const item_id of values) {
          const event = { type, delta, response_id, item_id, extra: 1 };
          const fits = (id: unknown) => id === undefined || id === null || typeof id === 'string';
          const frame = read(event);
          expect([frame.kind, event]).toEqual([
            typeof delta === 'string' && fits(response_id) && fits(item_id) ? 'event' : 'malformed',
            event,
          ]);
          if (frame.kind === 'event') expect(frame.event).toMatchObject({ delta, extra: 1 });
        }
      }
    }
  });
});
