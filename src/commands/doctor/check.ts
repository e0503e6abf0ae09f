// What a check is, and what it finds.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';

export interface Finding {
  status: 'ok' | 'warning' | 'failed';
  message: string;
  /** The mend. */
  hint?: string | undefined;
}

/** `signal` aborts when the check has taken too long, or the run is to stop. */
export type Look = (
  context: Context,
  signal: AbortSignal,
) => Finding | undefined | Promise<Finding | undefined>;

export interface Check {
  name: string;
  /** Undefined where there is nothing to look at. */
  look: Look;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });

/** Something only some commands need. */
export const warning = (message: string, hint?: string): Finding => ({ status: 'warning', message, hint });

export const failure = (message: string, hint?: string): Finding => ({ status: 'failed', message, hint });

/** A failure as a finding; what is no failure of a command is thrown on. */
export function failedBy(error: unknown): Finding {
  if (!(error instanceof CliError)) throw error;
  return failure(error.message, error.hint);
}
