// How a folder is made. A leaf: client and local API use it alike.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those above it that are not there, for their owner alone. Returns what was made, the outermost
 * first. Throws an error with a system's `code`. Node's own recursive mkdir never ends where folders can be neither
 * found nor made, as in /proc.
 */
export function makeFolder(path: string): string[] {
  const missing: string[] = [];
  let at = resolve(path);
  for (; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  if (!statSync(at).isDirectory()) throw problem('ENOTDIR', `${at} is no folder`);
  for (const each of missing) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Somebody else was quicker.
      if (code === 'EEXIST') continue;
      // The folder above is there: it takes none.
      if (code === 'ENOENT') throw problem('ENOENT', `no folder can be made in ${dirname(each)}`);
      throw error;
    }
  }
  return missing;
}

const problem = (code: string, message: string) => Object.assign(new Error(message), { code });
