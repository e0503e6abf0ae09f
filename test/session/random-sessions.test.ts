// Ten thousand conversations in which everything happens at any moment: what is said, tools that fail in every way,
// interruptions, impatience, lines that are cut, and every fault of the socket that can be rehearsed. Whatever
// happens, the rules of a conversation hold. A failure names its seed.

import { describe, expect, test } from 'vitest';
import { problemsOf, randomSession } from '../support/random-session.js';

const sessions = 10_000;
/** In how many tests: each has a time of its own. */
const parts = 10;

describe(`${sessions} random conversations`, () => {
  test.each(Array.from({ length: parts }, (_, part) => part))(
    'keep every rule, part %i',
    { timeout: 60_000 },
    (part) => {
      const many = sessions / parts;
      for (let seed = part * many + 1; seed <= (part + 1) * many; seed++) {
        const told = randomSession(seed);
        const problems = problemsOf(told);
        if (problems.length > 0)
          expect({ seed, faults: told.faults, problems }).toEqual({
            seed,
            faults: told.faults,
            problems: [],
          });
      }
    },
  );
});
