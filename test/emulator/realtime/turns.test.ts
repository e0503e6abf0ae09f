// Spoken turns: found by their sound or committed by hand, interrupted, unanswered. Fact sheet C3, C6, C8.

import { describe, expect, test } from 'vitest';
import { type Format, fromPcm } from '../../../src/audio/pcm.js';
import { anError, anEvent, types, userItem } from '../support.js';
import { pcm24, short, silence, spokenSession, vad, voice } from './session.js';

const said = ['I would like to book a table'];
const spoken = (ms = 1400, rate = 24_000) =>
  Int16Array.from([...silence(500, rate), ...voice(ms, rate), ...silence(600, rate)]);
const commit = { type: 'input_audio_buffer.commit' };
const clear = { type: 'input_audio_buffer.clear' };
const create = { type: 'response.create' };
const transcription = { audio: { input: { transcription: { model: 'grok-transcribe' } } } };

const wholeTurn = [
  'speech_started',
  'item.added',
  'updated',
  'completed in_progress',
  'speech_stopped',
  'committed',
  'updated',
  'completed in_progress',
  'completed completed',
  'response.created',
];

describe('a turn under server voice detection', () => {
  const session = () => spokenSession({ hears: said, session: { ...vad(), ...transcription } });

  test('goes as it was recorded', () => {
    const events = session().hear(spoken());
    expect(short(events)).toEqual(wholeTurn);
    const item_id = events[0]?.item_id;
    const told = (transcript: string, members = {}) => ({
      item_id,
      content_index: 0,
      transcript,
      ...members,
    });
    const name = 'conversation.item.input_audio_transcription';
    expect(events.slice(0, -1)).toEqual([
      anEvent('input_audio_buffer.speech_started', { item_id, audio_start_ms: 500 - 333 }),
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
      anEvent(`${name}.updated`, told('I would like')),
      anEvent(`${name}.completed`, told('I would like', { status: 'in_progress' })),
      anEvent('input_audio_buffer.speech_stopped', {
        item_id,
        audio_end_ms: expect.closeTo(2400, -2),
      }),
      anEvent('input_audio_buffer.committed', { item_id }),
      anEvent(`${name}.updated`, told('I would like to book a')),
      anEvent(`${name}.completed`, told('I would like to book a', { status: 'in_progress' })),
      anEvent(`${name}.completed`, told('I would like to book a table', { status: 'completed' })),
    ]);
  });

  test('is answered with its words, and counted', () => {
    const spokenTo = session();
    spokenTo.hear(spoken());
    expect(spokenTo.wanted()?.heard).toMatchObject({ said: said[0], turn: 1 });
    spokenTo.speak('Gladly.');
    const usage = spokenTo.finish().at(-1)?.usage;
    expect(usage.input_token_details.audio_tokens).toBeGreaterThan(50);
    expect(usage.billable_audio_seconds).toBeGreaterThan(usage.output_audio_seconds);
    expect([...spokenTo.peer().items.values()]).toEqual([
      { type: 'message', role: 'user', text: said[0] },
      { type: 'message', role: 'assistant', text: 'Gladly.' },
    ]);
  });

  test('tells its words without `.updated` where no model for them was asked for', () => {
    const events = spokenSession({ hears: said, session: vad() }).hear(spoken());
    expect(short(events)).toEqual(wholeTurn.filter((type) => type !== 'updated'));
  });

  test('comes after another, with places that count from the beginning', () => {
    const spokenTo = spokenSession({ hears: ['One', 'Two'], session: vad({ create_response: false }) });
    const events = spokenTo.hear(Int16Array.from([...spoken(), ...spoken()]));
    const places = events.flatMap(({ audio_start_ms, audio_end_ms }) => audio_start_ms ?? audio_end_ms ?? []);
    expect(places.map((ms) => Math.round(ms / 100))).toEqual([2, 24, 27, 49]);
    expect(spokenTo.peer().turn).toBe(2);
  });

  test.each([
    [0, 500],
    [200, 300],
    [10_000, 0],
  ])('begins %i ms before the voice, and never before the audio: at %i ms', (prefix_padding_ms, startMs) => {
    const spokenTo = spokenSession({ session: vad({ prefix_padding_ms }) });
    expect(spokenTo.hear(spoken())[0]?.audio_start_ms).toBe(startMs);
  });

  test('ends after the silence that was asked for', () => {
    const spokenTo = spokenSession({ session: vad({ silence_duration_ms: 1000 }) });
    expect(short(spokenTo.hear(spoken()))).toEqual(['speech_started', 'item.added']);
    expect(short(spokenTo.hear(silence(500, 24_000)))).toContain('speech_stopped');
  });

  test('does not begin in a voice below the threshold', () => {
    const soft = voice(1000, 24_000, 0.008);
    expect(spokenSession({ session: vad({ threshold: 0.9 }) }).hear(soft)).toEqual([]);
    expect(spokenSession({ session: vad({ threshold: 0.3 }) }).hear(soft)).not.toEqual([]);
  });

  test.each<Format>([
    { type: 'audio/pcm', rate: 8000 },
    { type: 'audio/pcm', rate: 22_050 },
    { type: 'audio/pcm', rate: 48_000 },
    { type: 'audio/pcmu', rate: 8000 },
    { type: 'audio/pcma', rate: 8000 },
  ])('is heard in %o', (format) => {
    const spokenTo = spokenSession({ hears: said, session: { ...vad(), audio: { input: { format } } } });
    const events = spokenTo.hear(spoken(1400, format.rate), format);
    expect(short(events)).toEqual(wholeTurn.filter((type) => type !== 'updated'));
    expect(events.find(({ audio_end_ms: ms }) => ms !== undefined)?.audio_end_ms).toBeCloseTo(2400, -2);
  });

  test('is heard by event as by raw frames', () => {
    const [one, other] = [session(), session()];
    const sound = fromPcm(spoken(), pcm24);
    const events = one.hear(spoken());
    expect(short(other.append(sound.toString('base64')))).toEqual(short(events));
  });

  test('is static when the format is another than the session has', () => {
    // µ-law taken for PCM is loud noise: speech to the service, but no words.
    const spokenTo = spokenSession({ session: vad() });
    const events = spokenTo.hear(
      new Int16Array(fromPcm(spoken(2000, 8000), { type: 'audio/pcmu', rate: 8000 }).buffer),
    );
    expect(short(events)[0]).toBe('speech_started');
    expect(events.flatMap(({ transcript }) => transcript ?? []).join('')).toBe('');
  });
});

