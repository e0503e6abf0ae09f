// What is expected of every conversation, without being written down: that the person is answered, and that it is over in
// time. It is told only where it is not so.

import { endings, type Played, type PlayedTurn, unsatisfiedText } from '../played.js';
import type { Check } from '../result.js';
import type { Case } from '../scenario.js';
import { seconds } from './range.js';
import { shortText } from './text.js';

/** What became of a turn that was not answered to its end; undefined for one that was, or needed not be. */
export function lackOf(turn: PlayedTurn, { endsOn }: Pick<Case, 'endsOn'>): string | undefined {
  if (turn.status === 'completed') return isMute(turn) ? 'nothing was said' : undefined;
  if (turn.status === 'cancelled' && turn.interrupted) return undefined;
  // Whoever hangs up does not finish the sentence.
  if (turn.calls.some(({ name }) => endsOn.includes(name))) return undefined;
  if (turn.by === 'nobody' && turn.status === 'unanswered') return undefined;
  return lacks[turn.status];
}

/** Over, and neither a word nor a sound of it, nor anything done: the person still waits. */
const isMute = ({ answer, calls, audio_seconds, interrupted, by }: PlayedTurn) =>
  by === 'person' && answer.trim() === '' && calls.length === 0 && audio_seconds === 0 && !interrupted;

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
export function implicitChecks(scenario: Case, played: Played): Check[] {
  const { turns, ending } = played;
  const checks = turns.flatMap((turn, at): Check[] => {
    const lack = turn.by === 'person' ? lackOf(turn, scenario) : undefined;
    if (lack === undefined) return [];
    const expected = `answers "${shortText(turn.said, 60)}"`;
    return [{ kind: 'answered', verdict: 'failed', expected, got: lack, turn: at }];
  });
  checks.push(...missedCuts(scenario, turns), ...untaken(scenario, played));
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
function untaken({ turns: planned, expect }: Case, { turns, ending, unsatisfied }: Played): Check[] {
  // That is told by the expectation then.
  const ends = expect.filter(({ kind }) => kind === 'ends');
  if (ends.some(({ value }) => value === 'properly')) return [];
  const taken = new Set(turns.flatMap(({ index }) => index ?? [])).size;
  const found = { kind: 'turns', verdict: 'failed' } as const;
  if (ending === 'agent' && taken < planned.length) {
    const got = `${endings.agent} after ${taken} of ${planned.length} turns`;
    return [{ ...found, expected: `takes all ${planned.length} turns`, got }];
  }
  const wanted = 'the person gets what they want';
  if (ending === 'most_turns') return [{ ...found, expected: wanted, got: endings.most_turns }];
  // An agent that is to hang up on somebody does what it should.
  if (unsatisfied !== true || ends.length > 0) return [];
  return [{ ...found, expected: wanted, got: unsatisfiedText }];
}
