// Where a text stops being JSON. V8 tells the place of some faults only, and in words that quote the text.

import { messageOf } from '../errors.js';

/** Above this, looking for the place would take longer than anyone waits. */
const longestSearched = 4 * 1024 * 1024;

/** "line 1, column 14: Expected double-quoted property name". */
export function jsonFault(error: unknown, text: string): string {
  const message = messageOf(error);
  // Nesting that was refused is no fault of the text's form.
  if (!(error instanceof SyntaxError) || message.startsWith('nested')) return message;
  const reason = message
    .replace(/ (in JSON )?at position[\s\S]*$/, '')
    .replace(/, (\.\.\.)?"[\s\S]*is not valid JSON$/, '')
    .replaceAll('\n', '\\n');
  if (text.length > longestSearched) return reason;
  const before = text.slice(0, faultAt(text)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}`;
}

/** The length of the longest start that could still go on to be JSON. */
function faultAt(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const message = messageOf(error);
    const position = /position (\d+)/.exec(message)?.[1];
    return position === undefined ? message.includes('end of JSON') : Number(position) >= start.length;
  }
}
