// When stdout carries sound, the words go to stderr.

import type { Context } from '../../context.js';
import { createOutput } from '../../terminal/output.js';

/** The same context, for which stderr is the only place to speak. */
export function wordsToStderr(context: Context): Context {
  const { io, host, output } = context;
  const spoken: typeof io = Object.create(io, {
    stdout: { value: io.stderr },
    width: { value: { stdout: io.width.stderr, stderr: io.width.stderr } },
    write: { value: (_target: string, text: string) => io.write('stderr', text) },
  });
  return Object.create(context, { output: { value: createOutput(spoken, host.env, output.json) } });
}
