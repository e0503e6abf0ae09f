// What bytes of sound look like. Speech is smooth: a sample is near the one before. Read in a wrong encoding it is
// noise. So the encoding that makes bytes smooth, where the session's makes them rough, is what they are.

import { isObject } from '../../protocol/json.js';

export interface Format {
  type: string;
  rate: number;
}

/** The format a session object gives; undefined where it gives none. */
export function formatOf(value: unknown): Format | undefined {
  if (!isObject(value) || typeof value.type !== 'string') return undefined;
  const usual = value.type === 'audio/pcm' ? 24000 : 8000;
  return { type: value.type, rate: typeof value.rate === 'number' ? value.rate : usual };
}

const names: Record<string, string> = {
  'audio/pcm': 'PCM',
  'audio/pcmu': 'µ-law',
  'audio/pcma': 'A-law',
  'audio/opus': 'Opus',
};

/** "PCM at 24000 Hz". */
export function formatText({ type, rate }: Format): string {
  return `${names[type] ?? type} at ${rate} Hz`;
}

type Read = (bytes: Buffer, sample: (value: number) => void) => void;

/** Samples from -1 to 1. */
const encodings: Record<string, { name: string; read: Read }> = {
  'audio/pcm': {
    name: 'PCM',
    read: (bytes, sample) => {
      for (let at = 0; at + 1 < bytes.length; at += 2) sample(bytes.readInt16LE(at) / 32768);
    },
  },
  'audio/pcmu': {
    name: 'µ-law',
    read: (bytes, sample) => {
      for (const byte of bytes) sample(muLaw(byte) / 32768);
    },
  },
  'audio/pcma': {
    name: 'A-law',
    read: (bytes, sample) => {
      for (const byte of bytes) sample(aLaw(byte) / 32768);
    },
  },
  swapped: {
    name: 'PCM with its bytes swapped (big-endian)',
    read: (bytes, sample) => {
      for (let at = 0; at + 1 < bytes.length; at += 2) sample(bytes.readInt16BE(at) / 32768);
    },
  },
  float: {
    name: '32-bit float samples',
    read: (bytes, sample) => {
      for (let at = 0; at + 3 < bytes.length; at += 4) sample(bytes.readFloatLE(at));
    },
  },
};

/** G.711 µ-law, ITU-T. */
function muLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** G.711 A-law, ITU-T. */
function aLaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

interface Look {
  /** How loud, 0 to 1. */
  level: number;
  /** From 0 (smooth) over 2 (noise) to 4. */
  roughness: number;
  /** Whether every value is one that sound has. */
  isSound: boolean;
}

function lookAs(bytes: Buffer, read: Read): Look {
  let count = 0;
  let squares = 0;
  let steps = 0;
  let before: number | undefined;
  let isSound = true;
  read(bytes, (value) => {
    if (!(Math.abs(value) <= 1.5)) isSound = false;
    count++;
    squares += value * value;
    if (before !== undefined) steps += (value - before) ** 2;
    before = value;
  });
  return { level: Math.sqrt(squares / count), roughness: squares === 0 ? 0 : steps / squares, isSound };
}

const silent = 0.003;
/** Sound that is read wrongly is loud, since what were the small bits become the large ones, */
const loud = 0.2;
/** so much louder than what it is, */
const louder = 2.5;
/** and so much rougher. */
const rough = 0.5;
const rougher = 1.65;
/** Rougher than noise is only a high note. */
const roughest = 2.4;

/**
 * What the bytes are, if surely not what the session takes them for; `silence` where nobody can tell, undefined where
 * nothing is wrong. Measured on speech: rightly read it is below 0.1 loud and 0.7 rough, wrongly 0.2 to 0.7 and 0.6 to 2.
 */
export function looksLike(bytes: Buffer, { type }: Format): string | undefined {
  const own = encodings[type];
  if (own === undefined) return undefined;
  const taken = lookAs(bytes, own.read);
  if (taken.level < silent) return 'silence';
  if (taken.level < loud || taken.roughness < rough || taken.roughness > roughest) return undefined;
  const others = Object.entries(encodings)
    .filter(([other]) => other !== type)
    .map(([, { name, read }]) => ({ name, ...lookAs(bytes, read) }))
    .filter(({ isSound, level }) => isSound && level >= silent && level * louder <= taken.level)
    .filter(({ roughness }) => roughness * rougher <= taken.roughness);
  return others.sort((a, b) => a.roughness - b.roughness)[0]?.name;
}
