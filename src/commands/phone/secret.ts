// The signing secret of a webhook, which is told once: shown, or written to a file that was made before it was asked for.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { createPrivate, type GrowingFile, isFile, removeFile } from '../../files.js';
import { type Registered, signingSecretOf } from '../../protocol/phone.js';
import { hidden } from '../../protocol/redact.js';

/** Where the secret goes. */
export interface SecretPlace {
  /** The answer as it may be shown, with the secret to show beside it. A file that fails is told in `failure`. */
  keep(answer: Registered): Promise<Kept>;
  /** Nothing came: the file goes again. */
  giveUp(): Promise<void>;
}

export interface Kept {
  answer: Registered;
  /** To be shown; undefined when it is in the file, or there is none. */
  secret: string | undefined;
  /** For people. */
  note: string | undefined;
  /** The file could not be written: the secret is shown instead, and this thrown after it. */
  failure: CliError | undefined;
}

/** Throws CliError `usage` for a file that is there, before anything is asked of anybody. */
export function checkSecretFile(context: Context, named: string | undefined): void {
  if (named !== undefined && isFile(context.path(named))) throw isThere(named);
}

/** Makes the file, if one is named. Throws CliError: `usage` for one that is there, `storage` where none can be. */
export function secretPlace(context: Context, named: string | undefined): SecretPlace {
  const file = named === undefined ? undefined : reserve(context.path(named), named);
  const giveUp = async () => {
    file?.close();
    // That it cannot be taken away is not what went wrong.
    if (named !== undefined) await removeFile(context.path(named)).catch(() => {});
  };
  return {
    giveUp,
    keep: async (answer) => {
      const secret = signingSecretOf(answer);
      if (secret === undefined) {
        await giveUp();
        const note = file && `note: no signing secret came, so ${named} was not written`;
        return { answer, secret, note, failure: undefined };
      }
      if (file === undefined) {
        const note = 'The signing secret is told this once: keep it where your webhook finds it';
        return { answer, secret, note, failure: undefined };
      }
      try {
        file.write(Buffer.from(`${secret}\n`));
      } catch (error) {
        // What is there of it would only be in the way of the next try.
        await giveUp();
        return { answer, secret, note: undefined, failure: notKept(error) };
      }
      file.close();
      return {
        answer: withoutText(answer, secret) as Registered,
        secret: undefined,
        note: `The signing secret is in ${named}`,
        failure: undefined,
      };
    },
  };
}

function reserve(path: string, named: string): GrowingFile {
  try {
    return createPrivate(path);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'usage') throw error;
    throw isThere(named);
  }
}

const isThere = (named: string) =>
  new CliError('usage', `${named} is there already; a secret never replaces a file`, {
    hint: 'name another file, or move it away',
  });

function notKept(error: unknown): CliError {
  const reason = error instanceof CliError ? error : new CliError('storage', String(error), { cause: error });
  return reason.withHint('the secret is shown above, for nothing tells it again: keep it');
}

function withoutText(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value.replaceAll(text, hidden);
  if (Array.isArray(value)) return value.map((entry) => withoutText(entry, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutText(member, text)]));
}
