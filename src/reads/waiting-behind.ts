import { standsBehind } from "../domain/approvals/predecessor.ts";
import { isWaiting, settledRequest } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Store } from "../domain/store.ts";
import { nothingUnreadable } from "../records/legible.ts";
import { type ListedRequest, type ReadRequest, readRequest, requestsOfSystemUntil } from "../records/request.ts";

/** A settlement that waits, with what waits for the run that it settles. */
export async function withWaiting<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const id = settledRequest(read.sealed);
  if (id === undefined || !isWaiting(read.request.state)) return read;
  const first = await readRequest(store, id).catch(nothingUnreadable);
  return first ? { ...read, waiting: { first, those: await waitingBehind(store, first) } } : read;
}

/** What is approved and waits for this run, oldest first; and what did so until it ended. */
export async function waitingBehind(store: Store, first: ListedRequest): Promise<readonly ListedRequest[]> {
  const all = await requestsOfSystemUntil(store, first.sealed.system, await store.now());
  return all.filter((each) => isHeldBy(each, first)).toReversed();
}

function isHeldBy(each: ListedRequest, first: ListedRequest): boolean {
  const { state, stateAt, heldUp } = each.request;
  const waited = stateAt >= first.request.stateAt && (state === "EXECUTING" || (state === "INVALIDATED" && heldUp));
  return (state === "APPROVED" || Boolean(waited)) && standsBehind(each, first);
}
