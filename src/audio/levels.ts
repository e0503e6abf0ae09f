// Whether sound can be heard at all: what is often wrong with a recording, before the model is blamed for it.

import { levelOf, toPcm } from './pcm.js';

export interface AudioWarning {
  code: 'silent_audio' | 'quiet_audio' | 'clipped_audio' | 'offset_audio' | 'wrong_encoding';
  /** What is wrong, to stand after the name of a file. */
  message: string;
}

/** Shares of full scale; and of samples, for clipping. */
export const limits = {
  /** A peak below is silence, with noise of a good microphone at most: −54 dB. */
  silentPeak: 0.002,
  /** −30 dB. */
  quietPeak: 0.032,
  /** From 0.1 % of all samples at full scale on, speech is heard to be distorted. */
  clippedShare: 0.001,
  offset: 0.05,
  /** As rough as noise, and as loud as only bytes at random are: no microphone gives that. */
  staticRoughness: 0.8,
  staticRms: 0.35,
} as const;

const decibels = (share: number) => `${Math.round(20 * Math.log10(share))} dB`;

/** What is wrong with samples, loudest fault first. `bytes` are those they were read from, where they were PCM. */
export function levels(pcm: Int16Array, bytes?: { data: Uint8Array; bits: number }): AudioWarning[] {
  const { peak, rms } = levelOf(pcm);
  if (peak < limits.silentPeak) {
    const loudest = peak === 0 ? 'nothing but zeros' : `its loudest sample is at ${decibels(peak)}`;
    return [{ code: 'silent_audio', message: `is silent: ${loudest}` }];
  }
  const { mean, clipped, swing } = shape(pcm);
  if (swing < limits.silentPeak) {
    const message = `is silent: it stays at ${Math.round(mean * 100)} % of full scale, as from a broken input`;
    return [{ code: 'silent_audio', message }];
  }
  const disguise = bytes && disguisedAs(pcm, bytes);
  if (disguise !== undefined) {
    return [{ code: 'wrong_encoding', message: `is probably mislabelled: its bytes look like ${disguise}` }];
  }
  if (rms > limits.staticRms && pcm.length >= fewestForStatic && roughnessOf(pcm) > limits.staticRoughness) {
    const message =
      'is static: its bytes are no sound that can be read here; it may be compressed, or not what its header says';
    return [{ code: 'wrong_encoding', message }];
  }
  const found: (AudioWarning | false)[] = [
    clipped >= limits.clippedShare && {
      code: 'clipped_audio',
      message: `is clipped: ${(clipped * 100).toFixed(1)} % of its samples are at full scale`,
    },
    Math.abs(mean) > limits.offset && {
      code: 'offset_audio',
      message: `is off centre by ${Math.round(Math.abs(mean) * 100)} % of full scale, as from a broken input`,
    },
    peak < limits.quietPeak && {
      code: 'quiet_audio',
      message: `is very quiet: its loudest sample is at ${decibels(peak)}; speech may go unheard`,
    },
  ];
  return found.filter((each) => each !== false);
}

/** Fewer samples may be rough by chance. */
const fewestForStatic = 1000;

/** `swing` is how far the samples go from their mean. */
function shape(pcm: Int16Array): { mean: number; clipped: number; swing: number } {
  let sum = 0;
  let clipped = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const sample of pcm) {
    sum += sample;
    if (sample >= 32_767 || sample <= -32_768) clipped++;
    if (sample < lowest) lowest = sample;
    if (sample > highest) highest = sample;
  }
  const mean = sum / pcm.length;
  const swing = Math.max(highest - mean, mean - lowest);
  return { mean: mean / 32_768, clipped: clipped / pcm.length, swing: swing / 32_768 };
}

/**
 * How far a sample is from the next, beside how far it is from the mean (von Neumann's ratio, halved): 1 for noise,
 * at most 0.3 for speech at telephone rate, less at higher ones.
 */
function roughness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += samples[at] as number;
  const mean = sum / samples.length;
  let steps = 0;
  let distances = 0;
  for (let at = 1; at < samples.length; at++) {
    steps += ((samples[at] as number) - (samples[at - 1] as number)) ** 2;
    distances += ((samples[at] as number) - mean) ** 2;
  }
  return distances === 0 ? Number.POSITIVE_INFINITY : steps / distances / 2;
}

/** What bytes may be beside what their header says. */
const readings: readonly { name: string; bits: number; read(data: Buffer): ArrayLike<number> }[] = [
  { name: 'PCM of 16 bits', bits: 16, read: (data) => toPcm(data, { type: 'audio/pcm', rate: 1 }) },
  { name: 'PCM of 16 bits in the other byte order', bits: 0, read: (data) => swapped(data) },
  { name: 'µ-law', bits: 0, read: (data) => toPcm(data, { type: 'audio/pcmu', rate: 1 }) },
  { name: 'A-law', bits: 0, read: (data) => toPcm(data, { type: 'audio/pcma', rate: 1 }) },
  { name: 'PCM of 8 bits', bits: 8, read: (data) => data },
  { name: 'signed PCM of 8 bits', bits: 0, read: (data) => new Int8Array(data) },
  { name: 'PCM of 24 bits', bits: 24, read: (data) => upperBytes(data) },
];

function swapped(data: Buffer): Int16Array {
  const turned = Buffer.from(data.subarray(0, data.length - (data.length % 2))).swap16();
  return toPcm(turned, { type: 'audio/pcm', rate: 1 });
}

/** The upper 16 of each 24 bits. */
function upperBytes(data: Buffer): Int16Array {
  const length = Math.floor(data.length / 3);
  return Int16Array.from({ length }, (_, at) => data.readInt16LE(at * 3 + 1));
}

const mostLookedAt = 1024 * 1024;

/**
 * How much smoother another reading must be. Measured on speech from 8 to 48 kHz: a true header's own reading is the
 * smoothest of all. Two readings of single bytes are much alike, hence the narrow limit there.
 */
const muchSmoother = (bits: number) => (bits === 8 ? 0.85 : 0.6);

const roughnessOf = (pcm: Int16Array) => roughness(pcm.subarray(0, mostLookedAt));

/** Another reading under which what sounds like noise becomes smooth; undefined when the header can be believed. */
function disguisedAs(
  pcm: Int16Array,
  { data, bits }: { data: Uint8Array; bits: number },
): string | undefined {
  const here = roughnessOf(pcm);
  const looked = Buffer.from(data.buffer, data.byteOffset, Math.min(data.length, mostLookedAt));
  const others = readings
    .filter((each) => each.bits !== bits)
    .map(({ name, read }) => ({ name, rough: roughness(read(looked)) }))
    .sort((a, b) => a.rough - b.rough);
  const [best] = others;
  return best !== undefined && best.rough < here * muchSmoother(bits) ? best.name : undefined;
}
