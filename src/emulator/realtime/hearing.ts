// What the service makes of audio: spoken turns, found by their sound or committed by hand. Pure; see words.ts for
// what becomes of them.

import { durationMs, toPcm } from '../../audio/pcm.js';
import type { SessionUpdate, TurnDetection } from '../../protocol/realtime-session.js';
import { respondIfOwed } from './answer.js';
import { idleAfter, inputFormat } from './config.js';
import { takeKeys } from './dtmf.js';
import { Growing } from './growing.js';
import { cut, keep, nothingKept } from './kept-audio.js';
import { refuse } from './refuse.js';
import { cancelActive } from './response.js';
import {
  andThen,
  type Ear,
  event,
  type Peer,
  type PeerStep,
  remember,
  type SpokenTurn,
  type World,
} from './state.js';
import { anySpeech, endSpeech, frameMs, type Happening, hearSamples, silentVad } from './vad.js';
import { tellProgress, tellWords } from './words.js';

/** The service's own where they are documented, otherwise what its peers take. */
const defaults = { threshold: 0.85, silenceMs: 500, paddingMs: 333 };
/** What is kept besides the padding: speech is known to be speech only after a while. */
const onsetMs = 200;

export const silentEar: Ear = { vad: silentVad, heardMs: 0, bufferMs: 0, bufferAtMs: 0, hasSpeech: false };

/** Undefined where turns are committed by hand. */
function detectionOf({ turn_detection: detection }: SessionUpdate): TurnDetection | undefined {
  return detection?.type === 'server_vad' ? detection : undefined;
}

/** Another configuration. Whoever speaks at a change between the two kinds of turns begins anew by its rules. */
export function reconfigured(peer: Peer, config: SessionUpdate): Peer {
  const isSame = (detectionOf(peer.config) === undefined) === (detectionOf(config) === undefined);
  const ear = isSame ? peer.ear : { ...peer.ear, vad: endSpeech(peer.ear.vad) };
  const idleAtMs = idleAfter(config) === undefined ? undefined : peer.idleAtMs;
  return { ...peer, config, ear, idleAtMs };
}

/** Audio as it travels, by event or as a raw frame: either is taken, whatever transport was agreed. */
export function hearBytes(peer: Peer, bytes: Buffer, world: World, eventId: string | null = null): PeerStep {
  const format = inputFormat(peer.config);
  if (format.type === 'audio/pcm' && bytes.length % 2 !== 0) {
    const message = `Invalid audio: ${bytes.length} bytes are no whole number of 16-bit samples`;
    return refuse(peer, world, { code: 'invalid_audio_format', message, param: 'audio', event_id: eventId });
  }
  const pcm = toPcm(bytes, format);
  const { rate } = format;
  const ms = durationMs(bytes.length, format);
  const heardMs = peer.ear.heardMs + ms;
  const { vad, happenings } = hearSamples(peer.ear.vad, pcm, rate, settingsOf(peer.config));
  const kept = world.listens
    ? keep(peer.ear.kept ?? nothingKept, { pcm, rate, endMs: heardMs }, keptMs(peer))
    : undefined;
  const ear = { ...peer.ear, vad, heardMs, bufferMs: peer.ear.bufferMs + ms, kept };
  // Frames do not know of what was too short for one when the rate changed.
  const behindMs = heardMs - (vad.rest.length / rate) * 1000 - vad.frames * frameMs;
  let step: PeerStep = { peer: { ...peer, ear }, send: [] };
  for (const { kind, atMs } of happenings) {
    step = andThen(step, (next) => happen(next, { kind, atMs: atMs + behindMs }, world));
  }
  return step;
}

function settingsOf(config: SessionUpdate) {
  const detection = detectionOf(config);
  // Nothing is decided then but whether there was a voice.
  if (detection === undefined) return anySpeech;
  return {
    threshold: detection.threshold ?? defaults.threshold,
    silenceMs: detection.silence_duration_ms ?? defaults.silenceMs,
  };
}

const paddingMs = (detection: TurnDetection) => detection.prefix_padding_ms ?? defaults.paddingMs;

/** How much audio of the past may still be asked for; undefined for all of it. */
function keptMs({ config, ear }: Peer): number | undefined {
  const detection = detectionOf(config);
  return detection === undefined || ear.turn !== undefined ? undefined : paddingMs(detection) + onsetMs;
}

