// Files and folders of the user. Besides the local API's store, only this file touches the disk.

import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
  watch,
  writeSync,
} from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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

/** Why nothing can be written below a folder, which need not exist yet; undefined when it can. */
export function writeProblem(folder: string): string | undefined {
  const parent = dirname(folder);
  if (!existsSync(folder) && parent !== folder) return writeProblem(parent);
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return systemCode(error) === 'EACCES' ? `no right to write in ${folder}` : messageOf(error);
  }
}

/** Whether a file (not a folder) is there. */
export function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

/**
 * Calls `changed` when a file may have: editors that replace it, and links to it, included. Where files cannot be
 * watched it is never called. The function returned ends it.
 */
export function watchFile(path: string, changed: () => void): () => void {
  // The folder is watched: a file that is replaced is another one, and its watch would see nothing.
  const places = new Set([path, realPath(path)]);
  const watchers = [...places].flatMap((place) => {
    try {
      const watcher = watch(dirname(place), { persistent: false }, (_, name) => {
        if (name === null || name === basename(place)) changed();
      });
      return [watcher.on('error', () => watcher.close())];
    } catch {
      return [];
    }
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
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
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readChunks(path, named)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw new CliError('unreadable', `${named} is larger than ${limit / 1024 / 1024} MiB`);
  }
  return Buffer.concat(chunks);
}

/** The same piece by piece, for files of any size. */
export async function* readChunks(path: string, named = path): AsyncGenerator<Buffer> {
  try {
    // As a stream: a pipe or a device tells no size beforehand.
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
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

/** A file that only its owner may read, and that is whole after every write. */
export interface GrowingFile {
  /** At a place, or at the end. Throws CliError `storage`. */
  write(bytes: Uint8Array, at?: number): void;
  close(): void;
}

/**
 * Creates a file to be written piece by piece, each piece at once: what ends the process loses nothing. `overwrite`
 * says whether one of that name may be replaced. Throws CliError `storage`, or `usage` for one that is there.
 */
export function createPrivate(path: string, { overwrite = false } = {}): GrowingFile {
  const failed = (cause: unknown) => {
    const code = systemCode(cause);
    if (code === 'EEXIST' && existsSync(path)) {
      return new CliError('usage', `${path} is there already`, {
        hint: 'name another folder, or move it away',
      });
    }
    const reason = writeProblems[code ?? ''] ?? messageOf(cause);
    return new CliError('storage', `cannot write ${path}: ${reason}`, { cause });
  };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw failed(cause);
    }
  };
  const file = attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, overwrite ? 'w' : 'wx', 0o600);
  });
  let size = 0;
  return {
    write: (bytes, at) =>
      attempt(() => {
        const place = at ?? size;
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, place + done);
        }
        size = Math.max(size, place + bytes.length);
      }),
    close: () => closeSync(file),
  };
}

/** A new folder of its own, and what takes it away again. */
export async function makeTemporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'agents-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Takes a file away, if it is there. Throws CliError `storage`. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: unknown) => {
    throw new CliError('storage', `cannot remove ${path}: ${messageOf(cause)}`, { cause });
  });
}
