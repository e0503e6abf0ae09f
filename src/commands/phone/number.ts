// Telephone numbers as they are typed.

import { CliError } from '../../errors.js';
import { e164 } from '../../protocol/calls.js';

/** A number in E.164. What looks like something else is not guessed at: it would ring somewhere else. Throws `usage`. */
export function readNumber(given: string, flag: string): string {
  if (e164.test(given)) return given;
  throw new CliError('usage', `${flag} ${given} is no number in E.164 form`, {
    hint: 'it is +, country and number, with nothing in between: +14155550123',
  });
}
