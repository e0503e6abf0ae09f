// What every check of the watch is made of.

import type { Frame, ServerEvent } from '../../protocol/realtime-server.js';
import type { FaultCode } from './faults.js';

/** When something happened, and as which of all events; the time is undefined where none was kept. */
export interface Moment {
  atMs: number | undefined;
  event: number;
}

/** Names a fault; the first of its kind counts. `event` is the one it is about, if that is not the present one. */
export type Report = (code: FaultCode, detail?: string, event?: number) => void;

export interface Check {
  sent?(event: Record<string, unknown>, now: Moment): void;
  received?(event: ServerEvent, now: Moment): void;
  /** Any frame, also one that is no event; comes before `received`. */
  frame?(frame: Frame, now: Moment): void;
  /** A result was not to be followed by an answer: the person has interrupted. */
  interrupted?(): void;
  /** Nothing has come for so long. */
  quiet?(ms: number): void;
  /** Another line: what was under way on the last is over. */
  opened?(): void;
  ended?(now: Moment): void;
}

export type CreateCheck = (report: Report) => Check;
