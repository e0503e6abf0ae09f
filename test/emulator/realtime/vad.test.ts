// When somebody speaks, at every rate: by tones, silence and noise that are made here.

import { describe, expect, test } from 'vitest';
import { type Happening, hearSamples, leastLevel, silentVad } from '../../../src/emulator/realtime/vad.js';
import { noise, silence, voice } from './session.js';

const settings = { threshold: 0.5, silenceMs: 300 };

/** What happens in sounds that follow each other, heard in pieces of so many samples. */
function happenings(sounds: Int16Array[], rate = 24_000, piece = 2400, using = settings): Happening[] {
  const all = Int16Array.from(sounds.flatMap((sound) => [...sound]));
  let vad = silentVad;
  const found: Happening[] = [];
  for (let at = 0; at < all.length; at += piece) {
    const heard = hearSamples(vad, all.subarray(at, at + piece), rate, using);
    vad = heard.vad;
    found.push(...heard.happenings);
  }
  return found;
}

const kinds = (found: Happening[]) => found.filter(({ kind }) => kind !== 'goes on').map(({ kind }) => kind);

/** Two sounds on top of each other. */
const mixed = (one: Int16Array, other: Int16Array) => one.map((sample, at) => sample + (other[at] ?? 0));

describe('speech', () => {
  test.each([8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])(
    'is found at %i samples a second',
    (rate) => {
      const sounds = [silence(500, rate), voice(800, rate), silence(600, rate)];
      expect(happenings(sounds, rate)).toEqual([
        { kind: 'began', atMs: 500 },
        { kind: 'goes on', atMs: expect.any(Number) },
        { kind: 'ended', atMs: expect.closeTo(1600, -2) },
      ]);
    },
  );

  test.each([1, 7, 480, 1000, 48_000])('is found in pieces of %i samples as in any other', (piece) => {
    const sounds = [silence(300, 8000), voice(700, 8000), silence(500, 8000)];
    expect(happenings(sounds, 8000, piece)).toEqual(happenings(sounds, 8000));
  });

  test('is over after the silence that was asked for, and not before', () => {
    const sounds = (ms: number) => [voice(600, 24_000), silence(ms, 24_000)];
    const using = { threshold: 0.5, silenceMs: 800 };
    expect(kinds(happenings(sounds(760), 24_000, 2400, using))).toEqual(['began']);
    expect(kinds(happenings(sounds(900), 24_000, 2400, using))).toEqual(['began', 'ended']);
  });

  test('goes on over a pause that is shorter', () => {
    const sounds = [voice(500, 24_000), silence(200, 24_000), voice(500, 24_000), silence(400, 24_000)];
    expect(kinds(happenings(sounds))).toEqual(['began', 'ended']);
  });

  test('comes again and again', () => {
    const turn = [voice(500, 24_000), silence(500, 24_000)];
    expect(kinds(happenings([...turn, ...turn, ...turn]))).toEqual([
      ...['began', 'ended', 'began', 'ended', 'began', 'ended'],
    ]);
  });

  test('tells every second that it goes on', () => {
    const found = happenings([voice(3500, 24_000)]);
    expect(found.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['began', 0],
      ['goes on', 1000],
      ['goes on', 2000],
      ['goes on', 3000],
    ]);
  });
});

describe('no speech', () => {
  test.each<[string, Int16Array[]]>([
    ['silence', [silence(3000, 24_000)]],
    ['a click', [silence(500, 24_000), voice(30, 24_000, 0.8), silence(500, 24_000)]],
    ['the noise of a quiet room', [noise(5000, 24_000, 0.001)]],
  ])('is in %s', (_what, sounds) => {
    expect(happenings(sounds)).toEqual([]);
  });

  test('is a hum that does not end: it is taken for noise within seconds', () => {
    expect(kinds(happenings([noise(10_000, 24_000, 0.05)]))).toEqual(['began', 'ended']);
  });
});

describe('the threshold', () => {
  test('is a level from -60 dBFS at 0.1 to -36 dBFS at 0.9', () => {
    const decibels = [0.1, 0.5, 0.85, 0.9].map((threshold) => 20 * Math.log10(leastLevel(threshold, 0)));
    expect(decibels).toEqual([-60, -48, -37.5, -36].map((level) => expect.closeTo(level, 5)));
  });

  test.each([
    [0.1, 0.002, true],
    [0.5, 0.002, false],
    [0.5, 0.008, true],
    [0.85, 0.008, false],
    [0.85, 0.02, true],
  ])('%d hears a voice at a level of %d: %s', (threshold, level, isHeard) => {
    const found = happenings([voice(600, 24_000, level)], 24_000, 2400, { threshold, silenceMs: 300 });
    expect(found.length > 0).toBe(isHeard);
  });

  test('hears a voice above noise, and the noise alone not', () => {
    const room = noise(9000, 24_000, 0.02);
    // The first seconds pass before it is known for noise.
    const spoken = mixed(room, Int16Array.from([...silence(6000, 24_000), ...voice(1000, 24_000, 0.2)]));
    const found = happenings([spoken]).filter(({ kind, atMs }) => kind !== 'goes on' && atMs > 5000);
    expect(found).toEqual([
      { kind: 'began', atMs: expect.closeTo(6000, -2) },
      { kind: 'ended', atMs: expect.closeTo(7300, -2) },
    ]);
  });
});
