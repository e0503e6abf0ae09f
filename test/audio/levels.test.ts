// What is said of sound that cannot be heard as it should.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { levels } from '../../src/audio/levels.js';
import { fromPcm } from '../../src/audio/pcm.js';
import { readWav } from '../../src/audio/wav.js';
import { root } from '../support/agents.js';
import { integers, voice, wavFile } from './support.js';

const rate = 24_000;
const samples = (of: Iterable<number>) =>
  Int16Array.from(of, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))));
const spoken = [...voice(1, rate)];
const codes = (pcm: Int16Array) => levels(pcm).map(({ code }) => code);

describe('levels', () => {
  test.each<[string, number[], string[]]>([
    ['speech', spoken, []],
    ['zeros', Array(4800).fill(0), ['silent_audio']],
    ['the noise of a microphone', spoken.map((_, at) => (at % 3) * 0.0005), ['silent_audio']],
    ['a whisper far away', spoken.map((sample) => sample * 0.04), ['quiet_audio']],
    ['speech at 20 times its strength', spoken.map((sample) => sample * 20), ['clipped_audio']],
    ['one click', spoken.map((sample, at) => (at === 100 ? 1 : sample)), []],
    ['speech on a direct current', spoken.map((sample) => sample + 0.2), ['offset_audio']],
  ])('%s', (_, sound, expected) => {
    expect(codes(samples(sound))).toEqual(expected);
  });

  test('messages stand after a file name, and give the measure', () => {
    const message = (of: number[]) => levels(samples(of))[0]?.message;
    expect(message([0, 0])).toBe('is silent: nothing but zeros');
    expect(message(spoken.map((sample) => sample * 0.04))).toMatch(
      /^is very quiet: its loudest sample is at -3\d dB/,
    );
    expect(message(spoken.map((sample) => sample * 20))).toMatch(/^is clipped: \d+\.\d % of its samples/);
  });
});

describe('bytes that are not what their header says', () => {
  const clinic = readWav(readFileSync(join(root, 'fixtures/clinic/request.wav')), rate, 'request.wav').pcm;
  const atPhoneRate = readWav(
    readFileSync(join(root, 'fixtures/clinic/request.wav')),
    8000,
    'request.wav',
  ).pcm;
  const pcm = fromPcm(clinic, { type: 'audio/pcm', rate });
  const ulaw = fromPcm(atPhoneRate, { type: 'audio/pcmu', rate: 8000 });
  const alaw = fromPcm(atPhoneRate, { type: 'audio/pcma', rate: 8000 });
  const eight = integers(
    [...clinic].map((sample) => sample / 32_768),
    8,
  );

  test.each<[string, Buffer, 8 | 16 | 24, string]>([
    ['the other byte order', Buffer.from(pcm).swap16(), 16, 'PCM of 16 bits in the other byte order'],
    ['µ-law', ulaw, 16, 'µ-law'],
    ['A-law', alaw, 16, 'A-law'],
    ['8 bits', eight, 16, 'PCM of 8 bits'],
    ['16 bits', pcm, 8, 'PCM of 16 bits'],
    ['µ-law', ulaw, 8, 'µ-law'],
    [
      '24 bits',
      integers(
        [...clinic].map((sample) => sample / 32_768),
        24,
      ),
      16,
      'PCM of 24 bits',
    ],
  ])('%s under another header', (_, data, bits, expected) => {
    const { warnings } = readWav(wavFile({ bits, data }), rate, 'a.wav');
    expect(warnings).toEqual([
      { code: 'wrong_encoding', message: `is probably mislabelled: its bytes look like ${expected}` },
    ]);
  });

  test('noise that is noise under every reading is let be', () => {
    let seed = 1;
    const noise = Int16Array.from({ length: 24_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed % 30_000) - 15_000;
    });
    const data = fromPcm(noise, { type: 'audio/pcm', rate });
    expect(readWav(wavFile({ data }), rate, 'a.wav').warnings).toEqual([]);
  });

  test.each([8, 16, 24] as const)('random bytes of %i bits are static', (bits) => {
    let seed = 1;
    const data = Buffer.from(
      Array.from({ length: 48_000 }, () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return (seed >> 8) & 255;
      }),
    );
    expect(readWav(wavFile({ bits, data }), rate, 'a.wav').warnings).toEqual([
      { code: 'wrong_encoding', message: expect.stringMatching(/^is static: /) },
    ]);
  });

  test.each([0.3, -0.003])('a direct current of %d and nothing else is silence', (level) => {
    for (const noise of [0, 0.001]) {
      const data = integers(
        Array.from({ length: 24_000 }, (_, at) => level + (at % 3 === 0 ? noise : 0)),
        16,
      );
      const { warnings } = readWav(wavFile({ data }), rate, 'a.wav');
      expect(warnings).toEqual([
        { code: 'silent_audio', message: expect.stringMatching(/^is silent: it stays at -?\d+ % of full/) },
      ]);
    }
  });

  test('speech is believed at every rate and width', () => {
    for (const [bits, from] of [
      [16, 8000],
      [16, 16_000],
      [16, 48_000],
      [8, 8000],
      [24, 48_000],
    ] as const) {
      const sound = [...readWav(readFileSync(join(root, 'fixtures/clinic/request.wav')), from, 'r').pcm];
      const data = integers(
        sound.map((sample) => sample / 32_768),
        bits,
      );
      expect(readWav(wavFile({ bits, rate: from, data }), rate, 'a.wav').warnings).toEqual([]);
    }
  });
});
