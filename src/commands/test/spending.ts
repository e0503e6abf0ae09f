// `--max-cost` of a whole run of tests: what is spent, by our estimate, and whether another turn may begin.

import { CliError } from '../../errors.js';
import { type Ticks, usdExact, usdText } from '../../money.js';

export interface Spending {
  /** A meter under way; the function returned settles what it came to. */
  watch(sum: () => Ticks | undefined): () => void;
  /** Why nothing more may begin; undefined while it may. */
  refusal(): CliError | undefined;
}

/** `limit` is undefined where there is none. */
export function createSpending(limit: Ticks | undefined): Spending {
  const running = new Set<() => Ticks | undefined>();
  let settled = 0n;
  let runs = 0n;

  const spent = () => [...running].reduce((sum, each) => sum + (each() ?? 0n), settled);

  return {
    watch: (sum) => {
      running.add(sum);
      return () => {
        if (!running.delete(sum)) return;
        settled += sum() ?? 0n;
        runs++;
      };
    },
    refusal: () => {
      if (limit === undefined) return undefined;
      const now = spent();
      // What a run took on average is what the next will take.
      const usual = running.size === 0 && runs > 0n ? settled / runs : 0n;
      if (now + usual <= limit && now < limit) return undefined;
      return new CliError(
        'budget_reached',
        `--max-cost ${usdExact(limit)} is reached: about ${usdText(now)} is spent`,
        { hint: 'a larger --max-cost lets the run go on' },
      );
    },
  };
}
