// A quiet synthetic voice: real PCM whose length follows the words, so that clients have something to play, to
// measure and to save.

const msPerCharacter = 55;
const shortestMs = 120;
const peak = 2400;

/** How long a piece of speech lasts, in ms, at a speed from 0.7 to 1.5. */
export function speechMs(text: string, speed = 1): number {
  return Math.round(Math.max(shortestMs, text.trim().length * msPerCharacter) / speed);
}

/** Mono 16-bit little-endian PCM for a piece of speech: a soft tone that rises and falls with each piece. */
export function speechPcm(text: string, rate: number, speed = 1): Buffer {
  const ms = speechMs(text, speed);
  const key = `${ms}@${rate}`;
  let pcm = made.get(key);
  if (pcm === undefined) {
    pcm = tone(ms, rate);
    if (made.size < mostKept) made.set(key, pcm);
  }
  return pcm;
}

// Pieces are words, so a few dozen lengths serve every answer.
const made = new Map<string, Buffer>();
const mostKept = 200;

function tone(ms: number, rate: number): Buffer {
  const samples = Math.round((ms / 1000) * rate);
  const pcm = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at++) {
    const swell = Math.sin((Math.PI * at) / samples) ** 2;
    const pitch = 140 + 20 * Math.sin((2 * Math.PI * at) / samples);
    const wave =
      Math.sin((2 * Math.PI * pitch * at) / rate) + 0.3 * Math.sin((4 * Math.PI * pitch * at) / rate);
    pcm.writeInt16LE(Math.round(peak * swell * wave), at * 2);
  }
  return pcm;
}
