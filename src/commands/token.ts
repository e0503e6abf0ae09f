// An ephemeral secret: what a browser or a device opens a realtime socket with, so that the key stays at home.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { readClientSecret } from '../protocol/account.js';
import { examples, type Register } from './command.js';

interface Flags {
  expiresIn?: string;
  model?: string;
}

export const register: Register = (command, action) =>
  command
    .option('--expires-in <time>', 'how long it is good for: 90s, 5m, 1h, at most 1h (default 10m)')
    .option('--model <name>', 'the voice model its sessions begin with')
    .addHelpText(
      'after',
      `
The secret alone goes to stdout. It opens the realtime socket and nothing else, as "Authorization: Bearer <secret>" or,
in a browser, as the subprotocol "xai-client-secret.<secret>".
${examples('agents token', 'agents token --expires-in 5m', 'TOKEN=$(agents token --expires-in 90s)', 'agents --json token')}`,
    )
    .action(action(token));

async function token(context: Context, { expiresIn, model }: Flags): Promise<undefined> {
  const seconds = expiresIn === undefined ? undefined : readDuration(expiresIn);
  if (model?.trim() === '') throw new CliError('usage', '--model is empty', { hint: 'leave it out' });
  const { output, clock } = context;
  const api = await context.api();
  const body = {
    ...(seconds !== undefined && { expires_after: { seconds } }),
    // Documents disagree on whether it is supported: sent only where it was asked for.
    ...(model !== undefined && { session: { model } }),
  };
  const reply = await output.during('Making a client secret', () => api.createClientSecret({ body }));
  const secret = readClientSecret(reply);
  output.show(reply, () => secret?.value ?? '');
  output.note(goodUntil(secret?.expires_at, clock.now()));
}

const units = { s: 1, m: 60, h: 3600 } as const;
/** What the service allows. */
const longestSeconds = 3600;

/** Whole seconds from "90s", "5m", "1h" or "300". Throws CliError `usage`. */
export function readDuration(text: string): number {
  const [, count = '', unit = 's'] = /^(\d{1,9})\s*([smh])?$/i.exec(text.trim()) ?? [];
  const seconds = count === '' ? 0 : Number(count) * units[unit.toLowerCase() as keyof typeof units];
  if (seconds >= 1 && seconds <= longestSeconds) return seconds;
  throw new CliError('usage', `--expires-in must be from 1 second to 1 hour, got ${text || 'nothing'}`, {
    hint: 'for example --expires-in 90s, 5m or 1h',
  });
}

/** Says until when; `expiresAt` is in Unix seconds. */
function goodUntil(expiresAt: number | undefined, nowMs: number): string {
  if (expiresAt === undefined || Math.abs(expiresAt) > 8.64e12)
    return 'The service does not say when it expires.';
  const seconds = Math.round(expiresAt - nowMs / 1000);
  const until = new Date(expiresAt * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `Good until ${until} (${inWords(seconds)}), for the realtime socket alone.`;
}

/** "90 s", "5 min", "1 h": as exact as a person needs it. */
function inWords(seconds: number): string {
  if (seconds < 1) return 'by the clock of this machine it has expired already';
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
