// What is expected of every conversation, without being written down: that the person is answered, and that it is over in
// time. It is told only where it is not so.

import { type Ending, endings, type Played, type PlayedTurn } from '../played.js';
import type { Check } from '../result.js';
import type { Case } from '../scenario.js';
import { seconds } from './range.js';
import { shortText } from './text.js';

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

/**
 * A failed check for every turn of the person that was not answered, for every interruption that did not happen, for turns
 * that were not taken, and for a conversation that took too long.
 */
export function implicitChecks(scenario: Case, { turns, ending }: Played): Check[] {
  const checks = turns.flatMap((turn, at): Check[] => {
    const lack = turn.by === 'person' ? lackOf(turn, scenario) : undefined;
    if (lack === undefined) return [];
    const expected = `answers "${shortText(turn.said, 60)}"`;
    return [{ kind: 'answered', verdict: 'failed', expected, got: lack, turn: at }];
  });
  checks.push(...missedCuts(scenario, turns), ...untaken(scenario, turns, ending));
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

/** Of an answer that was over before it was to be cut off, what stands in the scenario was never tried. */
function missedCuts(scenario: Case, turns: readonly PlayedTurn[]): Check[] {
  return scenario.turns.flatMap(({ interrupt, place }, index): Check[] => {
    const at = turns.findIndex((turn) => turn.index === index);
    const turn = turns[at];
    if (interrupt === undefined || turn === undefined) return [];
    const later = turns.filter((each) => each.index === index);
    if (later.some(({ interrupted }) => interrupted) || turn.status === 'unanswered') return [];
    const { after, after_ms } = interrupt;
    const moment = [
      ...(after === undefined ? [] : [`after "${shortText(after, 60)}"`]),
      ...(after_ms === undefined ? [] : [`${after_ms} ms after its first word`]),
    ];
    return [
      {
        kind: 'interrupt',
        verdict: 'failed',
        expected: `is cut off ${moment.join(' or ')}`,
        got: `the answer was over before: "${shortText(turn.answer, 100)}"`,
        place,
        turn: at,
      },
    ];
  });
}

/** What nobody came to say, or never got, was not tried either. */
function untaken({ turns: planned, expect }: Case, turns: readonly PlayedTurn[], ending: Ending): Check[] {
  // That is told by the expectation then.
  if (expect.some(({ kind, value }) => kind === 'ends' && value === 'properly')) return [];
  const taken = new Set(turns.flatMap(({ index }) => index ?? [])).size;
  const found = { kind: 'turns', verdict: 'failed' } as const;
  if (ending === 'agent' && taken < planned.length) {
    const got = `${endings.agent} after ${taken} of ${planned.length} turns`;
    return [{ ...found, expected: `takes all ${planned.length} turns`, got }];
  }
  if (ending !== 'most_turns') return [];
  return [{ ...found, expected: 'the person gets what they want', got: endings.most_turns }];
}
