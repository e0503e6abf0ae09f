// A conversation that is over, told again: the same machine and the same observers, driven by what was recorded.

import { writeJson } from '../json-text.js';
import { clientEvents } from '../protocol/realtime-client.js';
import { type Frame, readServerFrame } from '../protocol/realtime-server.js';
import type { Observer } from './conversation.js';
import type { Notice, NoticeBody } from './notice.js';
import { advance, type Input } from './session.js';
import { createSession } from './state.js';

/** Something that happened on the line, at a time from the beginning where one was kept. */
export type Past = { at_ms?: number } & (
  | { kind: 'message'; from: 'client' | 'server'; event: Record<string, unknown> }
  | { kind: 'text'; from: 'client' | 'server'; text: string }
  | { kind: 'opened' }
  | { kind: 'closed'; from?: 'client' | 'server'; code: number; reason: string }
);

/** An observer that takes whatever was sent, also what no service would take. */
export interface Onlooker extends Omit<Observer, 'sent'> {
  sent?(event: Record<string, unknown>, atMs: number | undefined): readonly NoticeBody[];
  received?(frame: Frame, atMs: number | undefined): readonly NoticeBody[];
  ended?(atMs: number | undefined): readonly NoticeBody[];
}

export interface ReplayOptions {
  /** In this order; they see events that are as they should be. */
  observers?: readonly Observer[];
  /** They see all events, before the observers. */
  onlookers?: readonly Onlooker[];
  /** It was a phone call. */
  call?: boolean;
  /** Waits for this moment of the conversation. Rejects when there is nobody left to tell. */
  until?(atMs: number): Promise<void>;
}

/** The notices of a recorded conversation, timed as it was; without times they are all at 0. */
export async function* replay(
  past: AsyncIterable<Past> | Iterable<Past>,
  { observers = [], onlookers = [], until, call }: ReplayOptions = {},
): AsyncGenerator<Notice> {
  let session = createSession({}, { call });
  let seq = 0;
  let nowMs = 0;
  let dropped: Input & { type: 'closed' } = { type: 'closed', code: 1000, reason: '' };
  let hasDropped = false;
  let isOver = false;
  let isTimed = false;
  const calledMs = new Map<string, number>();

  function* tell(bodies: readonly NoticeBody[]): Generator<Notice> {
    for (const body of bodies) {
      if (body.type === 'closed') yield* sumUp();
      const seen = [...onlookers, ...observers].reduce(
        (told, each) => each.told?.(told, nowMs) ?? told,
        withToolTime(body),
      );
      yield { ...seen, seq: seq++, at_ms: Math.round(nowMs) };
    }
  }

  /** The result of a tool is known from when it was sent: it may have waited for others, and for the response's end. */
  function withToolTime(body: NoticeBody): NoticeBody {
    if (body.type === 'tool_call') calledMs.set(body.call_id, nowMs);
    if (body.type !== 'tool_result' || !isTimed) return body;
    return { ...body, ms: Math.round(nowMs - (calledMs.get(body.call_id) ?? nowMs)) };
  }

  function* sumUp(): Generator<Notice> {
    if (isOver) return;
    isOver = true;
    const lastMs = isTimed ? nowMs : undefined;
    const sums = onlookers.flatMap((each) => each.ended?.(lastMs) ?? []);
    yield* tell([...sums, ...observers.flatMap((each) => each.ended?.(nowMs) ?? [])]);
  }

  function step(input: Input): readonly NoticeBody[] {
    const wasConfiguring = session.phase === 'configuring';
    const next = advance(session, input, nowMs);
    session = next.session;
    // Our own client ends there; what another did afterwards is still worth seeing.
    if (!wasConfiguring || input.type !== 'frame' || session.phase !== 'closed') return next.notices;
    session = { ...session, phase: 'configuring' };
    return [...next.notices, { type: 'error', message: `the configuration was refused: ${refusal(input)}` }];
  }

  /** Another line follows: the conversation goes on over it. One that we gave up ourselves was as good as dropped. */
  function comeBack(): readonly NoticeBody[] {
    const { code, reason } = hasDropped ? dropped : { code: 1006, reason: '' };
    return [...step({ type: 'dropped', code, reason }), ...step({ type: 'reconnected' })];
  }

  for await (const each of past) {
    if (each.kind === 'opened') yield* tell(comeBack());
    else if (hasDropped) yield* tell(step(dropped));
    hasDropped = false;
    if (each.at_ms !== undefined) {
      isTimed = true;
      nowMs = Math.max(nowMs, each.at_ms);
      await until?.(nowMs);
    }
    if (each.kind === 'closed') {
      if (each.from === 'client') continue;
      dropped = { type: 'closed', code: each.code, reason: each.reason };
      hasDropped = true;
    } else if (each.kind !== 'opened' && each.from === 'server') {
      const frame = readServerFrame(each.kind === 'text' ? each.text : writeJson(each.event));
      const seen = onlookers.flatMap((other) => other.received?.(frame, each.at_ms) ?? []);
      seen.push(...observers.flatMap((other) => other.received?.(frame, nowMs) ?? []));
      yield* tell([...step({ type: 'frame', frame }), ...seen]);
    } else if (each.kind === 'message') {
      const seen = onlookers.flatMap((other) => other.sent?.(each.event, each.at_ms) ?? []);
      seen.push(...seenByObservers(observers, each.event, nowMs));
      yield* tell([...step({ type: 'sent', event: each.event }), ...seen]);
    }
  }
  // Words that waited for an answer to end which never did.
  const waiting = session.waiting.filter((said) => typeof said === 'string');
  yield* tell(waiting.map((text) => ({ type: 'user', turn: session.turns + 1, text })));
  if (hasDropped) yield* tell(step(dropped));
  else if (session.turn?.response !== undefined) yield* tell([cutOff]);
  yield* sumUp();
}

const cutOff: NoticeBody = {
  type: 'warning',
  code: 'recording_ends',
  message: 'the recording ends in the middle of an answer',
};

function seenByObservers(
  observers: readonly Observer[],
  event: Record<string, unknown>,
  nowMs: number,
): NoticeBody[] {
  const type = typeof event.type === 'string' ? event.type : '';
  const schema = Object.hasOwn(clientEvents, type)
    ? clientEvents[type as keyof typeof clientEvents]
    : undefined;
  const read = schema?.safeParse(event);
  if (!read?.success) return [];
  return observers.flatMap((each) => [...(each.sent?.(read.data, nowMs) ?? [])]);
}

function refusal({ frame }: Input & { type: 'frame' }): string {
  const error = frame.kind === 'event' && frame.event.type === 'error' ? frame.event : undefined;
  return error?.error?.message ?? error?.message ?? 'no reason given';
}
