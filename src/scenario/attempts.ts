// Runs that were made again: only the last attempt of each counts.

/** Of each run its last attempt, in the order given. */
export function lastAttempts<R extends { run: number; attempt: number }>(runs: readonly R[]): R[] {
  const last = new Map<number, number>();
  for (const { run, attempt } of runs) last.set(run, Math.max(attempt, last.get(run) ?? 0));
  return runs.filter(({ run, attempt }) => last.get(run) === attempt);
}
