// Amounts of an answer: its questions, words and seconds, and the silence before and in it. Of the whole conversation
// every answer must be within the bounds.

import type { Range } from '../format.js';
import type { PlayedTurn } from '../played.js';
import { type Demand, failed, inTurn, type Outcome, outcome, type Read, type Scope } from './demand.js';
import {
  type Bounds,
  boundsOf,
  boundsText,
  counted,
  seconds as inSeconds,
  isWithin,
  rounded,
} from './range.js';
import { countQuestions, countWords, excerpt } from './text.js';

export interface Measured {
  value: number;
  turn: PlayedTurn;
}

const hasAnswer = ({ answer }: PlayedTurn) => answer.trim() !== '';
const said = (turns: readonly PlayedTurn[]) => turns.filter(hasAnswer);
const measure = (turns: readonly PlayedTurn[], value: (turn: PlayedTurn) => number): Measured[] =>
  turns.map((turn) => ({ turn, value: value(turn) }));

export const questions: Read<'questions'> = (range, scope) => {
  const asked = measure(said(scope.turns), ({ answer }) => countQuestions(answer)).sort(byValue);
  // The most in any turn: a turn without a question is nothing to find fault with.
  return amount(range, scope, 'asks', counted('question'), asked.slice(-1), {
    value: 0,
    got: 'nothing was said',
  });
};

export const words: Read<'words'> = (range, scope) =>
  amount(
    range,
    scope,
    'answers in',
    counted('word'),
    measure(said(scope.turns), ({ answer }) => countWords(answer)),
    { value: 0, got: 'nothing was said' },
  );

export const seconds: Read<'seconds'> = (range, scope) =>
  amount(
    range,
    scope,
    'speaks for',
    inSeconds,
    measure(
      said(scope.turns).filter(({ audio_seconds }) => audio_seconds > 0),
      ({ audio_seconds }) => rounded(audio_seconds),
    ),
    { value: undefined, got: 'nothing was to be heard' },
  );

export const silence: Read<'silence'> = (range, scope) =>
  amount(
    range,
    scope,
    'is silent for',
    inSeconds,
    scope.turns
      .flatMap((turn) =>
        turn.longest_silence_ms === undefined
          ? []
          : [{ turn, value: rounded(turn.longest_silence_ms / 1000) }],
      )
      .sort(byValue)
      .slice(-1),
    { value: undefined, got: 'nothing was to be heard' },
  );

interface Nothing {
  /** What counts where there was nothing to measure; undefined where that is a failure. */
  value: number | undefined;
  got: string;
}

function amount(
  range: Range,
  scope: Scope,
  verb: string,
  unit: (value: number) => string,
  measured: readonly Measured[],
  { value, got }: Nothing,
): Demand {
  const bounds = boundsOf(range);
  return {
    expected: `${verb} ${boundsText(bounds, unit)}`,
    look: () => {
      if (measured.length > 0) return within(bounds, measured, scope, unit);
      return value === undefined ? failed(got) : outcome(isWithin(value, bounds), got);
    },
  };
}

/** Whether all are within the bounds; the one furthest off is named. There must be one. */
export function within(
  bounds: Bounds,
  measured: readonly Measured[],
  scope: Scope,
  unit: (value: number) => string,
): Outcome {
  const sorted = [...measured].sort(byValue);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return failed('nothing was there');
  const off = [high, low].find(({ value }) => !isWithin(value, bounds));
  if (off === undefined) {
    return outcome(
      true,
      low.value === high.value ? unit(low.value) : `${unit(low.value)} to ${unit(high.value)}`,
    );
  }
  const words = hasAnswer(off.turn) ? `: ${excerpt(off.turn.answer)}` : '';
  return failed(`${unit(off.value)}${inTurn(off.turn, scope)}${words}`);
}

const byValue = (one: Measured, other: Measured) => one.value - other.value;
