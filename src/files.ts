// Files and folders of the user. Besides the local API's store, only this file touches the disk.

import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError, messageOf, systemCode } from './errors.js';

export interface Folders {
  /** The local API's data. */
  data: string;
  /** Backups and history: what may be lost without harm, but not on purpose. */
  state: string;
  /** What the user writes for every run. */
  config: string;
}

interface Place {
  env: Record<string, string | undefined>;
  platform: string;
  home: string;
}

/** Where this platform keeps a user's files; `AGENTS_DATA_DIR` and its like come first. */
export function foldersFor({ env, platform, home }: Place): Folders {
  const set = (name: string) => (env[name] ? env[name] : undefined);
  const usual = () => {
    if (platform === 'darwin') {
      const support = join(home, 'Library', 'Application Support', 'agents');
      return { data: support, state: join(support, 'state'), config: support };
    }
    if (platform === 'win32') {
      const local = join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'agents');
      const roaming = join(set('APPDATA') ?? join(home, 'AppData', 'Roaming'), 'agents');
      return { data: local, state: join(local, 'state'), config: roaming };
    }
    return {
      data: join(set('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'agents'),
      state: join(set('XDG_STATE_HOME') ?? join(home, '.local', 'state'), 'agents'),
      config: join(set('XDG_CONFIG_HOME') ?? join(home, '.config'), 'agents'),
    };
  };
  return {
    data: set('AGENTS_DATA_DIR') ?? usual().data,
    state: set('AGENTS_STATE_DIR') ?? usual().state,
    config: set('AGENTS_CONFIG_DIR') ?? usual().config,
  };
}

/** Whether a file (not a folder) is there. */
export function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

/** Whether a folder is there. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

const readProblems: Record<string, string> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'no right to read it',
  EPERM: 'no right to read it',
  ENOTDIR: 'no such file',
};

/** A file's bytes. Throws CliError `unreadable` naming it as the user did. */
export async function readBytes(path: string, limit: number, named = path): Promise<Buffer> {
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    // As a stream: a pipe or a device tells no size beforehand.
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit)
        throw new CliError('unreadable', `${named} is larger than ${limit / 1024 / 1024} MiB`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = readProblems[systemCode(error) ?? ''] ?? messageOf(error);
    throw new CliError('unreadable', `cannot read ${named}: ${reason}`, {
      cause: error,
    });
  }
}

const writeProblems: Record<string, string> = {
  ENOSPC: 'no space left on the device',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'nothing can be written there',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
};

/** Writes a file that only its owner may read: whole, or not at all. Throws CliError `storage`. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {});
    const reason = writeProblems[systemCode(cause) ?? ''] ?? messageOf(cause);
    throw new CliError('storage', `cannot write ${path}: ${reason}`, { cause });
  }
}

/** A new folder of its own, and what takes it away again. */
export async function makeTemporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'agents-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
