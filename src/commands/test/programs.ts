// `setup` and `teardown` of a scenario: programs, one after the other, in its folder, each to its end. They know no key,
// and what they leave behind ends with them.

import { setMaxListeners } from 'node:events';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import type { Case } from '../../scenario/scenario.js';
import { withoutKey } from '../../secrets.js';
import { type Child, Children, programFrom } from '../../tools/child.js';

/** When teardowns are over once the run is stopped: whoever stopped it does not wait for ever, and is told what ran. */
const lastMs = 300;
/** Of what a program that fails writes to stderr, the end is told. */
const longestReason = 2000;

export interface Programs {
  /** Throws CliError `program_failed` for the first that fails or takes too long; what the run was stopped by. */
  setUp(scenario: Case): Promise<void>;
  /** The same afterwards, whatever happened: in a run that is stopped too, but not for long. */
  tearDown(scenario: Case): Promise<void>;
}

export function createPrograms(context: Context): Programs {
  const { signal } = context;
  const late = afterwards(context, lastMs);
  return {
    setUp: (scenario) => runAll(context, scenario, scenario.setup, signal),
    tearDown: (scenario) => runAll(context, scenario, scenario.teardown, late),
  };
}

/** Aborts so long after the run is stopped. */
function afterwards({ signal, clock, onClose }: Context, ms: number): AbortSignal {
  const late = new AbortController();
  // Every run listens.
  setMaxListeners(0, late.signal);
  let cancel = () => {};
  const stopped = () => {
    cancel = clock.after(ms, () => late.abort(signal.reason));
  };
  if (signal.aborted) stopped();
  signal.addEventListener('abort', stopped, { once: true });
  onClose(async () => {
    cancel();
    signal.removeEventListener('abort', stopped);
  });
  return late.signal;
}

async function runAll(
  { host, clock, signal }: Context,
  { id, folder, timeoutMs }: Case,
  programs: readonly (readonly string[])[],
  over: AbortSignal,
): Promise<void> {
  if (programs.length === 0) return;
  const { platform, interrupts } = host;
  const kill = (pid: number, name: NodeJS.Signals) => host.kill(pid, name);
  const children = new Children({ platform, clock, signal, kill });
  const release = interrupts.onLeave(() => children.killNow());
  try {
    for (const command of programs) {
      over.throwIfAborted();
      const child = children.start({ ...programFrom({ command }, folder), env: withoutKey(host.env) });
      const problem = await problemOf(child, { limitMs: timeoutMs, after: clock.after, signal: over });
      if (problem === undefined) continue;
      throw new CliError('program_failed', `${id}: ${command.join(' ')}: ${problem}`, {
        hint: 'setup and teardown run in the folder of the scenario',
      });
    }
  } finally {
    await children.end();
    release();
  }
}

/** The line that says what went wrong: what Node and others write after it is where. */
function reasonIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => /^(?:\w+\s)*\w*(?:Error|Exception)\b.*:/.test(line));
  const last = lines.findLast((line) => line !== '');
  return [said ?? last ?? []].flat();
}

interface Limits {
  limitMs: number;
  after: Context['clock']['after'];
  signal: AbortSignal;
}

/** What was wrong with a program; undefined when it ended well. Rejects when the run is stopped. */
async function problemOf(child: Child, { limitMs, after, signal }: Limits): Promise<string | undefined> {
  const { streams, exited } = child;
  let reason = '';
  streams.stdin.end();
  streams.stdout.resume();
  streams.stderr.on('data', (chunk) => {
    reason = (reason + String(chunk)).slice(-longestReason);
  });
  let cancel = () => {};
  let leave = () => {};
  const late = new Promise<string>((resolve) => {
    cancel = after(limitMs, () => resolve(`took longer than ${limitMs / 1000} s`));
  });
  const stopped = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  const ended = exited.then(
    ({ code, signal: by }) =>
      code === 0 ? undefined : [`ended with ${by ?? `code ${code}`}`, ...reasonIn(reason)].join(': '),
    messageOf,
  );
  try {
    return await Promise.race([ended, late, stopped]);
  } finally {
    cancel();
    signal.removeEventListener('abort', leave);
    await child.end();
  }
}
