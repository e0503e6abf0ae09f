// Lines typed before, and the way back through them. readline's own history cannot hold a line with line breaks: from
// Node 24 on it turns their order around.

/** Newest first. */
export interface LineHistory {
  readonly lines: readonly string[];
  /** Remembers a line, in place of an equal one; false when it is nothing to remember. */
  add(line: string): boolean;
  /**
   * The one before or after that at which one is, among those that begin like what was typed before the cursor; what
   * was typed itself, after the newest. Undefined when there is none.
   */
  move(way: 'older' | 'newer', typed: { line: string; cursor: number }): string | undefined;
  /** From now on what is typed before the cursor is looked for anew. */
  typed(): void;
  /** The way begins at the newest again. */
  leave(): void;
}

export function createLineHistory(before: readonly string[], most: number): LineHistory {
  let lines = before.slice(0, most);
  let at = -1;
  let draft = '';
  let start: string | undefined;

  return {
    get lines() {
      return lines;
    },
    add(line) {
      at = -1;
      start = undefined;
      if (line.trim() === '') return false;
      lines = [line, ...lines.filter((each) => each !== line)].slice(0, most);
      return true;
    },
    move(way, { line, cursor }) {
      if (at < 0) draft = line;
      const begin = start ?? line.slice(0, cursor);
      start = begin;
      const step = way === 'older' ? 1 : -1;
      let next = at + step;
      const fits = (entry: string) => entry.startsWith(begin) && entry !== line;
      while (next >= 0 && next < lines.length && !fits(lines[next] as string)) next += step;
      if (next >= lines.length || at + step < -1) return undefined;
      at = Math.max(-1, next);
      return at < 0 ? draft : lines[at];
    },
    typed() {
      start = undefined;
    },
    leave() {
      at = -1;
      start = undefined;
    },
  };
}
