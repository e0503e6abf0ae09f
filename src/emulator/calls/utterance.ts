// What a caller says, as the session hears it: sound in pieces of 100 ms with the silence after it, and the words that
// are known. The words belong to this call alone: however many talk at once, nobody is given another's.

import { fromPcm, toPcm } from '../../audio/pcm.js';
import { inputFormat } from '../realtime/config.js';
import { pressKey } from '../realtime/dtmf.js';
import type { LiveSession } from '../realtime/live.js';
import type { Peer } from '../realtime/state.js';
import { spokenWords } from '../reply.js';
import { speechPcm } from '../speech.js';

export interface Utterance {
  /** Undefined where nobody knows them: somebody is asked who can hear. */
  words: string | undefined;
  /** Mono, at a rate. */
  sound(rate: number): Int16Array;
}

/** Words in the quiet synthetic voice. */
export function spoken(words: string): Utterance {
  return {
    words,
    sound: (rate) => {
      const pieces = spokenWords(words).map((word) =>
        toPcm(speechPcm(word, rate), { type: 'audio/pcm', rate }),
      );
      return joined(pieces);
    },
  };
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const pieceMs = 100;
/** Longer than any silence that a session may wait for at the end of a turn. */
const longestSilenceMs = 10_500;

interface Mouth {
  /** Speaks or presses keys; resolves when the session has heard it. */
  bring(to: { isOver(): boolean; session: LiveSession }, what: Utterance | string): Promise<void>;
  /** The words of the spoken turn that begins, where they are known. */
  hears(): string | undefined;
}

/** One caller's. `pace` lets others have a turn between two pieces. */
export function createMouth(pace: () => Promise<void>): Mouth {
  let words: string[] = [];

  async function speak(session: LiveSession, isOver: () => boolean, { words: known, sound }: Utterance) {
    if (known !== undefined) words.push(known);
    const sounds = new Map<number, Int16Array>();
    const soundAt = (rate: number) => {
      const made = sounds.get(rate) ?? sound(rate);
      sounds.set(rate, made);
      return made;
    };
    for (let ms = 0; !isOver(); ms += pieceMs) {
      // The session may change its format in the middle.
      const { rate } = inputFormat(session.peer().config);
      const piece = soundAt(rate).subarray((ms / 1000) * rate, ((ms + pieceMs) / 1000) * rate);
      if (piece.length === 0) break;
      hear(session, piece);
      await pace();
    }
    for (
      let ms = 0;
      !isOver() && (ms === 0 || isSpeaking(session.peer())) && ms < longestSilenceMs;
      ms += pieceMs
    ) {
      const { rate } = inputFormat(session.peer().config);
      hear(session, new Int16Array((rate * pieceMs) / 1000));
      await pace();
    }
    // Where turns are ended by hand, they are asked for then.
    if (hearsTurns(session.peer())) words = [];
  }

  return {
    async bring({ isOver, session }, what) {
      if (typeof what !== 'string') return speak(session, isOver, what);
      for (const key of what.toUpperCase()) {
        if (isOver()) return;
        session.happen((peer, world) => pressKey(peer, key, world));
        await pace();
      }
    },
    hears() {
      const all = words.length === 0 ? undefined : words.join(' ');
      words = [];
      return all;
    },
  };
}

const hear = (session: LiveSession, pcm: Int16Array) =>
  session.receive(fromPcm(pcm, inputFormat(session.peer().config)));

const isSpeaking = ({ ear }: Peer) => ear.turn !== undefined;
const hearsTurns = ({ config }: Peer) => config.turn_detection?.type === 'server_vad';
