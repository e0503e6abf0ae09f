// Turns spoken aloud: manual ones, and those whose end the service hears.

import { describe, expect, test } from 'vitest';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import { awaiting, createSession, isIdle } from '../../src/session/state.js';
import { call, created, type Drive, done, drive, types, word } from './support.js';

const manual: SessionUpdate = { turn_detection: null };
const vad: SessionUpdate = { turn_detection: { type: 'server_vad', threshold: 0.5 } };

function ready(setup: SessionUpdate): Drive {
  const session = drive(createSession(setup));
  session.event({ type: 'session.created', session: { id: 's1' } });
  session.event({ type: 'session.updated', session: {} });
  session.takeSent();
  session.takeNotices();
  return session;
}

const heard = (what: 'started' | 'stopped') => ({
  type: `input_audio_buffer.speech_${what}`,
  item_id: 'u1',
});
const audioDelta = (id = 'r1', delta = 'AAAA') => ({
  type: 'response.output_audio.delta',
  response_id: id,
  item_id: 'i1',
  delta,
});
const sentTypes = (session: Drive) =>
  types(session.takeSent()).map((type) => type.replace('input_audio_buffer.', ''));

/** A clip of 0.3 s, sent but for its end. */
function speaking(setup: SessionUpdate): Drive {
  const session = ready(setup);
  session.input({ type: 'speak', clip: 0 });
  for (const audio of ['AA==', 'BB==', 'CC==']) session.input({ type: 'audio', audio, ms: 100 });
  return session;
}

