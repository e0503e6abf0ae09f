// One phone call, from joining its socket to its end.

import { join } from 'node:path';
import type { Api } from '../../api/client.js';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import type { AgentConfig } from '../../protocol/agent.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import { costOf } from '../../session/bill.js';
import type { Conversation, ConverseOptions } from '../../session/conversation.js';
import type { Notice } from '../../session/notice.js';
import type { CallEnd, CallView } from '../../terminal/call-view.js';
import type { PhoneCall, ToolCall } from '../../tools/handler.js';
import type { IncomingCall } from '../../webhook/check.js';
import { openConversation } from '../conversation.js';
import { type Money, type MoneyFlags, openMoney } from '../voice/money-flags.js';
import { keepConversation } from '../voice/record-flags.js';
import { referTarget } from './target.js';

/** What all calls of a run have in common. */
export interface Office {
  context: Context;
  /** Lasts longer than the run, to hang up when it is stopped. */
  api: Api;
  agent: AgentConfig;
  setup: SessionUpdate;
  model: string;
  money: MoneyFlags;
  /** Spoken first, word for word; "" for nothing; undefined leaves it to the agent. */
  greeting: string | undefined;
  /** A target as it may be shown. */
  shownTarget(target: string): string;
  /** The folder of recordings. */
  record: string | undefined;
  runTool(call: ToolCall, signal: AbortSignal): Promise<string>;
  /** Of a turn. */
  maxToolRounds: number;
}

export interface Call {
  readonly state: 'joining' | 'talking' | 'ending';
  /** From joining. */
  durationMs(): number;
  money: Promise<Money>;
  /** Lets the agent say exactly this. Throws CliError where there is nobody to say it to. */
  say(words: string): void;
  /** Hands the caller over. Throws CliError. */
  transfer(target: string): Promise<void>;
  /** Throws CliError where the service refuses. */
  hangUp(): Promise<void>;
  /** Leaves a call that cannot be hung up. */
  leave(): void;
  /** Never rejects: how it went is told. */
  ended: Promise<void>;
}

/** For the service to close the line of a call that is over. */
const closingMs = 3000;

