import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { createIo } from '../../src/terminal/io.js';
import { editableScreen } from '../../src/terminal/line-reader.js';
import { keyboard } from '../support/agents.js';

describe('lines are edited', () => {
  const stream = (isTTY: boolean) => Object.assign(new Writable(), { isTTY });
  const where = (stdin: boolean, stdout: boolean, stderr: boolean, env = {}) => {
    const streams = { stdout: stream(stdout), stderr: stream(stderr) };
    const input = Object.assign(keyboard().stream, { isTTY: stdin });
    const screen = editableScreen(createIo({ stdin: input, ...streams }, new Interrupts()), env);
    return screen === streams.stdout ? 'stdout' : screen === streams.stderr ? 'stderr' : undefined;
  };
  test.each([
    ['where stderr is a terminal', where(true, true, true), 'stderr'],
    ['where only stdout is one', where(true, true, false), 'stdout'],
    ['not where nobody types', where(false, true, true), undefined],
    ['not where nobody watches', where(true, false, false), undefined],
    ['not on a dumb terminal', where(true, true, true, { TERM: 'dumb' }), undefined],
  ])('%s', (_, chosen, expected) => {
    expect(chosen).toBe(expected);
  });
});
