// The person's sound: when it is sent, that it is ended, and that it is what the session takes it for.

import { isObject } from '../../protocol/json.js';
import type { CreateCheck } from './check.js';
import { containerOf } from './container.js';
import { detectionOf } from './detection.js';
import { type Format, formatOf, formatText, looksLike } from './encoding.js';
import { createPace } from './pace.js';

/** So long after the last sound a commit may still be on its way. */
const graceMs = 5000;
/** Looked at for its encoding at a time. */
const windowBytes = 8000;
/** After this much the encoding is taken for right. */
const mostLookedAt = 512 * 1024;

export const checkAudio: CreateCheck = (report) => {
  let format: Format = { type: 'audio/pcm', rate: 24000 };
  let isUpdateSent = false;
  let isReady = false;
  let early: number | undefined;
  let isVad = false;
  /** Since the last answer or commit: where sound came last. */
  let pending: { event: number; atMs: number | undefined } | undefined;
  let hasCommitted = false;
  let hasWords = false;
  let window = Buffer.alloc(0);
  let lookedAt = 0;
  let audible = 0;
  let votes = new Map<string, number>();
  let pace = createPace();

  const take = (session: unknown) => {
    isVad = detectionOf(session) ?? isVad;
    const input = isObject(session) && isObject(session.audio) ? session.audio.input : undefined;
    const next = isObject(input) ? formatOf(input.format) : undefined;
    if (next === undefined || (next.type === format.type && next.rate === format.rate)) return;
    format = next;
    pace = createPace();
    window = Buffer.alloc(0);
    audible = 0;
    votes = new Map();
  };
  const neverCommitted = () => {
    if (pending !== undefined && !isVad) report('audio_never_committed', '', pending.event);
  };

  function look(bytes: Buffer): void {
    const container = containerOf(bytes);
    if (container !== undefined) {
      return report(
        'audio_container',
        `the audio that is appended is ${container}, where bare ${formatText(format)} is due`,
      );
    }
    if (lookedAt >= mostLookedAt) return;
    lookedAt += bytes.length;
    window = Buffer.concat([window, bytes]);
    while (window.length >= windowBytes) {
      vote(looksLike(window.subarray(0, windowBytes), format));
      window = window.subarray(windowBytes);
    }
  }

  /** Two windows that agree, and half of all that are not silent. */
  function vote(seen: string | undefined): void {
    if (seen === 'silence') return;
    audible++;
    if (seen === undefined) return;
    const count = (votes.get(seen) ?? 0) + 1;
    votes.set(seen, count);
    if (count < 2 || count * 2 < audible) return;
    report('audio_encoding', `the audio looks like ${seen}, where the session takes ${formatText(format)}`);
  }

  return {
    sent: (event, now) => {
      switch (event.type) {
        case 'session.update':
          isUpdateSent = true;
          return take(event.session);
        case 'input_audio_buffer.append': {
          if (!isReady) early ??= now.event;
          if (!isReady && isUpdateSent) report('audio_before_ready', '', early);
          pending = { event: now.event, atMs: now.atMs };
          const bytes = Buffer.from(typeof event.audio === 'string' ? event.audio : '', 'base64');
          look(bytes);
          const rate = now.atMs === undefined ? undefined : pace(bytes.length, now.atMs, format);
          if (rate !== undefined) {
            report(
              'audio_rate',
              `audio comes at the pace of ${rate}, where the session takes ${formatText(format)}`,
            );
          }
          return;
        }
        case 'input_audio_buffer.commit':
        case 'input_audio_buffer.clear':
          pending = undefined;
          hasCommitted ||= event.type === 'input_audio_buffer.commit';
          return;
        case 'conversation.item.create':
          hasWords = true;
          return;
        case 'response.create':
          if (!hasCommitted && !hasWords) neverCommitted();
          return;
        default:
          return;
      }
    },
    received: (event, { atMs }) => {
      if (event.type === 'session.updated') {
        take(event.session);
        if (!isReady && early !== undefined) report('audio_before_ready', '', early);
        isReady = true;
      }
      // The service ends turns by itself after all.
      if (
        event.type === 'input_audio_buffer.speech_started' ||
        event.type === 'input_audio_buffer.committed'
      ) {
        pending = undefined;
        hasCommitted = true;
      }
      if (event.type === 'response.created') {
        hasWords = false;
        hasCommitted = true;
      }
      if (pending?.atMs === undefined || atMs === undefined || hasCommitted) return;
      if (atMs - pending.atMs >= graceMs) neverCommitted();
    },
    opened: () => {
      isReady = false;
      isUpdateSent = false;
      early = undefined;
      pending = undefined;
      pace = createPace();
    },
    ended: ({ atMs }) => {
      if (hasCommitted) return;
      if (atMs === undefined || pending?.atMs === undefined || atMs - pending.atMs >= graceMs)
        neverCommitted();
    },
  };
};
