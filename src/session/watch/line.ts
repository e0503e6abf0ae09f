// The line itself: silence, and an account that is empty.

import { writeJson } from '../../json-text.js';
import type { CreateCheck } from './check.js';

const longestQuietMs = 30_000;
const exhausted =
  /used all available credits|monthly spending limit|insufficient[ _]quota|exceeded your (current )?quota|credits? (is|are|has been) exhausted/i;

export const checkLine: CreateCheck = (report) => {
  let lastMs: number | undefined;
  let beats = false;
  let isOwed = false;

  /** Silence means something where heartbeats came before, or an answer is due. */
  const quiet = (ms: number) => {
    if (ms >= longestQuietMs && (beats || isOwed)) report('no_frame', (ms / 1000).toFixed(0));
  };
  const since = (atMs: number | undefined) => {
    if (atMs !== undefined && lastMs !== undefined) quiet(atMs - lastMs);
  };
  const look = (words: unknown) => {
    if (typeof words === 'string' && exhausted.test(words)) report('quota_exhausted', words.trim());
  };
  return {
    sent: ({ type }, { atMs }) => {
      since(atMs);
      if (type === 'response.create') isOwed = true;
    },
    frame: (frame, { atMs }) => {
      since(atMs);
      lastMs = atMs ?? lastMs;
      if (frame.kind === 'unused' && frame.type === 'ping') beats = true;
      if (frame.kind === 'not-json') look(frame.text);
    },
    received: (event) => {
      if (event.type === 'response.created') isOwed = true;
      if (event.type === 'response.done') {
        isOwed = false;
        look(wordsOf(event.response.status_details));
      }
      if (event.type === 'error') {
        isOwed = false;
        look(event.error?.message ?? event.message);
        look(event.error?.code ?? event.code);
      }
    },
    quiet,
    opened: () => {
      lastMs = undefined;
      isOwed = false;
    },
    ended: ({ atMs }) => since(atMs),
  };
};

function wordsOf(details: unknown): string | undefined {
  return details === undefined || details === null ? undefined : writeJson(details).slice(0, 300);
}
