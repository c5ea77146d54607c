import { lifts, operationsAfter, revivalOf, standingHalts } from "../domain/approvals/halts.ts";
import { isOpen, isWaiting } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Store } from "../domain/store.ts";
import {
  type ListedRequest,
  openRequests,
  type ReadRequest,
  requestsAboutHalting,
  requestsAboutHaltingSince,
  requestsOfSystemSince,
} from "../records/request.ts";

/** What has come after it: of what halts a system whatever follows, of anything else what it was followed by on its own. */
export async function withAftermath<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const { request, sealed } = read;
  const halts = sealed.permission === "stop";
  const operations = operationsAfter(sealed.plan);
  if (!halts && sealed.plan.followUp === undefined) return read;
  const about = halts ? await requestsAboutHaltingSince(store, sealed.system, request.openedAt) : [];
  const undoneBy = revivalOf(read, about);
  const until = undoneBy?.request.stateAt ?? Number.POSITIVE_INFINITY;
  const since = operations.length === 0 ? [] : await requestsOfSystemSince(store, sealed.system, request.openedAt);
  const mine = (each: ListedRequest): boolean =>
    each.request.openedAt <= until &&
    (each.request.follows === request.id || (halts && each.request.follows === undefined));
  const after = operations.flatMap((operation) => {
    const last = since.findLast((each) => each.sealed.operation === operation && mine(each));
    return last ? [last] : [];
  });
  return { ...read, after, ...(undoneBy && { undoneBy }) };
}

/** Of what would set its system going and waits for it: what followed the halt that it would undo, as that stands. */
export async function withLeft<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const { request, sealed } = read;
  if (!lifts(sealed) || !isWaiting(request.state)) return read;
  const halts = standingHalts(await requestsAboutHalting(store, sealed.system));
  const [first] = halts;
  if (!first) return read;
  const followed = new Set(halts.flatMap((halt) => halt.sealed.plan.followUp?.operation ?? []));
  const since = await requestsOfSystemSince(store, sealed.system, first.request.openedAt);
  const left = [...followed].flatMap((operation) => {
    const last = since.findLast((each) => each.sealed.operation === operation && each.request.id !== request.id);
    return last ? [last] : [];
  });
  return { ...read, left };
}

/** Of what waits and would be followed by something: what follows an earlier one so, and is not over. */
export async function withWatching<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const { request, sealed } = read;
  const follows = sealed.plan.followUp?.operation;
  if (follows === undefined || !isWaiting(request.state)) return read;
  const { found } = await openRequests(store);
  const watching = found.filter(
    (each) =>
      each.sealed.system === sealed.system &&
      each.sealed.operation === follows &&
      each.request.follows !== request.id &&
      isOpen(each.request.state),
  );
  return { ...read, watching };
}
