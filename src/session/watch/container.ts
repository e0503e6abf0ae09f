// Files that are no bare sound, by their first bytes.

/** "a WAV file"; undefined for bare samples. A piece of sound is as good as never taken for one. */
export function containerOf(bytes: Buffer): string | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return `a WAV file${wavText(bytes)}`;
  if (text(0, 3) === 'ID3' && (bytes[3] ?? 255) <= 4 && (bytes[4] ?? 255) === 0) return 'an MP3 file';
  if (text(0, 4) === 'OggS' && bytes[4] === 0) return 'an Ogg file';
  if (text(0, 4) === 'fLaC') return 'a FLAC file';
  if (text(4, 8) === 'ftyp') return 'an MP4 file';
  if (bytes.length > 4 && bytes.readUInt32BE(0) === 0x1a45dfa3) return 'a WebM file';
  return isMp3(bytes) ? 'an MP3 file' : undefined;
}

/** What its header says, where it has the usual place. */
function wavText(bytes: Buffer): string {
  if (bytes.length < 36 || bytes.toString('latin1', 12, 16) !== 'fmt ') return '';
  const kinds: Record<number, string> = { 1: 'PCM', 3: 'float', 6: 'A-law', 7: 'µ-law' };
  const kind = kinds[bytes.readUInt16LE(20)];
  return kind === undefined ? '' : ` (${kind}, ${bytes.readUInt32LE(24)} Hz)`;
}

const bitrates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const rates = [44100, 48000, 32000];

/** Two frames of MPEG-1 layer III in a row: one alone may be a loud sample. */
function isMp3(bytes: Buffer): boolean {
  const length = mp3Frame(bytes, 0);
  return length !== undefined && mp3Frame(bytes, length) !== undefined;
}

function mp3Frame(bytes: Buffer, at: number): number | undefined {
  const [first, second, third] = bytes.subarray(at, at + 3);
  if (first !== 0xff || second === undefined || (second & 0xfe) !== 0xfa || third === undefined)
    return undefined;
  const bitrate = bitrates[third >> 4];
  const rate = rates[(third >> 2) & 3];
  if (!bitrate || rate === undefined) return undefined;
  return Math.floor((144_000 * bitrate) / rate) + ((third >> 1) & 1);
}
