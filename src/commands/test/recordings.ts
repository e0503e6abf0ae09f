// Recordings of runs: kept in memory while a run goes on, on disk once it has failed or become long.

import { join } from 'node:path';
import { createChance } from '../../chance.js';
import type { Context } from '../../context.js';
import { createPrivate, type GrowingFile, isFile, removeFile } from '../../files.js';
import type { Case } from '../../scenario/scenario.js';

export interface RunRecording {
  /** As a recorder writes: lines are made when they are kept, which they seldom are. */
  write(line: () => string, characters: number): void;
  /** Keeps it; its name from where the command runs. Undefined when nothing passed. Throws CliError `storage`. */
  keep(): Promise<string | undefined>;
  /** Takes it away, and one of an earlier run. */
  drop(): Promise<void>;
}

/** Longer ones go to the disk at once: a hundred of them at a time must fit into memory. */
const mostCharacters = 4 * 1024 * 1024;

/** In `folder`, as the user named it. */
export function createRunRecording(
  context: Context,
  folder: string,
  scenario: Case,
  about: { run: number; attempt: number },
): RunRecording {
  const named = join(folder, nameOf(scenario, about));
  const path = context.path(named);
  let lines: (() => string)[] = [];
  let length = 0;
  let file: GrowingFile | undefined;
  let failure: unknown;

  function flush(): void {
    file ??= createPrivate(path);
    const text = lines.map((line) => line()).join('');
    lines = [];
    file.write(Buffer.from(text));
  }

  return {
    write: (line, characters) => {
      lines.push(line);
      length += characters;
      if (length <= mostCharacters || failure !== undefined) return;
      try {
        flush();
      } catch (error) {
        failure = error;
      }
    },
    keep: async () => {
      if (lines.length === 0 && file === undefined) return undefined;
      if (file === undefined) await removeFile(path);
      flush();
      file?.close();
      return named;
    },
    drop: async () => {
      lines = [];
      file?.close();
      // Nearly always there is none, and to look is a tenth of the time.
      if (isFile(path)) await removeFile(path);
    },
  };
}

/** "a-clean-booking-1f0c2a.jsonl", with the run and the attempt where there are several. */
function nameOf({ id, name, runs }: Case, { run, attempt }: { run: number; attempt: number }): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  // Names may be alike: ids are not.
  const mark = Math.floor(createChance(0, id)() * 0x1000000)
    .toString(16)
    .padStart(6, '0');
  const which = [runs > 1 || run > 1 ? `-run${run}` : '', attempt > 1 ? `-try${attempt}` : ''].join('');
  return `${words || 'scenario'}-${mark}${which}.jsonl`;
}
