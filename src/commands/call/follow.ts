// A call that was placed, followed to its end by asking for it again and again.

import type { Api } from '../../api/client.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { outcomeOf, type PhoneCall, type SaidInCall } from '../../protocol/calls.js';
import { endText, reasonText } from '../../terminal/caller-view.js';

const pollMs = 500;

/**
 * Shows a call's states and words as they come, until it is over, which `onEnd` is told. Throws CliError: `not_answered`, `call_failed`, or what
 * asking for it failed with.
 */
export async function follow(
  { output, clock, signal }: Context,
  api: Api,
  placed: PhoneCall,
  path: string,
  onEnd: () => void,
): Promise<void> {
  const { call_id } = placed;
  let call = placed;
  let shown = 0;
  let status: string | undefined;
  for (;;) {
    const isOver = outcomeOf(call.status) !== undefined;
    const isNews = call.status !== status;
    status = call.status;
    const said = call.transcript ?? [];
    // What was said comes between the beginning and the end.
    if (isNews && !isOver) showState(call);
    for (const line of said.slice(shown)) showLine(line);
    shown = said.length;
    if (isNews && isOver) showState(call);
    if (isOver) break;
    await clock.sleep(pollMs, signal);
    call = await api.getCall({ at: `${path}/{call_id}`, call_id }).catch((error: unknown) => {
      throw lostSight(error, call_id);
    });
  }
  onEnd();
  const why = reasonText(call.ended_reason ?? call.status);
  if (outcomeOf(status) === 'not_answered') throw new CliError('not_answered', `nobody was reached: ${why}`);
  if (outcomeOf(status) === 'failed') throw new CliError('call_failed', `the call broke off: ${why}`);

  function showLine(line: SaidInCall): void {
    output.emit({ type: 'transcript', ...line }, ({ role, text }, { chalk }) => {
      const who = role === 'assistant' ? 'agent' : role === 'user' ? 'person' : role;
      return `${chalk.bold(`${who}: `)}${text}\n`;
    });
  }

  function showState(now: PhoneCall): void {
    output.emit({ type: 'call', call: now }, () => '');
    output.note(stateText(now));
  }
}

function stateText({ status, from, to, call_id, ended_reason, duration_seconds }: PhoneCall): string {
  if (outcomeOf(status) !== undefined)
    return endText({ reason: ended_reason ?? status, ...(duration_seconds != null && { duration_seconds }) });
  if (status === 'queued')
    return `Calling ${to ?? ''}${from === undefined ? '' : ` from ${from}`} (${call_id}) …`;
  if (status === 'ringing') return 'It rings.';
  return status === 'in_progress' ? 'Answered.' : `The call is ${status}.`;
}

function lostSight(error: unknown, id: string): unknown {
  if (!(error instanceof CliError) || error.code === 'interrupted') return error;
  return error.withHint(`the call ${id} may go on: it can no longer be followed from here`);
}
