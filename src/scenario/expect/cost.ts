// cost: in exact ticks, so that a limit is met to the last digit. What has no known price is neither cheap nor dear.

import { type Ticks, ticksPerUsd, usdExact } from '../../money.js';
import type { Read, Scope } from './demand.js';
import { outcome, unknown } from './demand.js';
import { boundsOf, boundsText } from './range.js';

export const cost: Read<'cost'> = (range, scope) => {
  const bounds = boundsOf(range);
  return {
    expected: `costs ${boundsText(bounds, (usd) => shownUsd(ticksOf(usd)))}`,
    look: () => {
      const spent = spentIn(scope);
      if (spent === undefined) return unknown('the price is not known');
      const { least, most } = bounds;
      const isRight =
        (least === undefined || spent >= ticksOf(least)) && (most === undefined || spent <= ticksOf(most));
      return outcome(isRight, shownUsd(spent));
    },
  };
};

/** All turns are more than their sum: time on the line costs too. */
function spentIn({ turns, played, whole }: Scope): Ticks | undefined {
  if (whole) return played.cost_ticks;
  let sum = 0n;
  for (const { cost_ticks } of turns) {
    if (cost_ticks === undefined) return undefined;
    sum += cost_ticks;
  }
  return sum;
}

const ticksOf = (usd: number): Ticks => BigInt(Math.round(usd * Number(ticksPerUsd)));
/** Every digit: what was a hair too much must not look like the limit. */
const shownUsd = (ticks: Ticks) => `$${usdExact(ticks)}`;
