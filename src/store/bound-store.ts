import type { Store } from "../domain/store.ts";

/** A store's methods as plain functions, so that some of them can be replaced: `{ ...boundStore(store), commit }`. */
export function boundStore(store: Store): Store {
  return {
    commit: (commit) => store.commit(commit),
    read: (keys) => store.read(keys),
    list: (kind, index, range) => store.list(kind, index, range),
    claim: (queue, options) => store.claim(queue, options),
    owed: (queue) => store.owed(queue),
    journal: (range) => store.journal(range),
    head: () => store.head(),
    now: () => store.now(),
    epoch: () => store.epoch(),
    close: () => store.close(),
  };
}
