// Lines from a person or from a pipe. At a terminal: editing and history as in a shell, and whatever arrives while
// a line is being typed is written above it, the line itself untouched.

import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CliError } from '../errors.js';
import { Queue } from '../queue.js';
import type { Input, Io, OutputStream } from './io.js';
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
  /** Ctrl+C. The terminal is in raw mode, so it comes as a key and not as a signal. */
  onInterrupt(): void;
  /** Told after each line, newest first. */
  onHistory(history: string[]): void;
}

/** The stream the prompt is drawn on; undefined where lines cannot be edited. */
export function editableScreen(
  { stdin, stderr, stdout }: Io,
  env: Record<string, string | undefined>,
): OutputStream | undefined {
  if (stdin.isTTY !== true || env.TERM === 'dumb') return undefined;
  return [stderr, stdout].find((stream) => stream.isTTY === true);
}

/** Lines typed at `screen`. */
export function readTypedLines(screen: OutputStream, options: TypedLineOptions): LineReader {
  const { io } = options;
  const queue = new Queue<string>();
  const keys = keyByKey(io.stdin);
  const editor = createInterface({
    input: keys,
    output: screen,
    terminal: true,
    prompt: options.prompt,
    history: options.history,
    historySize: 1000,
    removeHistoryDuplicates: true,
    // A paste ends lines with \r\n.
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let isOpen = true;
  /** Where the unfinished line of output above the prompt ends, as `endColumn` tells it. */
  let column = 0;

  const release = io.interpose((target, text) => {
    const stream = target === 'stdout' ? io.stdout : io.stderr;
    if (stream.isTTY !== true || !isOpen) return void stream.write(text);
    const columns = screen.columns ?? 80;
    const { rows } = editor.getCursorPos();
    moveCursor(screen, 0, -rows);
    cursorTo(screen, 0);
    clearScreenDown(screen);
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
      if (column > 0) screen.write('\n');
    }
    // readline goes up as many rows as the cursor was down when it last drew the line.
    screen.write('\n'.repeat(rows));
    editor.prompt(true);
  });

  editor.on('line', (line) => {
    column = 0;
    queue.push(line);
    if (isOpen) editor.prompt();
  });
  editor.on('history', (history: string[]) => options.onHistory(history));
  editor.on('SIGINT', options.onInterrupt);
  editor.on('close', () => {
    isOpen = false;
    release();
    io.stdin.unpipe(keys);
    io.stdin.pause();
    // Leaves the prompt's line, so that what follows begins on one of its own.
    screen.write('\n');
    queue.end();
  });
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

/**
 * The keyboard, a key at a time. Given a paste as a whole, readline loses count of the rows it is on, and scrambles
 * what is pasted into the middle of a line.
 */
function keyByKey(stdin: Input) {
  const decoder = new StringDecoder('utf8');
  const keys = new Transform({
    readableObjectMode: true,
    transform(chunk, _encoding, done) {
      for (const key of decoder.write(chunk)) this.push(key);
      done();
    },
  });
  return Object.assign(stdin.pipe(keys), {
    isTTY: true as const,
    setRawMode: (raw: boolean) => stdin.setRawMode?.(raw),
  });
}

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
