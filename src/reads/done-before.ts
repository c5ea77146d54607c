import { doneBefore, doneBetween } from "../domain/approvals/done-before.ts";
import { isSettlement, isUrgent, isWaiting, type RequestState, type Sealed } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { isSettleable } from "../domain/approvals/settle-rules.ts";
import { isInverse } from "../domain/approvals/undoing.ts";
import type { Store } from "../domain/store.ts";
import { type ListedRequest, type ReadRequest, requestsOfSystemUntil } from "../records/request.ts";

/** Ended so, it may have met what another did. */
const otherwise: readonly RequestState[] = ["INVALIDATED", "FAILED", "PARTIAL"];

async function doneMeanwhile(store: Store, { request, sealed }: ReadRequest): Promise<readonly ListedRequest[]> {
  const concerned = { id: request.id, targets: sealed.plan.targets ?? [] };
  const span = { from: request.openedAt, to: request.stateAt };
  return doneBetween(concerned, span, await requestsOfSystemUntil(store, sealed.system, request.stateAt));
}

/**
 * What was done through Wardroom since the request that exactly this would undo, to what that concerned; undefined where it would
 * undo none that is known.
 */
export async function doneSinceUndone(
  store: Store,
  asked: Pick<Sealed, "system" | "operation" | "arguments">,
  now: number,
): Promise<{ readonly done: ListedRequest; readonly since: readonly ListedRequest[] } | undefined> {
  const all = await requestsOfSystemUntil(store, asked.system, now);
  const done = all.find(({ request, sealed }) => request.state === "SUCCEEDED" && isInverse(asked, sealed));
  if (!done) return undefined;
  const concerned = { id: done.request.id, targets: done.sealed.plan.targets ?? [] };
  return { done, since: doneBetween(concerned, { from: done.request.stateAt, to: now }, all) };
}

/** What exactly this would undo and has not come to its end: people say how it ended where there is nothing to undo. */
export async function openBeforeUndone(
  store: Store,
  asked: Pick<Sealed, "system" | "operation" | "arguments">,
  now: number,
): Promise<ListedRequest | undefined> {
  const all = await requestsOfSystemUntil(store, asked.system, now);
  return all.find(({ request, sealed }) => isSettleable(request.state) && isInverse(asked, sealed));
}

/** A request with what earlier ones have to do with it, while people decide on it. */
export async function withDoneBefore<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  const { request, sealed } = read;
  if (otherwise.includes(request.state)) return { ...read, meanwhile: await doneMeanwhile(store, read) };
  if (!isWaiting(request.state) || isUrgent(sealed) || isSettlement(sealed)) return read;
  return { ...read, before: doneBefore(read, await requestsOfSystemUntil(store, sealed.system, request.openedAt)) };
}
