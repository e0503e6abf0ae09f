// The streams of one run, and the truth about them: who reads, who types, what failed.

import type { Readable, Writable } from 'node:stream';
import { CliError, messageOf, systemCode } from '../errors.js';
import type { Interrupts } from '../interrupts.js';
import type { JobControl } from '../job-control.js';

type Terminal = {
  isTTY?: boolean;
  columns?: number;
  getColorDepth?(env?: object): number;
};
export type Input = Readable & {
  isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};
export type OutputStream = Writable & Terminal;

export interface Streams {
  stdin: Input;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Where a shell can stop the run and go on with it. */
  jobs?: JobControl | undefined;
}

/** Stands between the tool and the screen while a line is being typed. */
export type Interposer = (target: 'stdout' | 'stderr', text: string) => void;

export interface Io extends Streams {
  /** Columns of the terminal a stream is; Infinity where it is none and nothing has to be fitted. */
  width: { stdout: number; stderr: number };
  write: Interposer;
  /** From now on replaced wherever it would be written, on either stream. Too short a word is no secret. */
  hide(secret: string): void;
  /** Bytes for stdout as they are, past whatever stands between. */
  writeBytes(bytes: Uint8Array): void;
  /** Sends writes through `interposer` until the function returned is called. */
  interpose(interposer: Interposer): () => void;
  /** All of stdin as bytes. Throws CliError when there is more than `limit`. */
  readStdin(limit: number): Promise<Buffer>;
  /** Resolves when what was written has been taken; throws CliError when it could not be. */
  flushed(): Promise<void>;
}

export function createIo(streams: Streams, interrupts: Interrupts): Io {
  const { stdout, stderr } = streams;
  const pending = { stdout: Promise.resolve(), stderr: Promise.resolve() };
  let failure: CliError | undefined;
  let interposer: Interposer | undefined;
  let secrets: string[] = [];
  /** Half of a character beyond U+FFFF, until its other half comes: pieces of a stream may split one. */
  const halves = { stdout: '', stderr: '' };

  // A stream that nobody listens to ends the process when it fails.
  stdout.on('error', (error) => {
    if (isClosedPipe(error)) return interrupts.raise('pipe-closed');
    failure ??= new CliError('storage', `cannot write to stdout: ${reasonOf(error)}`, { cause: error });
    interrupts.stop(failure);
  });
  stderr.on('error', () => {});

  const writeTo = (target: 'stdout' | 'stderr', what: string | Uint8Array): void => {
    const stream = streams[target];
    if (stream.destroyed || stream.writableEnded) return;
    const shown = typeof what === 'string' ? shownText(target, what) : what;
    pending[target] = new Promise((resolve) => {
      stream.write(shown, () => resolve());
    });
  };
  function shownText(target: 'stdout' | 'stderr', text: string): string {
    const joined = halves[target] + text;
    halves[target] = /[\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : '';
    const whole = joined.slice(0, joined.length - halves[target].length);
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, hiddenSecret), whole);
  }
  const writeNow: Interposer = writeTo;

  return {
    // Not copied: opening stdin costs time, and most commands never read it.
    get stdin() {
      return streams.stdin;
    },
    stdout,
    stderr,
    jobs: streams.jobs,
    width: { stdout: columnsOf(stdout), stderr: columnsOf(stderr) },
    write: (target, text) => (interposer ?? writeNow)(target, text),
    hide(secret) {
      if (secret.length < shortestSecret) return;
      const inJson = JSON.stringify(secret).slice(1, -1);
      secrets = [...new Set([...secrets, secret, inJson])];
    },
    writeBytes: (bytes) => writeTo('stdout', bytes),
    interpose(next) {
      interposer = next;
      return () => {
        interposer = undefined;
      };
    },
    readStdin: (limit) => readAll(streams.stdin, limit, interrupts.signal),
    async flushed() {
      await Promise.all([pending.stdout, pending.stderr]);
      if (failure !== undefined) throw failure;
    },
  };
}

/** Shorter ones are words such as "test": replacing them would spoil answers and protect nothing. */
const shortestSecret = 8;
const hiddenSecret = '[hidden]';

function columnsOf({ isTTY, columns }: Terminal): number {
  return isTTY === true ? Math.max(20, columns ?? 80) : Number.POSITIVE_INFINITY;
}

const isClosedPipe = (error: unknown) => ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(systemCode(error) ?? '');

const reasonOf = (error: unknown) =>
  systemCode(error) === 'ENOSPC' ? 'no space left on the device' : messageOf(error);

async function readAll(stdin: Readable, limit: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > limit) {
        throw new CliError('unreadable', `stdin holds more than ${limit / 1024 / 1024} MiB`);
      }
      chunks.push(bytes);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CliError) throw error;
    throw new CliError('unreadable', `cannot read stdin: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks);
}
