// The driver around the machine: reads frames, feeds `advance`, sends, runs tools, keeps time. All that waits,
// fails or closes is here; all that decides is in session.ts.

import { CliError, messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import type { ClientEvent } from '../protocol/realtime-client.js';
import { type Frame, readServerFrame } from '../protocol/realtime-server.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import { Queue } from '../queue.js';
import { mayComeBack } from './line.js';
import type { Notice, NoticeBody, NoticeOf } from './notice.js';
import { createPatience, createSilence } from './patience.js';
import { openAgain, type Reconnect } from './reconnect.js';
import { createRepetitionCheck } from './repeated.js';
import { advance, type Input } from './session.js';
import {
  type awaiting,
  createSession,
  expectsResult,
  isIdle,
  isUnderWay,
  mayHear,
  type SessionOptions,
  turnSpoken,
} from './state.js';
import { type Clip, createStreamer } from './streaming.js';
import { refusedSetup, type Transport } from './transport.js';

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
  /** Nothing has come for `quietMs`, heartbeats included; what it returns is told. */
  quiet?(atMs: number): readonly NoticeBody[];
  /** Once, when the conversation is over; what it returns is told last, or last but `closed`. */
  ended?(atMs: number): readonly NoticeBody[];
}

export interface ConverseOptions extends SessionOptions {
  setup: SessionUpdate;
  /** Without, a line that drops ends the conversation. */
  reconnect?: Reconnect | undefined;
  /** In this order, each seeing a notice as the one before left it. */
  observers?: readonly Observer[];
  timers: Timers;
  /** How long the service may be silent when it owes an answer. */
  answerTimeoutMs: number;
  /** Gives a tool call its result. What it throws becomes the result, as an error. */
  runTool(call: NoticeOf<'tool_call'>, signal: AbortSignal): Promise<string>;
  /** Sound both ways, in the session's format; of the agent's nothing that comes after its answer was cancelled. */
  onAudio?(from: 'user' | 'agent', turn: number, audio: Buffer): void;
  /** Told before all else. */
  before?: readonly NoticeBody[];
  /** Clips are sent as fast as the line takes them, not at the pace of speech. */
  fast?: boolean;
}

export interface Conversation {
  /** Everything that happens, in order, for one reader. Throws when the session cannot be set up. */
  notices: AsyncIterable<Notice>;
  /** Begins a turn; during an answer it interrupts it first. Ignored once the line is closed. */
  say(text: string): void;
  /** The same with sound; under server VAD the clip must end in enough silence for its end to be heard. */
  speak(clip: Clip): void;
  /** Sound of an open microphone, for server VAD. */
  hear(audio: Buffer, ms: number): void;
  /** Ends the turn under way, if there is one, and tells whether there was. */
  interrupt(): boolean;
  /** Whether nothing is under way and a turn may begin. */
  isIdle(): boolean;
  /** Another configuration, taken as soon as no response is under way; `what` says what is other about it. */
  reconfigure(setup: SessionUpdate, what: string): void;
  /** As the service names it; undefined until it has. */
  conversationId(): string | undefined;
  /** Closes the line; the notices end. */
  hangUp(): void;
}

/** The service sends a heartbeat every 10 s. */
export const quietMs = 30_000;

