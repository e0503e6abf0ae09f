// The reporters of a run at work: each with its place, a stream or a text at the end.

import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Context } from '../../context.js';
import { CliError, exit } from '../../errors.js';
import { isDevice, isFolder } from '../../files.js';
import { writeProblem } from '../../folders.js';
import { annotations, faultAnnotations, stepSummary } from '../../scenario/report/github.js';
import { junit } from '../../scenario/report/junit.js';
import { createTap } from '../../scenario/report/tap.js';
import type { Report, TestEvent } from '../../scenario/result.js';
import { appendShared, openShared, writeShared } from '../../shared-files.js';
import { cleanText, jsonText } from '../../terminal/style.js';
import type { Reporter, ReporterName } from './reporters.js';

export interface Reporting {
  /** Whether a person is to be shown the run on stdout; that is not done here. */
  terminal: boolean;
  /** Told of all that happens, in order. Under `--json` it is printed. */
  onEvent(event: TestEvent): void;
  /** Writes what is due at the end. Throws the first CliError `storage` when all was tried. */
  finish(report: Report): Promise<void>;
}

export interface Wishes {
  /** Takes the secrets out. */
  hide?: <T>(value: T) => T;
  /** Files that nothing may be written over, as absolute paths. */
  inputs?: ReadonlySet<string>;
}

/**
 * Streams begin their files anew. `hide` takes the secrets out of what is written: files do not pass where stdout loses
 * them. Throws CliError `usage` before anything is run: for two reporters with one file, and where nothing can be
 * written.
 */
export async function openReporters(
  context: Context,
  reporters: readonly Reporter[],
  { hide = (value) => value, inputs }: Wishes = {},
): Promise<Reporting> {
  const { output } = context;
  const placed = reporters.map((reporter) => ({ ...reporter, place: placeOf(context, reporter) }));
  checkPlaces(placed, inputs);
  const streams = await Promise.all(
    placed.flatMap(({ name, place }) => {
      const create = streamed[name];
      return create === undefined ? [] : [openStream(context, create(), place)];
    }),
  );
  return {
    terminal: reporters.some(({ name }) => name === 'terminal'),
    onEvent: (given) => {
      if (!output.json && streams.length === 0) return;
      const event = hide(given);
      if (output.json) output.emit(event, () => '');
      for (const { add } of streams) add(event);
    },
    finish: async (given) => {
      const due = placed.filter(({ name }) => endings[name] !== undefined);
      // A copy of everything, for those alone who are to have it.
      const report = due.length === 0 ? given : hide(given);
      const ended = due.map(({ name, place }) => endings[name]?.(context, report, place));
      const outcomes = await Promise.allSettled([...streams.map(({ close }) => close()), ...ended]);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** A path; undefined for stdout. A page may be named by its folder. */
function placeOf(context: Context, { name, path }: Reporter): string | undefined {
  if (path === undefined) return undefined;
  const place = context.path(path);
  const namesFolder = /[\\/]$/.test(path) || isFolder(place);
  if (name === 'html' && (namesFolder || extname(place) === '')) return join(place, 'index.html');
  if (!namesFolder) return place;
  throw new CliError('usage', `--reporter ${name}=${path} names a folder, not a file`, {
    hint: `--reporter ${name}=${join(path, `report.${name}`)}`,
  });
}

function checkPlaces(
  placed: readonly (Reporter & { place: string | undefined })[],
  inputs: ReadonlySet<string> = new Set(),
): void {
  for (const [at, { name, path, place }] of placed.entries()) {
    if (place === undefined) continue;
    if (inputs.has(place)) {
      throw new CliError('usage', `--reporter ${name}=${path} would write over what is tested`, {
        hint: 'name another file',
      });
    }
    const before = placed.slice(0, at).find((other) => other.place === place);
    if (before !== undefined) {
      throw new CliError('usage', `--reporter ${before.name} and --reporter ${name} both write to ${path}`, {
        hint: 'give each a file of its own',
      });
    }
    const problem = isDevice(place) ? undefined : writeProblem(dirname(place));
    if (problem !== undefined) {
      throw new CliError('usage', `cannot write ${path}: ${problem}`, {
        hint: `name another file for --reporter ${name}`,
      });
    }
  }
}

type Stream = (event: TestEvent) => string;

/** What is written while the run goes on. */
const streamed: { [N in ReporterName]?: () => Stream } = {
  tap: createTap,
  jsonl: () => (event) => `${jsonText(event)}\n`,
};

async function openStream(context: Context, textOf: Stream, place: string | undefined) {
  const file = place === undefined ? undefined : await openShared(place, 'w');
  let writing = Promise.resolve();
  const write = (text: string) => {
    if (file === undefined) return context.io.write('stdout', cleanText(text));
    writing = writing.then(() => file.write(cleanText(text)));
    // Told at the end: a run is not broken off for want of space.
    writing.catch(() => {});
  };
  return {
    add: (event: TestEvent) => {
      const text = textOf(event);
      if (text !== '') write(text);
    },
    close: () => writing.finally(() => file?.close()),
  };
}

type Ending = (context: Context, report: Report, place: string | undefined) => Promise<void>;

/** What is written when the run is over. */
const endings: { [N in ReporterName]?: Ending } = {
  junit: ended(async (_, report) => junit(report)),
  json: ended(async (_, report) => `${jsonText(report, isLong(report) ? undefined : 2)}\n`),
  html: ended(async (context, report) => (await import('./html-report.js')).renderHtml(context, report)),
  github: tellGithub,
};

/** Nobody reads so many runs by line, and text has an end: indented, half a gigabyte is three hundred thousand. */
const isLong = ({ results }: Report) =>
  results.reduce((sum, { runs }) => sum + runs.length, 0) > mostIndented;
const mostIndented = 1000;

function ended(make: (context: Context, report: Report) => Promise<string>): Ending {
  return async (context, report, place) => {
    const text = await make(context, report);
    if (place === undefined) context.io.write('stdout', cleanText(text));
    else await writeShared(place, text);
  };
}

/** The summary to where GitHub asks for it, and annotations to the log; with a file of one's own the summary alone. */
async function tellGithub({ host, io }: Context, report: Report, place: string | undefined): Promise<void> {
  if (place !== undefined) return writeShared(place, cleanText(stepSummary(report)));
  const lines = annotations(report, repositoryPath(host));
  if (lines.length > 0) io.write('stdout', `${cleanText(lines.join('\n'))}\n`);
  const summary = host.env.GITHUB_STEP_SUMMARY;
  if (summary) await appendShared(summary, cleanText(stepSummary(report)));
}

/** Annotations of what is wrong with files, where they were asked for: no run begins, and no reporter is told of one. */
export function tellFaults({ host, io }: Context, reporters: readonly Reporter[], error: unknown): void {
  const isAsked = reporters.some(({ name, path }) => name === 'github' && path === undefined);
  if (!isAsked || !(error instanceof CliError) || error.exit !== exit.usage) return;
  const lines = faultAnnotations(error.message, repositoryPath(host));
  io.write('stdout', `${cleanText(lines.join('\n'))}\n`);
}

function repositoryPath({ env, cwd }: Context['host']): (file: string) => string {
  const root = env.GITHUB_WORKSPACE || cwd;
  return (file) => fileInside(root, resolve(cwd, file)) ?? file;
}

/** As GitHub writes paths: from the root of the repository, with slashes. */
function fileInside(root: string, file: string): string | undefined {
  const path = relative(root, file);
  return path.startsWith('..') || isAbsolute(path) ? undefined : path.split(sep).join('/');
}
