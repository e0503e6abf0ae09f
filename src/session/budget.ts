// Limits of money and time. Whether the next turn would pass one is a guess, and this is how it is made: what is spent
// until now, and on top what a turn took on average, at least the price of one text item. An answer under way is
// never cut off: that it has passed a limit is told once, and no other follows, nor another round of tools.

import { CliError } from '../errors.js';
import { type Ticks, usdExact, usdText } from '../money.js';
import type { Observer } from './conversation.js';
import type { Sum } from './meter.js';
import type { NoticeBody } from './notice.js';

export interface Limits {
  cost?: Ticks | undefined;
  ms?: number | undefined;
}

export interface BudgetOptions {
  limits: Limits;
  /** What was used until now; an observer before this one keeps it. */
  sum(): Sum;
  /** The least a turn costs. */
  textItem: Ticks;
  /** Of the clock that the observers' times are of. */
  nowMs(): number;
}

export interface Budget extends Required<Pick<Observer, 'received' | 'told'>> {
  /** Why the next turn may not begin: CliError `budget_reached`; undefined while it may. */
  refusal(): CliError | undefined;
  /** The limit that is passed already. */
  passed(): CliError | undefined;
  /** For whoever has a timer: the time is over, whatever the clock says. */
  endTime(): void;
}

export function createBudget({ limits, sum, textItem, nowMs }: BudgetOptions): Budget {
  let startedMs: number | undefined;
  let timeIsOver = false;
  let warned = false;
  let inTurn = false;

  function elapsedMs(): number {
    return startedMs === undefined ? 0 : nowMs() - startedMs;
  }

  function passed(): CliError | undefined {
    const { ms, cost } = limits;
    if (ms !== undefined && (timeIsOver || elapsedMs() > ms)) {
      return reached(`--max-minutes ${minutes(ms)} is reached`, '--max-minutes');
    }
    if (cost === undefined) return undefined;
    const spent = spentOf(sum());
    if (spent === undefined) return uncountable();
    if (spent <= cost) return undefined;
    return reached(`--max-cost ${usdExact(cost)} is passed: about ${usdText(spent)} is spent`, '--max-cost');
  }

  function refusal(): CliError | undefined {
    return passed() ?? tooDear() ?? tooLong();
  }

  function tooDear(): CliError | undefined {
    const whole = sum();
    const spent = spentOf(whole);
    if (limits.cost === undefined || spent === undefined) return undefined;
    const usual = whole.turns === 0 ? 0n : (whole.turnsTicks ?? 0n) / BigInt(whole.turns);
    const turn = usual > textItem ? usual : textItem;
    if (spent + turn <= limits.cost) return undefined;
    const limit = `--max-cost ${usdExact(limits.cost)}`;
    const reason =
      whole.turns === 0 && spent === 0n
        ? `the first turn would pass ${limit}: it costs at least ${usdText(turn)}`
        : `the next turn would pass ${limit}: about ${usdText(spent)} is spent, and a turn costs about ${usdText(turn)}`;
    return reached(reason, '--max-cost');
  }

  function tooLong(): CliError | undefined {
    const { turns, turnsMs } = sum();
    if (limits.ms === undefined || turns === 0) return undefined;
    const turnMs = turnsMs / turns;
    if (elapsedMs() + turnMs <= limits.ms) return undefined;
    return reached(
      `the next turn would pass --max-minutes ${minutes(limits.ms)}: ${minutes(elapsedMs())} are over, ` +
        `and a turn takes about ${minutes(turnMs)}`,
      '--max-minutes',
    );
  }

  return {
    received: (frame, atMs) => {
      startedMs ??= atMs;
      const ends = frame.kind === 'event' && frame.event.type === 'response.done';
      const reason = warned || ends || !inTurn ? undefined : passed();
      if (reason === undefined) return [];
      warned = true;
      return [warning(reason)];
    },
    told: (notice, atMs) => {
      startedMs ??= atMs;
      if (notice.type === 'turn_done') inTurn = false;
      else if (['user', 'text', 'tool_call'].includes(notice.type)) inTurn = true;
      return notice;
    },
    refusal,
    passed,
    endTime: () => {
      timeIsOver = true;
    },
  };
}

/** The larger of what we count and what the service says, should it say so. */
function spentOf({ ticks, tally }: Sum): Ticks | undefined {
  const said = BigInt(Math.round(tally.reported.cost_in_usd_ticks ?? 0));
  return ticks === undefined || ticks > said ? ticks : said;
}

function uncountable(): CliError {
  return reached('--max-cost cannot be kept: the audio of this session tells no duration', '--max-cost');
}

function reached(message: string, flag: string): CliError {
  return new CliError('budget_reached', message, { hint: `a larger ${flag} lets the session go on` });
}

function warning({ code, message }: CliError): NoticeBody {
  return { type: 'warning', code, message: `${message}; this answer is finished first` };
}

/** "1.5", "0.003": as many decimals as it takes. */
const minutes = (ms: number) => String(Number((ms / 60_000).toPrecision(3)));
