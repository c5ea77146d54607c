import { inTheWay } from "../domain/approvals/lock.ts";
import { isUrgent, isWaiting, type Sealed } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { undoes } from "../domain/approvals/undoing.ts";
import type { Store } from "../domain/store.ts";
import { nothingUnreadable } from "../records/legible.ts";
import { readLock } from "../records/lock.ts";
import { type ReadRequest, readRequest } from "../records/request.ts";

/** Who holds what a plan concerns. */
interface Holders {
  readonly holders: readonly ReadRequest[];
  /** The lock cannot be read, or one of its holders, which holds on all the same. */
  readonly unread: boolean;
}

/** The requests that a run of exactly this plan would have to wait for now, by the rules that its claim goes by. */
export async function holdersOf(
  store: Store,
  planned: Pick<Sealed, "system" | "operation" | "arguments" | "plan">,
): Promise<Holders> {
  const read = await readLock(store, planned.system).catch(nothingUnreadable);
  const met = inTheWay(read?.lock, planned.plan.targets ?? []);
  const holding = await Promise.all(met.map(({ request }) => readRequest(store, request).catch(nothingUnreadable)));
  return {
    holders: holding.flatMap((each) => (each && !undoes(planned, each) ? [each] : [])),
    unread: read === undefined || holding.includes(undefined),
  };
}

/** A request with what it waits for, or would once it is approved, until it has begun. What is urgent waits for nothing. */
export async function withHolders<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  if (!isWaiting(read.request.state) || isUrgent(read.sealed)) return read;
  const { holders, unread } = await holdersOf(store, read.sealed);
  // It may have begun since it was read: what it holds itself it does not wait for.
  return { ...read, behind: { holders: holders.filter(({ request: { id } }) => id !== read.request.id), unread } };
}
