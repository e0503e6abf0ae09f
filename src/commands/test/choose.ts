// Which scenarios are played: by flags, and by what failed the last time.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { planOf } from '../../scenario/plan.js';
import type { Case } from '../../scenario/scenario.js';
import { selectCases } from '../../scenario/select.js';
import type { TestFlags, TestOptions } from './flags.js';
import { readLastFailed } from './last-run.js';

export interface Chosen {
  cases: Case[];
  /** Of what all parts together are to play. */
  plan: string;
  /** Ids of what failed the last time and is played under another name now, if at all: all of its file are played. */
  gone: readonly string[];
}

/** With what all parts together are to play. Throws CliError `usage` where nothing is left. */
export async function choose(
  context: Context,
  all: readonly Case[],
  { filter, tag, lastFailed }: TestFlags,
  { shard }: TestOptions,
): Promise<Chosen> {
  const only = lastFailed ? await readLastFailed(context) : undefined;
  if (lastFailed && only === undefined) {
    throw new CliError('usage', 'nothing is known of an earlier run in this folder', {
      hint: 'leave out --last-failed',
    });
  }
  const gone = goneOf(all, only);
  const successors = successorsOf(context, all, gone);
  const planned = selectCases(all, { filter, tags: tag, only: only && new Set([...only, ...successors]) });
  // A shard may be empty: there are more machines than scenarios.
  const isRightlyNone = lastFailed && selectCases(all, { filter, tags: tag }).length > 0;
  if (planned.length > 0 || isRightlyNone) {
    if (planned.length === 0) context.output.note('Of these none failed the last time.');
    const cases = selectCases(planned, { shard });
    return { cases, plan: planOf(planned), gone: gone.filter((id) => hasAllOf(id, all, cases)) };
  }
  const given = [filter !== undefined && '--filter', tag && '--tag', lastFailed && '--last-failed'].filter(
    Boolean,
  );
  throw new CliError('usage', `no scenario fits ${given.join(' and ') || 'what was asked for'}`, {
    hint: 'agents test --list names them all',
  });
}

/** Ids of what failed and is not there any more, of files that are. */
function goneOf(all: readonly Case[], failed: ReadonlySet<string> = new Set()): string[] {
  const known = new Set(all.map(({ id }) => id));
  const files = [...new Set(all.map(({ file }) => file))];
  return [...failed].filter((id) => !known.has(id) && files.some((file) => isOf(file, id)));
}

/** What is gone may have another name now: all of its file are run. */
function successorsOf({ output }: Context, all: readonly Case[], gone: readonly string[]): string[] {
  const isLeft = ({ file }: Case) => gone.some((id) => isOf(file, id));
  const left = all.filter(isLeft);
  for (const file of new Set(left.map((each) => each.file))) {
    const names = gone.filter((id) => isOf(file, id)).join(', ');
    output.note(`note: not there any more: ${names}; all of ${file} is run`);
  }
  return left.map(({ id }) => id);
}

/** Other flags may leave out the one that it has become. */
const hasAllOf = (id: string, all: readonly Case[], chosen: readonly Case[]) =>
  all.every((each) => !isOf(each.file, id) || chosen.includes(each));

const isOf = (file: string, id: string) => id.startsWith(`${file} › `);
