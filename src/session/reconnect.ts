// The way back to a service whose line dropped: when to try, with what, and when to give up.

import { CliError, exit, messageOf } from '../errors.js';
import { comeBackDelayMs } from './line.js';
import type { Input } from './session.js';
import type { Session } from './state.js';
import type { Transport } from './transport.js';

/** How a line that dropped is replaced. */
export interface Reconnect {
  /** Opens another line; `query` is to be added to what the first was opened with. Rejects with CliError. */
  open(query: Record<string, string>): Promise<Transport>;
  clock: {
    /** 0 to 1. */
    random(): number;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  };
  /** Aborts when the run is to stop: a line that ends then is not missed. */
  signal: AbortSignal;
}

interface Way {
  reconnect: Reconnect;
  stop: AbortSignal;
  session(): Session;
  step(input: Input): void;
}

/** A line; or the refusal that more tries would not change; or why the last of all tries failed. */
export interface Back {
  line?: Transport;
  error?: unknown;
  problem?: string;
}

/** Tries as often as the session allows. Never rejects. */
export async function openAgain({ reconnect, stop, session, step }: Way): Promise<Back> {
  const { open, clock } = reconnect;
  let problem: string | undefined;
  let conversationId = session().resuming?.conversationId;
  for (;;) {
    const delayMs = comeBackDelayMs(session(), clock.random());
    if (delayMs === undefined) return problem === undefined ? {} : { problem };
    step({ type: 'retrying' });
    try {
      await clock.sleep(delayMs, stop);
      return { line: await open(conversationId === undefined ? {} : { conversation_id: conversationId }) };
    } catch (error) {
      if (stop.aborted) return { error };
      problem = messageOf(error);
      // The conversation, not the line, may be what is refused: it can be told anew.
      if (conversationId !== undefined && isRefusal(error)) conversationId = undefined;
      else if (!mayPass(error)) return { error };
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof CliError && ['not_found', 'gone', 'refused'].includes(error.code);
}

/** Whether it may be better a little later. */
function mayPass(error: unknown): boolean {
  return error instanceof CliError && error.exit === exit.unavailable && error.code !== 'tls';
}
