// What a conversation may cost and take: the flags, and what holds a session to them.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { parseUsd, type Ticks, usdExact } from '../../money.js';
import { createBudget } from '../../session/budget.js';
import type { Conversation, ConverseOptions, Observer } from '../../session/conversation.js';
import { createMeter, type Sum } from '../../session/meter.js';
import { loadPrices, rateHint } from '../rates-file.js';

export interface MoneyFlags {
  maxCost?: string;
  maxMinutes?: string;
  telephony?: boolean;
}

export function addMoneyFlags(command: Command): Command {
  return command
    .option('--max-cost <usd>', 'end before a turn that would pass this, by our estimate (exit code 6)')
    .option('--max-minutes <n>', 'end before a turn that would pass this (exit code 6)')
    .option('--telephony', "add what a phone number of xAI's costs to the estimate");
}

/** The meter of a conversation, and its limits. */
export interface Money {
  /** For `converse`, in this order and after what changes notices. */
  observers: readonly Observer[];
  sum(): Sum;
  /** Why the next turn may not begin; undefined while it may. */
  refusal(): CliError | undefined;
  /** The limit that is passed already. */
  passed(): CliError | undefined;
  /** Resolves when the time is over; never without a limit of it. */
  timeIsOver: Promise<void>;
  /** The same tools, but none where a limit is passed: whoever talks ends the conversation with that. */
  guarded(runTool: ConverseOptions['runTool']): ConverseOptions['runTool'];
  /** Starts the clock: a conversation that waits for words is ended with its time, one in a turn after it. */
  watch(conversation: Conversation): void;
}

/** Reads flags and rates. Throws CliError `usage`, also for a cost limit where no price is known. */
export async function openMoney(
  context: Context,
  flags: MoneyFlags,
  model: string,
  { call = false } = {},
): Promise<Money> {
  const limits = { cost: readCost(flags.maxCost), ms: readMinutes(flags.maxMinutes) };
  const list = await loadPrices(context);
  if (limits.cost !== undefined && list('per_audio_minute', model) === undefined) {
    throw new CliError('usage', `--max-cost cannot be kept: nobody knows the price of ${model}`, {
      hint: rateHint(context, model),
    });
  }
  const { clock } = context;
  const meter = createMeter({ model, list, telephony: flags.telephony === true, call });
  const textItem = list('per_text_item', model)?.ticks ?? 0n;
  const budget = createBudget({ limits, sum: meter.sum, textItem, nowMs: clock.nowMs });
  let tellTime = () => {};
  const timeIsOver = new Promise<void>((resolve) => {
    tellTime = resolve;
  });
  return {
    observers: [meter, budget],
    sum: meter.sum,
    refusal: budget.refusal,
    passed: budget.passed,
    timeIsOver,
    guarded: (runTool) => async (call, signal) => {
      const limit = budget.passed();
      return limit === undefined
        ? runTool(call, signal)
        : JSON.stringify({ error: `not run: ${limit.message}` });
    },
    watch: (conversation) => {
      if (limits.ms === undefined) return;
      const stop = clock.after(limits.ms, () => {
        budget.endTime();
        tellTime();
        if (conversation.isIdle()) conversation.hangUp();
      });
      context.onClose(async () => stop());
    },
  };
}

/** The value of `--max-cost`. Throws CliError `usage`. */
export function readCost(text: string | undefined): Ticks | undefined {
  if (text === undefined) return undefined;
  const ticks = parseUsd(text.replace(/^\$/, ''));
  if (ticks === undefined || ticks === 0n) {
    throw new CliError(
      'usage',
      `--max-cost must be an amount of US dollars in plain digits, at least ${usdExact(1n)}, got ${text}`,
      {
        hint: 'for example --max-cost 0.50',
      },
    );
  }
  return ticks;
}

/** What a timer can hold: 24 days. */
const mostMinutes = 35_000;

function readMinutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = Number(text);
  if (text.trim() === '' || !(minutes > 0) || minutes > mostMinutes) {
    throw new CliError('usage', `--max-minutes must be a number of minutes, more than 0, got ${text}`, {
      hint: 'for example --max-minutes 5',
    });
  }
  return minutes * 60_000;
}
