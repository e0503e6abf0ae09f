// A run to listen to: both speakers in one WAV file of 8 kHz µ-law, as a data: address. A report holds only so much
// sound; runs that did not pass are worth more of it.

import { encodeLaw } from '../../audio/g711.js';
import { wavHeader } from '../../audio/wav-header.js';
import type { Report, RunResult, Sound } from '../result.js';
import { samplesOf, samplesPerMs } from './waveform.js';

/** Characters of base64 in a whole page. */
export const mostSound = 25_000_000;
/** More of one run is not put together. */
const longestMs = 30 * 60_000;

/** An address that an audio element plays; it holds the sound itself. */
export function wavAddress(sound: readonly Sound[]): string {
  const mixed = new Int16Array(lengthOf(sound));
  for (const { startMs, pcm } of sound.map(samplesOf)) {
    const start = Math.round(startMs * samplesPerMs);
    const length = Math.min(pcm.length, mixed.length - start);
    for (let at = 0; at < length; at++) {
      const sum = (mixed[start + at] as number) + (pcm[at] as number);
      mixed[start + at] = Math.max(-32_768, Math.min(32_767, sum));
    }
  }
  const bytes = encodeLaw(mixed, 'mulaw');
  return `data:audio/wav;base64,${Buffer.concat([mulawHeader(bytes.length), bytes]).toString('base64')}`;
}

/** In samples, which are bytes. */
function lengthOf(sound: readonly Sound[]): number {
  const ends = sound.map(
    ({ at_ms, mulaw_8k }) =>
      Math.round(Math.max(0, at_ms) * samplesPerMs) + Buffer.byteLength(mulaw_8k, 'base64'),
  );
  return Math.min(longestMs * samplesPerMs, Math.max(0, ...ends));
}

function mulawHeader(soundBytes: number): Buffer {
  const rate = samplesPerMs * 1000;
  const header = wavHeader(rate, soundBytes);
  header.writeUInt16LE(7, 20);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  return header;
}

const isSilent = ({ sound }: RunResult) => sound === undefined || sound.length === 0;

/** The runs whose sound a report holds, and how many were left out of it. Runs that did not pass come first. */
export function audibleRuns(
  { results }: Report,
  most = mostSound,
): { held: ReadonlySet<RunResult>; leftOut: number } {
  const runs = results.flatMap((each) => each.runs).filter((run) => !isSilent(run));
  const held = new Set<RunResult>();
  let left = most;
  for (const run of [...runs].sort(
    (a, b) => Number(a.verdict === 'passed') - Number(b.verdict === 'passed'),
  )) {
    const size = Math.ceil((lengthOf(run.sound ?? []) * 4) / 3);
    if (size > left) continue;
    left -= size;
    held.add(run);
  }
  return { held, leftOut: runs.length - held.size };
}
