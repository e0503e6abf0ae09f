// A scenario file that a command writes: where it goes, and how it names what lies around it.

import { dirname, isAbsolute, relative, sep } from 'node:path';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { writeNew } from '../../files.js';

/** A file as a scenario in `folder` names it: "agent.yaml", "../agents/clinic.yaml". Both are absolute. */
export function namedFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  // On another drive there is no way from one to the other.
  if (isAbsolute(way)) return path;
  const named = way.split(sep).join('/');
  // Without a dot or a slash it would be taken for an id.
  return /[./]/.test(named) ? named : `./${named}`;
}

/** The folder that paths in a scenario start from, by the name of its file; "-" and undefined are where the user is. */
export function folderOf(context: Context, out: string | undefined): string {
  return out === undefined || out === '-' ? context.path('.') : dirname(context.path(out));
}

/** Throws CliError `usage` for a file that is there. */
export async function writeScenario(context: Context, out: string, text: string): Promise<void> {
  try {
    await writeNew(context.path(out), text, out);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'usage') throw error;
    throw error.withHint('name another with --out, or move it away');
  }
}