describe('a manual turn', () => {
  test('is appended and committed; the service answers by itself and is not asked', () => {
    const session = speaking(manual);
    expect(awaiting(session.session)).toBeUndefined();
    session.atMs = 300;
    session.input({ type: 'audio_end' });
    expect(sentTypes(session)).toEqual(['append', 'append', 'append', 'commit']);
    expect(awaiting(session.session)).toBe('own_response');
    // Recorded: VAD-like events come in manual turns as well, and mean nothing there.
    for (const what of ['started', 'stopped'] as const) session.event(heard(what));
    session.event({ type: 'input_audio_buffer.committed', item_id: 'u1' });
    session.event(created());
    session.atMs = 500;
    session.event(word('Yes.'));
    session.event(done());
    expect(session.takeSent()).toEqual([]);
    expect(session.takeNotices()).toEqual([
      { type: 'user_audio', turn: 1, seconds: 0.3 },
      { type: 'speech_started', item_id: 'u1' },
      { type: 'speech_stopped', item_id: 'u1' },
      { type: 'text', turn: 1, text: 'Yes.', response_id: 'r1', item_id: 'i1' },
      { type: 'response_done', turn: 1, response_id: 'r1', status: 'completed' },
      {
        type: 'turn_done',
        turn: 1,
        status: 'completed',
        text: 'Yes.',
        tool_calls: 0,
        // From the commit, not from the first piece.
        first_word_ms: 200,
        total_ms: 200,
      },
    ]);
    expect(isIdle(session.session)).toBe(true);
  });

  test('is asked for an answer when none begins in time, once', () => {
    const session = speaking(manual);
    session.input({ type: 'audio_end' });
    session.takeSent();
    session.input({ type: 'timeout' });
    expect(session.takeSent()).toEqual([
      {
        event_id: 'event_5',
        type: 'response.create',
        response: { metadata: { client_event_id: 'event_5' } },
      },
    ]);
    expect(awaiting(session.session)).toBe('answer');
    session.event({ ...created(), response: { id: 'r1', metadata: { client_event_id: 'event_5' } } });
    session.event(done());
    expect(session.takeSent()).toEqual([]);
    expect(session.session.asked).toBeUndefined();
  });

  test('that the service begins to answer just as it is asked is answered once: the refusal is harmless', () => {
    const session = speaking(manual);
    session.input({ type: 'audio_end' });
    session.input({ type: 'timeout' });
    session.event(created());
    session.event({ type: 'error', error: { code: 'conversation_already_has_active_response' } });
    session.event(word('Yes.'));
    session.event(done());
    expect(types(session.notices)).not.toContain('error');
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'completed', text: 'Yes.' });
  });

  test('that is answered by itself and then again as asked: the second answer is cancelled and not heard', () => {
    const session = speaking(manual);
    session.input({ type: 'audio_end' });
    session.input({ type: 'timeout' });
    session.event(created('own'));
    session.event(done('own'));
    session.takeSent();
    session.takeNotices();
    session.event({
      type: 'response.created',
      response: { id: 'asked', metadata: { client_event_id: 'event_5' } },
    });
    session.event(word('Yes again.', 'asked'));
    session.event(audioDelta('asked'));
    session.event({ ...done('asked'), response: { id: 'asked', status: 'cancelled' } });
    expect(session.takeSent()).toEqual([
      { event_id: 'event_6', type: 'response.cancel', response_id: 'asked' },
    ]);
    expect(session.takeNotices()).toEqual([]);
    expect(isIdle(session.session)).toBe(true);
  });

  test('words typed while it is on its way wait for its answer', () => {
    const session = speaking(manual);
    session.takeSent();
    session.input({ type: 'say', text: 'And one more thing' });
    expect(sentTypes(session)).toEqual([]);
    session.input({ type: 'audio_end' });
    session.event(created());
    session.event(done());
    expect(sentTypes(session)).toEqual(['commit', 'conversation.item.create', 'response.create']);
  });

  test('interrupts an answer under way, and is sent once that is over', () => {
    const session = ready(manual);
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.takeSent();
    session.input({ type: 'speak', clip: 0 });
    expect(sentTypes(session)).toEqual(['response.cancel']);
    session.input({ type: 'audio', audio: 'AA==', ms: 100 });
    expect(sentTypes(session)).toEqual([]);
    expect(session.session.sending).toBeUndefined();
    session.event({ ...done(), response: { id: 'r1', status: 'cancelled' } });
    expect(session.session.sending).toEqual({ clip: 0, turn: 2, ms: 0, doneMs: 0 });
  });

  test('interrupted while it is sent: nothing more is sent, and the service forgets it', () => {
    const session = speaking(manual);
    session.takeSent();
    session.input({ type: 'interrupt' });
    session.input({ type: 'audio', audio: 'AA==', ms: 100 });
    session.input({ type: 'audio_end' });
    expect(sentTypes(session)).toEqual(['clear']);
    expect(types(session.takeNotices())).toEqual(['user_audio', 'interrupted', 'turn_done']);
    expect(isIdle(session.session)).toBe(true);
  });

  test('interrupted before its answer begins: the answer is cancelled as it begins', () => {
    const session = speaking(manual);
    session.input({ type: 'audio_end' });
    session.takeSent();
    session.input({ type: 'interrupt' });
    expect(awaiting(session.session)).toBe('cancellation');
    session.event(created());
    expect(sentTypes(session)).toEqual(['response.cancel']);
    session.event(word('Yes.'));
    session.event({ ...done(), response: { id: 'r1', status: 'cancelled' } });
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'cancelled', text: '' });
  });

  test('refused by the service has failed', () => {
    for (const end of [true, false]) {
      const session = speaking(manual);
      if (end) session.input({ type: 'audio_end' });
      session.event({ type: 'error', error: { code: 'invalid_audio_format', message: 'no' } });
      expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', status: 'failed' });
      expect([isIdle(session.session), session.session.sending]).toEqual([true, undefined]);
    }
  });

  test('a greeting that comes meanwhile is not taken for its answer', () => {
    const session = speaking(manual);
    session.event(created('greeting'));
    session.event(word('Welcome.', 'greeting'));
    session.event(done('greeting'));
    expect(types(session.notices)).not.toContain('turn_done');
    session.input({ type: 'audio_end' });
    expect(awaiting(session.session)).toBe('own_response');
    session.event(created('r2'));
    session.event(word('Yes.', 'r2', 'i2'));
    session.event(done('r2'));
    expect(session.notices.filter(({ type }) => type === 'turn_done')).toHaveLength(1);
  });

  test('after tools, the next response is asked for as ever', () => {
    const session = speaking(manual);
    session.input({ type: 'audio_end' });
    session.event(created());
    session.event(call('c1'));
    session.event(done());
    expect(awaiting(session.session)).toBeUndefined();
    session.takeSent();
    session.input({ type: 'tool_result', call_id: 'c1', output: '1' });
    expect(sentTypes(session)).toEqual(['conversation.item.create', 'response.create']);
  });

  test('before the session is ready waits', () => {
    const session = drive(createSession(manual));
    session.input({ type: 'speak', clip: 0 });
    session.input({ type: 'audio', audio: 'AA==', ms: 100 });
    expect(session.sent).toEqual([]);
    session.event({ type: 'session.created' });
    session.event({ type: 'session.updated' });
    expect(session.session.sending).toEqual({ clip: 0, turn: 1, ms: 0, doneMs: 0 });
  });
});

