// The watch: looks at what passes over the line, changes nothing, and names known mistakes as they happen, each once.

import type { Frame } from '../../protocol/realtime-server.js';
import type { Observer } from '../conversation.js';
import { quietMs } from '../converse.js';
import type { NoticeBody } from '../notice.js';
import { checkAudio } from './audio.js';
import { checkCalls } from './calls.js';
import type { Moment } from './check.js';
import { type FaultCode, faults } from './faults.js';
import { checkLine } from './line.js';
import { checkResponses } from './responses.js';
import { checkSetup } from './setup.js';

export interface Finding {
  code: FaultCode;
  message: string;
  hint: string;
  /** The event it is about, counted from 0 over all that were sent and received. */
  event: number;
}

export interface Watch {
  /** Takes whatever a client sent, also what no service would take. */
  sent(event: Record<string, unknown>, atMs: number | undefined): Finding[];
  received(frame: Frame, atMs: number | undefined): Finding[];
  /** The person has interrupted. */
  interrupted(): void;
  /** Nothing has come for so long. */
  quiet(ms: number): Finding[];
  /** Another line has taken the place of the last. */
  opened(): void;
  /** The end of the conversation: what has not come now will not come. */
  ended(atMs: number | undefined): Finding[];
}

export function createWatch(): Watch {
  const known = new Set<FaultCode>();
  let found: Finding[] = [];
  let event = -1;
  const report = (code: FaultCode, detail = '', about = event) => {
    if (known.has(code)) return;
    known.add(code);
    found.push({ code, message: faults[code].message(detail), hint: faults[code].hint, event: about });
  };
  const checks = [checkSetup, checkAudio, checkResponses, checkCalls, checkLine].map((make) => make(report));
  const take = (): Finding[] => {
    const taken = found;
    found = [];
    return taken;
  };
  const opened = () => {
    for (const each of checks) each.opened?.();
  };
  let created: { id: unknown } | undefined;
  /** A session that begins after another is another line, whoever opened it; the same event twice is not. */
  const notice = (frame: Frame) => {
    if (frame.kind !== 'event' || frame.event.type !== 'session.created') return;
    const { event_id: id } = frame.event;
    if (created !== undefined && (id === undefined || id !== created.id)) opened();
    created = { id };
  };
  const moment = (atMs: number | undefined): Moment => ({ atMs, event });
  return {
    sent: (sent, atMs) => {
      event++;
      for (const each of checks) each.sent?.(sent, moment(atMs));
      return take();
    },
    received: (frame, atMs) => {
      event++;
      notice(frame);
      for (const each of checks) {
        each.frame?.(frame, moment(atMs));
        if (frame.kind === 'event') each.received?.(frame.event, moment(atMs));
      }
      return take();
    },
    interrupted: () => {
      for (const each of checks) each.interrupted?.();
    },
    quiet: (ms) => {
      for (const each of checks) each.quiet?.(ms);
      return take();
    },
    opened,
    ended: (atMs) => {
      for (const each of checks) each.ended?.(moment(atMs));
      return take();
    },
  };
}

type WatchObserver = Required<Pick<Observer, 'told' | 'quiet'>> & {
  sent(event: Record<string, unknown>, atMs: number | undefined): readonly NoticeBody[];
  received(frame: Frame, atMs: number | undefined): readonly NoticeBody[];
  ended(atMs: number | undefined): readonly NoticeBody[];
};

/** The watch as an observer of a conversation: faults are told as warnings. */
export function watchObserver(watch: Watch = createWatch()): WatchObserver {
  return {
    sent: (event, atMs) => watch.sent(event, atMs).map(asWarning),
    received: (frame, atMs) => watch.received(frame, atMs).map(asWarning),
    quiet: () => watch.quiet(quietMs).map(asWarning),
    told: (notice) => {
      if (notice.type === 'interrupted') watch.interrupted();
      // Not every service announces a session on the line that follows.
      if (notice.type === 'reconnecting') watch.opened();
      return notice;
    },
    ended: (atMs) => watch.ended(atMs).map(asWarning),
  };
}

function asWarning({ code, message, hint }: Finding): NoticeBody {
  return { type: 'warning', code, message, hint };
}
