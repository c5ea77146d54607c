import { isOpen, type Request, type Sealed } from "../../domain/approvals/request.ts";
import { keepsLock } from "../../domain/approvals/run-rules.ts";
import type { RequestDetails, RequestEvent, Who } from "../../domain/journal.ts";
import type { Commit, Owed, Put, Store } from "../../domain/store.ts";
import { lockKey, parseLock, putLock } from "../../records/lock.ts";
import { putRequest, type ReadRequest, requestKey, runQueue } from "../../records/request.ts";
import { parseTwin, twinKey } from "../../records/twin.ts";
import { copyNotices } from "./copies.ts";

/** What every entry of the journal about a request names it by. */
export function journalled({ id, code, state, digest }: Request) {
  return { request: id, code, state, digest };
}

/** The commit that moves a request on: the document, its timers, its lock, the journal and every copy of the card. */
export async function stateCommit(
  store: Store,
  before: ReadRequest,
  change: {
    readonly request: Request;
    readonly now: number;
    readonly kind: RequestEvent;
    readonly who: Who;
    readonly details?: RequestDetails;
  },
): Promise<Omit<Commit, "id">> {
  const { request, now } = change;
  const freed = await freedBy(store, request, before.sealed);
  const { timers, cancelled } = followUps(before, request, now);
  return {
    expect: { [requestKey(request.id)]: before.revision, ...freed.expect },
    put: [putRequest(request), ...freed.put],
    remove: freed.remove,
    journal: [
      {
        kind: `request.${change.kind}`,
        at: now,
        who: change.who,
        ...journalled(request),
        system: before.sealed.system,
        operation: before.sealed.operation,
        ...change.details,
      },
    ],
    notices: copyNotices(request, now),
    timers,
    cancel: cancelled,
  };
}

/** Two changes as one commit. What the second one did is told first: it is why the first could be done. */
export function bothCommits(one: Omit<Commit, "id">, other: Omit<Commit, "id">): Omit<Commit, "id"> {
  return {
    expect: { ...one.expect, ...other.expect },
    put: [...(one.put ?? []), ...(other.put ?? [])],
    remove: [...(one.remove ?? []), ...(other.remove ?? [])],
    journal: [...(other.journal ?? []), ...(one.journal ?? [])],
    notices: [...(one.notices ?? []), ...(other.notices ?? [])],
    timers: [...(one.timers ?? []), ...(other.timers ?? [])],
    cancel: [...(one.cancel ?? []), ...(other.cancel ?? [])],
  };
}

/** A request that is over frees the key of its twins and, when nothing is left in doubt at the target, the lock. */
async function freedBy(
  store: Store,
  request: Request,
  sealed: Sealed,
): Promise<{ expect: Record<string, string | null>; put: Put[]; remove: string[] }> {
  if (keepsLock(request.state)) return { expect: {}, put: [], remove: [] };
  const [key, twin] = [lockKey(sealed.system), twinKey(request.twin)];
  const [lockDocument, twinDocument] = await store.read([key, twin]);
  // A later request for the same thing may have taken its place; what is another's stays.
  const own = !isOpen(request.state) && parseTwin(twinDocument) === request.id;
  const remove = own ? [twin] : [];
  const expect = own ? { [twin]: twinDocument?.revision ?? null } : {};
  const lock = parseLock(lockDocument);
  if (lock?.request !== request.id) return { expect, put: [], remove };
  return {
    expect: { ...expect, [key]: lockDocument?.revision ?? null },
    put: [putLock(sealed.system, { request: null, fence: lock.fence })],
    remove,
  };
}

/** What time must still do about a request in this state. */
function followUps(
  before: ReadRequest,
  request: Request,
  now: number,
): { timers: Owed[]; cancelled: { queue: string; id: string }[] } {
  const timer = (kind: string, due: number): Owed => ({
    queue: runQueue,
    id: `${kind}:${request.id}`,
    due,
    body: { kind, request: request.id },
  });
  const ids = (...kinds: string[]) => kinds.map((kind) => ({ queue: runQueue, id: `${kind}:${request.id}` }));
  switch (request.state) {
    case "PENDING":
      return { timers: [timer("lapse", before.sealed.decideBy)], cancelled: ids("claim") };
    case "APPROVED":
      return { timers: [timer("claim", now), timer("lapse", request.executeBy ?? now)], cancelled: [] };
    case "EXECUTING":
      return { timers: [timer("lost", request.run?.leaseUntil ?? now)], cancelled: ids("lapse") };
    case "UNKNOWN": {
      // Looked up first when the old owner can no longer act; after that the worker says when to look again.
      const first = before.request.state === "UNKNOWN" ? [] : [timer("reconcile", request.run?.hardDeadline ?? now)];
      return { timers: first, cancelled: ids("lost", "lapse") };
    }
    case "PARTIAL":
    case "SUCCEEDED":
    case "FAILED":
    case "DENIED":
    case "CANCELLED":
    case "EXPIRED":
    case "INVALIDATED":
      return { timers: [], cancelled: ids("claim", "lapse", "lost", "reconcile") };
  }
}
