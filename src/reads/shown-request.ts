import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Store } from "../domain/store.ts";
import type { ReadRequest } from "../records/request.ts";
import { withAftermath, withLeft, withWatching } from "./aftermath.ts";
import { withApprovers } from "./approvers.ts";
import { withDoneBefore } from "./done-before.ts";
import { withHolders } from "./holders.ts";
import { withEnds } from "./policy-change.ts";
import { withSettlements } from "./settlements.ts";
import { withWaiting } from "./waiting-behind.ts";

/** A request with all that its card shows of others, so that every copy of the card says the same. */
export async function shownRequest(store: Store, read: ReadRequest): Promise<ReadRequest & ShownRequest> {
  const named = await withApprovers(store, read);
  const held = await withHolders(
    store,
    await withEnds(store, await withSettlements(store, await withWaiting(store, named))),
  );
  return withDoneBefore(store, await withWatching(store, await withLeft(store, await withAftermath(store, held))));
}
