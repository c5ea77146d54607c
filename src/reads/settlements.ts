import type { ShownRequest, WholeRequest } from "../domain/approvals/run.ts";
import { isSettleable, settlementsAmong } from "../domain/approvals/settle-rules.ts";
import type { Store } from "../domain/store.ts";
import { openRequests } from "../records/request.ts";

/** A request with the settlements of it that are open, oldest first; it has none while its outcome is not. */
export async function withSettlements<Read extends WholeRequest>(
  store: Store,
  read: Read,
): Promise<Read & ShownRequest> {
  if (!isSettleable(read.request.state)) return read;
  const { found } = await openRequests(store);
  return { ...read, settlements: settlementsAmong(found, read.request.id) };
}
