// Scores that a judge has given, a file each in the state folder: what was judged once is not paid for again. A file that
// cannot be read is asked for anew, one that cannot be written is done without.

import { join } from 'node:path';
import type { Context } from '../../context.js';
import { messageOf } from '../../errors.js';
import { readBytes, writePrivate } from '../../files.js';
import { writeJson } from '../../json-text.js';
import { parseJson } from '../../protocol/json.js';
import type { JudgeCache } from '../../scenario/judge.js';
import { scoreOf } from '../../scenario/judge-score.js';

const largestBytes = 64 * 1024;

export function openJudgeCache({ folders, output }: Pick<Context, 'folders' | 'output'>): JudgeCache {
  const fileOf = (key: string) => join(folders.state, 'judge', `${key}.json`);
  let isTold = false;
  return {
    async get(key) {
      try {
        return scoreOf(parseJson((await readBytes(fileOf(key), largestBytes)).toString('utf8')));
      } catch {
        return undefined;
      }
    },
    async set(key, score) {
      try {
        await writePrivate(fileOf(key), `${writeJson(score)}\n`);
      } catch (error) {
        if (!isTold) output.note(`note: scores of the judge are not kept: ${messageOf(error)}`);
        isTold = true;
      }
    },
  };
}
