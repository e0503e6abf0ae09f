// Files and folders that flags name, to keep a conversation in. What is wrong with them is told before anything is sent.

import { dirname } from 'node:path';
import type { Context } from '../../context.js';
import { CliError, systemCode } from '../../errors.js';
import { createPrivate, type GrowingFile, isDevice, isFile, isFolder } from '../../files.js';
import { writeProblem } from '../../folders.js';

export interface NamedFile {
  flag: string;
  /** As the user named it. */
  named: string;
  /** What would replace a file of that name: "a recording". */
  what: string;
  /** Whether it may be a pipe or a device. */
  devices?: boolean;
}

/** Creates it. Throws CliError `usage` where it is there or cannot be made; `storage` where that may change. */
export function createNamed(context: Context, file: NamedFile): GrowingFile {
  const path = context.path(file.named);
  refuseTaken(path, file);
  try {
    return createPrivate(path, file);
  } catch (error) {
    const mayChange = ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'];
    if (!(error instanceof CliError) || mayChange.includes(systemCode(error.cause) ?? '')) throw error;
    throw new CliError('usage', error.message.replace(path, file.named), {
      hint: `name another for ${file.flag}`,
      cause: error,
    });
  }
}

/** Throws CliError `usage` where two flags name the same file: one would write over the other. */
export function refuseShared(context: Context, named: Readonly<Record<string, string | undefined>>): void {
  const flags = new Map<string, string>();
  for (const [flag, name] of Object.entries(named)) {
    if (name === undefined || name === '-') continue;
    const path = context.path(name);
    const other = flags.get(path);
    if (other !== undefined) {
      throw new CliError('usage', `${other} and ${flag} both name ${name}`, {
        hint: 'each needs a file of its own',
      });
    }
    flags.set(path, flag);
  }
}

/** Throws CliError `usage` for what cannot be a new file. */
function refuseTaken(path: string, { flag, named, what, devices = false }: NamedFile): void {
  if (named === '') throw new CliError('usage', `${flag} must name a file, got an empty name`);
  if (isFolder(path)) throw new CliError('usage', `${flag} must name a file; ${named} is a folder`);
  if (!isFile(path) || (devices && isDevice(path))) return;
  throw new CliError('usage', `${named} is there already; ${what} never replaces a file`, {
    hint: 'name another file, or move it away',
  });
}

/** Throws CliError `usage` for what cannot be a new file, or not in its folder: for one that is made in the end. */
export function checkNamed(context: Context, file: NamedFile): void {
  const path = context.path(file.named);
  refuseTaken(path, file);
  const problem = writeProblem(dirname(path));
  if (problem === undefined) return;
  throw new CliError('usage', `cannot write ${file.named}: ${problem}`, {
    hint: `name another for ${file.flag}`,
  });
}

/** Throws CliError `usage` for a folder that is none, or that takes no files. */
export function checkNamedFolder(context: Context, flag: string, named: string): void {
  const path = context.path(named);
  if (named === '') throw new CliError('usage', `${flag} must name a folder, got an empty name`);
  if (isFile(path)) throw new CliError('usage', `${flag} must name a folder; ${named} is a file`);
  const problem = writeProblem(path);
  if (problem === undefined) return;
  throw new CliError('usage', `cannot write in ${named}: ${problem}`, {
    hint: `name another folder for ${flag}`,
  });
}
