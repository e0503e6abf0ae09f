// Phone numbers, found by what people call them.

import type { Document, Store } from './store/store.js';

/** The number that is dialled as `number` (E.164); undefined where there is none. */
export function phoneNumberOf(store: Store, number: string): Document | undefined {
  for (const each of phoneNumbers(store)) if (each.phone_number === number) return each;
  return undefined;
}

/** All of them, oldest first. */
export function* phoneNumbers(store: Store): Iterable<Document> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = store.phoneNumbers.page(after, 1000);
    yield* page.documents;
    after = page.next;
  }
}
