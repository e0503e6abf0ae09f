import { describe, expect, test } from 'vitest';
import { type Format, fromPcm, toPcm } from '../../../src/audio/pcm.js';
import { createSoundKeeper } from '../../../src/scenario/report/sound.js';
import type { Sound } from '../../../src/scenario/result.js';

const pcm: Format = { type: 'audio/pcm', rate: 24_000 };
const ulaw: Format = { type: 'audio/pcmu', rate: 8000 };
const alaw: Format = { type: 'audio/pcma', rate: 8000 };

const tone = (ms: number, format: Format, loudness = 10_000) => {
  const samples = Math.round((ms / 1000) * format.rate);
  const wave = (_: unknown, at: number) => loudness * Math.sin((2 * Math.PI * 200 * at) / format.rate);
  return fromPcm(Int16Array.from({ length: samples }, wave), format);
};

/** Who, from when to when. */
const places = (sound: readonly Sound[]) =>
  sound.map(({ from, at_ms, mulaw_8k }) => {
    const ms = Buffer.from(mulaw_8k, 'base64').length / 8;
    return `${from} ${at_ms}-${at_ms + ms}`;
  });

const samplesOf = ({ mulaw_8k }: Sound) => toPcm(Buffer.from(mulaw_8k, 'base64'), ulaw);

describe('the sound of a run', () => {
  test('nothing is nothing', () => {
    expect(createSoundKeeper(pcm).sound()).toEqual([]);
  });

  test.each([pcm, ulaw, alaw, { type: 'audio/pcm', rate: 44_100 } as const])(
    '%o becomes 8 kHz µ-law',
    (format) => {
      const keeper = createSoundKeeper(format);
      keeper.add('agent', 1000, tone(500, format));
      const sound = keeper.sound();
      expect(places(sound)).toEqual(['agent 1000-1500']);
      const kept = samplesOf(sound[0] as Sound);
      const wanted = toPcm(tone(500, ulaw), ulaw);
      const off = kept.slice(50, -50).map((sample, at) => Math.abs(sample - (wanted[at + 50] as number)));
      expect(Math.max(...off)).toBeLessThan(500);
    },
  );

  test('what arrives faster than it plays follows what came before', () => {
    const keeper = createSoundKeeper(pcm);
    for (const atMs of [200, 210, 220]) keeper.add('agent', atMs, tone(400, pcm));
    expect(places(keeper.sound())).toEqual(['agent 200-1400']);
  });

  test('what arrives a little late is no gap; what comes later is a piece of its own', () => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('user', 0, tone(100, pcm));
    keeper.add('user', 130, tone(100, pcm));
    keeper.add('user', 900, tone(100, pcm));
    expect(places(keeper.sound())).toEqual(['user 0-200', 'user 900-1000']);
  });

  test('both speak at once, each in their own pieces, in order of time', () => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('agent', 500, tone(1000, pcm));
    keeper.add('user', 100, tone(600, pcm));
    expect(places(keeper.sound())).toEqual(['user 100-700', 'agent 500-1500']);
  });

  test('samples cut apart between two pieces are whole again', () => {
    const bytes = tone(400, pcm);
    const whole = createSoundKeeper(pcm);
    whole.add('agent', 0, bytes);
    const torn = createSoundKeeper(pcm);
    for (let at = 0; at < bytes.length; at += 999) torn.add('agent', 0, bytes.subarray(at, at + 999));
    expect(torn.sound()).toEqual(whole.sound());
  });
});

describe('an interruption', () => {
  test('takes what was not played yet, and no more', () => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('agent', 0, tone(3000, pcm));
    keeper.add('user', 0, tone(500, pcm));
    keeper.cut('agent', 1200);
    expect(places(keeper.sound())).toEqual(['user 0-500', 'agent 0-1200']);
  });

  test('what comes afterwards begins when it arrives', () => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('agent', 0, tone(3000, pcm));
    keeper.cut('agent', 1000);
    keeper.add('agent', 1300, tone(500, pcm));
    expect(places(keeper.sound())).toEqual(['agent 0-1000', 'agent 1300-1800']);
  });

  test('half a sample of what was cut off does not shift what comes next', () => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('agent', 0, Buffer.concat([tone(500, pcm), Buffer.of(7)]));
    keeper.cut('agent', 400);
    keeper.add('agent', 1000, tone(500, pcm));
    const fresh = createSoundKeeper(pcm);
    fresh.add('agent', 1000, tone(500, pcm));
    expect(keeper.sound()[1]).toEqual(fresh.sound()[0]);
  });

  test.each([
    [5000, ['agent 0-500', 'agent 2000-2500']],
    [2200, ['agent 0-500', 'agent 2000-2200']],
    [2000, ['agent 0-500']],
    [300, ['agent 0-300']],
    [0, []],
  ])('at %i ms leaves %j', (atMs, left) => {
    const keeper = createSoundKeeper(pcm);
    keeper.add('agent', 0, tone(500, pcm));
    keeper.add('agent', 2000, tone(500, pcm));
    keeper.cut('agent', atMs);
    expect(places(keeper.sound())).toEqual(left);
  });
});

test('it can be looked at while it goes on', () => {
  const keeper = createSoundKeeper(ulaw);
  keeper.add('agent', 0, tone(500, ulaw));
  expect(places(keeper.sound())).toEqual(['agent 0-500']);
  keeper.add('agent', 500, tone(500, ulaw));
  expect(places(keeper.sound())).toEqual(['agent 0-500', 'agent 500-1000']);
});
