// All scenarios of the files that are named, or found.

import { dirname, sep } from 'node:path';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import type { Case } from '../../scenario/scenario.js';
import { findScenarioFiles } from './find.js';
import { pathFrom } from './paths.js';

/** Throws CliError `usage`, `unreadable`, or `invalid_spec` with the faults of all files: nothing is played then. */
export async function readCases(context: Context, named: readonly string[]): Promise<Case[]> {
  const [files, { readScenarios }] = await Promise.all([
    findScenarioFiles(context, named),
    import('../../scenario/read.js'),
  ]);
  const cases: Case[] = [];
  const faults: CliError[] = [];
  for (const file of files) {
    try {
      const { text, source } = await context.read(file);
      const folder = file === '-' ? context.path('.') : dirname(context.path(file));
      // However a file is spelled, its scenarios are the same ones.
      const spelled = file === '-' ? source : pathFrom(context, '.', file).replaceAll(sep, '/');
      cases.push(...(await readScenarios(text, source, { file: spelled, folder })));
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'invalid_spec') throw error;
      faults.push(error);
    }
  }
  const [first] = faults;
  if (first === undefined) return cases;
  throw new CliError('invalid_spec', faults.map(messageOf).join('\n'), { hint: first.hint });
}
