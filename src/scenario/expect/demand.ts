// What every kind of expectation is made of: a line that says what is asked for, and a look that says what was there.
// Developers read the two side by side when a scenario fails, so both are short, and neither is ever a bare yes or no.

import { shortened } from '../../protocol/faults.js';
import type { ExpectationKind, ExpectationValue } from '../format.js';
import type { Judge } from '../judge.js';
import type { Played, PlayedTurn } from '../played.js';
import type { Verdict } from '../result.js';
import type { Case } from '../scenario.js';
import { shortText } from './text.js';

export interface Scope {
  scenario: Case;
  played: Played;
  /** What is looked at, in order: the turns of one turn of the scenario, or all. */
  turns: readonly PlayedTurn[];
  /** Whether that is the whole conversation. */
  whole: boolean;
  judge: Judge | undefined;
}

export interface Outcome {
  verdict: Verdict;
  got: string;
}

export interface Demand {
  expected: string;
  look(): Outcome | Promise<Outcome>;
}

/** How a kind reads its value: one demand, or several that are told apart. */
export type Read<K extends ExpectationKind> = (
  value: ExpectationValue<K>,
  scope: Scope,
) => Demand | readonly Demand[];

export const outcome = (isRight: boolean, got: string): Outcome => ({
  verdict: isRight ? 'passed' : 'failed',
  got,
});
export const passed = (got: string) => outcome(true, got);
export const failed = (got: string) => outcome(false, got);
/** It could not be found out. */
export const unknown = (got: string): Outcome => ({ verdict: 'error', got });

/** The longest a value is shown. */
const longestValue = 120;
export const shown = (value: unknown) => shortened(value ?? null, longestValue);

/** Which turn is meant, by what the person said: 'after "I would like…"'. */
export function whichTurn({ said, by }: PlayedTurn): string {
  if (said === '') return by === 'nobody' ? 'when nobody had spoken' : 'after silence';
  return `after ${by === 'nobody' ? shortText(said, 40) : `"${shortText(said, 40)}"`}`;
}

/** The same where it must be said: of the whole conversation. */
export const inTurn = (turn: PlayedTurn, { whole }: Scope) => (whole ? ` ${whichTurn(turn)}` : '');
