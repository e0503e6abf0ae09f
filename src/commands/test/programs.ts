// `setup` and `teardown` of a scenario: programs, one after the other, in its folder, each to its end. They know no key,
// and what they leave behind ends with them.

import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import type { Case } from '../../scenario/scenario.js';
import { withoutKey } from '../../secrets.js';
import { type Child, Children, programFrom } from '../../tools/child.js';

/** How long a teardown may take once the run is stopped: whoever stopped it does not wait for ever. */
const lastMs = 300;
/** Of what a program that fails writes to stderr, the end is told. */
const longestReason = 2000;

/** Throws CliError `program_failed` for the first that fails or takes too long; what the run was stopped by. */
export async function setUp(context: Context, scenario: Case): Promise<void> {
  const { signal } = context;
  signal.throwIfAborted();
  await runAll(context, scenario, scenario.setup, scenario.timeoutMs, signal);
}

/** The same afterwards, whatever happened. */
export async function tearDown(context: Context, scenario: Case): Promise<void> {
  const limitMs = context.signal.aborted ? lastMs : scenario.timeoutMs;
  await runAll(context, scenario, scenario.teardown, limitMs, undefined);
}

async function runAll(
  { host, clock }: Context,
  { id, folder }: Case,
  programs: readonly (readonly string[])[],
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (programs.length === 0) return;
  const { platform, interrupts } = host;
  const children = new Children({ platform, clock, kill: (pid, name) => host.kill(pid, name) });
  const release = interrupts.onLeave(() => children.killNow());
  try {
    for (const command of programs) {
      const child = children.start({ ...programFrom({ command }, folder), env: withoutKey(host.env) });
      const problem = await problemOf(child, { limitMs, after: clock.after, signal });
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
  signal: AbortSignal | undefined;
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
    leave = () => reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
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
    signal?.removeEventListener('abort', leave);
    await child.end();
  }
}
