// Recordings of the real service: what its clients sent is sent to the local API, and what comes back is compared
// event by event and member by member. The recordings are not part of this project.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromPcm } from '../../src/audio/pcm.js';
import type { Part, ReplyMaker } from '../../src/emulator/reply.js';
import { startTestApi } from '../support/local-api.js';
import { pcm24, silence, voice } from './realtime/session.js';
import { type Line, openSocket, projectRoot, type Wire } from './support.js';

const recordings = join(projectRoot, '../shared/wire');

interface Frame {
  from: 'server' | 'client';
  event: Wire;
}

const read = (name: string): Frame[] =>
  readFileSync(join(recordings, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** A step of a recording: a frame of the client, an event, or a run of pieces of speech, which differ in number. */
type Step = { client: Wire } | { event: Wire } | { pieces: Wire[] };

const isPiece = ({ type }: Wire) => /^response\.output_audio(_transcript)?\.delta$/.test(type);

function stepsOf(frames: Frame[]): Step[] {
  const steps: Step[] = [];
  for (const { from, event } of frames) {
    const last = steps.at(-1);
    if (from === 'client') steps.push({ client: event });
    else if (!isPiece(event)) steps.push({ event });
    else if (last !== undefined && 'pieces' in last) last.pieces.push(event);
    else steps.push({ pieces: [event] });
  }
  return steps;
}

/** Says and calls what was recorded, one response after another. */
function recordedMaker(frames: Frame[]): ReplyMaker {
  const responses = frames
    .filter(({ event }) => event.type === 'response.done')
    .map(({ event }) =>
      event.response.output.map(
        (item: Wire): Part =>
          item.type === 'message'
            ? { say: item.content[0].transcript }
            : { call: { name: item.name, arguments: JSON.parse(item.arguments) } },
      ),
    );
  return { reply: () => responses.shift() ?? [] };
}

/** Members whose values are the service's own affair. Their kind must be the same all the same. */
const measured = new Set([
  // Times.
  ...['timestamp', 'ts', 'latency', 'start_time'],
  // Audio: a synthetic voice is not theirs.
  ...['audio_duration_ms'],
  // Counts, and what is counted of them.
  ...['input_tokens', 'output_tokens', 'total_tokens', 'text_tokens', 'audio_tokens', 'grok_tokens'],
  ...['output_audio_seconds', 'billable_audio_seconds'],
  // Places in the audio.
  ...['audio_start_ms', 'audio_end_ms'],
]);
/** Words on the way are as many as there is sound for. */
const isInterim = ({ type, status }: Wire) =>
  type.endsWith('transcription.updated') ||
  (type.endsWith('transcription.completed') && status === 'in_progress');
/** Of a piece of speech nothing but its kind can be the same. */
const measuredOfPieces = new Set(['delta', 'rid', 'transcript']);

const isId = (value: unknown) =>
  typeof value === 'string' && /^(call-)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}(-\d+)?$/.test(value);

/** Compares values, and remembers which of our ids stands for which of theirs. */
class Comparison {
  readonly differences: string[] = [];
  readonly #ids = new Map<unknown, unknown>();

  ours(theirs: string): unknown {
    return this.#ids.get(theirs) ?? theirs;
  }

  event(theirs: Wire, ours: Wire): void {
    const isLoose = isPiece(theirs) || isInterim(theirs);
    this.#compare(theirs, ours, theirs.type, isLoose);
  }

  #compare(theirs: unknown, ours: unknown, place: string, isOfPiece: boolean): void {
    const key = place.slice(place.lastIndexOf('.') + 1);
    if (kind(theirs) !== kind(ours)) {
      this.differences.push(`${place}: ${kind(theirs)} was recorded, ${kind(ours)} came`);
    } else if (typeof theirs === 'object' && theirs !== null) {
      this.#members(theirs as Wire, ours as Wire, place, isOfPiece);
    } else if (measured.has(key) || (isOfPiece && (measuredOfPieces.has(key) || key === 'event_id'))) {
      return;
    } else if (isId(theirs)) {
      if (!this.#ids.has(theirs)) this.#ids.set(theirs, ours);
      if (this.#ids.get(theirs) !== ours) this.differences.push(`${place}: another thing is meant`);
    } else if (theirs !== ours) {
      this.differences.push(`${place}: ${JSON.stringify(theirs)} was recorded, ${JSON.stringify(ours)} came`);
    }
  }

  #members(theirs: Wire, ours: Wire, place: string, isOfPiece: boolean): void {
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const member = `${place}.${key}`;
      if (!Object.hasOwn(ours, key)) this.differences.push(`${member} was recorded and did not come`);
      else if (!Object.hasOwn(theirs, key)) this.differences.push(`${member} came and was not recorded`);
      else this.#compare(theirs[key], ours[key], member, isOfPiece);
    }
  }
}

