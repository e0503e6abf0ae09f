// G.711 by tables: a byte has 256 meanings, a sample 65,536, so each law is asked once for every one of them.

import codecs from 'alawmulaw';

export type Law = 'alaw' | 'mulaw';

interface Tables {
  /** Samples by byte. */
  decoded: Int16Array;
  /** Bytes by sample, as an unsigned number. */
  encoded: Uint8Array;
}

const made = new Map<Law, Tables>();

function tablesOf(law: Law): Tables {
  let tables = made.get(law);
  if (tables === undefined) {
    tables = {
      decoded: Int16Array.from({ length: 256 }, (_, byte) => codecs[law].decodeSample(byte)),
      encoded: Uint8Array.from({ length: 65_536 }, (_, bits) => codecs[law].encodeSample((bits << 16) >> 16)),
    };
    made.set(law, tables);
  }
  return tables;
}

/** Samples of 16 bits from one byte each. */
export function decodeLaw(bytes: Uint8Array, law: Law): Int16Array {
  const { decoded } = tablesOf(law);
  const pcm = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) pcm[at] = decoded[bytes[at] as number] as number;
  return pcm;
}

/** One byte for each sample of 16 bits. */
export function encodeLaw(pcm: Int16Array, law: Law): Buffer {
  const { encoded } = tablesOf(law);
  const bytes = Buffer.allocUnsafe(pcm.length);
  for (let at = 0; at < pcm.length; at++) bytes[at] = encoded[(pcm[at] as number) & 0xffff] as number;
  return bytes;
}
