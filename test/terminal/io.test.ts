import { describe, expect, test } from 'vitest';
import { createIo } from '../../src/terminal/io.js';
import { testHost } from '../support/agents.js';

function opened() {
  const host = testHost();
  return { host, io: createIo(host, host.interrupts) };
}

describe('what is written', () => {
  test('keeps a character whole whose halves come apart', () => {
    const { host, io } = opened();
    for (const piece of ['good \ud83d', '\ude00', ' day']) io.write('stdout', piece);
    expect(Buffer.from(host.stdout.text).toString()).toBe('good 😀 day');
  });

  test('keeps the halves of the two streams apart', () => {
    const { host, io } = opened();
    io.write('stdout', '\ud83d');
    io.write('stderr', 'note');
    io.write('stdout', '\ude00');
    expect([host.stdout.text, host.stderr.text]).toEqual(['😀', 'note']);
  });

  test('holds no secret, as it stands or in JSON', () => {
    const { host, io } = opened();
    io.hide('pa"ss\\word');
    io.write('stdout', `pa"ss\\word ${JSON.stringify('pa"ss\\word')}`);
    io.write('stderr', 'pa"ss\\word');
    expect([host.stdout.text, host.stderr.text]).toEqual(['[hidden] "[hidden]"', '[hidden]']);
  });

  test('is not spoilt by a word too short to be a secret', () => {
    const { host, io } = opened();
    io.hide('agent');
    io.write('stdout', 'agents list');
    expect(host.stdout.text).toBe('agents list');
  });
});
