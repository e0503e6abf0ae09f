// `setup` and `teardown` of a scenario: programs, one after the other, in its folder.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { findProgram, startProgram } from '../../programs.js';
import type { Case } from '../../scenario/scenario.js';

/** Throws CliError `program_failed` for the first that fails. */
export async function runPrograms(
  { host, clock }: Context,
  { id, folder, timeoutMs }: Case,
  programs: readonly (readonly string[])[],
): Promise<void> {
  for (const words of programs) {
    const [name = '', ...args] = words;
    const failed = (problem: string) =>
      new CliError('program_failed', `${id}: ${words.join(' ')}: ${problem}`, {
        hint: 'setup and teardown run in the folder of the scenario',
      });
    const path = /[\\/]/.test(name) ? name : findProgram(name, host);
    if (path === undefined) throw failed('no such program on PATH');
    const program = startProgram(path, args, { ...host, cwd: folder });
    const stop = clock.after(timeoutMs, program.stop);
    program.end();
    for await (const _output of program.stdout);
    const { problem } = await program.ended;
    stop();
    if (problem !== undefined) throw failed(problem);
  }
}
