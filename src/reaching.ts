// How a server is reached: by which key, and by which flags once more.

import { resolve } from 'node:path';
import { proxyFor } from './api/proxy.js';
import type { Plane } from './api/request.js';
import { shellQuoted } from './commands/command.js';
import type { Host } from './context.js';
import { CliError } from './errors.js';
import { readBytes } from './files.js';
import { defaults, readSettings, type Settings } from './settings.js';

type KeyVariable = 'XAI_API_KEY' | 'XAI_MANAGEMENT_API_KEY';

/** Where a key was found. */
export interface KeySource {
  variable: KeyVariable | `${KeyVariable}_FILE`;
  /** As the variable names it. */
  file?: string;
}

/** A key of the environment, or of the file it names, and where it was. Throws CliError. */
export async function readKey(
  { env, cwd }: Host,
  variable: KeyVariable = 'XAI_API_KEY',
): Promise<{ key: string; from: KeySource } | undefined> {
  const key = env[variable]?.trim();
  if (key) return { key, from: { variable } };
  const file = env[`${variable}_FILE`];
  if (!file) return undefined;
  const named = `the key file ${file} (${variable}_FILE)`;
  const text = (await readBytes(resolve(cwd, file), 64 * 1024, named)).toString('utf8').trim();
  if (text === '') throw new CliError('key_missing', `${named} is empty`);
  return { key: text, from: { variable: `${variable}_FILE`, file } };
}

/**
 * The server of collections and its own key; the API's key never goes to another server. Throws CliError `key_missing`
 * when the service's own needs one and there is none.
 */
export async function managementPlane(host: Host, baseUrl: URL): Promise<Plane> {
  const key = (await readKey(host, 'XAI_MANAGEMENT_API_KEY'))?.key;
  if (key === undefined && baseUrl.origin === defaults.managementUrl) {
    throw new CliError('key_missing', `no Management key for ${baseUrl.origin}, where collections are kept`, {
      hint:
        'set XAI_MANAGEMENT_API_KEY (made at https://console.x.ai); some teams reach collections with the plain ' +
        `key: AGENTS_MANAGEMENT_URL=${defaults.baseUrl}; offline: add --local`,
    });
  }
  return { baseUrl, key, proxy: proxyFor(baseUrl, host.env) };
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