describe('a turn under server VAD', () => {
  test('is never committed, nor an answer asked for; latency counts from the end of speech', () => {
    const session = speaking(vad);
    session.event(heard('started'));
    session.atMs = 900;
    session.event(heard('stopped'));
    session.event({ type: 'input_audio_buffer.committed', item_id: 'u1' });
    session.event(created());
    session.atMs = 1000;
    session.event(word('Yes.'));
    session.event(done());
    // The silence after the words is still on its way.
    expect(isIdle(session.session)).toBe(false);
    session.input({ type: 'audio_end' });
    expect(sentTypes(session)).toEqual(['append', 'append', 'append']);
    expect(session.notices).toContainEqual(
      expect.objectContaining({ type: 'turn_done', first_word_ms: 100, total_ms: 100 }),
    );
    expect(isIdle(session.session)).toBe(true);
  });

  test('in which no speech is heard ends by time, with a reason', () => {
    const session = speaking(vad);
    session.input({ type: 'audio_end' });
    expect(awaiting(session.session)).toBe('answer');
    session.takeSent();
    session.input({ type: 'timeout' });
    expect(session.takeSent()).toEqual([]);
    expect(session.notices.slice(-2)).toMatchObject([
      { type: 'error', code: 'timeout', message: expect.stringContaining('heard no speech') },
      { type: 'turn_done', status: 'timeout' },
    ]);
  });

  test('of an open microphone begins when speech is heard', () => {
    const session = ready(vad);
    session.input({ type: 'audio', audio: 'AA==', ms: 100 });
    expect(session.session.turn).toBeUndefined();
    session.event(heard('started'));
    expect(awaiting(session.session)).toBeUndefined();
    session.event(heard('stopped'));
    expect(awaiting(session.session)).toBe('answer');
    session.event(created());
    session.event(done());
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', turn: 1, status: 'completed' });
    expect(sentTypes(session)).toEqual(['append']);
  });

  test('spoken over an answer ends that without a word from us, and is a turn of its own', () => {
    const session = ready(vad);
    session.input({ type: 'say', text: 'Tell me all' });
    session.event(created());
    session.event(word('Once '));
    session.takeSent();
    session.event(heard('started'));
    expect(session.notices.at(-1)).toEqual({ type: 'interrupted', turn: 1 });
    expect(awaiting(session.session)).toBe('cancellation');
    session.event(word('upon '));
    session.event({ ...done(), response: { id: 'r1', status: 'cancelled' } });
    expect(session.notices.at(-1)).toMatchObject({
      type: 'turn_done',
      turn: 1,
      status: 'cancelled',
      text: 'Once ',
    });
    expect(session.session.turn).toMatchObject({ number: 2, spoken: 'speaking' });
    session.event(heard('stopped'));
    session.event(created('r2'));
    session.event(done('r2'));
    expect(session.notices.at(-1)).toMatchObject({ type: 'turn_done', turn: 2, status: 'completed' });
    expect(session.takeSent()).toEqual([]);
  });

  test.each(['the answer that follows', 'time'])(
    'spoken over an answer whose end is never told: %s ends it',
    (what) => {
      const session = ready(vad);
      session.input({ type: 'say', text: 'Tell me all' });
      session.event(created());
      session.event(heard('started'));
      session.event(heard('stopped'));
      if (what === 'time') session.input({ type: 'timeout' });
      session.event(created('r2'));
      session.event(word('late', 'r1'));
      session.event(word('Yes.', 'r2', 'i2'));
      session.event(done('r2'));
      expect(session.notices.filter(({ type }) => type === 'turn_done')).toMatchObject([
        { turn: 1, status: 'cancelled', text: '' },
        { turn: 2, status: 'completed', text: 'Yes.' },
      ]);
    },
  );

  test('spoken while a tool runs: its result is sent, and the answer to the speech is the only one', () => {
    const session = ready(vad);
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created());
    session.event(call('c1'));
    session.event(done());
    session.takeSent();
    session.event(heard('started'));
    session.input({ type: 'tool_result', call_id: 'c1', output: '1' });
    expect(sentTypes(session)).toEqual(['conversation.item.create']);
    session.event(heard('stopped'));
    expect(awaiting(session.session)).toBe('answer');
    session.event(created('r2'));
    session.event(done('r2'));
    expect(session.takeSent()).toEqual([]);
    expect(isIdle(session.session)).toBe(true);
  });

  test('spoken and answered while a tool runs: its result is asked about afterwards', () => {
    const session = ready(vad);
    session.input({ type: 'say', text: 'Look it up' });
    session.event(created());
    session.event(call('c1'));
    session.event(done());
    session.event(heard('started'));
    session.event(heard('stopped'));
    session.event(created('r2'));
    session.takeSent();
    session.input({ type: 'tool_result', call_id: 'c1', output: '1' });
    expect(session.takeSent()).toEqual([]);
    session.event(done('r2'));
    expect(sentTypes(session)).toEqual(['conversation.item.create', 'response.create']);
  });

  test('interrupted in the silence after it stops the sending alone', () => {
    const session = speaking(vad);
    session.event(heard('started'));
    session.event(heard('stopped'));
    session.event(created());
    session.event(done());
    session.takeSent();
    session.input({ type: 'interrupt' });
    expect(sentTypes(session)).toEqual(['clear']);
    expect(isIdle(session.session)).toBe(true);
  });
});

