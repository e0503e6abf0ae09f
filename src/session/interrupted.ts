// The result of a tool call that nobody waits for any more, so that the conversation does not hold the call for ever.

export const interruptedOutput = JSON.stringify({ error: 'interrupted before it was done' });

/** The same of a call that is not made because the turn has had all its rounds of tools. */
export const tooManyRoundsOutput = JSON.stringify({ error: 'not run: too many rounds of tools in one turn' });

/** Whether a result says so: no answer is asked for after it. */
export function isInterrupted(output: unknown): boolean {
  return output === interruptedOutput || output === tooManyRoundsOutput;
}
