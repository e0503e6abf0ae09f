// `--watch`: scenarios are played again when a file changes that they are made of, comes or goes.

import { join } from 'node:path';
import { besideContext } from '../../beside.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { Case } from '../../scenario/scenario.js';
import { stampOf, watchFile } from '../../watched-files.js';
import type { Asked } from '../test.js';
import { specFile } from './agents.js';
import { findScenarioFiles } from './find.js';

/** An editor writes in several steps. */
const settleMs = 150;
/** How often scenario files are looked for: nobody tells of those that are new in some folder. */
const lookMs = 1000;

interface Watched extends Asked {
  /** `onRead` is told of the scenarios before anything else of them is read. */
  once(context: Context, asked: Asked, onRead: (cases: readonly Case[]) => void): Promise<unknown>;
}

/**
 * Until Ctrl+C, which is how it is meant to end: with 0 while it waits, and as any run while it plays. What is wrong
 * with a file, or that it is gone, is told, and waited for.
 */
export async function watchTests(context: Context, { once, ...asked }: Watched): Promise<undefined> {
  const { output, signal } = context;
  let files: readonly string[] = [];
  let used: readonly string[] = [];
  for (;;) {
    // What comes, or is changed, while they are played is news as well.
    const before = look(context, asked);
    files = before.files ?? files;
    const filesBefore = stampsOf(context, files);
    let usedBefore = stampsOf(context, used);
    // What a round opens is closed with it.
    const round = besideContext(context, { note: output.note });
    try {
      await once(round, asked, (cases) => {
        used = filesOf(context, cases, asked);
        usedBefore = stampsOf(context, used);
      });
    } catch (error) {
      if (!(error instanceof CliError) || signal.aborted) throw error;
      output.report(error);
    } finally {
      await round.close();
    }
    const paths = [...files, ...used].map(context.path);
    output.note('Waiting for a file to change; Ctrl+C ends it.');
    const isOther = () => look(context, asked).seen !== before.seen;
    const isChanged = () =>
      stampsOf(context, files) !== filesBefore || stampsOf(context, used) !== usedBefore;
    if (!(await nextChange(context, paths, { isOther, isChanged }))) return;
  }
}

/** The scenario files that are there now; `seen` is other where they, or what is wrong with them, are other. */
function look(context: Context, { named }: Asked): { files?: readonly string[]; seen: string } {
  try {
    const files = findScenarioFiles(context, named);
    return { files, seen: files.join('\n') };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { seen: `error: ${error.message}` };
  }
}

const stampsOf = ({ path }: Context, files: readonly string[]) =>
  files.map((file) => `${file} ${stampOf(path(file))}`).join('\n');

/** What scenarios are made of, beside their own files; also what is gone, for it may come back. */
function filesOf(context: Context, cases: readonly Case[], { flags }: Asked): string[] {
  const all = cases.flatMap((scenario) => {
    const { folder, tools, local, turns } = scenario;
    const spec = specOf(context, scenario, flags.agent);
    const clips = turns.flatMap((turn) => (turn.kind === 'audio' ? [turn.file, `${turn.file}.txt`] : []));
    const beside = [tools?.file, local.script, ...clips].filter((file) => file !== undefined);
    return [...(spec === undefined ? [] : [spec]), ...beside.map((file) => join(folder, file))];
  });
  return [...new Set(all)];
}

function specOf(...given: Parameters<typeof specFile>): string | undefined {
  try {
    return specFile(...given);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return undefined; // Told where it is played.
  }
}

interface News {
  /** Whether there are other files. */
  isOther(): boolean;
  /** Whether they hold something else: asked once, for what was changed before anybody watched. */
  isChanged(): boolean;
}

/** Whether there was a change before Ctrl+C. Throws what else the run was stopped by. */
async function nextChange(
  { host, clock, signal }: Context,
  paths: readonly string[],
  news: News,
): Promise<boolean> {
  const left = new AbortController();
  const release = host.interrupts.capture(() => left.abort());
  const over = AbortSignal.any([signal, left.signal]);
  try {
    await change(paths, news, { clock, signal: over });
    await clock.sleep(settleMs, over);
    return true;
  } catch (error) {
    if (left.signal.aborted && !signal.aborted) return false;
    throw error;
  } finally {
    release();
  }
}

/** Resolves with the first change. */
function change(
  paths: readonly string[],
  { isOther, isChanged }: News,
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
): Promise<void> {
  return new Promise((resolved, reject) => {
    const done = () => {
      for (const unwatch of watching) unwatch();
      stopLooking();
      signal.removeEventListener('abort', done);
      if (signal.aborted) reject(signal.reason);
      else resolved();
    };
    const lookAgain = () => {
      if (isOther()) done();
      else stopLooking = clock.after(lookMs, lookAgain);
    };
    const watching = paths.map((path) => watchFile(path, done));
    // It also keeps the process alive, which watching files does not.
    let stopLooking = clock.after(lookMs, lookAgain);
    signal.addEventListener('abort', done);
    if (signal.aborted || isChanged()) done();
  });
}
