import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { readBytes } from '../../files.js';
import { eventsOf } from '../../scenario/report/events.js';
import { mergeReports, type Part } from '../../scenario/report/merge.js';
import { reportText } from '../../scenario/report/plain.js';
import { parseReport } from '../../scenario/report/read.js';
import { decodeText } from '../../spec/parse.js';
import { examples, type Register } from '../command.js';
import { addReporterFlag, type ReporterFlags, readReporters } from './reporters.js';
import { openReporters } from './reporting.js';
import { endOf } from './spending.js';

export const register: Register = (command, action) =>
  addReporterFlag(command.argument('<report...>', 'what --reporter json=<file> wrote; - for stdin'))
    .addHelpText(
      'after',
      `
Joins the parts of a run that was divided by --shard. None may be missing, and none may come twice. It ends with the
exit code that the run would have had on one machine.
${examples(
  'agents test merge part-1.json part-2.json --reporter junit=junit.xml',
  'agents test merge report.json --reporter html=report/',
)}`,
    )
    .action(action(merge));

async function merge(context: Context, files: string[], flags: ReporterFlags): Promise<number> {
  const { output } = context;
  const reporters = readReporters(flags.reporter, output);
  const parts: Part[] = [];
  for (const file of files) parts.push(await readPart(context, file));
  const report = mergeReports(parts);
  // Nothing that passed is no pass.
  if (report.results.length === 0) {
    throw new CliError('usage', `there is no scenario in ${parts.map(({ source }) => source).join(', ')}`);
  }
  const reporting = await openReporters(context, reporters);
  for (const event of eventsOf(report)) reporting.onEvent(event);
  if (reporting.terminal) output.show(reportText(report), (text) => text);
  await reporting.finish(report);
  return endOf(report);
}

/** Larger than what `context.read` takes: a report may hold the sound of all its runs. */
const largestReportBytes = 500 * 1024 * 1024;

async function readPart({ io, path }: Context, file: string): Promise<Part> {
  if (file === '') throw new CliError('usage', 'an empty name is no file', { hint: 'name a report' });
  const source = file === '-' ? 'stdin' : file;
  const bytes =
    file === '-'
      ? await io.readStdin(largestReportBytes)
      : await readBytes(path(file), largestReportBytes, file);
  return { report: parseReport(decodeText(bytes, source), source), source };
}
