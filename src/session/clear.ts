// A new conversation with the same agent, on a line of its own: nothing that was said before is known in it.

import { type Draft, finishTurn } from './draft.js';
import { createSession } from './state.js';

/** Lets go of the conversation under way. The line is to be replaced: what still comes over it is not heard. */
export function onClear(draft: Draft): void {
  const { phase, turn } = draft.session;
  if (phase !== 'open') throw new RangeError('there is no open line to begin anew');
  draft.set({ phase: 'reconnecting', waiting: [] });
  if (turn !== undefined) {
    draft.tell({ type: 'interrupted', turn: turn.number });
    finishTurn(draft, 'cancelled');
  }
  const { setup, itemPrefix, sent, turns, items, change } = draft.session;
  draft.session = {
    ...createSession(setup, { itemPrefix }),
    phase: 'reconnecting',
    cleared: true,
    // Ids and numbers of turns are those of one run.
    sent,
    turns,
    items,
    // Not taken yet, it may be refused: asked for again when the line stands, as after every line that ends.
    ...(change !== undefined && { change }),
  };
}
