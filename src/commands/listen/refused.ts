// What is told of webhooks that are not taken: each kind at once when it first comes, and then at most every ten
// seconds, with how many there were. A flood is a few lines.

import type { Clock } from '../../clock.js';
import type { Output } from '../../terminal/output.js';
import { type RefusalReason, refusals } from '../../webhook/check.js';

const windowMs = 10_000;

export interface RefusalLog {
  add(reason: RefusalReason, from: string): void;
  /** Tells what has not been told yet. */
  close(): void;
}

interface Counted {
  untold: number;
  from: string;
  stop(): void;
}

export function createRefusalLog(output: Output, clock: Pick<Clock, 'after'>): RefusalLog {
  const recent = new Map<RefusalReason, Counted>();

  function tell(reason: RefusalReason, count: number, from: string): void {
    const { status, means } = refusals[reason];
    output.emit({ type: 'webhook_refused', reason, status, count, from }, () => '');
    output.remark(({ chalk }) => {
      const what = count === 1 ? 'a webhook' : `${count} more webhooks`;
      const verb = reason === 'replayed' ? 'ignored' : 'refused';
      return `${chalk.yellow(`${verb} ${what} from ${from}: ${means} (${status})`)}\n`;
    });
  }

  function begin(reason: RefusalReason, from: string): void {
    const counted: Counted = { untold: 0, from, stop: clock.after(windowMs, () => endWindow(reason)) };
    recent.set(reason, counted);
  }

  function endWindow(reason: RefusalReason): void {
    const { untold, from } = recent.get(reason) ?? { untold: 0, from: '' };
    recent.delete(reason);
    if (untold === 0) return;
    tell(reason, untold, from);
    begin(reason, from);
  }

  return {
    add: (reason, from) => {
      const counted = recent.get(reason);
      if (counted !== undefined) {
        counted.untold++;
        counted.from = from;
        return;
      }
      tell(reason, 1, from);
      begin(reason, from);
    },
    close: () => {
      for (const [reason, { untold, from, stop }] of recent) {
        stop();
        if (untold > 0) tell(reason, untold, from);
      }
      recent.clear();
    },
  };
}
