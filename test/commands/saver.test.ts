// Files of sound that are whole at any moment.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wavLayout } from '../../src/audio/wav-layout.js';
import { createSaver, createWav } from '../../src/commands/voice/saver.js';
import { createPrivate } from '../../src/files.js';
import { temporaryFolder } from '../support/agents.js';

const soundBytes = (path: string) => wavLayout(readFileSync(path), path).bytes;

test('a file can be read after every piece, closed or not', () => {
  const path = join(temporaryFolder(), 'a.wav');
  const wav = createWav(path, 24_000);
  for (let pieces = 1; pieces <= 3; pieces++) {
    wav.write(new Uint8Array(4800).fill(pieces));
    expect(soundBytes(path)).toBe(4800 * pieces);
  }
  wav.close();
  expect(soundBytes(path)).toBe(14_400);
  expect(readFileSync(path).length).toBe(44 + 14_400);
});

test('a file that is closed is not written to, nor another that has its number now', () => {
  const folder = temporaryFolder();
  const first = createPrivate(join(folder, 'first'));
  first.close();
  first.close();
  const second = createPrivate(join(folder, 'second'));
  second.write(Buffer.from('second'));
  expect(() => first.write(Buffer.from('xx'))).toThrow('it is closed');
  second.close();
  expect(readFileSync(join(folder, 'second'), 'utf8')).toBe('second');
});

test('sound may come of the turn before, after the next has begun', () => {
  const folder = temporaryFolder();
  const saver = createSaver(folder, 24_000);
  const piece = new Uint8Array(100);
  saver.take('user', 1, piece);
  saver.take('agent', 2, piece);
  saver.take('user', 1, piece);
  saver.take('agent', 3, piece);
  saver.close();
  expect(soundBytes(join(folder, 'turn-01-user.wav'))).toBe(200);
});

test('a clip in which many turns are spoken keeps one file, whatever is answered meanwhile', () => {
  const folder = temporaryFolder();
  const saver = createSaver(folder, 24_000);
  const piece = new Uint8Array(100);
  for (let turn = 1; turn <= 5; turn++) {
    saver.take('user', 1, piece);
    saver.take('agent', turn, piece);
  }
  saver.close();
  expect(soundBytes(join(folder, 'turn-01-user.wav'))).toBe(500);
  expect(soundBytes(join(folder, 'turn-05-agent.wav'))).toBe(100);
});

test('only the end of a turn is told its files', () => {
  const folder = temporaryFolder();
  const saver = createSaver(folder, 24_000);
  saver.take('user', 1, new Uint8Array(2));
  const done = { type: 'turn_done', status: 'completed', text: '', tool_calls: 0, total_ms: 1 } as const;
  expect(saver.told({ ...done, turn: 1 })).toMatchObject({ saved: [join(folder, 'turn-01-user.wav')] });
  expect(saver.told({ ...done, turn: 2 })).not.toHaveProperty('saved');
  expect(saver.told({ type: 'interrupted', turn: 1 })).toEqual({ type: 'interrupted', turn: 1 });
  saver.close();
});
