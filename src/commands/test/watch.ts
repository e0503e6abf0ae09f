// `--watch`: scenarios are played again when a file changes that they are made of.

import { join, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile, watchFile } from '../../files.js';
import type { Case } from '../../scenario/scenario.js';
import type { Asked } from '../test.js';
import { specFile } from './agents.js';
import { findScenarioFiles } from './find.js';

/** An editor writes in several steps. */
const settleMs = 150;

interface Watched extends Asked {
  once(context: Context, asked: Asked): Promise<{ code: number | undefined; cases: readonly Case[] }>;
}

/** Never returns by itself: Ctrl+C ends it. What is wrong with a file is told, and waited for. */
export async function watchTests(context: Context, { once, ...asked }: Watched): Promise<undefined> {
  const { output, signal, clock } = context;
  let cases: readonly Case[] = [];
  for (;;) {
    try {
      ({ cases } = await once(context, asked));
    } catch (error) {
      if (!(error instanceof CliError) || signal.aborted) throw error;
      output.report(error);
    }
    const files = [...(await findScenarioFiles(context, asked.named)), ...filesOf(context, cases, asked)];
    output.note('Waiting for a file to change; Ctrl+C ends it.');
    await change(files.map(context.path), signal);
    await clock.sleep(settleMs, signal);
  }
}

/** What scenarios are made of, beside their own files. */
function filesOf(context: Context, cases: readonly Case[], { flags }: Asked): string[] {
  const all = cases.flatMap((scenario) => {
    const { folder, tools, local, turns } = scenario;
    const spec = specFile(context, scenario, flags.agent);
    const clips = turns.flatMap((turn) => (turn.kind === 'audio' ? [turn.file, `${turn.file}.txt`] : []));
    const beside = [tools?.file, local.script, ...clips].filter((file) => file !== undefined);
    return [...(spec === undefined ? [] : [spec]), ...beside.map((file) => join(folder, file))];
  });
  return [...new Set(all)].filter((file) => isFile(resolve(context.host.cwd, file)));
}

/** Resolves with the first change. */
function change(paths: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolved, reject) => {
    const done = () => {
      for (const unwatch of watching) unwatch();
      clearInterval(alive);
      signal.removeEventListener('abort', done);
      if (signal.aborted) reject(signal.reason);
      else resolved();
    };
    const watching = paths.map((path) => watchFile(path, done));
    // Watching files keeps no process alive.
    const alive = setInterval(() => {}, 60_000);
    if (signal.aborted) done();
    signal.addEventListener('abort', done);
  });
}