describe('what is heard', () => {
  test('the agent’s voice is given out for the response under way alone', () => {
    const session = ready(manual);
    session.input({ type: 'say', text: 'Hello' });
    session.event(created());
    session.event(audioDelta('r1', 'AQ=='));
    session.event(audioDelta('other', 'Ag=='));
    session.input({ type: 'interrupt' });
    session.event(audioDelta('r1', 'Aw=='));
    expect(session.audio).toEqual([{ turn: 1, audio: 'AQ==' }]);
  });

  test('guesses at the person’s words that come after the final ones are not told', () => {
    const session = ready(vad);
    const transcript = (transcript: string, status?: string) => ({
      type: `conversation.item.input_audio_transcription.${status ? 'completed' : 'updated'}`,
      item_id: 'u1',
      transcript,
      status,
    });
    session.event(transcript('Hello'));
    session.event(transcript('Hello my', 'in_progress'));
    session.event(transcript('Hello my name is Marcelo.', 'completed'));
    session.event(transcript('Hello my', 'in_progress'));
    session.event(transcript('Hello'));
    expect(session.notices).toEqual(
      [
        ['Hello', false],
        ['Hello my', false],
        ['Hello my name is Marcelo.', true],
      ].map(([text, final]) => ({ type: 'user_transcript', item_id: 'u1', text, final })),
    );
  });
});
