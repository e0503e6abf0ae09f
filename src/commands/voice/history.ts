// What was typed at the prompt before, kept between sessions.

import { join } from 'node:path';
import type { Context } from '../../context.js';
import { readBytes, writePrivate } from '../../files.js';

const longestHistory = 500;
/** Stands in the file for a line break within what was pasted: a line of the file is an entry. */
const lineBreak = '\u2028';

/** What was typed before, newest first; kept between sessions as a shell does. */
export async function openHistory({ folders }: Context) {
  const file = join(folders.state, 'voice_history');
  const text = await readBytes(file, 1024 * 1024).then(String, () => '');
  let lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll(lineBreak, '\n'));
  let changed = false;
  return {
    lines,
    keep: (typed: string[]) => {
      lines = typed.slice(0, longestHistory);
      changed = true;
    },
    // A convenience: that it cannot be kept is no reason to fail.
    save: async () => {
      const kept = lines.map((line) => `${line.replaceAll('\n', lineBreak)}\n`);
      if (changed) await writePrivate(file, kept.join('')).catch(() => {});
    },
  };
}
