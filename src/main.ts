// With the thread of modules (tools/worker.ts), the only file that names the process: everything else is handed what it needs.

import { readFileSync } from 'node:fs';
import { availableParallelism, homedir, hostname } from 'node:os';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { run } from './cli.js';
import { systemClock } from './clock.js';
import { exit } from './errors.js';
import { Interrupts } from './interrupts.js';
import { JobControl } from './job-control.js';
import { keyVariables } from './secrets.js';

// The same from src/ and from dist/.
const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
const interrupts = new Interrupts();
const { platform, pid } = process;
const env = { ...process.env };
// Modules with tools run in threads of this process, and what anybody starts inherits its environment by default:
// nothing but the requests themselves is to have the key.
for (const name of keyVariables(env)) delete process.env[name];
const jobs = new JobControl({
  on: (signal, handler) => process.on(signal, handler),
  off: (signal, handler) => process.off(signal, handler),
  stop: (what) => process.kill(what === 'job' ? 0 : pid, 'SIGTSTP'),
  after: systemClock.after,
});

// Node announces its own SQLite as experimental; that is no news for users.
if (!env.AGENTS_DEBUG) process.removeAllListeners('warning');

process.on('SIGINT', () => stop('interrupted', exit.interrupted));
process.on('SIGTERM', () => stop('terminated', exit.terminated));
process.on('SIGHUP', () => stop('terminated', exit.terminated));

/** The first time politely; whoever asks again means it. */
function stop(reason: 'interrupted' | 'terminated', code: number): void {
  if (interrupts.isLeaving) leave(code);
  interrupts.raise(reason);
}

function leave(code: number): never {
  jobs.giveBack();
  interrupts.leave();
  // Opening stdin costs time: it is touched only where a terminal may have been left in raw mode.
  if (isatty(0)) process.stdin.setRawMode(false);
  process.exit(code);
}

const code = await run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  // Windows stops no jobs.
  jobs: platform === 'win32' ? undefined : jobs,
  env,
  platform,
  pid,
  hostname: hostname(),
  cores: availableParallelism(),
  home: homedir(),
  cwd: process.cwd(),
  root,
  version,
  nodeVersion: process.versions.node,
  isAlive: (id) => {
    try {
      return process.kill(id, 0);
    } catch (error) {
      // Somebody else's process is alive as well.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  kill: (id, signal) => void process.kill(id, signal),
  interrupts,
  clock: systemClock,
});
leave(code);
