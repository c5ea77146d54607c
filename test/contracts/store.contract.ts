import { beforeEach, describe } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import type { StateUnderTest } from "../store/contract/context.ts";
import { documents, indexes, repeats } from "../store/contract/documents.ts";
import { concurrency, journal } from "../store/contract/journal.ts";
import { agreesWithModel } from "../store/contract/model.ts";
import { leases, queues } from "../store/contract/queues.ts";

/** What every backend of the store must do. `fresh` begins an empty state. */
export function storeContract(name: string, fresh: () => Promise<StateUnderTest>): void {
  describe(`${name} keeps the store's contract`, () => {
    let state: StateUnderTest;
    let store: Store;

    beforeEach(async () => {
      state = await fresh();
      store = await state.open();
      return async () => {
        await store.close();
        await state.close();
      };
    });

    const context = { state: () => state, store: () => store };
    documents(context);
    repeats(context);
    indexes(context);
    queues(context);
    leases(context);
    journal(context);
    concurrency(context);
    agreesWithModel(fresh);
  });
}
