// One process at a time. SQLite's own locks do not do here: the WebAssembly build locks by a folder that a killed
// process leaves behind, the native one by the operating system, and neither sees the other's.
//
// The lock is a folder holding one file named for its holder. It is taken by renaming a prepared folder onto it,
// which the system refuses while it is not empty, and freed by removing the file. A dead holder's file is removed
// by its own name, so that of two who find it only one can take the lock, and a live holder's is never touched.

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CliError, messageOf, systemCode } from '../../errors.js';

export interface ProcessTable {
  /** This process. */
  pid: number;
  isAlive(pid: number): boolean;
}

const patienceMs = 10_000;
/** A holder on another machine cannot be asked whether it lives; no transaction takes this long. */
const foreignHolderMs = 30_000;

export class FileLock {
  readonly #path: string;
  readonly #processes: ProcessTable;
  readonly #prefix: string;
  #taken = 0;

  /** `path` is the folder that is the lock; it need not exist. */
  constructor(path: string, processes: ProcessTable) {
    this.#path = path;
    this.#processes = processes;
    this.#prefix = [hostname().replaceAll('~', '-'), processes.pid, startOf(processes.pid)].join('~');
    this.#sweep();
  }

  /** Runs `work` while holding the lock. Throws CliError `storage` when it cannot be had within ten seconds. */
  hold<T>(work: () => T): T {
    const token = this.#acquire();
    try {
      return work();
    } finally {
      unlinkSync(join(this.#path, token));
    }
  }

  #acquire(): string {
    const token = `${this.#prefix}~${this.#taken++}`;
    const prepared = `${this.#path}.${token}`;
    try {
      mkdirSync(prepared);
      writeFileSync(join(prepared, token), '');
      this.#take(prepared);
    } catch (error) {
      quietly(() => rmSync(prepared, { recursive: true, force: true }));
      if (error instanceof CliError) throw error;
      throw new CliError('storage', `cannot lock ${this.#path}: ${messageOf(error)}`, { cause: error });
    }
    return token;
  }

  #take(prepared: string): void {
    const deadline = Date.now() + patienceMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 16)) {
      try {
        return renameSync(prepared, this.#path);
      } catch (error) {
        // Windows refuses to replace even an empty folder, and says so in its own way.
        if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '')) throw error;
      }
      const holder = this.#freeIfDead();
      if (holder === undefined) {
        waitMs = 1;
        continue;
      }
      if (Date.now() > deadline) {
        throw new CliError(
          'storage',
          `${dirname(this.#path)} is in use by process ${holder}, which does not let go`,
          {
            hint: 'end that process and try again',
          },
        );
      }
      sleepSync(waitMs + Math.random() * waitMs);
    }
  }

  /** The process holding the lock; undefined when it was free, or has been freed of a dead holder. */
  #freeIfDead(): string | undefined {
    const tokens = entriesOf(this.#path);
    if (tokens.length === 0) {
      quietly(() => rmdirSync(this.#path));
      return undefined;
    }
    for (const token of tokens) {
      if (!this.#isDead(token, join(this.#path, token))) return token.split('~')[1] ?? 'unknown';
      quietly(() => unlinkSync(join(this.#path, token)));
    }
    return undefined;
  }

  #isDead(token: string, file: string): boolean {
    const [host, pid, start] = token.split('~');
    if (host !== this.#prefix.split('~')[0]) return ageMs(file) > foreignHolderMs;
    if (Number(pid) === this.#processes.pid) return !token.startsWith(`${this.#prefix}~`);
    // A process id may have been given to another process since.
    return !this.#processes.isAlive(Number(pid)) || startOf(Number(pid)) !== start;
  }

  /** Removes what processes killed while preparing have left. */
  #sweep(): void {
    const start = `${basename(this.#path)}.`;
    for (const name of entriesOf(dirname(this.#path))) {
      const token = name.slice(start.length);
      if (name.startsWith(start) && this.#isDead(token, join(dirname(this.#path), name))) {
        rmSync(join(dirname(this.#path), name), { recursive: true, force: true });
      }
    }
  }
}

/** When a process began, where the system tells (Linux), to know it from a later one of the same id. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Somebody else was first: the next attempt sees what is there now.
  }
}

function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
