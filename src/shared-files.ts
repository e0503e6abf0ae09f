// Files to be handed on, such as reports: others may read them, as they may the user's other new files.

import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from './errors.js';
import { asItIs, isDevice, writeWhole } from './files.js';
import { makeFolder, reasonNotWritten } from './folders.js';

/**
 * Writes a file over one that is there: whole, or not at all. A pipe or a device stays what it is, and is written to.
 * Throws CliError `storage`.
 */
export async function writeShared(path: string, text: string): Promise<void> {
  if (isDevice(path)) return appendShared(path, text);
  await writeWhole(path, text, async () => {
    makeFolder(dirname(path), 0o777);
    return existsSync(path) ? asItIs(path) : { place: path };
  });
}

/** Writes at the end of a file. Throws CliError `storage`. */
export async function appendShared(path: string, text: string): Promise<void> {
  const file = await openShared(path, 'a');
  await file.write(text).finally(() => file.close());
}

/** Both throw CliError `storage`. */
export interface SharedFile {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file to be written piece by piece: at its end, or anew (`w`). Throws CliError `storage`. */
export async function openShared(path: string, mode: 'a' | 'w'): Promise<SharedFile> {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new CliError('storage', `cannot write ${path}: ${reasonNotWritten(cause)}`, { cause });
    }
  };
  const file: FileHandle = await attempt(async () => {
    makeFolder(dirname(path), 0o777);
    return open(path, mode);
  });
  return {
    write: (text) => attempt(() => file.appendFile(text)),
    close: () => attempt(() => file.close()),
  };
}
