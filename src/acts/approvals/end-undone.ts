import { followsUndone, isRevival, whyUndone } from "../../domain/approvals/halts.ts";
import type { Request, Sealed } from "../../domain/approvals/request.ts";
import { invalidate } from "../../domain/approvals/request-rules.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { openRequests, readRequest, requestsAboutHaltingSince } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { mostOpen } from "./end-outdated.ts";
import { stateCommit } from "./state-commit.ts";

interface Asked {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** How what followed a halt and still waits ends because that was undone since; undefined where it waits on. */
export async function undoneSince(
  store: Pick<Store, "list">,
  asked: Asked,
  now: number,
): Promise<{ readonly request: Request; readonly kind: "invalidated" } | undefined> {
  const { request, sealed } = asked;
  if (request.state !== "PENDING" && request.state !== "APPROVED") return undefined;
  const found = followsUndone(asked, await requestsAboutHaltingSince(store, sealed.system, request.openedAt));
  const ended = found && invalidate(request, whyUndone(asked, found), now);
  return ended?.ok ? { request: ended.request, kind: "invalidated" } : undefined;
}

/**
 * Ends what followed a halt and still waits, once this has undone that: it was agreed to, or is to be, for a system that stands
 * still. What is opened meanwhile is not opened once the halt is undone, and no claim of it succeeds.
 */
export async function endUndone(store: Store, id: string): Promise<void> {
  const revival = await readRequest(store, id);
  if (!revival || !isRevival(revival)) return;
  const { found } = await openRequests(store, mostOpen);
  for (const { request } of found.filter(({ sealed }) => sealed.system === revival.sealed.system))
    await endIfUndone(store, request.id);
}

async function endIfUndone(store: Store, id: string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, id).catch(nothingUnreadable);
    const ended = read && (await undoneSince(store, read, now));
    if (!ended) return { result: undefined };
    const change = { ...ended, now, who: nobody, details: { why: ended.request.why } };
    return { result: undefined, commit: await stateCommit(store, read, change) };
  });
}
