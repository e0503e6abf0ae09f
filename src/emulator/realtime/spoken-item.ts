// Audio inside an item: a turn spoken beforehand. It is answered when a response is asked for, not by itself.

import { toPcm } from '../../audio/pcm.js';
import { inputFormat } from './config.js';
import { andThen, type Peer, type PeerStep, type SpokenTurn, type World } from './state.js';
import { hasSpeech } from './vad.js';
import { tellWords } from './words.js';

type Content = readonly { type: string; audio?: unknown }[];

/** Hears the audio of an item that was just added, if there is any. */
export function heardItem(peer: Peer, itemId: string, content: Content, world: World): PeerStep {
  const sounds = content.flatMap(({ audio }) =>
    typeof audio === 'string' ? [Buffer.from(audio, 'base64')] : [],
  );
  if (sounds.length === 0) return { peer, send: [] };
  const format = inputFormat(peer.config);
  const pcm = toPcm(Buffer.concat(sounds), format);
  const saidMs = peer.saidMs + (pcm.length / format.rate) * 1000;
  // Typed words of the same item stand before the spoken ones.
  const spoken: Peer = { ...peer, isSpoken: true, saidMs };
  if (!hasSpeech(pcm, format.rate)) return { peer: { ...spoken, unclear: peer.said === '' }, send: [] };
  const turn: SpokenTurn = {
    itemId,
    startMs: 0,
    voiceMs: 0,
    words: world.hears?.(),
    told: '',
    answered: false,
  };
  if (turn.words !== undefined || !world.listens) {
    return andThen({ peer: spoken, send: [] }, (next) => tellWords(next, turn, turn.words ?? '', world));
  }
  const listening = [...peer.listening, turn];
  return { peer: { ...spoken, listening }, send: [], unheard: [{ itemId, audio: pcm, rate: format.rate }] };
}
