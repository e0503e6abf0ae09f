// What the local API speaks in: formats, speeds, and real speech where there is one. Fact sheet C4.

import { describe, expect, test } from 'vitest';
import { durationMs, type Format, levelOf, toPcm } from '../../../src/audio/pcm.js';
import { openPeer, receive } from '../../../src/emulator/realtime/peer.js';
import { speak } from '../../../src/emulator/realtime/response.js';
import { anError, type Wire } from '../support.js';
import { spokenSession } from './session.js';

const create = { type: 'response.create' };
const pieces = (events: Wire[]) => events.filter(({ type }) => type === 'response.output_audio.delta');

/** The pieces of an answer in a format. */
function spoken(output: Wire, words = 'Good morning, this is the clinic.') {
  const session = spokenSession({ session: { audio: { output } } });
  session.receive(create);
  const events = session.speak(words);
  return {
    events,
    bytes: pieces(events).map(({ delta }) => Buffer.from(delta, 'base64')),
    done: session.finish(),
  };
}

describe('an answer', () => {
  test.each<Format>([
    { type: 'audio/pcmu', rate: 8000 },
    { type: 'audio/pcma', rate: 8000 },
    { type: 'audio/pcm', rate: 8000 },
    { type: 'audio/pcm', rate: 44_100 },
  ])('is as long as it says in %o, and a soft voice', (format) => {
    const { events, bytes } = spoken({ format });
    const lengths = bytes.map(({ length }) => Math.round(durationMs(length, format)));
    expect(lengths).toEqual(pieces(events).map(({ audio_duration_ms: ms }) => ms));
    const { peak } = levelOf(toPcm(Buffer.concat(bytes), format));
    expect(peak).toBeGreaterThan(0.03);
    expect(peak).toBeLessThan(0.25);
  });

  test('takes G.711 at its own rate where none is named', () => {
    const bytes = Buffer.concat(spoken({ format: { type: 'audio/pcmu' } }).bytes);
    expect(bytes.length).toBe(
      Buffer.concat(spoken({ format: { type: 'audio/pcm', rate: 8000 } }).bytes).length / 2,
    );
  });

  test.each([0.7, 1, 1.5])('at a speed of %d takes that much less time', (speed) => {
    const seconds = ({ done }: ReturnType<typeof spoken>) => done.at(-1)?.usage.output_audio_seconds;
    const [usual, given] = [seconds(spoken({})), seconds(spoken({ speed }))];
    expect(usual / given).toBeCloseTo(speed, 1);
  });
});

describe('a format', () => {
  test.each(['input', 'output'])('that nobody here speaks is refused for %s', (side) => {
    const session = { audio: { [side]: { format: { type: 'audio/opus', rate: 24_000 } } } };
    expect(spokenSession().receive({ type: 'session.update', session })).toEqual([
      anError({
        code: 'invalid_value',
        message:
          "Unsupported audio format 'audio/opus': the local API speaks audio/pcm, audio/pcmu and audio/pcma",
        param: `session.audio.${side}.format.type`,
      }),
    ]);
  });

  test.each(['audio/pcmu', 'audio/pcma'])('of G.711 has one rate: %s', (type) => {
    const session = { audio: { input: { format: { type, rate: 24_000 } } } };
    expect(spokenSession().receive({ type: 'session.update', session })).toEqual([
      anError({ code: 'invalid_value', param: 'session.audio.input.format.rate' }),
    ]);
  });
});

describe('a sound for a word', () => {
  const world = { newId: () => 'id', nowMs: () => 0 };
  const answering = (output: Wire = {}) => {
    const update = { type: 'session.update', session: { audio: { output } } };
    const { peer } = receive(openPeer('m', world).peer, JSON.stringify(update), world);
    return receive(peer, JSON.stringify(create), world).peer;
  };
  const sound = { pcm: new Int16Array(2400).fill(1000), rate: 24_000 };

  test('is what is sent, and as long as it is', () => {
    const peer = answering();
    const [audio] = pieces([...speak(peer, 'id', 'Hello', world, sound).send] as Wire[]);
    expect(audio?.audio_duration_ms).toBe(100);
    expect(toPcm(Buffer.from(audio?.delta, 'base64'), { type: 'audio/pcm', rate: 24_000 })).toEqual(
      sound.pcm,
    );
  });

  test('is not used at another rate than it was made for', () => {
    const peer = answering({ format: { type: 'audio/pcm', rate: 8000 } });
    const [audio] = pieces([...speak(peer, 'id', 'Hello', world, sound).send] as Wire[]);
    expect(audio?.audio_duration_ms).toBe(275);
  });
});
