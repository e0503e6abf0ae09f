// What a run was to play, in a few letters: parts of one run have the same.

import { createHash } from 'node:crypto';
import { counted } from './report/words.js';

/** "9 scenarios, 3f2a91c4": their number, and a mark of their ids in whatever order. */
export function planOf(cases: readonly { id: string }[]): string {
  const ids = JSON.stringify(cases.map(({ id }) => id).sort());
  const mark = createHash('sha256').update(ids).digest('hex').slice(0, 8);
  return `${counted(cases.length, 'scenario')}, ${mark}`;
}
