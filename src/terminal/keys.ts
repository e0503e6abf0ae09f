// The keyboard, a key at a time; what is pasted comes as one piece where the terminal marks it as such.

import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Input } from './io.js';

/** Asks the terminal to mark what is pasted, and no longer. */
export const markPastes = { on: '\u001b[?2004h', off: '\u001b[?2004l' };

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/**
 * Keys for readline. Given a paste as a whole, readline loses count of the rows it is on, and scrambles what is
 * pasted into the middle of a line; given it key by key, every line break would enter a line. A marked paste is left
 * out and told to `onPaste` in its place.
 */
export function openKeys(stdin: Input, onPaste: (text: string) => void) {
  const decoder = new StringDecoder('utf8');
  const pastes: string[] = [];
  /** The last keys, as many as a mark is long. */
  let recent = '';
  let pasted: string | undefined;
  let isReleased = false;
  const giveBack = (rest: string) => {
    if (rest !== '' && !stdin.readableEnded && !stdin.destroyed) stdin.unshift(Buffer.from(rest));
  };
  const keys = new Transform({
    readableObjectMode: true,
    transform(chunk, _encoding, done) {
      let rest = '';
      for (const key of decoder.write(chunk)) {
        // Released by the key before, which came in the same piece.
        if (isReleased) {
          rest += key;
          continue;
        }
        if (pasted === undefined) {
          recent = (recent + key).slice(-pasteStart.length);
          if (recent === pasteStart) pasted = '';
          this.push(key);
          continue;
        }
        pasted += key;
        if (!pasted.endsWith(pasteEnd)) continue;
        pastes.push(pasted.slice(0, -pasteEnd.length));
        pasted = undefined;
        recent = '';
        // To readline the marks are keys without a meaning: this one says where the paste belongs.
        this.push(pasteEnd);
      }
      giveBack(rest);
      done();
    },
  });
  keys.on('keypress', (_text: unknown, key: { name?: string } | undefined) => {
    if (key?.name === 'paste-end') onPaste(pastes.shift() ?? '');
  });
  return Object.assign(stdin.pipe(keys), {
    isTTY: true as const,
    setRawMode: (raw: boolean) => stdin.setRawMode?.(raw),
    /** Gives back what was typed and not yet read. */
    release: () => {
      isReleased = true;
      stdin.unpipe(keys);
      stdin.pause();
      let rest = '';
      for (let key = keys.read(); key !== null; key = keys.read()) rest += key;
      giveBack(rest);
    },
  });
}
