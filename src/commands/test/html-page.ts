// The page of a report: the one place where it is asked for.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { Report } from '../../scenario/result.js';

/** All of it, as one file. */
export async function htmlPage(_context: Context, _report: Report): Promise<string> {
  throw new CliError('internal', 'this build has no page of a report');
}
