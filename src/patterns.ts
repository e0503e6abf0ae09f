// Regular expressions that users wrote. A leaf.
//
// Some patterns take longer than a life for some texts: (a+)+$ looks at "aaaa…b" in more ways than can be counted, and
// nothing else of this process runs meanwhile. The engine can be stopped from outside only, by `timeout` of node:vm.

import { createContext, Script } from 'node:vm';
import { CliError } from './errors.js';

/** Milliseconds a pattern may take for one text; those that are well written take a thousandth of one. */
const most = 1000;

interface Asked {
  pattern?: RegExp;
  text?: string;
}

let context: Asked | undefined;
let script: Script | undefined;

/**
 * `pattern.exec(text)`. Throws CliError `invalid_spec`, which names the pattern, where no answer is found within a
 * second.
 */
export function execPattern(pattern: RegExp, text: string): RegExpExecArray | null {
  context ??= createContext({}) as Asked;
  script ??= new Script('pattern.exec(text)');
  context.pattern = pattern;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: most });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    throw new CliError('invalid_spec', `the pattern /${pattern.source}/ takes longer than a second`, {
      hint: 'Write it without repetitions in repetitions, such as (a+)+.',
      cause,
    });
  } finally {
    delete context.pattern;
    delete context.text;
  }
}
