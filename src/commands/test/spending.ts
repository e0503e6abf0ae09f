// `--max-cost` of a whole run of tests: what is spent, by our estimate, and whether another turn may begin. Turns under
// way are counted with what a turn takes on average: several begin at a time.

import { CliError } from '../../errors.js';
import { type Ticks, usdExact, usdText } from '../../money.js';
import { exitCodeOf } from '../../scenario/report/totals.js';
import type { Report } from '../../scenario/result.js';

export interface Purse {
  /** Why the next turn may not begin; undefined where it does. */
  refusal(): CliError | undefined;
  /** The run is over. */
  settle(): void;
}

export interface Spending {
  /** A run under way, by what it has come to until now; undefined where that is not known. */
  open(sum: () => Ticks | undefined): Purse;
  /** Why no other run may begin. */
  refusal(): CliError | undefined;
  /** Whether more was spent than was to be. */
  passed(): CliError | undefined;
  /** By all runs, those that were broken off included. */
  spent(): Ticks;
}

interface Running {
  sum(): Ticks;
  /** What it had come to when its turn began. */
  before: Ticks;
  inTurn: boolean;
}

/** `limit` is undefined where there is none; `guess` is what the first turn may cost. */
export function createSpending(limit: Ticks | undefined, guess: Ticks): Spending {
  const running = new Set<Running>();
  let settled = 0n;
  /** Of turns that are over. */
  const over = { turns: 0n, cost: 0n };
  /** Once there is not enough it stays so: a turn that came cheaper than it might have changes nothing. */
  let refused: CliError | undefined;

  const spent = () => [...running].reduce((all, { sum }) => all + sum(), settled);
  const usual = () => (over.turns === 0n ? guess : over.cost / over.turns);

  function endTurn(run: Running): void {
    if (!run.inTurn) return;
    run.inTurn = false;
    over.turns++;
    over.cost += run.sum() - run.before;
  }

  /** What is not spent yet of the turns under way. */
  function due(): Ticks {
    const each = usual();
    return [...running].reduce((all, { inTurn, before, sum }) => {
      const rest = inTurn ? before + each - sum() : 0n;
      return rest > 0n ? all + rest : all;
    }, 0n);
  }

  function refusal(): CliError | undefined {
    if (refused !== undefined || limit === undefined || spent() + due() + usual() <= limit) return refused;
    refused = reached(
      `the next turn would pass --max-cost ${usdExact(limit)}: about ${usdText(spent())} is spent`,
    );
    return refused;
  }

  return {
    spent,
    refusal,
    passed: () => {
      if (limit === undefined || spent() <= limit) return undefined;
      return reached(`--max-cost ${usdExact(limit)} is passed: about ${usdText(spent())} is spent`);
    },
    open: (sum) => {
      const run: Running = { sum: () => sum() ?? 0n, before: 0n, inTurn: false };
      running.add(run);
      return {
        refusal: () => {
          endTurn(run);
          const refused = refusal();
          if (refused !== undefined) return refused;
          Object.assign(run, { inTurn: true, before: run.sum() });
          return undefined;
        },
        settle: () => {
          endTurn(run);
          if (running.delete(run)) settled += run.sum();
        },
      };
    },
  };
}

/**
 * The exit code of a run, or of its parts joined. Throws CliError `budget_reached` where --max-cost was come to, for
 * which what was left out is no trouble of its own; what could not run comes first.
 */
export function endOf({ totals, over_budget }: Pick<Report, 'totals' | 'over_budget'>): number {
  if (over_budget !== undefined && totals.errors === 0) throw reached(over_budget);
  return exitCodeOf(totals);
}

const reached = (message: string) =>
  new CliError('budget_reached', message, { hint: 'a larger --max-cost lets the run go on' });
