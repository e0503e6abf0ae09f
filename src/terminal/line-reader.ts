// Lines from a person or from a pipe. At a terminal: editing and history as in a shell, and whatever arrives while
// a line is being typed is written above it, the line itself untouched.

import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { CliError } from '../errors.js';
import { Queue } from '../queue.js';
import type { Io, OutputStream } from './io.js';
import { markPastes, openKeys } from './keys.js';
import { createLineHistory } from './line-history.js';
import { cleanText } from './style.js';
import { textWidth } from './table.js';

export interface LineReader {
  /** Ends with the input: Ctrl+D, or the end of the pipe. For one reader. */
  lines: AsyncIterable<string>;
  /** What stands before the line. */
  setPrompt(prompt: string): void;
  close(): void;
}

export interface TypedLineOptions {
  io: Io;
  prompt: string;
  /** Newest first. */
  history: string[];
  /**
   * Ctrl+C. The terminal is in raw mode, so it comes as a key and not as a signal. `cleared` when there was something
   * typed, which it has taken away.
   */
  onInterrupt(cleared: boolean): void;
  /** Told after each line, newest first. */
  onHistory(history: string[]): void;
  /** After a line for which this holds the reader closes, instead of prompting again. */
  isLast?(line: string): boolean;
}

/** The stream the prompt is drawn on; undefined where lines cannot be edited. */
export function editableScreen(
  { stdin, stderr, stdout }: Io,
  env: Record<string, string | undefined>,
): OutputStream | undefined {
  if (stdin.isTTY !== true || env.TERM === 'dumb') return undefined;
  return [stderr, stdout].find((stream) => stream.isTTY === true);
}

