// What is expected of every conversation, without being written down: that the person is answered, and that it is over in
// time. It is told only where it is not so.

import type { Ending, Played, PlayedTurn } from '../played.js';
import type { Check } from '../result.js';
import type { Case } from '../scenario.js';
import { seconds } from './range.js';
import { shortText } from './text.js';

/** Why a conversation was over, as people say it. */
export const endings: Record<Ending, string> = {
  script: 'all turns were taken',
  agent: 'the agent ended it',
  user: 'the person had what they wanted',
  most_turns: 'the person had no turns left',
  timeout: 'its time was up',
};

/** What became of a turn that was not answered to its end; undefined for one that was, or needed not be. */
export function lackOf(turn: PlayedTurn, { endsOn }: Pick<Case, 'endsOn'>): string | undefined {
  if (turn.status === 'completed') return undefined;
  if (turn.status === 'cancelled' && turn.interrupted) return undefined;
  // Whoever hangs up does not finish the sentence.
  if (turn.calls.some(({ name }) => endsOn.includes(name))) return undefined;
  if (turn.by === 'nobody' && turn.status === 'unanswered') return undefined;
  return lacks[turn.status];
}

const lacks: Record<Exclude<PlayedTurn['status'], 'completed'>, string> = {
  cancelled: 'the answer was cut off',
  failed: 'the answer failed',
  timeout: 'the answer took too long',
  unanswered: 'no answer',
};

/** A failed check for every turn of the person that was not answered, and for a conversation that took too long. */
export function implicitChecks(scenario: Case, { turns, ending }: Played): Check[] {
  const checks = turns.flatMap((turn, at): Check[] => {
    const lack = turn.by === 'person' ? lackOf(turn, scenario) : undefined;
    if (lack === undefined) return [];
    const expected = `answers "${shortText(turn.said, 60)}"`;
    return [{ kind: 'answered', verdict: 'failed', expected, got: lack, turn: at }];
  });
  if (ending !== 'timeout') return checks;
  const limit = seconds(scenario.timeoutMs / 1000);
  return [
    ...checks,
    {
      kind: 'timeout',
      verdict: 'failed',
      expected: `is over within ${limit}`,
      got: `took longer than ${limit}`,
    },
  ];
}
