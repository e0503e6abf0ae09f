// Who picks up when the local API is told to dial out: a person with a few lines, who says the next when the agent has
// finished, and hangs up after the last.

import type { Call } from './call.js';
import { spoken } from './utterance.js';

/** What is said where nobody has decided otherwise. */
export const usualLines = ['Hello?', 'Thank you for calling. Goodbye.'];

/** Picks up. */
export function pickUp(call: Call, lines: readonly string[]): void {
  const left = [...lines];
  const next = () => {
    const line = left.shift();
    if (line === undefined) call.end('completed', 'callee_hung_up');
    else call.say(spoken(line));
  };
  call.listen((news) => {
    // A tool was called: the answer is still to come.
    if (news.type === 'agent_done' && news.calls === 0) queueMicrotask(next);
  });
  call.answer('person');
  next();
}
