// What a message to a text model costs: by the service's word, or else estimated.

import type { Context } from '../context.js';
import { share, type Ticks, usdText } from '../money.js';
import type { ChatUsage } from '../protocol/chat.js';
import { total } from '../session/bill.js';
import { type PriceKind, priceKinds } from '../session/rates.js';
import { loadPrices } from './rates-file.js';

export interface RunPrice {
  /** Takes the usage of a reply, or of the piece of a stream that has it. */
  add(reply: { model?: string | undefined; usage?: ChatUsage | null | undefined }): void;
  /** Tells the price of all replies, in one line on stderr; nothing where nobody knows it. */
  tell(): void;
}

/** `model` is the one asked for; a reply may name the one that answered instead, and is billed as that. */
export async function openRunPrice(context: Context, model: string): Promise<RunPrice> {
  if (context.output.json) return { add: () => {}, tell: () => {} };
  const list = await loadPrices(context);
  let tokens = { in: 0, out: 0 };
  let said: Ticks = 0n;
  let estimate: Ticks | undefined = 0n;
  let rates = '';
  let told = false;
  return {
    add: (reply) => {
      if (!reply.usage) return;
      told = true;
      const own = tokensOf(reply.usage);
      const priced = (kind: PriceKind, count: number): Ticks | undefined => {
        const price = list(kind, reply.model ?? model) ?? list(kind, model);
        rates = price?.label ?? rates;
        return price && share(price.ticks, count, priceKinds[kind]);
      };
      const paidIn = priced('per_million_input_tokens', own.in);
      const paidOut = priced('per_million_output_tokens', own.out);
      estimate = total([estimate, paidIn, paidOut]);
      tokens = { in: tokens.in + own.in, out: tokens.out + own.out };
      said += BigInt(Math.round(countIn(reply.usage, 'cost_in_usd_ticks')));
    },
    tell: () => {
      const price =
        said > 0n
          ? `${usdText(said)} by the service`
          : estimate && `about ${usdText(estimate)}, estimated at rates of ${rates}`;
      if (told && price) context.output.note(`(${tokens.in} tokens in, ${tokens.out} out, ${price})`);
    },
  };
}

/** Out is all that is not in: the completion's own count leaves the thinking out, which is paid for. */
function tokensOf(usage: ChatUsage): { in: number; out: number } {
  const prompt = countIn(usage, 'prompt_tokens');
  return {
    in: prompt,
    out: Math.max(countIn(usage, 'completion_tokens'), countIn(usage, 'total_tokens') - prompt),
  };
}

/** A count that is none is 0: it is a stranger's. */
function countIn(usage: ChatUsage, name: string): number {
  const count = usage[name];
  return typeof count === 'number' && count >= 0 && count <= Number.MAX_SAFE_INTEGER ? Math.round(count) : 0;
}
