// Conversations that may be resumed: kept in memory for half an hour after anything last happened in them, the latest
// of them where there are very many: tests hold a hundred a second.

import type { Peer } from './state.js';

/** How long the service keeps a conversation, in ms. */
export const keptForMs = 30 * 60_000;
/** A few kilobytes each. */
export const mostKept = 2000;

export interface Conversations {
  /** Remembers what was said so far, and that something happened just now. */
  keep(id: string, items: Peer['items']): void;
  /** What was said; undefined when the conversation is not known or was kept long enough. */
  find(id: string): Peer['items'] | undefined;
  clear(): void;
}

export function createConversations(nowMs: () => number): Conversations {
  // The least lately used comes first.
  const kept = new Map<string, { items: Peer['items']; atMs: number }>();
  const isExpired = ({ atMs }: { atMs: number }) => nowMs() - atMs > keptForMs;
  return {
    keep: (id, items) => {
      kept.delete(id);
      kept.set(id, { items, atMs: nowMs() });
      for (const [oldest, conversation] of kept) {
        if (!isExpired(conversation) && kept.size <= mostKept) break;
        kept.delete(oldest);
      }
    },
    find: (id) => {
      const found = kept.get(id);
      return found === undefined || isExpired(found) ? undefined : found.items;
    },
    clear: () => kept.clear(),
  };
}
