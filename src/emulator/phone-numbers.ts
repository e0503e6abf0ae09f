// Phone numbers, found by what people call them.

import type { Document, Store } from './store/store.js';

/** The number that is dialled as `number` (E.164); undefined where there is none. */
export function phoneNumberOf(store: Store, number: string): Document | undefined {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = store.phoneNumbers.page(after, 1000);
    const found = page.documents.find(({ phone_number }) => phone_number === number);
    if (found !== undefined) return found;
    after = page.next;
  }
  return undefined;
}
