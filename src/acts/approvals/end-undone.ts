import { followsUndone, isRevival, whyUndone } from "../../domain/approvals/halts.ts";
import { type EndedUndecided, isWaiting, type Request, type Sealed } from "../../domain/approvals/request.ts";
import { invalidated } from "../../domain/approvals/request-rules.ts";
import type { Store } from "../../domain/store.ts";
import { readRequest, requestsAboutHaltingSince } from "../../records/request.ts";
import { endFollowing, endReversed, endTakenBack } from "./end-taken-back.ts";
import { endWaiting } from "./end-waiting.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** How what followed a halt and still waits ends because that was undone since; undefined where it waits on. */
export async function undoneSince(
  store: Pick<Store, "list">,
  asked: Asked,
  now: number,
): Promise<EndedUndecided | undefined> {
  const { request, sealed } = asked;
  if (!isWaiting(request.state)) return undefined;
  const found = followsUndone(asked, await requestsAboutHaltingSince(store, sealed.system, request.openedAt));
  return found && invalidated(request, whyUndone(asked, found), now);
}

/**
 * Ends what this has taken back, and what followed that and failed meanwhile. Ends what followed a halt and still waits, once this
 * has undone that: it was agreed to, or is to be, for a system that stands still. What is opened meanwhile is not opened once the
 * halt is undone, and no claim of it succeeds.
 */
export async function endUndone(store: Store, id: string): Promise<void> {
  const revival = await readRequest(store, id);
  if (!revival) return;
  await endTakenBack(store, revival);
  await endReversed(store, revival);
  await endFollowing(store, revival);
  if (!isRevival(revival)) return;
  const { system } = revival.sealed;
  await endWaiting(
    store,
    ({ sealed }) => sealed.system === system,
    (read, now) => undoneSince(store, read, now),
  );
}
