// What has been said and done so far, as items that could be given to the service again: after a dropped line
// it is asked for what it kept, and told the rest.

import type { CreatedItem } from '../protocol/realtime-client.js';
import type { Item } from '../protocol/realtime-server.js';

export type HistoryItem = Exclude<CreatedItem, { type: 'force_message' }> & { id: string };

export interface Entry {
  /** By which the service's item is known as this one. */
  readonly key: string;
  readonly item: HistoryItem;
  /** Whether the service is known to have it. */
  readonly confirmed: boolean;
  readonly size: number;
}

/** Oldest first. */
export type History = readonly Entry[];

/** What is kept of a long conversation: the newest items, so many and so many characters of them. */
export const mostKept = { items: 500, characters: 200_000 } as const;

interface Named {
  type: string;
  id?: string | null | undefined;
  call_id?: string | null | undefined;
}

/** A call and its result are known by the call's id, in every conversation; the rest by the item's. */
export function keyOf({ type, id, call_id }: Named): string {
  return call_id ? `${type} ${call_id}` : `item ${id ?? ''}`;
}

/** With this item at its end, unless it is there already. Forgets the oldest that the service has. */
export function keepItem(history: History, item: HistoryItem, confirmed: boolean): History {
  const key = keyOf(item);
  if (history.some((entry) => entry.key === key)) return confirmed ? confirm(history, key) : history;
  const kept = [...history, { key, item, confirmed, size: JSON.stringify(item).length }];
  let characters = 0;
  for (const { size } of kept) characters += size;
  while (kept.length > mostKept.items || characters > mostKept.characters) {
    const oldest = kept.slice(0, -1).findIndex((entry) => entry.confirmed);
    if (oldest < 0) break;
    characters -= kept[oldest]?.size ?? 0;
    kept.splice(oldest, 1);
  }
  return kept;
}

/** The service has this item. */
export function confirm(history: History, key: string): History {
  const at = history.findLastIndex((entry) => entry.key === key);
  const entry = history[at];
  return entry === undefined || entry.confirmed ? history : history.with(at, { ...entry, confirmed: true });
}

/** The service has all of it, or none. */
export function confirmAll(history: History, confirmed: boolean): History {
  // From its end, where what is new stands.
  if (history.findLastIndex((entry) => entry.confirmed !== confirmed) < 0) return history;
  return history.map((entry) => (entry.confirmed === confirmed ? entry : { ...entry, confirmed }));
}

/** What the service is not known to have. Results whose call was forgotten are left out: nothing asks for them. */
export function unconfirmed(history: History): HistoryItem[] {
  const calls = new Set(history.map(({ key }) => key));
  return history.flatMap(({ item, confirmed }): HistoryItem[] => {
    if (confirmed || (item.type === 'message' && textOf(item) === '')) return [];
    if (item.type !== 'function_call_output') return [item];
    return calls.has(keyOf({ type: 'function_call', call_id: item.call_id })) ? [item] : [];
  });
}

/** Whether it is the service's turn to speak. */
export function endsWithInput(history: History): boolean {
  const item = history.at(-1)?.item;
  return item?.type === 'function_call_output' || (item?.type === 'message' && item.role === 'user');
}

/** The words of a spoken item, which come after it. */
export function setWords(history: History, id: string, text: string): History {
  const at = history.findLastIndex(({ item }) => item.type === 'message' && item.id === id);
  const entry = history[at];
  if (entry?.item.type !== 'message') return history;
  const item = messageItem(id, entry.item.role, text);
  return history.with(at, { ...entry, item, size: JSON.stringify(item).length });
}

export function messageItem(id: string, role: 'user' | 'assistant' | 'system', text: string): HistoryItem {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', id, role, content: [{ type, text }] };
}

/** An item of the service's as one that could be given back; undefined for kinds that cannot. */
export function readItem(item: Item): HistoryItem | undefined {
  const id = item.id ?? '';
  const { call_id, name } = item;
  if (item.type === 'function_call' && call_id && name)
    return { type: 'function_call', id, call_id, name, arguments: item.arguments ?? '' };
  if (item.type === 'function_call_output' && call_id)
    return { type: 'function_call_output', id, call_id, output: item.output ?? '' };
  const { role } = item;
  if (item.type !== 'message' || (role !== 'user' && role !== 'assistant' && role !== 'system'))
    return undefined;
  return messageItem(id, role, itemText(item) ?? '');
}

/** The words of an item; undefined when it tells none. */
export function itemText(item: Pick<Item, 'content'>): string | undefined {
  const texts = (item.content ?? []).map((part) => part.transcript ?? part.text ?? '');
  return texts.length > 0 ? texts.join('') : undefined;
}

function textOf({ content }: HistoryItem & { type: 'message' }): string {
  return content.map((part) => (part.type === 'input_audio' ? part.audio : part.text)).join('');
}
