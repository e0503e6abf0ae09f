// Which scenarios did not pass the last time, for --last-failed: kept for each folder that tests are run in. Each run has
// a file of its own, which takes in those of earlier runs: of two that end together neither writes over the other's.

import { join } from 'node:path';
import { createChance } from '../../chance.js';
import type { Context } from '../../context.js';
import { messageOf } from '../../errors.js';
import { isFile, namesIn, readBytes, removeFile, writePrivate } from '../../files.js';
import { writeJson } from '../../json-text.js';
import { isObject, parseJson } from '../../protocol/json.js';
import type { CaseResult } from '../../scenario/result.js';

/** Ids of those that did not pass; undefined where nothing is known. */
export async function readLastFailed(context: Context): Promise<ReadonlySet<string> | undefined> {
  const { files, known } = await readKnown(context);
  if (files.length === 0) return undefined;
  return new Set([...known].flatMap(([id, { failed }]) => (failed ? [id] : [])));
}

/**
 * What was run now is known anew, and what is `gone` is no failure any more; of the others what was known before stays. Where it cannot be written it is done
 * without: it spares work later, and says nothing of this run.
 */
export async function writeLastFailed(
  context: Context,
  results: readonly CaseResult[],
  gone: readonly string[] = [],
): Promise<void> {
  const { folders, host, clock, newId, output } = context;
  try {
    const { files, known } = await readKnown(context);
    // Later than all that is known, whatever the clock says.
    const at = [...known.values()].reduce((latest, each) => Math.max(latest, each.at + 1), clock.now());
    for (const { id, verdict } of results)
      if (verdict !== 'skipped') known.set(id, { failed: verdict !== 'passed', at });
    for (const id of gone) known.set(id, { failed: false, at });
    const path = join(folderOf(folders), `${markOf(host)}-${newId()}.json`);
    const scenarios = [...known].map(([id, { failed, at }]) => ({ id, failed, at }));
    await writePrivate(path, writeJson({ folder: host.cwd, scenarios }));
    // One that stays changes nothing: it is older.
    await Promise.allSettled(files.map(removeFile));
  } catch (error) {
    output.note(`note: what failed is not kept for --last-failed: ${messageOf(error)}`);
  }
}

interface Known {
  failed: boolean;
  /** When it was run: what is newer counts. */
  at: number;
}

/** What all files say together, and which they are; none that is no such file. */
async function readKnown(
  context: Context,
  tries = 5,
): Promise<{ files: string[]; known: Map<string, Known> }> {
  const { folders, host } = context;
  const mark = markOf(host);
  const paths = namesIn(folderOf(folders))
    // Earlier versions had one for all runs.
    .filter((name) => name === `${mark}.json` || (name.startsWith(`${mark}-`) && name.endsWith('.json')))
    .map((name) => join(folderOf(folders), name));
  const read = await Promise.all(paths.map(readFile));
  // A run that ended just now has taken it in: its own file holds it.
  if (tries > 0 && !paths.every(isFile)) return readKnown(context, tries - 1);
  const known = new Map<string, Known>();
  for (const [id, { failed, at }] of read.flatMap((entries) => entries ?? [])) {
    const before = known.get(id);
    if (before === undefined || at > before.at || (at === before.at && failed)) known.set(id, { failed, at });
  }
  return { files: paths.filter((_, index) => read[index] !== undefined), known };
}

const largestBytes = 64 * 1024 * 1024;

/** Undefined for what cannot be read, or is something else. */
async function readFile(path: string): Promise<[id: string, known: Known][] | undefined> {
  try {
    const value = parseJson((await readBytes(path, largestBytes)).toString('utf8'));
    if (!isObject(value)) return undefined;
    const { scenarios, failed } = value;
    // As earlier versions wrote it.
    if (Array.isArray(failed)) return failed.map((id) => [String(id), { failed: true, at: 0 }]);
    if (!Array.isArray(scenarios)) return undefined;
    return scenarios
      .filter(isObject)
      .map(({ id, failed, at }) => [String(id), { failed: failed === true, at: Number(at) || 0 }]);
  } catch {
    return undefined;
  }
}

const folderOf = ({ state }: Context['folders']) => join(state, 'tests', 'last');

/** Of the folder that tests are run in. */
const markOf = ({ cwd }: Context['host']) => Math.floor(createChance(0, cwd)() * 2 ** 32).toString(16);
