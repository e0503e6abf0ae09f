// The command line in process: argv in, `{ code, stdout, stderr }` out. What a test does not expect must be empty.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearLine, cursorTo, type Direction, moveCursor } from 'node:readline';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { run } from '../../src/cli.js';
import { type Clock, systemClock } from '../../src/clock.js';
import type { Host } from '../../src/context.js';
import { Interrupts } from '../../src/interrupts.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Text or bytes on stdin; none is an empty pipe. */
  stdin?: string | Buffer | Readable;
  env?: Record<string, string>;
  cwd?: string;
  interrupts?: Interrupts;
  /** Processes that have ended. */
  dead?: readonly number[];
  clock?: Partial<Clock>;
  /** Streams that are terminals, and how wide. */
  tty?: { stdin?: boolean; stdout?: boolean; stderr?: boolean; columns?: number };
  /** Told of every write. */
  onWrite?: (target: 'stdout' | 'stderr', text: string) => void;
  /** Told of every write to stdout that is no text, which then is no part of the result. */
  onBytes?: (bytes: Buffer) => void;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agents-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Time that passes only where somebody waits for something real. */
export const testClock: Clock = {
  ...systemClock,
  now: () => Date.UTC(2026, 6, 1, 12),
  nowMs: () => 0,
  random: () => 0.5,
  sleep: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  },
};

/** Words of a command line, as a shell splits them: blanks, single and double quotes. */
export function words(line: string): string[] {
  const found = line.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replace(/\\(.)/g, '$1'),
    ),
  );
}

class Sink extends Writable {
  text = '';
  isTTY: boolean;
  columns: number;
  readonly #onWrite: (text: string) => void;
  onBytes: ((bytes: Buffer) => void) | undefined;

  constructor(isTTY: boolean, columns: number, onWrite: (text: string) => void) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = columns;
    this.#onWrite = onWrite;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    if (Buffer.isBuffer(chunk) && this.onBytes !== undefined) {
      this.onBytes(chunk);
      return done();
    }
    this.text += String(chunk);
    this.#onWrite(String(chunk));
    done();
  }

  // As terminals have them: a spinner asks for them, where something takes long.
  cursorTo(x: number): boolean {
    return cursorTo(this, x);
  }

  clearLine(dir: Direction): boolean {
    return clearLine(this, dir);
  }

  moveCursor(dx: number, dy: number): boolean {
    return moveCursor(this, dx, dy);
  }

  getColorDepth(): number {
    return 8;
  }
}

/** A world of one's own to run commands in: folders, environment, terminal. */
export function testHost(options: RunOptions = {}): Host & { stdout: Sink; stderr: Sink } {
  const { tty = {}, env = {} } = options;
  const home = env.HOME ?? temporaryFolder();
  const columns = tty.columns ?? 80;
  const given = options.stdin ?? '';
  const stdin = Object.assign(
    given instanceof Readable ? given : Readable.from(given === '' ? [] : [Buffer.from(given)]),
    {
      isTTY: tty.stdin === true,
      setRawMode: () => {},
    },
  );
  const stdout = new Sink(tty.stdout === true, columns, (text) => options.onWrite?.('stdout', text));
  stdout.onBytes = options.onBytes;
  return {
    stdin,
    stdout,
    stderr: new Sink(tty.stderr === true, columns, (text) => options.onWrite?.('stderr', text)),
    env: { HOME: home, AGENTS_DATA_DIR: join(home, 'data'), AGENTS_STATE_DIR: join(home, 'state'), ...env },
    platform: 'linux',
    home,
    cwd: options.cwd ?? home,
    root,
    version: '0.0.0-test',
    nodeVersion: '20.19.0',
    pid: process.pid,
    hostname: 'this-machine',
    cores: 2,
    isAlive: (pid) => options.dead?.includes(pid) !== true,
    kill: (pid, signal) => void process.kill(pid, signal),
    interrupts: options.interrupts ?? new Interrupts(),
    clock: { ...testClock, ...options.clock },
  };
}

/** Runs one command line. */
export async function agents(line: string | readonly string[], options: RunOptions = {}): Promise<Result> {
  const host = testHost(options);
  const code = await run(typeof line === 'string' ? words(line) : line, host);
  return { code, stdout: host.stdout.text, stderr: host.stderr.text };
}

/** Commands that share one home, as a person's do. */
export function person(defaults: RunOptions = {}) {
  const home = defaults.env?.HOME ?? temporaryFolder();
  return {
    home,
    run: (line: string | readonly string[], options: RunOptions = {}) =>
      agents(line, { ...defaults, ...options, env: { HOME: home, ...defaults.env, ...options.env } }),
  };
}

/** A terminal's keyboard: `type` presses keys. */
export function keyboard() {
  const stream = new PassThrough();
  return { stream, type: (keys: string) => stream.write(keys) };
}
