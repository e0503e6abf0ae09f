// A session that is spoken to: sound in, events out. Its clock and its words are the test's.

import { type Format, fromPcm } from '../../../src/audio/pcm.js';
import { nextTickMs, tick } from '../../../src/emulator/realtime/deadlines.js';
import { hearBytes } from '../../../src/emulator/realtime/hearing.js';
import { type Opening, openPeer, receive } from '../../../src/emulator/realtime/peer.js';
import { callTool, finish, speak } from '../../../src/emulator/realtime/response.js';
import type { PeerStep, Unheard, Wanted } from '../../../src/emulator/realtime/state.js';
import { notTranscribed, transcribed } from '../../../src/emulator/realtime/words.js';
import { spokenWords } from '../../../src/emulator/reply.js';
import type { Wire } from '../support.js';

export const pcm24: Format = { type: 'audio/pcm', rate: 24_000 };

/** A voice of sorts: syllables of a tone, 160 ms of sound and 40 ms of less, at a level of full scale. */
export function voice(ms: number, rate: number, level = 0.2): Int16Array {
  return Int16Array.from({ length: Math.round((ms / 1000) * rate) }, (_, at) => {
    const isGap = (at / rate) % 0.2 >= 0.16;
    return 32_767 * level * (isGap ? 0.05 : 1) * Math.SQRT2 * Math.sin((2 * Math.PI * 220 * at) / rate);
  });
}

export const silence = (ms: number, rate: number): Int16Array =>
  new Int16Array(Math.round((ms / 1000) * rate));

/** Noise that is the same every time. `level` is the root of its mean square. */
export function noise(ms: number, rate: number, level: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length: Math.round((ms / 1000) * rate) }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return 32_767 * level * Math.sqrt(3) * (seed / 2 ** 31 - 1);
  });
}

export interface Options {
  /** Words by turn; asked for when it begins. */
  hears?: (string | undefined)[];
  /** Whether somebody puts audio into words. */
  listens?: boolean;
  opening?: Opening;
  /** The first `session.update`. */
  session?: Wire;
}

export const vad = (members: Wire = {}): Wire => ({ turn_detection: { type: 'server_vad', ...members } });

export function spokenSession({ hears = [], listens = false, opening = {}, session }: Options = {}) {
  let made = 0;
  let nowMs = 1_000_000;
  const queue = [...hears];
  const world = { newId: () => `id-${++made}`, nowMs: () => nowMs, hears: () => queue.shift(), listens };
  const opened = openPeer('grok-voice-latest', world, opening);
  let { peer } = opened;
  let wanted: Wanted | undefined;
  let closed: string | undefined;
  const unheard: Unheard[] = [];
  const take = (step: PeerStep): Wire[] => {
    peer = step.peer;
    wanted = step.wanted ?? wanted;
    closed = step.close ?? closed;
    unheard.push(...(step.unheard ?? []));
    return [...step.send];
  };
  const activeId = () => peer.active?.id ?? 'none';
  const heard = {
    greeting: opened.send as Wire[],
    peer: () => peer,
    wanted: () => wanted,
    closed: () => closed,
    unheard,
    receive: (frame: Wire) => take(receive(peer, JSON.stringify(frame), world)),
    /** Sound in pieces of 100 ms, as raw frames. */
    hear: (sound: Int16Array, format = pcm24): Wire[] => {
      const piece = format.rate / 10;
      const events: Wire[] = [];
      for (let at = 0; at < sound.length; at += piece)
        events.push(...take(hearBytes(peer, fromPcm(sound.slice(at, at + piece), format), world)));
      return events;
    },
    append: (audio: string) =>
      take(receive(peer, JSON.stringify({ type: 'input_audio_buffer.append', audio }), world)),
    transcribe: (words: string) => take(transcribed(peer, unheard.shift()?.itemId ?? 'none', words, world)),
    failToTranscribe: (message: string) =>
      take(notTranscribed(peer, unheard.shift()?.itemId ?? 'none', message, world)),
    speak: (words: string) =>
      spokenWords(words).flatMap((word) => take(speak(peer, activeId(), word, world))),
    call: (name: string, args: Record<string, unknown> = {}) =>
      take(callTool(peer, activeId(), { name, arguments: args }, world)),
    finish: () => take(finish(peer, activeId(), world)),
    /** Lets time pass; what happens by itself meanwhile. */
    pass: (ms: number): Wire[] => {
      const end = nowMs + ms;
      const events: Wire[] = [];
      for (let dueMs = nextTickMs(peer); dueMs <= end && closed === undefined; dueMs = nextTickMs(peer)) {
        nowMs = Math.max(nowMs, dueMs);
        events.push(...take(tick(peer, world)));
      }
      nowMs = end;
      return events.filter(({ type }) => type !== 'ping');
    },
  };
  if (session !== undefined) heard.receive({ type: 'session.update', session });
  return heard;
}

/** Types without what all of them begin with. */
export const short = (events: readonly Wire[]): string[] =>
  events.map(({ type, status }) =>
    [
      type
        .replace('conversation.item.input_audio_transcription.', '')
        .replace('input_audio_buffer.', '')
        .replace('conversation.', ''),
      ...(status === undefined ? [] : [status]),
    ].join(' '),
  );
