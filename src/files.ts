// Files and folders of the user. Besides the local API's store, only this file touches the disk.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  watch,
  writeSync,
} from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CliError, messageOf, systemCode } from './errors.js';
import { makeFolder } from './folders.js';

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

/** Why nothing can be written in a folder, which need not exist yet; undefined when it can. Tried, and undone. */
export function writeProblem(folder: string): string | undefined {
  const probe = join(folder, `${randomUUID()}.partial`);
  let made: string[] = [];
  try {
    made = makeFolder(folder);
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
    return undefined;
  } catch (error) {
    return reasonNotWritten(error);
  } finally {
    for (const each of made.reverse()) {
      try {
        rmdirSync(each);
      } catch {
        // Somebody else uses it already.
      }
    }
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

/** Names of what a folder holds; none where it is not there or cannot be looked into. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a folder is there. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Whether something is there that is neither file nor folder: a pipe, a device. */
export function isDevice(path: string): boolean {
  return isFile(path) && !statSync(path).isFile();
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
  EISDIR: 'it is a folder',
};

const reasonNotWritten = (error: unknown) => writeProblems[systemCode(error) ?? ''] ?? messageOf(error);

/** Writes a file that only its owner may read: whole, or not at all. Throws CliError `storage`. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    makeFolder(dirname(path));
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
    throw new CliError('storage', `cannot write ${path}: ${reasonNotWritten(cause)}`, { cause });
  }
}

/** A file that only its owner may read, and that is whole after every write. */
export interface GrowingFile {
  /** At a place, or at the end. Throws CliError `storage`. */
  write(bytes: Uint8Array, at?: number): void;
  close(): void;
}

/**
 * Creates a file to be written piece by piece, each piece at once: what ends the process loses nothing. With `devices`
 * it may be a pipe or a device that is there, which has no places: what is written at one is left out. Throws CliError
 * `storage`, or `usage` for a file that is there.
 */
export function createPrivate(path: string, { devices = false } = {}): GrowingFile {
  const hasPlaces = !devices || !isDevice(path);
  const failed = (cause: unknown) => {
    if (systemCode(cause) === 'EEXIST') {
      return new CliError('usage', `${path} is there already`, { hint: 'name another, or move it away' });
    }
    return new CliError('storage', `cannot write ${path}: ${reasonNotWritten(cause)}`, { cause });
  };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw failed(cause);
    }
  };
  const file = attempt(() => {
    makeFolder(dirname(path));
    return openSync(path, hasPlaces ? 'wx' : 'w', 0o600);
  });
  let size = 0;
  let isOpen = true;
  return {
    write: (bytes, at) =>
      attempt(() => {
        // Its number may be another file's by now.
        if (!isOpen) throw new Error('it is closed');
        if (!hasPlaces && at !== undefined) return;
        const place = at ?? size;
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, hasPlaces ? place + done : null);
        }
        size = Math.max(size, place + bytes.length);
      }),
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
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
