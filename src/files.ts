// Files of the user, read and written. Besides the local API's store, only this file and folders.ts touch the disk.

import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  realpathSync,
  statSync,
  writeSync,
} from 'node:fs';
import { access, mkdtemp, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError, messageOf, systemCode } from './errors.js';
import { makeFolder, readProblems, reasonNotWritten } from './folders.js';

/** Whether a file (not a folder) is there. */
export function isFile(path: string): boolean {
  return existsSync(path) && !statSync(path).isDirectory();
}

/** Where a path leads, behind links. */
export function realPath(path: string): string {
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

/** What a folder holds, in order; what links lead to counts as that. None where it cannot be looked into. */
export function entriesIn(folder: string): { name: string; isFolder: boolean; isLink: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => {
        const isLink = entry.isSymbolicLink();
        const isFolderItself = isLink ? isFolder(join(folder, entry.name)) : entry.isDirectory();
        return { name: entry.name, isFolder: isFolderItself, isLink };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
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

/** A file's size in bytes, without reading it. Throws CliError `unreadable` for what is no file that can be read. */
export function fileSize(path: string, named = path): number {
  const unreadable = (reason: string, cause?: unknown) =>
    new CliError('unreadable', `cannot read ${named}: ${reason}`, { cause });
  try {
    accessSync(path, constants.R_OK);
    const about = statSync(path);
    if (about.isDirectory()) throw unreadable('it is a folder');
    if (!about.isFile()) throw unreadable('it is no regular file');
    return about.size;
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw unreadable(readProblems[systemCode(cause) ?? ''] ?? messageOf(cause), cause);
  }
}

/** SHA-256 of bytes or of text, in hex. */
export async function fingerprint(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array | string>,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** A file's bytes as they were when it was measured. Throws CliError `unreadable` when they are others by now. */
export async function* readUnchanged(
  path: string,
  named: string,
  measured: { size: number; sha256: string },
): AsyncGenerator<Buffer> {
  const changed = () => new CliError('unreadable', `${named} changed while it was being sent`);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of readChunks(path, named)) {
    size += chunk.length;
    if (size > measured.size) throw changed();
    hash.update(chunk);
    // The last piece completes the file at the other end: it is not handed on before all is known to be right.
    if (size === measured.size && hash.copy().digest('hex') !== measured.sha256) throw changed();
    yield chunk;
  }
  if (size < measured.size) throw changed();
}

/** Writes a file that only its owner may read: whole, or not at all. Throws CliError `storage`. */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(path, content, async () => {
    makeFolder(dirname(path));
    return { place: path, mode: 0o600 };
  });
}

/**
 * Writes over a file of the user's: whole, or not at all, with the rights it has, behind a link where it is one.
 * Throws CliError `storage`.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeWhole(path, text, () => asItIs(path));
}

/** Where a file is, behind links, and the rights it has. */
export async function asItIs(path: string): Promise<{ place: string; mode: number }> {
  const place = await realpath(path);
  // Renaming would not ask whether the file may be written.
  await access(place, constants.W_OK);
  return { place, mode: (await stat(place)).mode & 0o777 };
}

/** Writes a new file for the user to work on. Throws CliError `usage` when it is there already, else `storage`. */
export async function writeNew(path: string, text: string, named = path): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') throw new CliError('usage', `${named} is there already`, { cause });
    const code = systemCode(cause) ?? '';
    const reason = code === 'ENOENT' ? 'no such folder' : reasonNotWritten(cause);
    throw new CliError('storage', `cannot write ${named}: ${reason}`, { cause });
  }
}

/**
 * `prepare` says where the file is, behind links, and with which rights it is to be; without, with those of every new
 * file. Throws CliError `storage`.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  prepare: () => Promise<{ place: string; mode?: number }>,
): Promise<void> {
  let partial: string | undefined;
  try {
    const { place, mode } = await prepare();
    partial = `${place}.${randomUUID()}.partial`;
    const file = await open(partial, 'wx', mode);
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, place);
  } catch (cause) {
    if (partial !== undefined) await rm(partial, { force: true }).catch(() => {});
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
