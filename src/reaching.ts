// How a server is reached: by which key, and by which flags once more.

import { resolve } from 'node:path';
import { shellQuoted } from './commands/command.js';
import type { Host } from './context.js';
import { CliError } from './errors.js';
import { readBytes } from './files.js';
import { readSettings, type Settings } from './settings.js';

/** Where a key was found. */
export interface KeySource {
  variable: 'XAI_API_KEY' | 'XAI_API_KEY_FILE';
  /** As the variable names it. */
  file?: string;
}

/** The key of the environment, or of the file it names, and where it was. Throws CliError. */
export async function readKey({ env, cwd }: Host): Promise<{ key: string; from: KeySource } | undefined> {
  const key = env.XAI_API_KEY?.trim();
  if (key) return { key, from: { variable: 'XAI_API_KEY' } };
  const file = env.XAI_API_KEY_FILE;
  if (!file) return undefined;
  const named = `the key file ${file} (XAI_API_KEY_FILE)`;
  const text = (await readBytes(resolve(cwd, file), 64 * 1024, named)).toString('utf8').trim();
  if (text === '') throw new CliError('key_missing', `${named} is empty`);
  return { key: text, from: { variable: 'XAI_API_KEY_FILE', file } };
}

/** How the next command has to begin to reach the same server: "agents --local". */
export function programFor({ baseUrl }: Settings, env: Host['env']): string {
  const reached = baseUrl?.href;
  if (reachedByDefault(env) === (reached ?? 'local')) return 'agents';
  if (reached === undefined) return 'agents --local';
  return `agents --base-url ${shellQuoted(reached.replace(/\/$/, ''))}`;
}

/** Where a command without flags goes; undefined where the environment contradicts itself. */
function reachedByDefault(env: Host['env']): string | undefined {
  try {
    return readSettings({}, env).baseUrl?.href ?? 'local';
  } catch {
    return undefined;
  }
}
