// Where a user's files are, what may be done there, and how a folder is made. A leaf: client and local API use it alike.

import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, systemCode } from './errors.js';

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

/** Bytes free on the disk of a folder, which need not exist yet; undefined where the system does not tell. */
export function freeBytes(folder: string): number | undefined {
  const parent = dirname(folder);
  if (!existsSync(folder) && parent !== folder) return freeBytes(parent);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Whether others than its owner may read a file. Windows does not tell by a file's mode. */
export function isOpenToOthers(path: string, platform: string): boolean {
  return platform !== 'win32' && existsSync(path) && (statSync(path).mode & 0o077) !== 0;
}

/** Why a file cannot be read; undefined when it can, or is not there. */
export function readProblem(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return systemCode(error) === 'ENOENT'
      ? undefined
      : (readProblems[systemCode(error) ?? ''] ?? messageOf(error));
  }
}

/** By the system's codes. */
export const readProblems: Record<string, string> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'no right to read it',
  EPERM: 'no right to read it',
  ENOTDIR: 'no such file',
};

/** By the system's codes. */
const writeProblems: Record<string, string> = {
  ENOSPC: 'no space left on the device',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'nothing can be written there',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
};

/** Why something could not be written, in words. */
export const reasonNotWritten = (error: unknown) =>
  writeProblems[systemCode(error) ?? ''] ?? messageOf(error);

/**
 * Makes a folder, and those above it that are not there, for their owner alone unless told otherwise. Returns what was made, the outermost
 * first. Throws an error with a system's `code`. Node's own recursive mkdir never ends where folders can be neither
 * found nor made, as in /proc.
 */
export function makeFolder(path: string, mode = 0o700): string[] {
  const missing: string[] = [];
  let at = resolve(path);
  for (; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  if (!statSync(at).isDirectory()) throw problem('ENOTDIR', `${at} is no folder`);
  for (const each of missing) {
    try {
      mkdirSync(each, { mode });
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
