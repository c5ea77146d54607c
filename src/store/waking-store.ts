import type { Store } from "../domain/store.ts";
import { boundStore } from "./bound-store.ts";

/** What is due later is found by the worker's own look; the store's clock is not this machine's, to the second. */
const soonMs = 5_000;

/** A store that says which queues a commit put work in, so that their workers need not wait for their next look. */
export function wakingStore(store: Store, wake: (queue: string) => void): Store {
  return {
    ...boundStore(store),
    async commit(commit) {
      const result = await store.commit(commit);
      if (result.outcome === "committed") {
        for (const owed of [...(commit.notices ?? []), ...(commit.timers ?? [])])
          if (owed.leaseMs === undefined && owed.due < Date.now() + soonMs) wake(owed.queue);
      }
      return result;
    },
  };
}
