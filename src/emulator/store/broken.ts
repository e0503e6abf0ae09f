// A store that cannot be used. Who does not need it need not know: whatever is asked of it fails as opening it did.

import type { Collection, Store } from './store.js';

export function brokenStore(reason: unknown): Store {
  const fail = (): never => {
    throw reason;
  };
  const collection: Collection = {
    ...{ insert: fail, get: fail, find: fail, page: fail, update: fail, remove: fail },
  };
  return {
    agents: collection,
    phoneNumbers: collection,
    together: fail,
    addSecret: fail,
    isSecretValid: fail,
    nameFor: fail,
    snapshot: fail,
    restore: fail,
    close: () => {},
  };
}
