// Sends a clip piece by piece: as fast as it would be spoken, or as fast as the line takes it.

import type { Timers } from './conversation.js';
import type { Sending } from './speaking.js';

/** Sound as the session wants it. */
export interface Clip {
  bytes: Buffer;
  bytesPerSecond: number;
}

export interface StreamOptions {
  timers: Timers;
  /** Not at the pace of speech. */
  fast: boolean;
  /** What has been sent and not yet taken by the line. */
  bufferedBytes(): number;
  /** A piece, base64. */
  piece(audio: string, ms: number): void;
  end(): void;
}

const pieceMs = 100;
/** More than this waits for the line: enough to keep it busy, little enough to be interrupted. */
const mostBuffered = 256 * 1024;
/** How long the line is given to take some of it. */
const waitMs = 10;
/** So many pieces at a time: what arrives is acted on in between. */
const piecesAtOnce = 20;

/** Sends the clip that is wanted now, and only that, from where it is wanted. */
export function createStreamer(options: StreamOptions) {
  const clips: Clip[] = [];
  let current: number | undefined;
  let stop = () => {};
  return {
    /** The number by which the clip is known from now on. */
    add: (clip: Clip) => clips.push(clip) - 1,
    want(sending: Pick<Sending, 'clip' | 'ms'> | undefined): void {
      if (sending?.clip === current) return;
      stop();
      current = sending?.clip;
      const clip = sending && clips[sending.clip];
      if (sending === undefined || clip === undefined) return;
      stop = streamClip(clipFrom(clip, sending.ms), options);
    },
  };
}

function clipFrom({ bytes, bytesPerSecond }: Clip, ms: number): Clip {
  const pieces = Math.floor(ms / pieceMs);
  return { bytes: bytes.subarray((pieces * pieceMs * bytesPerSecond) / 1000), bytesPerSecond };
}

/** Begins at the next turn of the clock. The function returned stops it; nothing is sent after that. */
export function streamClip(clip: Clip, options: StreamOptions): () => void {
  const { timers, fast } = options;
  const pieceBytes = clip.bytesPerSecond / (1000 / pieceMs);
  let startedMs: number | undefined;
  let sent = 0;
  let stopped = false;
  let cancelTimer = timers.after(0, next);

  function next(): void {
    startedMs ??= timers.nowMs();
    const most = fast ? piecesAtOnce : 1;
    for (let n = 0; n < most && !stopped && sent * pieceBytes < clip.bytes.length; n++) {
      if (fast && options.bufferedBytes() > mostBuffered) break;
      const bytes = clip.bytes.subarray(sent * pieceBytes, (sent + 1) * pieceBytes);
      sent++;
      options.piece(bytes.toString('base64'), (bytes.length / clip.bytesPerSecond) * 1000);
    }
    if (stopped) return;
    const isAtEnd = sent * pieceBytes >= clip.bytes.length;
    if (fast) {
      if (isAtEnd) return options.end();
      const isFull = options.bufferedBytes() > mostBuffered;
      cancelTimer = timers.after(isFull ? waitMs : 0, next);
      return;
    }
    const endMs = (clip.bytes.length / clip.bytesPerSecond) * 1000;
    const dueMs = startedMs + Math.min(sent * pieceMs, endMs);
    cancelTimer = timers.after(Math.max(0, dueMs - timers.nowMs()), isAtEnd ? options.end : next);
  }

  return () => {
    stopped = true;
    cancelTimer();
  };
}
