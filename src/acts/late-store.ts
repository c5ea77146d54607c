import { UserError } from "../domain/failure.ts";
import type { Commit, Store } from "../domain/store.ts";
import { committedBefore } from "./transact.ts";

/**
 * The store as a command sees it whose process died before it could carry it out, and which nobody took up in time: what it
 * had changed stands and is answered as it was, and nothing new is changed. Throws UserError where something would be.
 */
export function lateStore(store: Store): Store {
  return {
    read: (keys) => store.read(keys),
    list: (...asked) => store.list(...asked),
    claim: (...asked) => store.claim(...asked),
    owed: (queue) => store.owed(queue),
    journal: (range) => store.journal(range),
    head: () => store.head(),
    now: () => store.now(),
    epoch: () => store.epoch(),
    close: () => store.close(),
    async commit({ once }: Commit) {
      const answer = once && (await committedBefore(store, once.key));
      if (answer !== undefined) return { outcome: "repeated", answer };
      throw new UserError(
        "It was not done: Wardroom stopped before it could, and took this up too late.",
        "Nothing was changed. Ask again if it is still wanted.",
      );
    },
  };
}
