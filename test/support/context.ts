// What a command is given, without a command: for parts of commands that others will call.

import { onTestFinished } from 'vitest';
import { type Context, createContext } from '../../src/context.js';
import type { GlobalFlags } from '../../src/settings.js';
import { createIo } from '../../src/terminal/io.js';
import { createOutput } from '../../src/terminal/output.js';
import { type RunOptions, testHost } from './agents.js';

/** A context that is closed after the test, and what it has written. */
export function testContext(
  flags: GlobalFlags = {},
  options: RunOptions = {},
): { context: Context; written(): { stdout: string; stderr: string } } {
  const host = testHost(options);
  const io = createIo(host, host.interrupts);
  const output = createOutput(io, host.env, flags.json === true);
  const never = () => Promise.reject(new Error('not asked for in this test'));
  const context = createContext({ host, io, output, flags, again: never, describe: never });
  onTestFinished(() => context.close());
  return { context, written: () => ({ stdout: host.stdout.text, stderr: host.stderr.text }) };
}
