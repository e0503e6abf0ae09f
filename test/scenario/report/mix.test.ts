import { describe, expect, test } from 'vitest';
import { encodeLaw } from '../../../src/audio/g711.js';
import { readWav } from '../../../src/audio/wav.js';
import { audibleRuns, wavAddress } from '../../../src/scenario/report/mix.js';
import type { Sound } from '../../../src/scenario/result.js';
import { aCase, aReport, aRun } from '../../support/reports.js';

const flat = (from: Sound['from'], at_ms: number, ms: number, sample: number): Sound => ({
  from,
  at_ms,
  mulaw_8k: encodeLaw(new Int16Array(ms * 8).fill(sample), 'mulaw').toString('base64'),
});

const bytesOf = (address: string) => Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');

/** The sample in the middle of each 100 ms, in thousands. */
const heard = (sound: Sound[]) => {
  const { pcm } = readWav(bytesOf(wavAddress(sound)), 8000, 'the mix');
  return Array.from(
    { length: pcm.length / 800 },
    (_, at) => Math.round((pcm[at * 800 + 400] as number) / 1000) + 0,
  );
};

describe('a run to listen to', () => {
  test('is a WAV file of 8 kHz µ-law in an address', () => {
    const address = wavAddress([flat('user', 0, 1000, 4000)]);
    expect(address).toMatch(/^data:audio\/wav;base64,[A-Za-z0-9+/]+=*$/);
    const { source, seconds } = readWav(bytesOf(address), 8000, 'the mix');
    expect([source.encoding, source.bits, source.channels, source.rate, seconds]).toEqual([
      'mulaw',
      8,
      1,
      8000,
      1,
    ]);
  });

  test('has each piece at its time, and both where they overlap', () => {
    const sound = [flat('user', 100, 300, 4000), flat('agent', 300, 300, 8000)];
    expect(heard(sound)).toEqual([0, 4, 4, 12, 8, 8]);
  });

  test('does not wrap around where both are loud', () => {
    expect(heard([flat('user', 0, 100, 30_000), flat('agent', 0, 100, 30_000)])[0]).toBe(32);
  });

  test('ends after half an hour, whatever it says', () => {
    expect(bytesOf(wavAddress([flat('user', 1e12, 100, 1)])).length).toBeLessThan(15_000_000);
  });
});

describe('how much a report holds', () => {
  const run = (verdict: 'passed' | 'failed', ms: number) =>
    aRun({ verdict, sound: [flat('user', 0, ms, 100)] });
  // A second takes 8000 bytes, in base64 a third more.
  const second = 10_700;

  test('all, when there is room', () => {
    const runs = [run('passed', 1000), run('failed', 1000), aRun(), aRun({ sound: [] })];
    const { held, leftOut } = audibleRuns(aReport([aCase({ name: 'a', runs })]), 2 * second);
    expect([[...held].length, leftOut]).toEqual([2, 0]);
  });

  test('those that did not pass come first, then in order, and small ones still fit', () => {
    const runs = [run('passed', 1000), run('passed', 2000), run('passed', 500), run('failed', 1000)];
    const { held, leftOut } = audibleRuns(aReport([aCase({ name: 'a', runs })]), 2.6 * second);
    expect(runs.map((each) => held.has(each))).toEqual([true, false, true, true]);
    expect(leftOut).toBe(1);
  });
});
