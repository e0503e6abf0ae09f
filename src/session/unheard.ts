// What was being said aloud when a line dropped: the service has it, or it is sent again from its beginning, or
// the person has to say it again and is told so.

import type { Item } from '../protocol/realtime-server.js';
import { beginTurn, type Draft, finishTurn, voidWords } from './draft.js';
import { itemText, keyOf, readItem } from './history.js';
import { isVad } from './speaking.js';
import type { Turn } from './state.js';

/** The line dropped: sound on its way goes nowhere. */
export function holdSpeech(draft: Draft): void {
  const { sending, unsent } = draft.session;
  draft.drop('sending');
  draft.drop('asked');
  const held = sending ?? unsent;
  if (held !== undefined) draft.set({ unsent: held });
}

/** A service that kept the conversation has what was spoken: it is answered like words that were typed. */
export function keepSpeech(draft: Draft, isNew: readonly Item[]): void {
  const { turn, unsent, heard } = draft.session;
  const newest = isNew.findLast(isSpoken);
  const kept = newest && readItem(newest);
  const spoken = kept?.id;
  if (kept !== undefined) draft.remember(kept, true);
  if (turn?.spoken !== undefined) {
    const item = turn.spokenItem ?? spoken;
    if (item === undefined) return;
    // Its end was not told, so it lies before what was sent last.
    if (unsent !== undefined && turn.spoken === 'speaking')
      draft.set({ unsent: { ...unsent, doneMs: unsent.ms } });
    draft.dropOfTurn('spoken');
    return draft.setTurn({ spokenItem: item, response: { texts: {}, cancelling: false } });
  }
  if (heard === undefined || turn !== undefined || (heard.item ?? spoken) === undefined) return;
  draft.drop('heard');
  beginTurn(draft);
  draft.setTurn({ unasked: false, response: { texts: {}, cancelling: false } });
}

/** Before the service is told the conversation anew: what is sent again as sound is not told as words as well. */
export function forgetSpeech(draft: Draft): void {
  const { turn, history } = draft.session;
  if (turn?.clip === undefined || !isUnanswered(turn)) return;
  const key = keyOf({ type: 'message', id: turn.spokenItem });
  draft.set({ history: history.filter((entry) => entry.key !== key) });
  voidWords(draft);
  draft.dropOfTurn('spokenItem');
  draft.setTurn({ spoken: 'speaking' });
}

/** The line stands: sends again what the service does not have. */
export function speakAgain(draft: Draft): void {
  const { turn, unsent, heard } = draft.session;
  draft.drop('unsent');
  draft.drop('heard');
  if (turn?.spoken === undefined) {
    // The rest of a clip in which other turns may follow.
    if (unsent !== undefined && isVad(draft.session))
      draft.set({ sending: { ...unsent, ms: unsent.doneMs } });
    else if (heard !== undefined) tellLost(draft);
    return;
  }
  if (turn.clip === undefined) {
    tellLost(draft);
    return finishTurn(draft, 'failed');
  }
  // A greeting that came meanwhile is over with the line.
  draft.dropOfTurn('response');
  const { number, fromMs } = turn.clip;
  draft.setTurn({ spoken: 'speaking' });
  draft.set({ sending: { clip: number, turn: unsent?.turn ?? turn.number, ms: fromMs, doneMs: fromMs } });
}

function tellLost(draft: Draft): void {
  draft.tell({
    type: 'warning',
    code: 'speech_lost',
    message: 'what was being said when the line dropped was not heard: say it again',
  });
}

const isSpoken = (item: Item) => item.type === 'message' && item.role === 'user' && Boolean(item.id);

/** Nothing has come of it that would come twice if it were said again. */
function isUnanswered({ spoken, toolCalls, response, clip }: Turn): boolean {
  return clip !== undefined && toolCalls === 0 && (spoken !== undefined || response !== undefined);
}

/** Turns that were spoken and whose words nobody knows cannot be told anew. */
export function tellWordless(draft: Draft): void {
  const unknown = draft.session.history.filter(
    ({ item }) => item.type === 'message' && item.role === 'user' && itemText(item) === '',
  ).length;
  if (unknown === 0) return;
  draft.tell({
    type: 'warning',
    code: 'speech_unknown',
    message: `${unknown} spoken ${unknown === 1 ? 'turn' : 'turns'} could not be told again: the words are not known`,
  });
}
