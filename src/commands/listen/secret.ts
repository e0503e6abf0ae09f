// What webhooks are signed with: from a file or from the environment, and nowhere else.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { readBytes } from '../../files.js';

const variable = 'AGENTS_WEBHOOK_SECRET';
const hint =
  'agents phone register writes it with --secret-file; several, of several numbers, stand on a line each. ' +
  'Without one, anybody could have the agent answer';

/** One secret or more; none of them is shown from now on. Throws CliError. */
export async function readSecrets(context: Context, file: string | undefined): Promise<string[]> {
  const text = file === undefined ? context.host.env[variable] : await readSecretFile(context, file);
  const lines = (text ?? '').split(/[\r\n]+/).map((line) => line.trim());
  const words = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(/\s+/));
  const secrets = words.flat().filter((word) => word !== '');
  // Any word would do for a secret without prefix, and one that can be guessed lets everybody in.
  if (words.some((line) => line.length > 1 && !line.every(isPrefixed)) || secrets.some(isPrefixedWithin)) {
    throw new CliError('usage', `${file ?? variable} holds more than secrets`, {
      hint: 'one stands on a line, alone; a remark begins with #',
    });
  }
  if (secrets.length === 0) {
    const what = file === undefined ? 'there is no secret to check webhooks by' : `${file} holds no secret`;
    throw new CliError('usage', what, { hint: `give --secret-file, or set ${variable}: ${hint}` });
  }
  for (const secret of secrets) {
    context.io.hide(secret);
    context.io.hide(secret.replace(/^whsec_/, ''));
  }
  return secrets;
}

const isPrefixed = (word: string) => word.startsWith('whsec_');
/** NAME=whsec_… */
const isPrefixedWithin = (word: string) => word.includes('whsec_', 1);

/** Read as it stands: it is no spec, and its content is not to be part of a message. */
async function readSecretFile(context: Context, file: string): Promise<string> {
  const bytes =
    file === '-' ? await context.io.readStdin(longest) : await readBytes(context.path(file), longest, file);
  return bytes.toString('utf8');
}

const longest = 64 * 1024;
