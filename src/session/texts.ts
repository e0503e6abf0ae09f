// The words of a response's items, gathered from whichever events carry them. The same words may come as a
// transcript and as text, in pieces or only at the end: each is counted once.

/** By item id: what has been told, and from which kind of event it comes. */
export type Texts = Readonly<Record<string, { readonly text: string; readonly source: string | undefined }>>;

interface Change {
  texts: Texts;
  /** What is new, to be told. */
  added: string;
}

/** A piece of an item's words. The first kind of event seen for an item is believed, the other ignored. */
export function addDelta(texts: Texts, itemId: string, source: string, delta: string): Change {
  const known = texts[itemId];
  if (known?.source !== undefined && known.source !== source) return { texts, added: '' };
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
      return { texts: { ...named, [itemId]: { text: whole, source } }, added: whole.slice(unnamed.length) };
    // Pieces of several items.
    if (unnamed.startsWith(whole))
      return {
        texts: {
          ...texts,
          '': { text: unnamed.slice(whole.length), source },
          [itemId]: { text: whole, source },
        },
        added: '',
      };
  }
  const known = texts[itemId];
  const told = known?.text ?? '';
  if (!whole?.startsWith(told) || whole === told) return { texts, added: '' };
  return {
    texts: { ...texts, [itemId]: { text: whole, source: known?.source } },
    added: whole.slice(told.length),
  };
}