function happen(peer: Peer, { kind, atMs }: Happening, world: World): PeerStep {
  const detection = detectionOf(peer.config);
  const { turn } = peer.ear;
  if (kind === 'began') {
    // What was pressed before somebody spoke was said before, and is answered with it.
    const keyed = takeKeys({ ...peer, ear: { ...peer.ear, hasSpeech: true } }, world);
    return detection === undefined ? keyed : andThen(keyed, (next) => begin(next, detection, atMs, world));
  }
  if (turn === undefined) return { peer, send: [] };
  return kind === 'ended'
    ? endTurn(peer, turn, atMs, world)
    : tellProgress(peer, turn, atMs - turn.voiceMs, world);
}

/** Somebody begins to speak, and whoever else is speaking stops. */
function begin(peer: Peer, detection: TurnDetection, atMs: number, world: World): PeerStep {
  const startMs = Math.max(peer.ear.bufferAtMs, atMs - paddingMs(detection));
  const answered = detection.create_response !== false;
  const announced = announce(peer, { startMs, voiceMs: atMs, answered, words: world.hears?.() }, world);
  const { active } = announced.peer;
  const isInterrupted = active !== undefined && detection.interrupt_response !== false;
  return isInterrupted ? andThen(announced, (next) => cancelActive(next, active, world)) : announced;
}

type Begun = Omit<SpokenTurn, 'itemId' | 'told'>;

function announce(peer: Peer, begun: Begun, world: World): PeerStep {
  const itemId = world.newId();
  const turn: SpokenTurn = { itemId, told: '', ...begun };
  const item = { id: itemId, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'user' };
  return {
    peer: {
      ...remember(peer, itemId),
      lastItemId: itemId,
      idleAtMs: undefined,
      ear: { ...peer.ear, turn },
    },
    send: [
      event(world, 'input_audio_buffer.speech_started', {
        item_id: itemId,
        audio_start_ms: Math.round(begun.startMs),
      }),
      event(world, 'conversation.item.added', {
        item: { ...item, content: [{ type: 'input_audio', transcript: '' }] },
      }),
    ],
  };
}

/** What was spoken is an item from here on, and somebody finds out its words. */
function endTurn(peer: Peer, turn: SpokenTurn, endMs: number, world: World): PeerStep {
  const { itemId: item_id, startMs, words } = turn;
  const { ear } = peer;
  const { turn: _over, ...others } = ear;
  const next: Peer = {
    ...peer,
    turn: peer.turn + 1,
    results: Growing.of(),
    saidMs: peer.saidMs + Math.max(0, endMs - startMs),
    ear: { ...others, hasSpeech: false, bufferMs: Math.max(0, ear.heardMs - endMs), bufferAtMs: endMs },
  };
  const send = [
    event(world, 'input_audio_buffer.speech_stopped', { item_id, audio_end_ms: Math.round(endMs) }),
    event(world, 'input_audio_buffer.committed', { item_id }),
  ];
  if (words !== undefined || ear.kept === undefined) {
    return andThen({ peer: next, send }, (heard) => tellWords(heard, turn, words ?? '', world));
  }
  const unheard = [{ itemId: item_id, ...cut(ear.kept, startMs, endMs) }];
  return { peer: { ...next, listening: [...peer.listening, turn] }, send, unheard };
}

/**
 * A turn ended by hand. Recorded, the service answers it by itself, without `response.create`. Where nobody was heard
 * to speak there are no words either.
 */
export function commit(peer: Peer, world: World): PeerStep {
  const { ear } = peer;
  const quiet = { ...peer, ear: { ...ear, vad: endSpeech(ear.vad) } };
  const detection = detectionOf(peer.config);
  const begun = () => ({
    startMs: ear.bufferAtMs,
    voiceMs: ear.bufferAtMs,
    answered: detection?.create_response !== false,
    words: ear.hasSpeech ? world.hears?.() : '',
  });
  const isAnnounced = ear.turn !== undefined;
  const announced = isAnnounced ? { peer: quiet, send: [] } : announce(quiet, begun(), world);
  const { turn } = announced.peer.ear;
  if (turn === undefined) return announced;
  const ended = andThen(announced, (next) => endTurn(next, turn, ear.heardMs, world));
  return { ...ended, peer: forgetting(ended.peer) };
}

/** Nothing of the buffer is left. */
export function clear(peer: Peer, world: World): PeerStep {
  const { turn: _dropped, ...ear } = peer.ear;
  const emptied = { ...ear, vad: endSpeech(ear.vad), bufferMs: 0, bufferAtMs: ear.heardMs, hasSpeech: false };
  const send = [event(world, 'input_audio_buffer.cleared', {})];
  const cleared = { peer: forgetting({ ...peer, ear: emptied }), send };
  return andThen(cleared, (next) => respondIfOwed(next, world));
}

function forgetting(peer: Peer): Peer {
  return { ...peer, ear: { ...peer.ear, kept: undefined } };
}
