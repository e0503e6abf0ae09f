// What is kept of runs that are over until all are: whole those that did not pass, and of those that passed the first.
// Of the others the numbers are enough: a hundred thousand runs must fit into memory. What they were was told when they
// were over.

import { checkOverRuns } from './expect/check.js';
import type { RunResult, TurnResult } from './result.js';
import type { RunOutcome } from './results.js';
import type { Case } from './scenario.js';

export interface Keeping {
  /** For one scenario: what is kept of a run, in the order they end. */
  for(scenario: Case): (outcome: RunOutcome) => RunOutcome;
}

export interface MostKept {
  /** Runs of a scenario that passed. */
  runs: number;
  /** Characters of the sound of runs that passed, over all scenarios: twice what an HTML report can hold. */
  sound: number;
}

const usual: MostKept = { runs: 100, sound: 50_000_000 };

export function createKeeping(most = usual): Keeping {
  let sound = 0;

  function withinSound(result: RunResult): RunResult {
    const length = (result.sound ?? []).reduce((sum, { mulaw_8k }) => sum + mulaw_8k.length, 0);
    if (sound + length > most.sound) return { ...result, sound: [] };
    sound += length;
    return result;
  }

  return {
    for: (scenario) => {
      // What was played is looked at once more where percentiles are asked for.
      const isLookedAtAgain = checkOverRuns(scenario, []).length > 0;
      let passed = 0;
      return ({ result, played }) => {
        const again = isLookedAtAgain ? { played } : {};
        if (result.verdict !== 'passed') return { result, ...again };
        passed++;
        return { result: passed > most.runs ? abridged(result) : withinSound(result), ...again };
      };
    },
  };
}

/** Without words, sound and what tools made of their state. */
function abridged({ sound: _sound, state: _state, ...result }: RunResult): RunResult {
  return { ...result, abridged: true, checks: [], turns: result.turns.map(numbersOf) };
}

const numbersOf = (turn: TurnResult): TurnResult => ({
  ...turn,
  said: '',
  answer: '',
  calls: turn.calls.map(({ name, ms, at_ms }) => ({ name, arguments: null, ms, at_ms })),
});
