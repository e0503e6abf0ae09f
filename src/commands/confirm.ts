// What costs something or cannot be undone has a yes: by --yes, or by an answer at a terminal.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';

export interface Confirmed {
  /** `--yes`. */
  yes: boolean | undefined;
  /** "a purchase": for who has not said yes where nobody can be asked. */
  what: string;
}

/** Throws CliError `usage` where a yes is missing and nobody can be asked for it. */
export function checkYes(context: Context, { yes, what }: Confirmed): void {
  if (yes === true || context.canAsk) return;
  throw new CliError('usage', `${what} has to be confirmed`, { hint: 'add --yes' });
}

/** Whether to go on: what `--yes` or the one who is asked says. Throws like `checkYes`. */
export async function goesOn(context: Context, question: string, confirmed: Confirmed): Promise<boolean> {
  checkYes(context, confirmed);
  if (confirmed.yes === true) return true;
  const { createAsk } = await import('../terminal/ask.js');
  return createAsk(context.io, context.signal, context.host.env).confirm(question);
}