export function converse(transport: Transport, options: ConverseOptions): Conversation {
  const { timers, reconnect, observers = [] } = options;
  const startedMs = Math.round(timers.nowMs());
  const notices = new Queue<Notice>();
  let session = createSession(options.setup, options);
  let line = transport;
  let seq = 0;
  let hangingUp = false;
  /** Nothing that comes now counts: the line takes a while to close. */
  let hasHungUp = false;
  let isOver = false;
  /** What ends the tools at work, by their calls. */
  const working = new Map<string, AbortController>();
  /** The service accepted the line and then said nothing: as bad as a line that dropped. */
  let isSilent = false;
  const leaving = new AbortController();
  const patience = createPatience(timers, options.answerTimeoutMs, onLate);
  const streamer = createStreamer({
    timers,
    fast: options.fast === true,
    bufferedBytes: () => line.bufferedBytes(),
    piece: (audio, ms) => step({ type: 'audio', audio, ms }),
    end: () => step({ type: 'audio_end' }),
  });
  const silence = createSilence(timers, quietMs, () => {
    const nowMs = Math.round(timers.nowMs());
    for (const body of observers.flatMap((each) => each.quiet?.(nowMs) ?? [])) tell(body, nowMs);
  });

  function step(input: Input): void {
    if (hasHungUp) return;
    const nowMs = Math.round(timers.nowMs());
    const seen =
      input.type === 'frame' ? observers.flatMap((each) => each.received?.(input.frame, nowMs) ?? []) : [];
    const next = advance(session, input, nowMs);
    session = next.session;
    for (const event of next.send) {
      for (const each of observers) seen.push(...(each.sent?.(event, nowMs) ?? []));
      line.send(writeJson(event));
      if (event.type === 'input_audio_buffer.append') heard('user', turnSpoken(session), event.audio);
    }
    for (const { turn, audio } of next.audio) heard('agent', turn, audio);
    for (const body of [...next.notices, ...seen]) tell(body, nowMs);
    if (working.size > 0) endTools((callId) => session.phase !== 'closed' && expectsResult(session, callId));
    patience.after(input, session);
    streamer.want(session.phase === 'closed' ? undefined : session.sending);
  }

  function heard(from: 'user' | 'agent', turn: number, audio: string): void {
    options.onAudio?.(from, turn, Buffer.from(audio, 'base64'));
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
    // One round too many: it has its result.
    if (!expectsResult(session, call_id)) return;
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

  function onLate(owed: ReturnType<typeof awaiting>): void {
    if (owed !== 'greeting') return step({ type: 'timeout' });
    if (session.opened) {
      isSilent = true;
      return line.close();
    }
    const seconds = options.answerTimeoutMs / 1000;
    fail(
      new CliError('timeout', `the service accepted the connection and then said nothing for ${seconds} s`, {
        hint: 'try again, or wait longer with --timeout <seconds>',
      }),
    );
  }

  function fail(error: CliError): void {
    notices.fail(error);
    hangUp();
  }

  function hangUp(): void {
    hangingUp = true;
    hasHungUp = true;
    leaving.abort();
    patience.stop();
    streamer.want(undefined);
    silence.stop();
    endTools(() => false);
    line.close();
    sumUp(Math.round(timers.nowMs()));
    notices.end();
  }

  async function listen(): Promise<void> {
    for (;;) {
      await hear();
      silence.stop();
      const { code, reason } = isSilent ? { code: 1006, reason: '' } : await line.closed;
      isSilent = false;
      if (session.phase === 'closed' || hangingUp) break;
      if (reconnect === undefined || reconnect.signal.aborted || !mayComeBack(session, code)) {
        step({ type: 'closed', code, reason });
        break;
      }
      step({ type: 'dropped', code, reason });
      if (!(await comeBack(reconnect, code, reason))) break;
    }
    patience.stop();
    silence.stop();
    notices.end();
  }

  /** Tells whether there is a line again. */
  async function comeBack(reconnect: Reconnect, code: number, reason: string): Promise<boolean> {
    const stop = AbortSignal.any([reconnect.signal, leaving.signal]);
    const back = await openAgain({ reconnect, stop, step, session: () => session });
    if (hangingUp) {
      back.line?.close();
      return false;
    }
    if (back.line !== undefined) {
      line = back.line;
      step({ type: 'reconnected' });
      return true;
    }
    // Why there is no way back stands for the end of the line.
    hangingUp = back.error !== undefined;
    step({ type: 'closed', code, reason, ...(back.problem !== undefined && { problem: back.problem }) });
    if (back.error !== undefined) notices.fail(back.error);
    return false;
  }

  async function hear(): Promise<void> {
    // Of each line: what an earlier one told may be told again.
    const isRepeated = createRepetitionCheck();
    for await (const text of line.frames) {
      if (hasHungUp) return;
      if (observers.some(({ quiet }) => quiet)) silence.heard();
      const frame = readServerFrame(text);
      const wasConfiguring = session.phase === 'configuring';
      if (isRepeated(frame, text)) continue;
      step({ type: 'frame', frame });
      if (wasConfiguring && session.phase === 'closed') return fail(refusedSetup(frame));
    }
  }

  for (const body of options.before ?? []) tell(body, startedMs);
  patience.after(undefined, session);
  listen().catch((error: unknown) => notices.fail(error));

  return {
    notices,
    say: (text) => {
      if (session.phase !== 'closed') step({ type: 'say', text });
    },
    speak: (clip) => {
      if (session.phase !== 'closed') step({ type: 'speak', clip: streamer.add(clip) });
    },
    hear: (audio, ms) => {
      if (mayHear(session)) step({ type: 'audio', audio: audio.toString('base64'), ms });
    },
    interrupt: () => {
      if (!isUnderWay(session)) return false;
      step({ type: 'interrupt' });
      return true;
    },
    isIdle: () => isIdle(session),
    reconfigure: (setup, what) => {
      if (session.phase !== 'closed') step({ type: 'change', setup, what });
    },
    conversationId: () => session.conversationId ?? session.resuming?.conversationId,
    hangUp,
  };
}
