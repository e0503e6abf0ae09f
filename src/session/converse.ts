// The driver around the machine: reads frames, feeds `advance`, sends, runs tools, keeps time. All that waits,
// fails or closes is here; all that decides is in session.ts.

import { CliError, messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import type { ClientEvent } from '../protocol/realtime-client.js';
import { type Frame, readServerFrame } from '../protocol/realtime-server.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import { Queue } from '../queue.js';
import type { Notice, NoticeBody, NoticeOf } from './notice.js';
import { createRepetitionCheck } from './repeated.js';
import { advance, type Input } from './session.js';
import { awaiting, createSession, expectsResult, isIdle } from './state.js';
import type { Transport } from './transport.js';

export interface Timers {
  /** Milliseconds from any start; only ever forward. */
  nowMs(): number;
  /** Calls `fire` once unless the function returned is called before. */
  after(ms: number, fire: () => void): () => void;
}

/** Sees all that passes over the line and all that is told, and may add to what is told. Times are the clock's. */
export interface Observer {
  /** Before the event is sent; what it returns is told. */
  sent?(event: ClientEvent, atMs: number): readonly NoticeBody[];
  /** Before the frame is acted on; what it returns is told after what the frame itself leads to. */
  received?(frame: Frame, atMs: number): readonly NoticeBody[];
  /** The notice as everybody else shall see it. */
  told?(notice: NoticeBody, atMs: number): NoticeBody;
  /** Once, when the conversation is over; what it returns is told last, or last but `closed`. */
  ended?(atMs: number): readonly NoticeBody[];
}

export interface ConverseOptions {
  setup: SessionUpdate;
  /** In this order, each seeing a notice as the one before left it. */
  observers?: readonly Observer[];
  timers: Timers;
  /** How long the service may be silent when it owes an answer. */
  answerTimeoutMs: number;
  /** Gives a tool call its result. What it throws becomes the result, as an error. */
  runTool(call: NoticeOf<'tool_call'>, signal: AbortSignal): Promise<string>;
}

export interface Conversation {
  /** Everything that happens, in order, for one reader. Throws when the session cannot be set up. */
  notices: AsyncIterable<Notice>;
  /** Begins a turn; during an answer it interrupts it first. Ignored once the line is closed. */
  say(text: string): void;
  /** Ends the turn under way, if there is one, and tells whether there was. */
  interrupt(): boolean;
  /** Whether nothing is under way and a turn may begin. */
  isIdle(): boolean;
  /** Closes the line; the notices end. */
  hangUp(): void;
}

const configureTimeoutMs = 5000;
const cancelTimeoutMs = 2000;

export function converse(transport: Transport, options: ConverseOptions): Conversation {
  const { timers, observers = [] } = options;
  const startedMs = Math.round(timers.nowMs());
  const notices = new Queue<Notice>();
  let session = createSession(options.setup);
  let seq = 0;
  let hangingUp = false;
  let isOver = false;
  /** What ends the tools at work, by their calls. */
  const working = new Map<string, AbortController>();
  let stopTimer = () => {};

  function step(input: Input): void {
    const nowMs = Math.round(timers.nowMs());
    const seen =
      input.type === 'frame' ? observers.flatMap((each) => each.received?.(input.frame, nowMs) ?? []) : [];
    const next = advance(session, input, nowMs);
    session = next.session;
    for (const event of next.send) {
      for (const each of observers) seen.push(...(each.sent?.(event, nowMs) ?? []));
      transport.send(writeJson(event));
    }
    for (const body of [...next.notices, ...seen]) tell(body, nowMs);
    endTools((callId) => session.phase !== 'closed' && expectsResult(session, callId));
    keepTime();
  }

  function tell(body: NoticeBody, nowMs: number): void {
    if (body.type === 'closed') sumUp(nowMs);
    const seen = observers.reduce((told, each) => each.told?.(told, nowMs) ?? told, body);
    const notice: Notice = { ...seen, seq: seq++, at_ms: nowMs - startedMs };
    if (notice.type === 'closed' && hangingUp) return;
    notices.push(notice);
    if (notice.type === 'tool_call') void answer(notice);
  }

  function sumUp(nowMs: number): void {
    if (isOver) return;
    isOver = true;
    for (const body of observers.flatMap((each) => each.ended?.(nowMs) ?? [])) tell(body, nowMs);
  }

  async function answer(call: NoticeOf<'tool_call'>): Promise<void> {
    const { call_id } = call;
    const startedMs = timers.nowMs();
    const controller = new AbortController();
    working.set(call_id, controller);
    const output = await options
      .runTool(call, controller.signal)
      .catch((error: unknown) => JSON.stringify({ error: messageOf(error) }));
    if (working.get(call_id) === controller) working.delete(call_id);
    // The turn may have ended meanwhile.
    if (controller.signal.aborted || !expectsResult(session, call_id)) return;
    step({ type: 'tool_result', call_id, output, ms: Math.round(timers.nowMs() - startedMs) });
  }

  /** A tool whose result nobody waits for any more is told to stop. */
  function endTools(isWanted: (callId: string) => boolean): void {
    for (const [callId, controller] of working) {
      if (isWanted(callId)) continue;
      working.delete(callId);
      controller.abort(new Error('interrupted before it was done'));
    }
  }

  /** Every input restarts the clock, so it measures silence. */
  function keepTime(): void {
    stopTimer();
    const owed = awaiting(session);
    if (owed === undefined) return;
    const ms =
      owed === 'configuration'
        ? configureTimeoutMs
        : owed === 'cancellation'
          ? cancelTimeoutMs
          : options.answerTimeoutMs;
    stopTimer = timers.after(ms, () => {
      if (owed !== 'greeting') return step({ type: 'timeout' });
      const seconds = options.answerTimeoutMs / 1000;
      fail(
        new CliError(
          'timeout',
          `the service accepted the connection and then said nothing for ${seconds} s`,
          {
            hint: 'try again, or wait longer with --timeout <seconds>',
          },
        ),
      );
    });
  }

  function fail(error: CliError): void {
    notices.fail(error);
    hangUp();
  }

  function hangUp(): void {
    hangingUp = true;
    stopTimer();
    endTools(() => false);
    transport.close();
    sumUp(Math.round(timers.nowMs()));
    notices.end();
  }

  async function listen(): Promise<void> {
    const isRepeated = createRepetitionCheck();
    for await (const text of transport.frames) {
      const frame = readServerFrame(text);
      const wasConfiguring = session.phase === 'configuring';
      // The heartbeat must not pass for an answer.
      if (frame.kind === 'unused' && frame.type === 'ping') continue;
      if (isRepeated(frame, text)) continue;
      step({ type: 'frame', frame });
      if (wasConfiguring && session.phase === 'closed') return fail(refusedSetup(frame));
    }
    const { code, reason } = await transport.closed;
    if (session.phase !== 'closed') step({ type: 'closed', code, reason });
    stopTimer();
    notices.end();
  }

  keepTime();
  listen().catch((error: unknown) => notices.fail(error));

  return {
    notices,
    say: (text) => {
      if (session.phase !== 'closed') step({ type: 'say', text });
    },
    interrupt: () => {
      if (session.phase !== 'open' || session.turn === undefined) return false;
      step({ type: 'interrupt' });
      return true;
    },
    isIdle: () => isIdle(session),
    hangUp,
  };
}

function refusedSetup(frame: ReturnType<typeof readServerFrame>): CliError {
  const error = frame.kind === 'event' && frame.event.type === 'error' ? frame.event : undefined;
  const message = error?.error?.message ?? error?.message ?? 'no reason given';
  return new CliError('session_failed', `the service refuses this agent's configuration: ${message}`, {
    hint: 'agents get shows the configuration; --verbose shows what was sent',
  });
}
