// The words of spoken turns: told while somebody speaks, told once more when all is heard, and answered. The service
// gives each state twice, as `.updated` (when a model for transcripts was asked for) and as `.completed` in progress.

import { respondWhenFree } from './answer.js';
import type { WireObject } from './shapes.js';
import {
  andThen,
  event,
  giveWords,
  internalError,
  type Peer,
  type PeerStep,
  type SpokenTurn,
  type World,
} from './state.js';

const msPerWord = 350;

const wordsOf = (text: string) => text.match(/\S+/g) ?? [];

/** As much as may have been said after so long, and never all of it: the last word is for the end. */
export function tellProgress(peer: Peer, turn: SpokenTurn, spokenMs: number, world: World): PeerStep {
  const words = wordsOf(turn.words ?? '');
  const said = words.slice(0, Math.min(words.length - 1, Math.ceil(spokenMs / msPerWord)));
  const told = said.join(' ');
  if (told === '' || told === turn.told) return { peer, send: [] };
  return {
    peer: { ...peer, ear: { ...peer.ear, turn: { ...turn, told } } },
    send: interim(peer, turn, told, world),
  };
}

function interim({ config }: Peer, { itemId }: SpokenTurn, transcript: string, world: World): WireObject[] {
  const within = { item_id: itemId, transcript, content_index: 0 };
  return [
    ...(config.audio?.input?.transcription?.model === undefined
      ? []
      : [event(world, 'conversation.item.input_audio_transcription.updated', within)]),
    completed(within, 'in_progress', world),
  ];
}

const completed = (within: WireObject, status: string, world: World) =>
  event(world, 'conversation.item.input_audio_transcription.completed', { ...within, status });

/** All words of a turn, and the answer to them. No words at all are a voice that could not be made out. */
export function tellWords(peer: Peer, turn: SpokenTurn, words: string, world: World): PeerStep {
  const { itemId } = turn;
  const nearly = wordsOf(words).slice(0, -1).join(' ');
  const isNew = nearly !== '' && nearly !== turn.told;
  const send = [
    ...(isNew ? interim(peer, turn, nearly, world) : []),
    completed({ item_id: itemId, transcript: words, content_index: 0 }, 'completed', world),
  ];
  // Spoken in two goes before anybody answered, it is answered as one.
  const said = peer.freshWords && peer.isSpoken ? `${peer.said} ${words}`.trim() : words;
  const heard: Peer = {
    ...giveWords(peer, itemId, { type: 'message', role: 'user', text: words }),
    said,
    unclear: said === '',
    isSpoken: true,
    freshWords: true,
  };
  const asked = peer.owed ?? (turn.answered ? {} : undefined);
  const told: PeerStep = { peer: heard, send };
  return asked === undefined ? told : andThen(told, (next) => respondWhenFree(next, world, asked));
}

/** Somebody who was asked says what was said. Nothing when nobody waits for it. */
export function transcribed(peer: Peer, itemId: string, words: string, world: World): PeerStep {
  const turn = peer.listening.find((each) => each.itemId === itemId);
  if (turn === undefined) return { peer, send: [] };
  const listening = peer.listening.filter((each) => each !== turn);
  return tellWords({ ...peer, listening }, turn, words.trim(), world);
}

/** Somebody who was asked cannot say. The turn goes on as one that could not be made out. */
export function notTranscribed(peer: Peer, itemId: string, message: string, world: World): PeerStep {
  if (!peer.listening.some((each) => each.itemId === itemId)) return { peer, send: [] };
  const told: PeerStep = { peer, send: [internalError(world, message)] };
  return andThen(told, (next) => transcribed(next, itemId, '', world));
}
