// The result of a tool call that nobody waits for any more, so that the conversation does not hold the call for ever.

export const interruptedOutput = JSON.stringify({ error: 'interrupted before it was done' });

/** Whether a result says so: no answer is asked for after it. */
export function isInterrupted(output: unknown): boolean {
  return output === interruptedOutput;
}
