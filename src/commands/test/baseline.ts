// The file of `--baseline` and `--update-baseline`, and what the comparison says.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile, replaceFile, writeNew } from '../../files.js';
import { type Baseline, baselineOf, baselineText, parseBaseline } from '../../scenario/report/baseline.js';
import { type Comparison, compare, unlike } from '../../scenario/report/compare.js';
import type { Report } from '../../scenario/result.js';
import type { Style } from '../../terminal/style.js';

/** Where it is kept unless --baseline-file says otherwise. */
export const usualBaselineFile = 'test-baseline.json';

/**
 * What a run is compared with; undefined where there is nothing yet, and this run is to be kept as the first. Throws
 * CliError `unreadable` or `invalid_spec`.
 */
export async function openBaseline(
  context: Context,
  file: string,
  { isKept }: { isKept: boolean },
): Promise<Baseline | undefined> {
  if (!isKept || isFile(context.path(file))) return readBaseline(context, file);
  context.output.note(`note: there is no baseline ${file} yet: nothing to compare with`);
  return undefined;
}

async function readBaseline(context: Context, file: string): Promise<Baseline> {
  if (!isFile(context.path(file))) {
    throw new CliError('unreadable', `there is no baseline ${file}`, {
      hint: 'agents test --update-baseline keeps a run to compare with',
    });
  }
  const { text, source } = await context.read(file);
  return parseBaseline(text, source);
}

/** Keeps what was run now; of scenarios that were not, what was known before. Throws CliError. */
export async function keepBaseline(context: Context, file: string, report: Report): Promise<void> {
  const path = context.path(file);
  const earlier = isFile(path) ? await readBaseline(context, file) : undefined;
  const text = baselineText(baselineOf(report, earlier));
  await (earlier === undefined ? writeNew(path, text, file) : replaceFile(path, text));
  context.output.note(`Kept in ${file}; agents test --baseline compares with it`);
}

const colours: Record<Comparison['verdict'], 'red' | 'green' | 'dim'> = {
  worse: 'red',
  better: 'green',
  same: 'dim',
  unclear: 'dim',
  new: 'dim',
  gone: 'dim',
};

function comparisonLine({ verdict, text, id }: Comparison, { chalk }: Style): string {
  const name = id === undefined ? '' : chalk.dim(`  ${id}`);
  return `${chalk[colours[verdict]](verdict.padEnd(7))}  ${text}${name}\n`;
}

/** Tells what is other than before, on stderr where something else has stdout; `isPart` where not all scenarios were meant. Whether anything is clearly worse. */
export function tellComparison(
  { output }: Context,
  baseline: Baseline,
  { report, isPart, shown }: { report: Report; isPart: boolean; shown: boolean },
): boolean {
  const warning = unlike(baseline, report);
  if (warning !== undefined) output.note(`note: ${warning}`);
  const compared = compare(baseline, report, { isPart });
  for (const each of compared) {
    if (output.json || shown) output.emit({ type: 'comparison', ...each }, comparisonLine);
    else output.remark((style) => comparisonLine(each, style));
  }
  return compared.some(({ verdict }) => verdict === 'worse');
}
