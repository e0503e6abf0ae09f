// A person at a keyboard, and a real terminal as the screen: what tests assert is what they would see.

import { Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { JobControl } from '../../src/job-control.js';
import { createIo, type OutputStream } from '../../src/terminal/io.js';
import { readTypedLines } from '../../src/terminal/line-reader.js';
import { keyboard } from '../support/agents.js';

export const keys = {
  enter: '\r',
  left: '\u001b[D',
  up: '\u001b[A',
  down: '\u001b[B',
  home: '\u0001',
  end: '\u0005',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlZ: '\u001a',
};

/** A paste as a terminal marks it. */
export const marked = (text: string) => `\u001b[200~${text}\u001b[201~`;

interface Setting {
  columns?: number;
  rows?: number;
  prompt?: string;
  history?: string[];
  /** What stands on the screen before. */
  before?: string;
  /** stdout goes to a file instead. */
  piped?: boolean;
  /** Whether the terminal wraps the line being typed anew, too, when its width changes. */
  reflows?: boolean;
}

/** Somebody sits down at a terminal; everything done waits until the screen shows it. */
export async function sitDown({
  columns = 20,
  rows = 12,
  prompt = '> ',
  history = [],
  before = '',
  piped,
  reflows = false,
}: Setting = {}) {
  const terminal = new xterm.Terminal({
    ...{ cols: columns, rows, convertEol: true, allowProposedApi: true },
    reflowCursorLine: reflows,
  });
  onTestFinished(() => terminal.dispose());
  terminal.write(before);
  const stream = (write: (text: string) => void, isTTY: boolean): OutputStream =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          write(String(chunk));
          done();
        },
      }),
      { isTTY, columns, rows },
    );
  let file = '';
  const stderr = stream((text) => terminal.write(text), true);
  const stdout = piped
    ? stream((text) => {
        file += text;
      }, false)
    : stream((text) => terminal.write(text), true);
  const { stream: stdin, type } = keyboard();
  const told = { interrupts: 0, cleared: 0, history: [] as string[], raw: [] as boolean[], stops: 0 };
  const handlers = { SIGTSTP: () => {}, SIGCONT: () => {} };
  const jobs = new JobControl({
    on: (signal, handler) => {
      handlers[signal] = handler;
    },
    off: () => {},
    stop: () => {
      told.stops++;
    },
    after: () => () => {},
  });
  const setRawMode = (raw: boolean) => told.raw.push(raw);
  const io = createIo(
    { stdin: Object.assign(stdin, { isTTY: true, setRawMode }), stdout, stderr, jobs },
    new Interrupts(),
  );
  const reader = readTypedLines(stderr, {
    io,
    prompt,
    history,
    onInterrupt: (cleared) => {
      told.interrupts++;
      if (cleared) told.cleared++;
    },
    onHistory: (lines) => {
      told.history = [...lines];
    },
  });
  onTestFinished(() => reader.close());
  const lines = reader.lines[Symbol.asyncIterator]();

  async function settle() {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => terminal.write('', resolve));
  }

  return {
    told,
    file: () => file,
    nextLine: async () => (await lines.next()).value as string | undefined,
    /** Key by key, as fingers do. */
    async type(...pressed: string[]) {
      for (const key of pressed.flatMap((text) => (text.startsWith('\u001b') ? text : [...text]))) {
        type(key);
        await settle();
      }
    },
    async paste(text: string) {
      type(text);
      await settle();
    },
    async arrive(text: string, target: 'stdout' | 'stderr' = 'stdout') {
      io.write(target, text);
      await settle();
    },
    /** The window is made as wide as this, and what is on it wrapped anew. */
    async resize(width: number) {
      await settle();
      terminal.resize(width, rows);
      for (const each of [stderr, stdout]) {
        each.columns = width;
        each.emit('resize');
      }
      await settle();
    },
    /** The shell has shown this, and goes on with the run. */
    async goOn(shell: string) {
      await settle();
      terminal.write(shell);
      handlers.SIGCONT();
      await settle();
    },
    stopFromOutside: () => handlers.SIGTSTP(),
    /** Whether pastes are to be marked. */
    marksPastes: async () => {
      await settle();
      return terminal.modes.bracketedPasteMode;
    },
    async setPrompt(next: string) {
      reader.setPrompt(next);
      await settle();
    },
    async close() {
      reader.close();
      await settle();
    },
    /** The lines with something in them, without blanks at their ends, the cursor as a bar. */
    async screen() {
      await settle();
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, row) => {
        const cells = Array.from({ length: terminal.cols }, (_cell, at) => {
          const cell = active.getLine(row)?.getCell(at);
          const bar = row === active.baseY + active.cursorY && at === active.cursorX ? '|' : '';
          return bar + (cell?.getChars() || ' '.repeat(cell?.getWidth() ?? 0));
        });
        return cells.join('').trimEnd();
      });
      return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
    },
  };
}
