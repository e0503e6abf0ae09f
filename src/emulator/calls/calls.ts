// The calls of one local API: those that come in, by a webhook or to an agent of its own, and those it is told to place.

import type { WebSocket } from 'ws';
import type { FaultAt, FaultName, Place } from '../faults/table.js';
import { phoneNumberOf } from '../phone-numbers.js';
import type { LiveParts } from '../realtime/live.js';
import { exhausted, inOtherState, notFound, type Refusal } from '../refusal.js';
import type { Document } from '../store/store.js';
import { type Call, type CallAbout, createCall } from './call.js';
import { pickUp, usualLines } from './callee.js';
import { agentOf, callerId } from './numbers.js';
import { answerInside, greet, joinBySocket } from './session.js';
import { createMouth } from './utterance.js';
import { deliver, webhookOf } from './webhook.js';

export interface Calls {
  /** Somebody dials a number. `hear` is told all that follows, the end included. */
  dial(from: string, to: string, hear: Parameters<Call['listen']>[0]): Call;
  /** An agent calls somebody. Throws the Refusal it deserves. */
  place(wanted: { agent_id: string; to: string; from?: string | undefined }): Call;
  /** Throws the Refusal for one that is not known. */
  find(id: string): Call;
  /** Hands the caller over to another. Throws the Refusal for a call that is not under way. */
  refer(id: string, target: string): void;
  /** Throws the Refusal for a call that is over. */
  hangUp(id: string): void;
  /** What a socket that wants to join the call is refused with, if anything. */
  refusalOfJoin(id: string): Refusal | undefined;
  /** `agentId` is the stored agent the client says it is (`agentHeader`). */
  join(id: string, socket: WebSocket, agentId?: string): void;
  /** Ends all of them. */
  clear(): void;
}

interface Kept {
  call: Call;
  hears(): string | undefined;
  isJoined: boolean;
  /** Whether a socket may have it. */
  isForSocket: boolean;
}

/** How long a telephone rings. */
export const ringMs = 30_000;
/** How long the one that is called takes to pick up. */
const pickUpMs = 500;
/** Calls that are over are remembered, the latest so many. */
const mostKept = 10_000;

/** Takes an occasion of a call at a place, and names the faults that strike. */
export type Strike = (place: Place, callId: string) => readonly FaultName[];

