// The pace of a clip, on a clock the test moves.

import { expect, test } from 'vitest';
import { streamClip } from '../../src/session/streaming.js';

/** A clock that jumps to whatever is due next. */
function clock() {
  let nowMs = 0;
  let due: { atMs: number; fire: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(ms: number, fire: () => void) {
      const entry = { atMs: nowMs + ms, fire };
      due.push(entry);
      return () => {
        due = due.filter((each) => each !== entry);
      };
    },
    /** False when nothing is due any more. */
    tick(late = 0): boolean {
      due.sort((a, b) => a.atMs - b.atMs);
      const next = due.shift();
      if (next === undefined) return false;
      nowMs = next.atMs + late;
      next.fire();
      return true;
    },
  };
}

function start(seconds: number, fast: boolean, bufferedBytes = () => 0) {
  const time = clock();
  const log: string[] = [];
  const clip = { bytes: Buffer.alloc(Math.round(seconds * 48_000), 7), bytesPerSecond: 48_000 };
  const stop = streamClip(clip, {
    timers: time,
    fast,
    bufferedBytes,
    piece: (audio, ms) => log.push(`${time.nowMs()}: ${Buffer.from(audio, 'base64').length} bytes, ${ms} ms`),
    end: () => log.push(`${time.nowMs()}: end`),
  });
  return { time, log, stop };
}

test('at the pace of speech: 100 ms every 100 ms, and the end when the last has been spoken', () => {
  const { time, log } = start(0.25, false);
  expect(log).toEqual([]);
  while (time.tick());
  expect(log).toEqual([
    '0: 4800 bytes, 100 ms',
    '100: 4800 bytes, 100 ms',
    '200: 2400 bytes, 50 ms',
    '250: end',
  ]);
});

test('timers that fire late do not add up', () => {
  const { time, log } = start(1, false);
  while (time.tick(7));
  expect(log.at(-1)).toBe('1014: end');
});

test('fast: all at once, a few pieces at a time', () => {
  const { time, log } = start(5, true);
  time.tick();
  expect(log).toHaveLength(20);
  while (time.tick());
  expect([log.length, log.at(-1)]).toEqual([51, '0: end']);
});

test('fast, on a line that is full: it is waited for', () => {
  let buffered = 0;
  const { time, log } = start(5, true, () => buffered);
  buffered = 1024 * 1024;
  for (let n = 0; n < 5; n++) time.tick();
  expect(log).toEqual([]);
  buffered = 0;
  while (time.tick());
  expect(log).toHaveLength(51);
});

test.each([true, false])('stopped, nothing more is sent, nor an end told (fast: %s)', (fast) => {
  const { time, log, stop } = start(5, fast);
  time.tick();
  const before = log.length;
  stop();
  while (time.tick());
  expect(log).toHaveLength(before);
});

test('stopped from within a piece', () => {
  const time = clock();
  let pieces = 0;
  const clip = { bytes: Buffer.alloc(48_000), bytesPerSecond: 48_000 };
  const stop = streamClip(clip, {
    timers: time,
    fast: true,
    bufferedBytes: () => 0,
    piece: () => {
      pieces++;
      if (pieces === 3) stop();
    },
    end: () => {
      throw new Error('ended');
    },
  });
  while (time.tick());
  expect(pieces).toBe(3);
});
