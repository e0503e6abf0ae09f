// The words of a response's items, gathered from whichever events carry them. The same words may come as a
// transcript and as text, in pieces or only at the end: each is counted once.

/** By item id: what has been told, from which kind of event it comes, and whether it was told to be whole. */
export type Texts = Readonly<Record<string, Told>>;

interface Told {
  readonly text: string;
  readonly source: string | undefined;
  readonly whole?: boolean;
}

interface Change {
  texts: Texts;
  /** What is new, to be told. */
  added: string;
}

/**
 * A piece of an item's words. The first kind of event seen for an item is believed, the other ignored. A piece that
 * comes after the whole was in it.
 */
export function addDelta(texts: Texts, itemId: string, source: string, delta: string): Change {
  const known = texts[itemId];
  if (known?.whole || (known?.source !== undefined && known.source !== source)) return { texts, added: '' };
  return {
    texts: {
      ...texts,
      [itemId]: { text: (known?.text ?? '') + delta, source },
    },
    added: delta,
  };
}

/** An item's words in full: adds what the pieces left out. Pieces may have named no item, or the whole names none. */
export function closeText(texts: Texts, itemId: string, whole: string | null | undefined): Change {
  const unnamed = texts['']?.text ?? '';
  if (whole && itemId === '' && Object.values(texts).some(({ text }) => text === whole))
    return { texts, added: '' };
  if (whole && itemId !== '' && texts[itemId] === undefined && unnamed !== '') {
    const { '': rest, ...named } = texts;
    const source = rest?.source;
    if (whole.startsWith(unnamed))
      return {
        texts: { ...named, [itemId]: { text: whole, source, whole: true } },
        added: whole.slice(unnamed.length),
      };
    // Pieces of several items.
    if (unnamed.startsWith(whole))
      return {
        texts: {
          ...texts,
          '': { text: unnamed.slice(whole.length), source },
          [itemId]: { text: whole, source, whole: true },
        },
        added: '',
      };
  }
  const known = texts[itemId];
  const told = known?.text ?? '';
  if (!whole) return { texts, added: '' };
  // Without a name, the next item's pieces are the same to us.
  const closed = { source: known?.source, ...(itemId !== '' && { whole: true }) };
  const text = whole.startsWith(told) ? whole : told;
  return { texts: { ...texts, [itemId]: { text, ...closed } }, added: text.slice(told.length) };
}

/** Two messages as one text: with a blank between, unless either has one. */
export function joined(text: string, next: string): string {
  return text === '' || next === '' || /\s$/.test(text) || /^\s/.test(next) ? text + next : `${text} ${next}`;
}
