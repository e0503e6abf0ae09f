// Where calls come in: who may still be answered, which calls are under way, and which of them is meant.

import { CliError, messageOf } from '../../errors.js';
import { maskNumber, maskNumbers } from '../../protocol/redact.js';
import { type CallName, createCallView } from '../../terminal/call-view.js';
import type { IncomingCall } from '../../webhook/check.js';
import { answerCall, type Call, type Office } from './call.js';
import { numberIn } from './target.js';

export interface DeskOptions extends Omit<Office, 'shownTarget'> {
  /** At most so many at once. */
  maxCalls: number;
  /** Numbers are shown whole. */
  showNumbers: boolean;
}

export interface CurrentCall
  extends CallName,
    Pick<Call, 'durationMs' | 'money' | 'say' | 'transfer' | 'hangUp'> {
  readonly state: Call['state'];
}

export interface Desk {
  /** Answers a call; false where no more are taken. One that is under way already is nothing new. */
  take(incoming: IncomingCall): boolean;
  /** Oldest first. */
  calls(): CurrentCall[];
  /** The call of that number, or the only one. Throws CliError `usage`. */
  find(number: string | undefined): CurrentCall;
  /** From now on nothing is taken. */
  close(): void;
  /** Hangs up all calls; those that cannot be are left. */
  hangUp(): void;
  /** Resolves when no call is under way; more may come, where the desk is open. */
  idle(): Promise<void>;
}

export function createDesk(options: DeskOptions): Desk {
  const { output } = options.context;
  const current = new Map<string, { name: CallName; call: Call }>();
  let count = 0;
  let isOpen = true;

  const office: Office = {
    ...options,
    shownTarget: (target) => {
      if (options.showNumbers) return target;
      // Of a SIP address nothing but a number has to be hidden.
      return target.startsWith('tel:') ? maskNumber(target.slice(4)) : maskNumbers(target);
    },
  };
  const shownNumber = (header: string | undefined) => {
    const number = numberIn(header);
    if (number === undefined) return 'unknown';
    return options.showNumbers ? number : maskNumber(number);
  };

  function take(incoming: IncomingCall): boolean {
    const { call_id } = incoming;
    if (current.has(call_id)) return true;
    if (!isOpen || current.size >= options.maxCalls) return false;
    const name = { call_id, number: ++count, from: shownNumber(incoming.from), to: shownNumber(incoming.to) };
    const view = createCallView(output, name);
    view.incoming();
    const call = answerCall(office, incoming, view);
    current.set(call_id, { name, call });
    void call.ended.finally(() => current.delete(call_id));
    return true;
  }

  const calls = () =>
    [...current.values()].map(
      ({ name, call }): CurrentCall => ({
        ...name,
        get state() {
          return call.state;
        },
        durationMs: call.durationMs,
        money: call.money,
        say: call.say,
        transfer: call.transfer,
        hangUp: call.hangUp,
      }),
    );

  return {
    take,
    calls,
    find: (number) => {
      const all = calls();
      const found = number === undefined ? all[0] : all.find((each) => String(each.number) === number);
      const under = `under way: ${all.map((each) => `${each.number} (${each.from})`).join(', ')}`;
      if (all.length === 0) throw new CliError('usage', 'no call is under way');
      if (found === undefined) throw new CliError('usage', `there is no call ${number}`, { hint: under });
      if (number === undefined && all.length > 1)
        throw new CliError('usage', 'which call? name its number', { hint: under });
      return found;
    },
    close: () => {
      isOpen = false;
    },
    hangUp: () => {
      for (const { call, name } of current.values()) {
        call.hangUp().catch((error: unknown) => {
          output.note(`note: call ${name.number} could not be hung up: ${messageOf(error)}`);
          call.leave();
        });
      }
    },
    idle: async () => {
      while (current.size > 0) await Promise.all([...current.values()].map(({ call }) => call.ended));
    },
  };
}
