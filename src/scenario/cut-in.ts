// Somebody cuts in while an answer is spoken.

import type { Clock } from '../clock.js';
import type { NoticeOf } from '../session/notice.js';
import { searchable } from './expect/text.js';
import type { Interrupt } from './scenario.js';

export interface CutIn {
  hear(notice: NoticeOf<'text'>): void;
  stop(): void;
}

/** Calls `interrupt` once: when something was said, or a while after the first word. */
export function createCutIn({ after, after_ms }: Interrupt, clock: Clock, interrupt: () => void): CutIn {
  let heard = '';
  let isDone = false;
  let cancel = () => {};
  const cut = () => {
    if (isDone) return;
    isDone = true;
    interrupt();
  };
  return {
    hear: ({ text }) => {
      const isFirst = heard === '';
      heard += text;
      if (after !== undefined && searchable(heard).includes(searchable(after))) cut();
      if (after_ms !== undefined && isFirst) cancel = clock.after(after_ms, cut);
    },
    stop: () => {
      isDone = true;
      cancel();
    },
  };
}
