// Chance that can be had again: the same seed gives the same run. A leaf: it imports nothing.

/**
 * Numbers from 0 up to 1, always the same ones for a seed and a name: mulberry32, begun from a hash (FNV-1a) of
 * both, so that each name has a row of numbers of its own however often the others are asked.
 */
export function createChance(seed: number, name = ''): () => number {
  let state = 0x811c9dc5;
  for (const character of `${seed}/${name}`) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
