// A store that cannot be used. Who does not need it need not know: whatever is asked of it fails as opening it did.

import type { Knowledge } from './knowledge.js';
import type { Collection, Store } from './store.js';

export function brokenStore(reason: unknown): Store {
  const fail = (): never => {
    throw reason;
  };
  const collection: Collection = {
    ...{ insert: fail, get: fail, find: fail, page: fail, update: fail, remove: fail },
  };
  const knowledge: Knowledge = {
    ...{ addFile: fail, getFile: fail, bytesOf: fail, removeFile: fail },
    ...{ addCollection: fail, getCollection: fail, collections: fail, removeCollection: fail },
    ...{ addDocument: fail, getDocument: fail, documents: fail, removeDocument: fail },
    ...{ search: fail, snapshot: fail, restore: fail },
  };
  return {
    agents: collection,
    phoneNumbers: collection,
    knowledge,
    together: fail,
    addSecret: fail,
    isSecretValid: fail,
    nameFor: fail,
    snapshot: fail,
    restore: fail,
    close: () => {},
  };
}
