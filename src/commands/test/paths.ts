// Paths in a scenario start at its folder; what is read and told starts from where the command runs.

import { relative, resolve } from 'node:path';
import type { Context } from '../../context.js';

/** A path that a scenario names, as it is named from where the command runs. */
export function pathFrom({ host }: Context, folder: string, named: string): string {
  return relative(host.cwd, resolve(host.cwd, folder, named)) || '.';
}
