// Words of a report that have to fit on a line.

import { oneLine } from '../../one-line.js';
import { costText, counted } from './words.js';

/** "about $0.0123"; "" for nothing, and for what is not known. */
export const costNote = (usd: string | null) => (usd === null || usd === '0' ? '' : `about ${costText(usd)}`);

/** What is there of these, with commas between. */
export const listed = (parts: readonly (string | false | undefined)[]) =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(', ');

/** One line, and not without an end. */
export function shortLine(text: string): string {
  const folded = oneLine(text);
  if (folded.length <= longestText) return folded;
  // Not in the middle of a character.
  const kept = folded.slice(0, longestText).replace(/[\ud800-\udbff]$/, '');
  return `${kept} … (${counted(folded.length - kept.length, 'character')} more)`;
}
const longestText = 2000;

/** What a scenario is called beside its file: "A clean booking [checkup, monday]". */
export const titleOf = ({ name, parameters }: { name: string; parameters: string }) =>
  parameters === '' ? name : `${name} [${parameters}]`;
