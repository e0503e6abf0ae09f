// Several things done one after the other: each outcome told, and a verdict on the whole.

import { CliError, messageOf } from '../errors.js';
import { errorText, type Output } from '../terminal/output.js';
import { cleanText } from '../terminal/style.js';

export interface Failure {
  /** Which of them: "agents.json[2]", "agent_abc123". */
  label: string;
  /** The same for programs, beside `error`. */
  members: Record<string, unknown>;
  error: CliError;
}

export interface Batch<T> {
  /** The member of the JSON answer that lists what was done. */
  member: string;
  done: T[];
  failures: Failure[];
  total: number;
  /** A line about one that was done. */
  render(done: T): string;
  /** "created": for the verdict. */
  participle: string;
  hint?: string;
}

/** Anything thrown, as a failure that can be told. */
export function asCliError(error: unknown): CliError {
  return error instanceof CliError ? error : new CliError('internal', messageOf(error), { cause: error });
}

/** Shows what was done and what was not. Throws CliError: the reason it was stopped, or `batch_failed`. */
export function reportBatch<T>(output: Output, batch: Batch<T>): void {
  const { member, done, total, render, participle, hint } = batch;
  const failures = batch.failures.map((failure) => ({ ...failure, error: output.told(failure.error) }));
  const errors = failures.map(({ members, error }) => ({ ...members, error: error.toJSON() }));
  const answer: Record<string, unknown> = { [member]: done, ...(errors.length > 0 && { errors }) };
  output.show(answer, (value) => (value[member] as T[]).map(render).join('\n'));
  for (const { label, error } of failures) {
    output.remark((style) => `${errorText(cleanText(`${label}: ${error.message}`), error.hint, style)}\n`);
  }
  const stopped = failures.find(({ error }) => isStop(error));
  if (stopped !== undefined) throw stopped.error;
  if (failures.length > 0) {
    const missed = total - done.length;
    throw new CliError(
      'batch_failed',
      `${missed} of ${total} ${missed === 1 ? 'was' : 'were'} not ${participle}`,
      {
        hint,
      },
    );
  }
}

/** Told to stop, rather than refused. */
export const isStop = ({ code }: CliError) => code === 'interrupted' || code === 'terminated';
