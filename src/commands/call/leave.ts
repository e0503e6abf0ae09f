// A run that is told to stop in the middle of a call does not leave the telephone off the hook.

import { createApi } from '../../api/client.js';
import { proxyFor } from '../../api/proxy.js';
import { type Context, userAgent } from '../../context.js';

/** As long as a stopped run is waited for. */
const longestMs = 1500;

/** Hangs up, though nothing else of the run may be sent any more; what cannot be hung up goes on. */
export async function hangUpAtLast(context: Context, path: string, call_id: string): Promise<void> {
  const { host, clock, newId } = context;
  const { baseUrl, key } = await context.server();
  const proxy = proxyFor(baseUrl, host.env);
  const shortLived = true;
  const api = createApi({
    baseUrl,
    key,
    timeoutMs: longestMs,
    userAgent: userAgent(host),
    proxy,
    shortLived,
    clock,
    newId,
  });
  try {
    await api.hangUpCall({ at: `${path}/{call_id}/hangup`, call_id });
  } catch {
    // Nobody is left to be told.
  } finally {
    await api.close();
  }
}
