// A run that is told to stop in the middle of a call does not leave the telephone off the hook.

import type { Context } from '../../context.js';

/** As long as a stopped run is waited for. */
const longestMs = 1500;

/** Hangs up, though nothing else of the run is sent any more; what cannot be hung up goes on. */
export async function hangUpAtLast(context: Context, path: string, call_id: string): Promise<void> {
  const { signal } = new AbortController();
  const api = await context.api({ timeoutMs: longestMs, signal });
  // Nobody is left to be told that it failed.
  await api.hangUpCall({ at: `${path}/{call_id}/hangup`, call_id }).catch(() => {});
}
