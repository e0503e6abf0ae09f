// Files that are looked at for changes.

import { createHash } from 'node:crypto';
import { readFileSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { realPath } from './files.js';

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

/** A larger file is not read to see whether it has changed. */
const mostRead = 1024 * 1024;

/**
 * Other where a file holds something else: by its content, so that one that is written as it was is the same, and of a
 * large one by the moment of its change and its size. "" where there is none.
 */
export function stampOf(path: string): string {
  try {
    const about = statSync(path);
    // Reading a pipe would take what it holds, or wait for it.
    if (!about.isFile()) return '';
    if (about.size > mostRead) return `${about.mtimeMs} ${about.size}`;
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return '';
  }
}