export function createCalls(local: LiveParts, strike: Strike): Calls {
  const { world, after, store, realtime } = local;
  const kept = new Map<string, Kept>();

  function make(about: Omit<CallAbout, 'id'>, isForSocket: boolean): Kept {
    const mouth = createMouth(() =>
      local.wordDelayMs > 0 ? local.sleep(local.wordDelayMs) : Promise.resolve(),
    );
    const call = createCall(local, { id: world.newId(), ...about }, mouth.bring);
    let turns = 0;
    const hears = () => {
      // A script has words for each turn of a session; the caller's own come first.
      const scripted = realtime.hears[turns++];
      return mouth.hears() ?? scripted;
    };
    const each: Kept = { call, hears, isJoined: false, isForSocket };
    kept.set(call.id, each);
    if (kept.size > mostKept) forgetOne();
    return each;
  }

  function forgetOne(): void {
    for (const [id, { call }] of kept) if (call.isOver) return void kept.delete(id);
  }

  function ringUntilAnswered(call: Call): void {
    call.ring();
    call.onEnd(
      after(ringMs, () => void (call.status === 'ringing' && call.end('no_answer', 'nobody_answered'))),
    );
  }

  async function ringByWebhook(each: Kept, number: Document): Promise<void> {
    const target = webhookOf(number);
    const { call } = each;
    ringUntilAnswered(call);
    if (target === undefined) return;
    const { sleep } = local;
    const isWanted = () => call.status === 'ringing' && !each.isJoined;
    const struck = strike('webhook', call.id) as FaultAt<'webhook'>[];
    const delivery = { target, call, world, after, sleep, struck, isWanted, tell: call.tell };
    if (!(await deliver(delivery))) call.end('failed', 'webhook_failed');
  }

  function answerWith(each: Kept, agent: Document): void {
    if (realtime.isFull) return each.call.end('busy', 'too_many_sessions');
    each.isJoined = true;
    const session = answerInside(local, each.call, agent, each.hears);
    each.call.answer('agent');
    greet(session, agent);
  }

  function dial(from: string, to: string, hear: Parameters<Call['listen']>[0]): Call {
    const number = phoneNumberOf(store, to);
    const webhook = number && webhookOf(number);
    const agent = number && webhook === undefined ? agentOf(store, number) : undefined;
    const agentId = agent?.agent_id as string | undefined;
    const each = make({ direction: 'inbound', from, to, agentId }, webhook !== undefined);
    const { call } = each;
    call.listen(hear);
    if (number === undefined) call.end('failed', 'no_such_number');
    else if (webhook !== undefined)
      void ringByWebhook(each, number).catch(() => call.end('failed', 'webhook_failed'));
    else if (agent === undefined) call.end('failed', 'nothing_answers_this_number');
    else {
      call.ring();
      answerWith(each, agent);
    }
    return call;
  }

  function place({ agent_id, to, from }: Parameters<Calls['place']>[0]): Call {
    const agent = store.agents.get(agent_id);
    if (agent === undefined) throw notFound(`Agent not found: ${agent_id}`);
    const own = callerId(store, agent, from);
    if (realtime.isFull) throw exhausted('Too many concurrent realtime sessions');
    const each = make({ direction: 'outbound', from: own, to, agentId: agent_id }, false);
    const struck = strike('dial', each.call.id) as FaultAt<'dial'>[];
    each.call.onEnd(after(0, () => ringThere(each, agent, struck)));
    return each.call;
  }

  function ringThere(each: Kept, agent: Document, struck: readonly FaultAt<'dial'>[]): void {
    const { call } = each;
    if (struck.includes('callee-busy')) return call.end('busy', 'callee_busy');
    ringUntilAnswered(call);
    if (struck.includes('callee-no-answer')) return;
    const cancel = after(pickUpMs, () => {
      if (call.isOver) return;
      if (realtime.isFull) return call.end('busy', 'too_many_sessions');
      answerInside(local, call, agent, each.hears);
      const told = realtime.queued.length > 0 ? realtime.queued.splice(0) : realtime.hears;
      pickUp(call, told.length > 0 ? told : usualLines);
    });
    call.onEnd(cancel);
  }

  function find(id: string): Kept {
    const each = kept.get(id);
    if (each === undefined) throw notFound(`Call not found: ${id}`);
    return each;
  }

  function findOpen(id: string): Call {
    const { call } = find(id);
    if (call.isOver) throw notFound(`Call ${id} is over`);
    return call;
  }

  function refusalOfJoin(id: string): Refusal | undefined {
    const each = kept.get(id);
    if (each === undefined || each.call.isOver) return notFound(`Call not found: ${id}`);
    if (!each.isForSocket || each.isJoined) return inOtherState(`Call ${id} has a session already`);
    return realtime.isFull ? exhausted('Too many concurrent realtime sessions') : undefined;
  }

  return {
    dial,
    place,
    find: (id) => find(id).call,
    refer(id, target) {
      const call = findOpen(id);
      if (call.status !== 'in_progress') throw inOtherState(`Call ${id} has not been answered`);
      call.tell({ type: 'transferred', target });
      call.end('completed', 'transferred');
    },
    hangUp(id) {
      const call = findOpen(id);
      if (call.status === 'in_progress') call.end('completed', 'agent_hung_up');
      else if (call.direction === 'inbound') call.end('busy', 'rejected');
      else call.end('no_answer', 'cancelled');
    },
    refusalOfJoin,
    join(id, socket, agentId) {
      const each = find(id);
      each.isJoined = true;
      joinBySocket(local, each.call, socket, { hears: each.hears, agentId });
    },
    clear() {
      for (const { call } of kept.values()) call.end('failed', 'local_api_stopped');
      kept.clear();
    },
  };
}
