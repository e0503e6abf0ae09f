// Programs that tools start. Each leads a process group of its own, so that Ctrl+C at the terminal does not reach it
// and its own children end with it.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import type { Clock } from '../clock.js';
import { messageOf, systemCode } from '../errors.js';
import { ToolFailure } from './failure.js';

export interface ProcessHost {
  platform: string;
  clock: Clock;
  /** Aborts when the run is to stop. */
  signal: AbortSignal;
  /** Sends a signal to a process or, for a negative number, to its group. Throws when there is none. */
  kill(pid: number, signal: NodeJS.Signals): void;
}

export interface Program {
  /** The program and its arguments; no shell reads them. */
  argv: readonly string[];
  /** An absolute path. */
  cwd: string;
  env: Record<string, string | undefined>;
}

export interface Child {
  streams: ChildProcessWithoutNullStreams;
  /** Rejects with ToolFailure when it could not be started. */
  exited: Promise<{ code: number | null; signal: string | null }>;
  /** Ends it, politely first. Resolves when it has ended. */
  end(): Promise<void>;
}

/** For a program that was asked to end, before it is made to. */
const endGraceMs = 1000;
/** The same once the run is stopped, which leaves half a second for all that is to be put in order. */
const stoppedGraceMs = 75;

export class Children {
  readonly #host: ProcessHost;
  readonly #running = new Set<Child & { kill(signal: NodeJS.Signals): void }>();

  constructor(host: ProcessHost) {
    this.#host = host;
  }

  start({ argv, cwd, env }: Program): Child {
    const [name = '', ...rest] = argv;
    const grouped = this.#host.platform !== 'win32';
    const streams = spawn(name, rest, { cwd, env, detached: grouped, windowsHide: true });
    // A program need not read what it is given.
    streams.stdin.on('error', () => {});
    const kill = (signal: NodeJS.Signals) => {
      if (streams.pid === undefined) return;
      try {
        this.#host.kill(grouped ? -streams.pid : streams.pid, signal);
      } catch {
        // It has ended already.
      }
    };
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      streams.on('error', (error) => reject(notStarted(name, error)));
      streams.on('exit', (code, signal) => resolve({ code, signal }));
    });
    const gone = exited.then(
      () => {},
      () => {},
    );
    const running = {
      streams,
      exited,
      kill,
      end: async () => {
        const { clock, signal } = this.#host;
        const insist = () => kill('SIGKILL');
        kill('SIGTERM');
        let stop = clock.after(signal.aborted ? stoppedGraceMs : endGraceMs, insist);
        const hurry = () => {
          stop();
          stop = clock.after(stoppedGraceMs, insist);
        };
        signal.addEventListener('abort', hurry, { once: true });
        await gone;
        stop();
        signal.removeEventListener('abort', hurry);
        // What it started and left behind.
        kill('SIGKILL');
        this.#running.delete(running);
      },
    };
    this.#running.add(running);
    return running;
  }

  /** Ends all, and waits for it. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map((child) => child.end()));
  }

  /** For a process that is about to leave and cannot wait. */
  killNow(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

function notStarted(name: string, error: Error): ToolFailure {
  const reason = systemCode(error) === 'ENOENT' ? 'no such program or folder' : messageOf(error);
  return new ToolFailure(`cannot start ${name}: ${reason}`, { cause: error });
}

/** A program as a tools file names it: `./lookup.sh` lies beside the file, `node` on the PATH. */
export function programFrom(
  { command, cwd }: { command: readonly string[]; cwd?: string | undefined },
  folder: string,
): Pick<Program, 'argv' | 'cwd'> {
  const [name = '', ...rest] = command;
  const isPath = isAbsolute(name) || /^\.{1,2}[\\/]/.test(name);
  return {
    argv: [isPath ? resolve(folder, name) : name, ...rest],
    cwd: resolve(folder, cwd ?? '.'),
  };
}
