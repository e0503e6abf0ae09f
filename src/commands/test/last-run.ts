// Which scenarios did not pass the last time, for --last-failed: kept for each folder that tests are run in.

import { join } from 'node:path';
import { createChance } from '../../chance.js';
import type { Context } from '../../context.js';
import { isFile, readBytes, writePrivate } from '../../files.js';
import { writeJson } from '../../json-text.js';
import { isObject, parseJson } from '../../protocol/json.js';
import type { CaseResult } from '../../scenario/result.js';

/** Ids of those that did not pass; undefined where nothing is known. */
export async function readLastFailed(context: Context): Promise<ReadonlySet<string> | undefined> {
  const path = fileFor(context);
  if (!isFile(path)) return undefined;
  try {
    const value = parseJson((await readBytes(path, 64 * 1024 * 1024)).toString('utf8'));
    return isObject(value) && Array.isArray(value.failed) ? new Set(value.failed.map(String)) : undefined;
  } catch {
    return undefined;
  }
}

/** What was run now is known anew; of the others what was known before stays. */
export async function writeLastFailed(context: Context, results: readonly CaseResult[]): Promise<void> {
  const before = (await readLastFailed(context)) ?? new Set<string>();
  const failed = new Set(before);
  for (const { id, verdict } of results) {
    if (verdict === 'passed') failed.delete(id);
    else if (verdict !== 'skipped') failed.add(id);
  }
  await writePrivate(fileFor(context), writeJson({ folder: context.host.cwd, failed: [...failed].sort() }));
}

function fileFor({ folders, host }: Context): string {
  const mark = Math.floor(createChance(0, host.cwd)() * 2 ** 32).toString(16);
  return join(folders.state, 'tests', 'last', `${mark}.json`);
}
