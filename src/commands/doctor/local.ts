// The local API: whether it starts here, over the user's data where there are any, and whether its port is free.

import { glance } from '../../api/reach.js';
import { type Context, type Host, userAgent } from '../../context.js';
import { CliError, systemCode } from '../../errors.js';
import { tryLocal } from '../../local-server.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { defaults } from '../../settings.js';
import { type Check, type Finding, failedBy, ok, warning } from './check.js';

export const localChecks: readonly Check[] = [
  { name: 'local API', look: checkLocal },
  { name: `port ${new URL(defaults.localUrl).port}`, look: ({ host }, signal) => checkPort(host, signal) },
];

const builds = { native: "Node's own SQLite", wasm: 'SQLite as WebAssembly' };

async function checkLocal(context: Context): Promise<Finding> {
  try {
    // With --local it has been started already, over the same data.
    const { build, file } = await tryLocal(context, context.settings.baseUrl === undefined);
    return ok(
      `starts, with ${builds[build]}; ${file === undefined ? 'it has no data yet' : `its data are in ${file}`}`,
    );
  } catch (error) {
    const finding = failedBy(error);
    return { ...finding, hint: finding.hint ?? 'set AGENTS_DATA_DIR to another folder' };
  }
}

const glanceMs = 2000;

/** Who listens where `agents dev` would. */
export async function checkPort(
  host: Host,
  signal: AbortSignal,
  where = new URL(defaults.localUrl),
): Promise<Finding> {
  const taken = warning(`something else listens on ${where.host}`, 'agents dev --port 0 takes another port');
  try {
    const url = new URL('/v1/api-key', where);
    const { text } = await glance(url, { timeoutMs: glanceMs, userAgent: userAgent(host) }, { signal });
    return isLocalApi(text) ? ok('agents dev listens there') : taken;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    return systemCode(error.cause) === 'ECONNREFUSED' ? ok('free, for agents dev') : taken;
  }
}

function isLocalApi(text: string): boolean {
  try {
    const key = parseJson(text);
    return isObject(key) && key.team_id === 'local' && key.api_key_id === 'local';
  } catch {
    return false;
  }
}