/** Joins, and talks to the end. */
export function answerCall(office: Office, { call_id, from, to }: IncomingCall, view: CallView): Call {
  const { clock } = office.context;
  const scope = scopeOf(office.context, view.note);
  const money = openMoney(scope, office.money, office.model, { call: true });
  let state: Call['state'] = 'joining';
  let conversation: Conversation | undefined;
  let joinedMs: number | undefined;
  /** Why it ends, where that is our doing. */
  let ending: CallEnd | undefined;
  /** The service has said that it is over. */
  let isOver = false;
  let wantsHangUp = false;
  /** Being asked for, or no use: it is not asked for once more. */
  let hangingUp: Promise<void> | undefined;
  /** Being asked for: until then nobody knows whose the caller is. */
  let transferring: Promise<void> | undefined;

  const durationMs = () => (joinedMs === undefined ? 0 : Math.round(clock.nowMs() - joinedMs));

  function needLine(): Conversation {
    if (state === 'talking' && conversation !== undefined) return conversation;
    throw new CliError('usage', state === 'ending' ? 'the call is ending' : 'the call is not joined yet');
  }

  /** The service is asked, and then has a moment to close the line by itself. */
  async function end(reason: CallEnd, ask: () => Promise<unknown>): Promise<void> {
    const before = { ending, state };
    ending ??= reason;
    state = 'ending';
    try {
      await ask();
    } catch (error) {
      ({ ending, state } = before);
      throw error;
    }
    isOver = true;
    const stop = clock.after(closingMs, () => conversation?.hangUp());
    scope.onClose(async () => stop());
  }

  function hangUp(reason: CallEnd = 'hung_up'): Promise<void> {
    if (state === 'ending') return transferring?.catch(() => hangUp(reason)) ?? Promise.resolve();
    // There is no line yet: it is hung up as soon as there is one.
    if (conversation === undefined) wantsHangUp = true;
    const ask = () =>
      office.api.hangUpCall({ call_id }).catch((error: unknown) => {
        // Somebody else was quicker.
        if (!isGone(error)) throw error;
      });
    const asking = end(reason, ask).finally(() => {
      if (state !== 'ending') hangingUp = undefined;
    });
    hangingUp = asking.catch(() => {});
    return asking;
  }

  function leave(): void {
    hangingUp ??= Promise.resolve();
    ending ??= 'failed';
    wantsHangUp = true;
    conversation?.hangUp();
  }

  async function transfer(target: string): Promise<void> {
    const target_uri = referTarget(target);
    needLine();
    const ask = () => office.api.referCall({ call_id, body: { target_uri } });
    transferring = end('transferred', ask).finally(() => {
      transferring = undefined;
    });
    await transferring;
    view.note(`transferred to ${office.shownTarget(target_uri)}`);
  }

  const phone: PhoneCall = {
    call_id,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    transfer,
    hangUp: () => hangUp(),
    get ended() {
      return ended;
    },
  };

  /** Ends a call that would pass a limit; one that cannot be ended is told, and tried again after its next turn. */
  function endAt(limit: CliError): void {
    view.note(limit.message);
    hangUp('budget').catch((error: unknown) => view.note(`could not be hung up: ${messageOf(error)}`));
  }

  function onNotice(notice: Notice, spent: Money): void {
    view.notice(notice);
    if (notice.type === 'ready' && office.greeting !== '') conversation?.utter(office.greeting);
    if (notice.type === 'closed') isOver ||= [1000, 1001].includes(notice.code);
    if (state !== 'talking') return;
    // A turn may go on by its tools for as long as it likes.
    const isRound = notice.type === 'tool_call';
    const limit = isRound ? spent.passed() : notice.type === 'turn_done' ? spent.refusal() : undefined;
    if (limit !== undefined) endAt(limit);
  }

  async function talk(): Promise<void> {
    const spent = await money;
    const kept = keepCall(office, scope, call_id, view);
    conversation = await openConversation(kept.context, {
      query: { call_id },
      line: {},
      setup: office.setup,
      observers: [...spent.observers, ...kept.observers],
      runTool: spent.guarded((call, signal) => office.runTool({ ...call, phone, note: view.note }, signal)),
      maxToolRounds: office.maxToolRounds,
    });
    joinedMs = clock.nowMs();
    view.joined();
    if (wantsHangUp) return conversation.hangUp();
    state = 'talking';
    spent.watch(conversation);
    void spent.timeIsOver.then(() => {
      ending ??= 'budget';
    });
    for await (const notice of conversation.notices) onNotice(notice, spent);
  }

  /** Whatever ended our side, the caller is not left on a line with nobody. */
  async function reasonFor(failure: unknown): Promise<CallEnd> {
    const isJoined = joinedMs !== undefined;
    const { aborted: isStopped } = office.context.signal;
    if (!isStopped) await transferring?.catch(() => {});
    state = 'ending';
    if (isGone(failure) && isJoined) isOver = true;
    if ((isJoined || isStopped) && !isOver)
      await (hangingUp ?? office.api.hangUpCall({ call_id }).catch(() => {}));
    if (ending !== undefined) return ending;
    if (isStopped) return 'hung_up';
    if (!isJoined) return 'not_joined';
    if (isOver) return 'remote';
    return failure === undefined || isDrop(failure) ? 'dropped' : 'failed';
  }

  async function whole(): Promise<void> {
    const failure = await talk().then(
      () => undefined,
      (error: unknown) => error,
    );
    const duration_ms = durationMs();
    const reason = await reasonFor(failure);
    await scope.close();
    const spent = await money.catch(() => undefined);
    const isTold = failure !== undefined && !['remote', 'hung_up', 'transferred'].includes(reason);
    view.ended({
      reason,
      duration_ms,
      ...(joinedMs !== undefined && spent !== undefined && { cost: costOf(spent.sum()) }),
      ...(isTold && { error: asError(office.context, failure, reason) }),
    });
  }

  const ended = whole();

  return {
    get state() {
      return state;
    },
    durationMs,
    money,
    say: (words) => needLine().utter(words),
    transfer,
    hangUp: () => hangUp(),
    leave,
    ended,
  };
}

/** The same context, with an end of its own: what fails there is told, and ends nothing else. */
function scopeOf(context: Context, note: (text: string) => void): Context {
  const closers: (() => Promise<void>)[] = [];
  return Object.create(context, {
    onClose: { value: (close: () => Promise<void>) => void closers.unshift(close) },
    close: {
      value: async () => {
        for (const close of closers.splice(0)) await close().catch((error) => note(messageOf(error)));
      },
    },
  });
}

/** A recording of its own for each call. One that cannot be kept is told; the caller is answered all the same. */
function keepCall({ record, agent }: Office, scope: Context, callId: string, view: CallView) {
  const nothing: { context: Context; observers: NonNullable<ConverseOptions['observers']> } = {
    context: scope,
    observers: [],
  };
  if (record === undefined) return nothing;
  const at = new Date(scope.clock.now()).toISOString().replace(/[:.]/g, '-');
  const name = `${at}-${callId.replace(/[^\w-]/g, '_').slice(0, 60)}.jsonl`;
  try {
    const keeping = keepConversation(scope, { record: join(record, name) });
    keeping.about(agent);
    return keeping;
  } catch (error) {
    view.note(`no recording is kept: ${messageOf(error)}`);
    return nothing;
  }
}

/** The service knows no such call any more. */
function isGone(error: unknown): boolean {
  return error instanceof CliError && ['not_found', 'gone'].includes(error.code);
}

function isDrop(error: unknown): boolean {
  return error instanceof CliError && error.code !== 'session_failed';
}

function asError({ output }: Context, failure: unknown, reason: CallEnd): Record<string, unknown> {
  if (!(failure instanceof CliError)) return { code: 'internal', message: messageOf(failure) };
  const isUnknown = reason === 'not_joined' && isGone(failure);
  const told = isUnknown
    ? failure.withHint("the caller may have hung up, or the call is another team's")
    : failure;
  return output.told(told).toJSON();
}
