// Regular expressions that users wrote. A leaf.
//
// Some patterns take longer than a life for some texts: (a+)+$ looks at "aaaa…b" in more ways than can be counted, and
// nothing else of this process runs meanwhile. The engine can be stopped from outside only, by `timeout` of node:vm.

import { createContext, Script } from 'node:vm';
import { CliError } from './errors.js';

/** Milliseconds a pattern may take for what it is tried on; those that are well written take a thousandth of one. */
const most = 1000;

interface Asked {
  pattern?: RegExp;
  texts?: readonly string[];
}

/** Which text a pattern fits, and where. */
export interface FirstMatch {
  index: number;
  match: RegExpExecArray;
}

let context: Asked | undefined;
let script: Script | undefined;

/**
 * `pattern.exec(text)`. Throws CliError `invalid_spec`, which names the pattern, where no answer is found within a
 * second.
 */
export const execPattern = (pattern: RegExp, text: string): RegExpExecArray | null =>
  firstMatch(pattern, [text])?.match ?? null;

/** The same for the first of several texts that it fits: to begin takes longer than to look at each. */
export function firstMatch(pattern: RegExp, texts: readonly string[]): FirstMatch | undefined {
  context ??= createContext({}) as Asked;
  script ??= new Script(`(() => {
    for (const [index, text] of texts.entries()) {
      const match = pattern.exec(text);
      if (match !== null) return { index, match };
    }
  })()`);
  context.pattern = pattern;
  context.texts = texts;
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
    delete context.texts;
  }
}
