// Passes verified events on to another receiver, as they came: it can check the signature by itself. Nothing waits
// for it, and no key of ours goes there.

import { createHttp, type Http } from '../../api/http.js';
import { proxyFor } from '../../api/proxy.js';
import { type Context, userAgent } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { cleanText } from '../../terminal/style.js';
import type { Delivery } from '../../webhook/check.js';

export interface Forwarder {
  pass(delivery: Delivery): void;
  /** Gives up what is still under way. */
  close(): Promise<void>;
}

/** Waits before the second and the third try; there is no fourth. */
const waitsMs = [1000, 5000];
const silenceMs = 10_000;
/** As many events may wait for a receiver that is slow; more are told as not passed on. */
const mostWaiting = 100;

/** Throws CliError `usage` for what is no address. */
export function createForwarder(context: Context, text: string): Forwarder {
  const { clock, output, host } = context;
  const url = readUrl(text);
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, context.signal]);
  let http: Promise<Http> | undefined;
  const underWay = new Set<Promise<void>>();

  async function send({ headers, body }: Delivery): Promise<number> {
    http ??= createHttp({ origin: url, timeoutMs: silenceMs, proxy: proxyFor(url, host.env) });
    const all = { 'user-agent': userAgent(host), 'content-type': 'application/json', ...headers };
    const reply = await (await http).send({ method: 'POST', url, headers: all, body }, signal);
    let size = 0;
    for await (const chunk of reply.chunks()) {
      size += chunk.length;
      if (size > 64 * 1024) break;
    }
    return reply.status;
  }

  async function trySeveral(delivery: Delivery): Promise<void> {
    for (let tries = 1; ; tries++) {
      let status: number | undefined;
      let problem: string | undefined;
      try {
        status = await send(delivery);
        if (status >= 300) problem = `it answered ${status}`;
      } catch (error) {
        problem = signal.aborted ? 'listening ended first' : messageOf(error);
      }
      const wait = waitsMs[tries - 1];
      const mayHelp = !signal.aborted && (status === undefined || status >= 500 || status === 429);
      if (problem === undefined || !mayHelp || wait === undefined)
        return tell(delivery, { tries, status, problem });
      await clock.sleep(wait, signal).catch(() => {});
    }
  }

  function tell({ id, type }: Delivery, { tries, status, problem }: Outcome): void {
    const event = {
      type: 'forwarded',
      webhook_id: id,
      event: type,
      ok: problem === undefined,
      tries,
      ...(status !== undefined && { status }),
      ...(problem !== undefined && { problem }),
    };
    output.emit(event, () => '');
    if (problem === undefined) return output.note(`passed ${type} on to ${url.host}`);
    const often = tries > 1 ? `, tried ${tries} times` : '';
    output.remark(
      ({ chalk }) =>
        `${chalk.yellow(`${type} was not passed on to ${url.host}: ${clean(problem)}${often}`)}\n`,
    );
  }

  return {
    pass: (delivery) => {
      if (underWay.size >= mostWaiting)
        return tell(delivery, { tries: 0, status: undefined, problem: `${mostWaiting} others wait already` });
      const work = trySeveral(delivery).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    close: async () => {
      ending.abort(new CliError('interrupted', 'listening ended'));
      await Promise.all(underWay);
      await (await http)?.close();
    },
  };
}

interface Outcome {
  tries: number;
  status: number | undefined;
  problem: string | undefined;
}

const clean = (text: string) => cleanText(text).replace(/\s+/g, ' ');

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url;
  throw new CliError('usage', `--forward must be an http or https URL without a password, got ${text}`, {
    hint: 'for example --forward http://localhost:3000/webhook',
  });
}
