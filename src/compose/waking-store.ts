import type { Store } from "../domain/store.ts";

/** What is due later is found by the worker's own look; the store's clock is not this machine's, to the second. */
const soonMs = 5_000;

/** A store that says which queues a commit put work in, so that their workers need not wait for their next look. */
export function wakingStore(store: Store, wake: (queue: string) => void): Store {
  return {
    async commit(commit) {
      const result = await store.commit(commit);
      if (result.outcome === "committed") {
        for (const owed of [...(commit.notices ?? []), ...(commit.timers ?? [])])
          if (owed.leaseMs === undefined && owed.due < Date.now() + soonMs) wake(owed.queue);
      }
      return result;
    },
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
