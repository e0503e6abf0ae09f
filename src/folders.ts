// Where a user's files are, and what may be done there. Looks, and changes nothing.

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
