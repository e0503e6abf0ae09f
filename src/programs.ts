// Programs of the machine that are run beside us. They inherit the environment without anything secret.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from './errors.js';
import { isFile } from './files.js';

interface Place {
  env: Record<string, string | undefined>;
  platform: string;
  cwd: string;
}

export interface Program {
  stdout: AsyncIterable<Buffer>;
  write(bytes: Uint8Array): void;
  /** There is no more to write. */
  end(): void;
  /** Ends it at once. */
  stop(): void;
  /** Resolves when it is over: with what it complained of when it failed. Never rejects. */
  ended: Promise<{ problem: string | undefined }>;
}

/** The file a name stands for, looked for on PATH. */
export function findProgram(name: string, { env, platform }: Place): string | undefined {
  const endings = platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    if (folder === '') continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isFile(file) && isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const mostComplaint = 2000;

/** Runs a file, by no shell. */
export function startProgram(file: string, args: readonly string[], { env, cwd }: Place): Program {
  const { XAI_API_KEY: _key, XAI_API_KEY_FILE: _file, ...others } = env;
  const child = spawn(file, args, { env: others, cwd, stdio: 'pipe', windowsHide: true });
  let complaint = '';
  let stopped = false;
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + String(chunk)).slice(-mostComplaint);
  });
  // Whoever does not listen any more says so by ending.
  child.stdin.on('error', () => {});
  const ended = new Promise<{ problem: string | undefined }>((resolve) => {
    child.on('error', (error) => resolve({ problem: messageOf(error) }));
    child.on('close', (code, signal) => {
      const words = complaint.trim().split('\n').at(-1);
      const failed = !stopped && code !== 0;
      resolve({ problem: failed ? words || `ended with ${signal ?? `code ${code}`}` : undefined });
    });
  });
  return {
    stdout: child.stdout,
    write: (bytes) => {
      if (child.stdin.writable) child.stdin.write(bytes);
    },
    end: () => child.stdin.end(),
    stop: () => {
      stopped = true;
      child.kill('SIGKILL');
    },
    ended,
  };
}
