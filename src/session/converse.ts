// The driver around the machine: reads frames, feeds `advance`, sends, runs tools, keeps time. All that waits,
// fails or closes is here; all that decides is in session.ts.

import { CliError, messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import { readServerFrame } from '../protocol/realtime-server.js';
import { Queue } from '../queue.js';
import type { Conversation, ConverseOptions } from './conversation.js';
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
  turnSpoken,
} from './state.js';
import { createStreamer } from './streaming.js';
import type { Transport } from './transport.js';
import { refusedSetup } from './trouble.js';

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
      if (session.phase !== 'reconnecting') step({ type: 'dropped', code, reason });
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
      // The line is left for a new conversation.
      if (session.phase === 'reconnecting') continue;
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
    utter: (words) => {
      if (session.phase !== 'closed') step({ type: 'utter', words });
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
    clear: () => {
      if (session.phase !== 'open' || reconnect === undefined) return false;
      step({ type: 'clear' });
      line.close();
      return true;
    },
    conversationId: () => session.conversationId ?? session.resuming?.conversationId,
    hangUp,
  };
}
