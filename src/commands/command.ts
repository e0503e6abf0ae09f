// What every command file is made of: `register` adds arguments, flags and examples; `action` runs it.

import type { Command } from 'commander';
import type { Context } from '../context.js';

/** A run function; a number is the exit code of work that succeeded with another verdict than "done". */
export type Run<A extends unknown[]> = (context: Context, ...args: A) => Promise<number | undefined>;
export type Action = <A extends unknown[]>(run: Run<A>) => (...args: A) => Promise<void>;
export type Register = (command: Command, action: Action) => void;

/** The end of a command's help. A test runs every one of them. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/** For a flag that may be given several times. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

/** A word as a shell takes it, for commands that are shown. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
