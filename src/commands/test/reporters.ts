// `--reporter name[=file]`: who is told of a run, and where that is written. Streams are written while it goes on, the
// rest when it is over.

import type { Command } from 'commander';
import { CliError } from '../../errors.js';
import { didYouMean } from '../../spec/did-you-mean.js';
import { collect } from '../command.js';

export const reporterNames = ['terminal', 'junit', 'tap', 'github', 'json', 'jsonl', 'html'] as const;
export type ReporterName = (typeof reporterNames)[number];

export interface Reporter {
  name: ReporterName;
  /** As the user named it; undefined for stdout. */
  path?: string | undefined;
}

export interface ReporterFlags {
  reporter?: string[];
}

export function addReporterFlag(command: Command): Command {
  return command.option(
    '--reporter <name[=file]>',
    `${reporterNames.slice(0, -1).join(', ')} or ${reporterNames.at(-1)}; without a file to stdout (repeatable)`,
    collect,
  );
}

/**
 * What the flags ask for, with the terminal where nothing else has stdout. Throws CliError `usage`: for a name that is
 * not known, and where two would write to stdout at once, or one beside `--json`.
 */
export function readReporters(flags: readonly string[] | undefined, { json }: { json: boolean }): Reporter[] {
  const reporters = (flags ?? []).map(readReporter);
  const [first, ...rest] = reporters.filter(({ path }) => path === undefined);
  if (json && first !== undefined) throw bothToStdout(`--reporter ${first.name}`, '--json', first);
  const all = [first, ...rest].filter((each) => each !== undefined);
  const greedy = all.find(({ name }) => !sharing.includes(name));
  const other = all.find((each) => each !== greedy);
  if (greedy !== undefined && other !== undefined) {
    throw bothToStdout(`--reporter ${greedy.name}`, `--reporter ${other.name}`, greedy);
  }
  const hasTerminal = all.some(({ name }) => name === 'terminal');
  return json || hasTerminal || greedy !== undefined ? reporters : [{ name: 'terminal' }, ...reporters];
}

/** Lines among lines: one of these may stand beside the other. */
const sharing: readonly ReporterName[] = ['terminal', 'github'];

function readReporter(flag: string): Reporter {
  const at = flag.indexOf('=');
  const given = at < 0 ? flag : flag.slice(0, at);
  const path = at < 0 ? undefined : flag.slice(at + 1);
  const name = reporterNames.find((each) => each === given);
  if (name === undefined) {
    throw new CliError('usage', `--reporter ${given} is not known${didYouMean(given, reporterNames)}`, {
      hint: `there are ${reporterNames.join(', ')}`,
    });
  }
  if (path === '') {
    throw new CliError('usage', `--reporter ${flag} names no file`, { hint: `--reporter ${name}=<file>` });
  }
  if (name === 'terminal' && path !== undefined) {
    throw new CliError('usage', '--reporter terminal is for stdout, not for a file', {
      hint: `for a file there are ${reporterNames.slice(1).join(', ')}`,
    });
  }
  return { name, ...(path !== undefined && path !== '-' && { path }) };
}

function bothToStdout(one: string, other: string, { name }: Reporter): CliError {
  const hint =
    name === 'terminal' ? 'leave out one of them' : `give a file: --reporter ${name}=${exampleFiles[name]}`;
  return new CliError('usage', `${one} and ${other} both write to stdout`, { hint });
}

const exampleFiles: Record<Exclude<ReporterName, 'terminal'>, string> = {
  junit: 'junit.xml',
  tap: 'out.tap',
  github: 'summary.md',
  json: 'report.json',
  jsonl: 'events.jsonl',
  html: 'report/',
};