describe('without an answer by itself', () => {
  test('a turn waits for a response to be asked for', () => {
    const spokenTo = spokenSession({ hears: said, session: vad({ create_response: false }) });
    expect(short(spokenTo.hear(spoken())).at(-1)).toBe('completed completed');
    expect(types(spokenTo.receive(create))).toEqual(['response.created']);
    expect(spokenTo.wanted()?.heard?.said).toBe(said[0]);
  });
});

describe('speech over an answer', () => {
  const answering = (members = {}) => {
    const spokenTo = spokenSession({ hears: ['One', 'Two'], session: vad(members) });
    spokenTo.hear(spoken());
    spokenTo.speak('It is a long story which');
    return spokenTo;
  };

  test('ends it at once, with what was said so far', () => {
    const spokenTo = answering();
    const response_id = spokenTo.peer().active?.id;
    const events = spokenTo.hear(voice(300, 24_000));
    expect(types(events)).toEqual([
      'input_audio_buffer.speech_started',
      'conversation.item.added',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_audio.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(events.at(-2)?.item.status).toBe('incomplete');
    expect(events.at(-1)).toMatchObject({ response_id, response: { status: 'cancelled' } });
    expect(spokenTo.speak('nobody hears')).toEqual([]);
    const rest = spokenTo.hear(silence(700, 24_000));
    expect(types(rest).at(-1)).toBe('response.created');
    expect(spokenTo.wanted()?.heard?.said).toBe('Two');
  });

  test('leaves it where that was asked for, and is answered once it is over', () => {
    const spokenTo = answering({ interrupt_response: false });
    expect(short(spokenTo.hear(spoken(800)))).toEqual([
      ...['speech_started', 'item.added', 'speech_stopped', 'committed', 'completed completed'],
    ]);
    expect(spokenTo.speak(' goes on.')).not.toEqual([]);
    expect(types(spokenTo.finish()).slice(-2)).toEqual(['response.done', 'response.created']);
    expect(spokenTo.wanted()?.heard?.said).toBe('Two');
    expect(types(spokenTo.finish())).toEqual(['response.done']);
  });
});

describe('a turn by hand', () => {
  const session = (session = {}) => spokenSession({ hears: ['One more', 'Two'], session });

  test.each([null, { type: null }])(
    'ends when it is committed, and is answered by itself: %o',
    (turn_detection) => {
      const spokenTo = session({ turn_detection });
      expect(spokenTo.hear(spoken())).toEqual([]);
      const events = spokenTo.receive(commit);
      expect(short(events)).toEqual([
        ...['speech_started', 'item.added', 'speech_stopped', 'committed'],
        ...['completed in_progress', 'completed completed', 'response.created'],
      ]);
      expect([events[0]?.audio_start_ms, events[2]?.audio_end_ms]).toEqual([0, 2500]);
      expect(spokenTo.wanted()?.heard?.said).toBe('One more');
    },
  );

  test('is without words when nobody speaks in it; they are for the next', () => {
    const spokenTo = session();
    spokenTo.hear(silence(500, 24_000));
    const events = spokenTo.receive(commit);
    expect(events.at(-2)).toMatchObject({ transcript: '', status: 'completed' });
    expect(spokenTo.wanted()?.heard).toMatchObject({ said: '', silence: 'unclear' });
    spokenTo.finish();
    spokenTo.hear(spoken());
    spokenTo.receive(commit);
    expect(spokenTo.wanted()?.heard?.said).toBe('One more');
  });

  test('that comes while an answer is under way is answered after it', () => {
    const spokenTo = session();
    spokenTo.receive(create);
    spokenTo.hear(spoken());
    expect(short(spokenTo.receive(commit)).at(-1)).toBe('completed completed');
    expect(types(spokenTo.finish())).toEqual(['response.done', 'response.created']);
  });

  test('may end a turn that was found by its sound', () => {
    const spokenTo = session(vad());
    const [started] = spokenTo.hear(voice(900, 24_000));
    const events = spokenTo.receive(commit);
    expect(short(events)).toEqual([
      ...['speech_stopped', 'committed', 'completed in_progress', 'completed completed', 'response.created'],
    ]);
    expect(events[0]?.item_id).toBe(started?.item_id);
    expect(spokenTo.hear(silence(1000, 24_000))).toEqual([]);
  });

  test('of nothing is refused, under detection as well', () => {
    const spokenTo = session(vad());
    const empty = [anError({ code: 'input_audio_buffer_commit_empty' })];
    expect(spokenTo.receive(commit)).toEqual(empty);
    spokenTo.hear(voice(500, 24_000));
    expect(types(spokenTo.receive(clear))).toEqual(['input_audio_buffer.cleared']);
    expect(spokenTo.receive(commit)).toEqual(empty);
    expect(spokenTo.hear(silence(1000, 24_000))).toEqual([]);
  });
});

describe('a change between the two kinds of turns', () => {
  test('in the middle of a voice lets it be found by its sound', () => {
    const spokenTo = spokenSession({ hears: said });
    expect(spokenTo.hear(voice(500, 24_000))).toEqual([]);
    spokenTo.receive({ type: 'session.update', session: vad() });
    const sound = Int16Array.from([...voice(500, 24_000), ...silence(700, 24_000)]);
    expect(short(spokenTo.hear(sound))).toEqual(
      wholeTurn.filter((type) => type !== 'updated').filter((_, at) => at !== 2),
    );
  });

  test('in the middle of a turn leaves its end to whoever commits it', () => {
    const spokenTo = spokenSession({ hears: said, session: vad() });
    const [started] = spokenTo.hear(voice(500, 24_000));
    spokenTo.receive({ type: 'session.update', session: { turn_detection: null } });
    expect(spokenTo.hear(silence(2000, 24_000))).toEqual([]);
    const [stopped, committed] = spokenTo.receive(commit);
    expect([stopped, committed].map((event) => event?.item_id)).toEqual([started?.item_id, started?.item_id]);
  });
});

describe('a voice without words', () => {
  test('is a turn of its own kind', () => {
    const spokenTo = spokenSession({ session: vad() });
    const events = spokenTo.hear(spoken());
    expect(short(events)).toEqual([
      ...[
        'speech_started',
        'item.added',
        'speech_stopped',
        'committed',
        'completed completed',
        'response.created',
      ],
    ]);
    expect(spokenTo.wanted()?.heard).toMatchObject({ said: '', silence: 'unclear', turn: 1 });
  });

  test('is none any more once there are words again', () => {
    const spokenTo = spokenSession({ session: vad() });
    spokenTo.hear(spoken());
    spokenTo.finish();
    spokenTo.receive(userItem('Hello'));
    spokenTo.receive(create);
    expect(spokenTo.wanted()?.heard).not.toHaveProperty('silence');
  });
});

describe('audio that cannot be taken', () => {
  const refused = [anError({ code: 'invalid_audio_format', param: 'audio' })];

  test.each(['A', 'AAAA*AAA', 'not base64!'])('is refused: %s', (audio) => {
    expect(spokenSession().append(audio)).toEqual(refused);
  });

  test('of half a sample is refused, and nothing of it is heard', () => {
    const spokenTo = spokenSession();
    expect(spokenTo.append(Buffer.alloc(4801).toString('base64'))).toEqual(refused);
    expect(spokenTo.receive(commit)).toEqual([anError({ code: 'input_audio_buffer_commit_empty' })]);
  });

  test('of one byte is a sample in G.711', () => {
    const format = { type: 'audio/pcmu', rate: 8000 };
    const spokenTo = spokenSession({ session: { audio: { input: { format } } } });
    expect(spokenTo.append(Buffer.alloc(801).toString('base64'))).toEqual([]);
  });

  test('names the event it came with', () => {
    const event = { type: 'input_audio_buffer.append', audio: 'A', event_id: 'mine' };
    expect(spokenSession().receive(event)[0]?.error.event_id).toBe('mine');
  });
});

describe('audio inside an item', () => {
  const item = (sound: Int16Array, text?: string) => ({
    type: 'conversation.item.create',
    item: {
      type: 'message',
      role: 'user',
      content: [
        ...(text === undefined ? [] : [{ type: 'input_text', text }]),
        { type: 'input_audio', audio: fromPcm(sound, pcm24).toString('base64') },
      ],
    },
  });

  test('is heard, and answered when a response is asked for', () => {
    const spokenTo = spokenSession({ hears: said });
    expect(short(spokenTo.receive(item(spoken())))).toEqual([
      ...['item.added', 'completed in_progress', 'completed completed'],
    ]);
    expect(types(spokenTo.receive(create))).toEqual(['response.created']);
    expect(spokenTo.wanted()?.heard).toMatchObject({ said: said[0], turn: 1 });
  });

  test('stands behind typed words', () => {
    const spokenTo = spokenSession({ hears: ['please'] });
    spokenTo.receive(item(spoken(), 'A table'));
    spokenTo.receive(create);
    expect(spokenTo.wanted()?.heard?.said).toBe('A table please');
  });

  test('says nothing when it is silent', () => {
    const spokenTo = spokenSession({ hears: said });
    expect(short(spokenTo.receive(item(silence(500, 24_000))))).toEqual(['item.added']);
    spokenTo.receive(create);
    expect(spokenTo.wanted()?.heard).toMatchObject({ said: '', silence: 'unclear' });
  });
});

describe('words that somebody is asked for', () => {
  const session = (members = {}) => spokenSession({ listens: true, session: vad(members) });

  test('come after the turn, and the answer after them', () => {
    const spokenTo = session({ prefix_padding_ms: 100 });
    expect(short(spokenTo.hear(spoken())).at(-1)).toBe('committed');
    const [{ audio, rate } = { audio: new Int16Array(), rate: 0 }] = spokenTo.unheard;
    // From 100 ms before the voice to the end of the silence after it.
    expect(audio.length / rate).toBeCloseTo(0.1 + 1.4 + 0.5, 1);
    expect(audio.findIndex((sample) => sample !== 0) / rate).toBeCloseTo(0.1, 2);
    expect(short(spokenTo.transcribe(' A table, please. '))).toEqual([
      ...['completed in_progress', 'completed completed', 'response.created'],
    ]);
    expect(spokenTo.wanted()?.heard?.said).toBe('A table, please.');
  });

  test('that cannot be had are told as an error, and the turn is answered as unclear', () => {
    const spokenTo = session();
    spokenTo.hear(spoken());
    const events = spokenTo.failToTranscribe('it is down');
    expect(events[0]).toEqual(
      anError({ type: 'internal_error', code: 'internal_error', message: 'it is down' }),
    );
    expect(short(events).slice(1)).toEqual(['completed completed', 'response.created']);
    expect(spokenTo.wanted()?.heard?.silence).toBe('unclear');
  });

  test('hold back a response that was asked for meanwhile: there is one, not two', () => {
    const spokenTo = spokenSession({ listens: true });
    spokenTo.hear(spoken());
    spokenTo.receive(commit);
    expect(spokenTo.receive({ ...create, response: { metadata: { of: 'mine' } } })).toEqual([]);
    const events = spokenTo.transcribe('Hello');
    expect(types(events).filter((type) => type === 'response.created')).toHaveLength(1);
    expect(events.at(-1)?.response.metadata).toEqual({ of: 'mine' });
    expect(spokenTo.receive(create)).toEqual([anError({ code: 'conversation_already_has_active_response' })]);
  });

  test('of a turn that goes on after a pause are answered together', () => {
    const spokenTo = session();
    spokenTo.hear(spoken());
    spokenTo.hear(voice(500, 24_000));
    expect(short(spokenTo.transcribe('A table'))).toEqual(['completed in_progress', 'completed completed']);
    spokenTo.hear(silence(800, 24_000));
    spokenTo.transcribe('for two');
    expect(spokenTo.wanted()?.heard?.said).toBe('A table for two');
  });

  test('are not waited for by whoever does not know of them', () => {
    const spokenTo = session();
    expect(spokenTo.transcribe('Hello')).toEqual([]);
    expect(spokenTo.failToTranscribe('no')).toEqual([]);
  });

  test('are not asked for where nobody spoke', () => {
    const spokenTo = spokenSession({ listens: true });
    spokenTo.hear(silence(500, 24_000));
    expect(short(spokenTo.receive(commit))).toContain('completed completed');
    expect(spokenTo.unheard).toEqual([]);
  });
});