/** Lines typed at `screen`. One that was pasted may hold line breaks. */
export function readTypedLines(screen: OutputStream, options: TypedLineOptions): LineReader {
  const { io } = options;
  const queue = new Queue<string>();
  const keys = openKeys(io.stdin, (text) => insert(pastedText(text)));
  // Before readline's own listener, which draws the line anew.
  screen.on('resize', onResize);
  const editor = createInterface({
    input: keys,
    output: screen,
    terminal: true,
    prompt: options.prompt,
    historySize: 0,
    // A paste ends lines with \r\n.
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  keepPlain(editor);
  const history = createLineHistory(options.history, longestHistory);
  let isOpen = true;
  /** The unfinished line of output above the prompt, and the column where it ends, as `endColumn` tells it. */
  let unfinished = '';
  let column = 0;

  const release = io.interpose((target, text) => {
    const stream = target === 'stdout' ? io.stdout : io.stderr;
    if (stream.isTTY !== true || !isOpen) return void stream.write(text);
    const columns = screen.columns ?? 80;
    const rows = eraseLine();
    let rest = text;
    if (column === columns) {
      // A full row: the prompt stands where the next word goes, and a line break has been made already.
      rest = text.replace(/^\n/, '');
      column = 0;
    } else if (column > 0) {
      moveCursor(screen, 0, -1);
      cursorTo(screen, column);
    }
    if (rest !== '') {
      stream.write(rest);
      column = endColumn(column, rest, columns);
      unfinished = (unfinished + rest).slice((unfinished + rest).lastIndexOf('\n') + 1);
      if (column > 0) screen.write('\n');
    }
    // readline goes up as many rows as the cursor was down when it last drew the line.
    screen.write('\n'.repeat(rows));
    editor.prompt(true);
  });

  /** Takes prompt and line off the screen, and says how many rows above the cursor they began. */
  function eraseLine(): number {
    const { rows } = editor.getCursorPos();
    moveCursor(screen, 0, -rows);
    cursorTo(screen, 0);
    clearScreenDown(screen);
    return rows;
  }

  /** readline's own state, which it lets be read and not be set. */
  const set = (state: { line?: string; cursor?: number; prevRows?: number }) => Object.assign(editor, state);

  function insert(text: string): void {
    const before = editor.line.slice(0, editor.cursor) + text;
    set({ line: before + editor.line.slice(editor.cursor), cursor: before.length });
    editor.prompt(true);
  }

  /**
   * Most terminals wrap what is on them anew, some leave out the line being typed, and none says so. The fewer rows of
   * the two are taken off before the line is drawn: at worst a piece of it stays, but nothing above it goes.
   */
  function onResize(): void {
    const { prevRows = 0 } = editor as { prevRows?: number };
    set({ prevRows: Math.min(prevRows, editor.getCursorPos().rows) });
    column = endColumn(0, unfinished, screen.columns ?? 80);
  }

  function startLine(): void {
    unfinished = '';
    column = 0;
  }

  const letGo = io.jobs?.hold({
    giveBack: () => {
      const { cursor, line } = editor;
      const { rows } = editor.getCursorPos();
      moveCursor(screen, 0, set({ cursor: line.length }).getCursorPos().rows - rows);
      set({ cursor });
      screen.write(`${markPastes.off}\n`);
      keys.setRawMode(false);
    },
    takeAgain: () => {
      // Whoever had the terminal meanwhile may have changed it without Node's knowing.
      keys.setRawMode(false);
      keys.setRawMode(true);
      screen.write(markPastes.on);
      startLine();
      set({ prevRows: 0 }).prompt(true);
    },
  });

  /** Whether a prompt is shown: after the last line there is none. */
  let isPrompting = true;
  keys.on(
    'keypress',
    (_text: unknown, { name = '', ctrl = false }: { name?: string; ctrl?: boolean } = {}) => {
      const way = historyKeys[ctrl ? `ctrl+${name}` : name];
      if (way === undefined) return history.typed();
      const line = history.move(way, editor);
      if (line !== undefined) set({ line, cursor: line.length }).prompt(true);
    },
  );
  editor.on('line', (line) => {
    startLine();
    if (history.add(line)) options.onHistory([...history.lines]);
    queue.push(line);
    isPrompting = options.isLast?.(line) !== true;
    if (!isPrompting) editor.close();
    else if (isOpen) editor.prompt();
  });
  editor.on('SIGINT', () => {
    const cleared = editor.line !== '';
    if (cleared) set({ line: '', cursor: 0 }).prompt();
    history.leave();
    options.onInterrupt(cleared);
  });
  // Without a listener readline stops the process itself, and does not read on afterwards.
  editor.on('SIGTSTP', () => io.jobs?.stop());
  editor.on('close', () => {
    isOpen = false;
    release();
    letGo?.();
    screen.off('resize', onResize);
    screen.write(markPastes.off);
    keys.release();
    // What follows begins on a line of its own, and an empty prompt is nothing to keep.
    if (isPrompting && editor.line === '') eraseLine();
    else if (isPrompting) screen.write('\n');
    queue.end();
  });
  screen.write(markPastes.on);
  editor.prompt();

  return {
    lines: queue,
    setPrompt: (prompt) => {
      if (prompt === editor.getPrompt()) return;
      editor.setPrompt(prompt);
      if (isOpen) editor.prompt(true);
    },
    close: () => editor.close(),
  };
}

const longestHistory = 1000;
const historyKeys: Record<string, 'older' | 'newer'> = {
  up: 'older',
  down: 'newer',
  'ctrl+p': 'older',
  'ctrl+n': 'newer',
};

/** From Node 24 on readline puts a bar before further rows of a line, but only once it has been edited by a key. */
function keepPlain(editor: object): void {
  const isMultiline = Object.getOwnPropertySymbols(editor).find(
    ({ description }) => description === '_isMultiline',
  );
  if (isMultiline !== undefined)
    Object.defineProperty(editor, isMultiline, { get: () => false, set: () => {} });
}

/** What a paste adds to a line: breaks of lines as such, those at its end left out, nothing that steers. */
function pastedText(text: string): string {
  return cleanText(text.replace(/\r\n?/g, '\n')).replace(/\n+$/, '');
}

/**
 * The column after `text`, on a screen that wraps: 0 when its line is complete, `columns` when its last row is just
 * full. A wide character that does not fit goes to the next row whole.
 */
export function endColumn(start: number, text: string, columns: number): number {
  let column = start;
  for (const { segment } of characters.segment(text.replace(colours, ''))) {
    const width = textWidth(segment);
    if (segment === '\n') column = 0;
    else if (segment === '\t') column = Math.min(columns - 1, (Math.floor(column / 8) + 1) * 8);
    else column = column + width > columns ? width : column + width;
  }
  return column;
}
const characters = new Intl.Segmenter();
const colours = /\u001b\[[0-9;]*m/g;

/** Lines of a pipe or a file. Throws CliError `unreadable` for what is not UTF-8. */
export async function* readPipedLines(io: Io, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new CliError('unreadable', 'stdin is not UTF-8 text', { cause });
    }
  };
  const stop = () => io.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let rest = '';
  try {
    for await (const chunk of io.stdin) {
      const lines = (rest + decode(Buffer.from(chunk))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.map((line) => line.replace(/\r$/, ''));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  rest += decode();
  if (rest !== '') yield rest;
}
