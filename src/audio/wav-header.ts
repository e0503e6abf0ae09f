// The beginning of a WAV file that is being written.

/** Bytes before the sound. */
export const wavHeaderBytes = 44;

/** For sound whose end is not known yet. */
export const unknownSize = 0xffff_ffff;

/** The header of 16-bit mono PCM with so many bytes of sound. */
export function wavHeader(rate: number, soundBytes: number): Buffer {
  const header = Buffer.alloc(wavHeaderBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(wavHeaderBytes - 8 + soundBytes, unknownSize), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(soundBytes, 40);
  return header;
}
