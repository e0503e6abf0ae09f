// Which files hold scenarios: those named, and those found in folders.

import { join, sep } from 'node:path';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { entriesIn, isFile, isFolder, realPath } from '../../files.js';
import { readProblem } from '../../folders.js';

const isScenarioFile = (name: string) => /\.scenario\.(ya?ml|json)$/.test(name);
const isLookedInto = (name: string) => name !== 'node_modules' && !name.startsWith('.');

/**
 * The files meant, as the user named them or from where the command runs, each once; `-` is stdin. A folder stands for
 * all below it, and no name at all for the folder the command runs in. Throws CliError `unreadable` naming every file
 * that is not there, `usage` where a folder holds none.
 */
export function findScenarioFiles(context: Pick<Context, 'path'>, named: readonly string[]): string[] {
  const problems = named.flatMap((name) => problemsOf(context, name));
  if (problems.length > 0) {
    throw new CliError('unreadable', problems.join('\n  '), {
      hint: 'agents test without a name runs every *.scenario.yaml below this folder',
    });
  }
  const found = new Map<string, string>();
  for (const name of named.length === 0 ? ['.'] : named) {
    for (const file of filesOf(context, name)) {
      const path = file === '-' ? file : context.path(file);
      if (!found.has(path)) found.set(path, file);
    }
  }
  return [...found.values()];
}

function problemsOf(context: Pick<Context, 'path'>, name: string): string[] {
  if (name === '-') return [];
  const path = context.path(name);
  const isThere = name !== '' && (isFile(path) || isFolder(path));
  const problem = isThere ? readProblem(path) : 'no such file';
  return problem === undefined ? [] : [`cannot read ${name === '' ? '""' : name}: ${problem}`];
}

function filesOf(context: Pick<Context, 'path'>, name: string): string[] {
  const folder = context.path(name);
  if (name === '-' || !isFolder(folder)) return [name];
  // Written alike everywhere: ids begin with it.
  const files = filesBelow(folder).map((file) => join(name, file).replaceAll(sep, '/'));
  if (files.length > 0) return files.sort();
  const where = name === '.' ? 'this folder' : name;
  throw new CliError('usage', `there is no *.scenario.yaml in ${where} or below`, {
    hint: 'agents test init <agent> writes a first one',
  });
}

/** Relative to the folder. What is behind links comes last, so that it is named without them where it can be. */
function filesBelow(folder: string): string[] {
  const files: string[] = [];
  const seen = new Set<string>();
  const waiting = [''];
  const links: string[] = [];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop() ?? links.shift()) {
    const real = realPath(join(folder, at));
    if (seen.has(real)) continue;
    seen.add(real);
    const problem = readProblem(join(folder, at));
    // What is not looked into would be scenarios that nobody misses.
    if (problem !== undefined)
      throw new CliError('unreadable', `cannot look into ${join(folder, at)}: ${problem}`);
    for (const { name, isFolder, isLink } of entriesIn(join(folder, at))) {
      const path = join(at, name);
      if (!isFolder) {
        if (isScenarioFile(name)) files.push(path);
      } else if (isLookedInto(name)) (isLink ? links : waiting).push(path);
    }
  }
  return files;
}
