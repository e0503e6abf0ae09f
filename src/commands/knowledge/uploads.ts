// Which bytes a server has been sent already, and as which file: kept between runs, so that none go there twice.

import { join } from 'node:path';
import type { Context } from '../../context.js';
import { fingerprint, readBytes, writePrivate } from '../../files.js';
import { readJson, writeJson } from '../../json-text.js';
import { isObject } from '../../protocol/json.js';

export interface Uploads {
  /** The file that has these bytes (SHA-256). */
  find(sha256: string): string | undefined;
  /** What the bytes of a file are, where this machine sent them. */
  bytesOf(fileId: string): string | undefined;
  remember(sha256: string, fileId: string): Promise<void>;
}

const largestBytes = 64 * 1024 * 1024;

/** What this machine has sent to the server of this run. */
export async function openUploads(context: Context): Promise<Uploads> {
  const { settings, folders, output } = context;
  const server = settings.baseUrl?.href ?? `local ${folders.data}`;
  const path = join(folders.state, 'knowledge', `${(await fingerprint([server])).slice(0, 16)}.json`);
  const files = new Map(Object.entries(await readFiles(path)));
  let writing = Promise.resolve();
  let hasFailed = false;

  async function save(): Promise<void> {
    // Another run may have added to it.
    for (const [sha256, id] of Object.entries(await readFiles(path)))
      if (!files.has(sha256)) files.set(sha256, id);
    try {
      await writePrivate(path, `${writeJson({ server, files: Object.fromEntries(files) }, 2)}\n`);
    } catch (error) {
      // It spares work later; without it the work at hand is done all the same.
      if (!hasFailed) output.note(`note: what was sent cannot be remembered: ${(error as Error).message}`);
      hasFailed = true;
    }
  }

  return {
    find: (sha256) => files.get(sha256),
    bytesOf: (fileId) => [...files].find(([, id]) => id === fileId)?.[0],
    remember(sha256, fileId) {
      files.set(sha256, fileId);
      writing = writing.then(save);
      return writing;
    },
  };
}

/** File ids by the SHA-256 of their bytes; none where the file is not there or holds something else. */
async function readFiles(path: string): Promise<Record<string, string>> {
  try {
    const value = readJson((await readBytes(path, largestBytes)).toString('utf8'));
    const files = isObject(value) && isObject(value.files) ? value.files : {};
    return Object.fromEntries(
      Object.entries(files).filter((each): each is [string, string] => typeof each[1] === 'string'),
    );
  } catch {
    return {};
  }
}
