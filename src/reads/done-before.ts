import { doneBefore } from "../domain/approvals/done-before.ts";
import { isSettlement, isUrgent, isWaiting } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Store } from "../domain/store.ts";
import { type ReadRequest, requestsOfSystemUntil } from "../records/request.ts";

/** A request with what earlier ones have to do with it, while people decide on it. */
export async function withDoneBefore<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const { request, sealed } = read;
  if (!isWaiting(request.state) || isUrgent(sealed) || isSettlement(sealed)) return read;
  return { ...read, before: doneBefore(read, await requestsOfSystemUntil(store, sealed.system, request.openedAt)) };
}
