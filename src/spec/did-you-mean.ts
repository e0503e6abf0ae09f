import { distance } from 'fastest-levenshtein';

/** ` (did you mean "name"?)`, or nothing when nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far)[0];
  return near === undefined ? '' : ` (did you mean "${near.name}"?)`;
}