const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Plays a recording's client against the local API. What differs, in words. */
async function differences(line: Line, steps: Step[]): Promise<string[]> {
  const comparison = new Comparison();
  let waiting: Wire | undefined;
  const next = async () => {
    const event = waiting ?? (await line.next());
    waiting = undefined;
    return event;
  };
  for (const step of steps) {
    if ('client' in step) {
      const frame = structuredClone(step.client);
      if (frame.item?.call_id !== undefined) frame.item.call_id = comparison.ours(frame.item.call_id);
      line.send(frame);
    } else if ('event' in step) {
      const event = await next();
      comparison.event(step.event, event);
      // Out of step every later difference would only repeat this one.
      if (event.type !== step.event.type) return comparison.differences;
    } else {
      const pieces: Wire[] = [];
      for (waiting = await next(); isPiece(waiting); waiting = await line.next()) pieces.push(waiting);
      comparePieces(comparison, step.pieces, pieces);
    }
  }
  return comparison.differences;
}

/** The first pieces with the first, the others with any other, the words as a whole. */
function comparePieces(comparison: Comparison, theirs: Wire[], ours: Wire[]): void {
  expect(spoken(ours)).toBe(spoken(theirs));
  for (const run of [theirs, ours]) expect(unannounced(run)).toEqual([]);
  expect(ours[0]?.type).toBe(theirs[0]?.type);
  for (const type of ['response.output_audio.delta', 'response.output_audio_transcript.delta']) {
    const [theirFirst, theirOther] = theirs.filter((piece) => piece.type === type);
    const [ourFirst, ...ourOthers] = ours.filter((piece) => piece.type === type);
    comparison.event(theirFirst ?? {}, ourFirst ?? {});
    for (const piece of ourOthers) comparison.event(theirOther ?? withoutLatency(theirFirst), piece);
  }
}

function withoutLatency(piece: Wire = {}): Wire {
  const { latency: _first, ...others } = piece;
  return others;
}

const isAudio = ({ type }: Wire) => type === 'response.output_audio.delta';

const spoken = (pieces: Wire[]) => pieces.map((piece) => (isAudio(piece) ? '' : piece.delta)).join('');

/** Audio that names no words of its run. */
function unannounced(pieces: Wire[]): Wire[] {
  const words = new Set(pieces.filter((piece) => !isAudio(piece)).map(({ event_id }) => event_id));
  return pieces.filter((piece) => isAudio(piece) && !words.has(piece.rid));
}

describe.skipIf(!existsSync(recordings))('against a recording of the service', () => {
  test.each(['text_in_audio_out_turn', 'tool_call_round'])('%s goes the same way', async (name) => {
    const frames = read(name);
    const api = await startTestApi({ maker: recordedMaker(frames) });
    const line = await openSocket(api);
    expect(await differences(line, stepsOf(frames))).toEqual([]);
  });

  // The recording keeps only the beginnings of its audio, so a voice of our own speaks instead; how often its words
  // are told on the way, and how much of them, is up to the length of the sound.
  test('audio_in_server_vad_turn goes the same way', async () => {
    const frames = read('audio_in_server_vad_turn');
    const final = frames.findLast(({ event }) => event.status === 'completed');
    const api = await startTestApi({
      maker: recordedMaker(frames),
      realtime: { hears: [final?.event.transcript] },
    });
    const line = await openSocket(api);
    const isAppend = ({ event }: Frame) => event.type === 'input_audio_buffer.append';
    const first = frames.findIndex(isAppend);
    const others = frames.filter((frame) => !isAppend(frame));
    others.splice(first, 0, ...spokenFrames());
    expect(await differences(line, stepsOf(others))).toEqual([]);
  });
});

/** A second and a half of a voice between silences, in pieces of 100 ms. */
function spokenFrames(): Frame[] {
  const sound = fromPcm(
    Int16Array.from([...silence(400, 24_000), ...voice(1500, 24_000), ...silence(600, 24_000)]),
    pcm24,
  );
  return Array.from({ length: 25 }, (_, at) => ({
    from: 'client',
    event: {
      type: 'input_audio_buffer.append',
      audio: sound.subarray(at * 4800, (at + 1) * 4800).toString('base64'),
    },
  }));
}
