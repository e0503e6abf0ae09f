// Stand-ins for the programs that record and play sound: small scripts on a PATH of the test's own.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from './agents.js';

export interface Programs {
  /** A PATH with these programs, and nothing else. */
  path: string;
  /** What a player was given so far, and how its runs ended. */
  played(): { bytes: number; log: string[] };
  /** Whether the player that was started last still runs. */
  isPlaying(): boolean;
}

const player = (folder: string) => `
const { appendFileSync, writeFileSync } = require('node:fs');
writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));
const log = (line) => appendFileSync(${JSON.stringify(join(folder, 'log'))}, line + '\\n');
log('start ' + process.argv.slice(2).join(' ') + (process.env.XAI_API_KEY ? ' KEY' : ''));
process.stdin.on('data', (chunk) => appendFileSync(${JSON.stringify(join(folder, 'pcm'))}, chunk));
process.stdin.on('end', () => log('end'));
`;

/** A recorder that gives a file's bytes, all at once, and then goes on as a microphone does: silent, but open. */
const recorder = (file: string) => `
process.stdout.write(require('node:fs').readFileSync(${JSON.stringify(file)}));
setInterval(() => {}, 1000);
`;

/** Programs by name, each JavaScript; `play` and `rec` have stand-ins of their own. */
export function fakePrograms(programs: Record<string, string | { records: Buffer } | 'player'>): Programs {
  const folder = temporaryFolder();
  for (const [name, what] of Object.entries(programs)) {
    let script: string;
    if (what === 'player') script = player(folder);
    else if (typeof what === 'string') script = what;
    else {
      const sound = join(folder, `${name}.pcm`);
      writeFileSync(sound, what.records);
      script = recorder(sound);
    }
    const file = join(folder, name);
    writeFileSync(file, `#!${process.execPath}\n${script}`);
    chmodSync(file, 0o755);
  }
  const read = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  };
  return {
    isPlaying: () => {
      try {
        return process.kill(Number(read('pid').toString()), 0);
      } catch {
        return false;
      }
    },
    path: [folder, '/nowhere'].join(delimiter),
    played: () => ({
      bytes: read('pcm').length,
      log: read('log').toString().split('\n').filter(Boolean),
    }),
  };
}
