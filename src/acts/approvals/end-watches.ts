import { haltOver } from "../../domain/approvals/abort-rules.ts";
import { standingHalts } from "../../domain/approvals/halts.ts";
import { noTarget } from "../../domain/approvals/lock.ts";
import { askedWords, type Sealed } from "../../domain/approvals/request.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { type ListedRequest, openRequests, readRequest, requestsAboutHalting } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { stateCommit } from "./state-commit.ts";

/** More than people could have asked for: a few each, by the limits on asking. */
const mostOpen = 5_000;

/**
 * Ends whatever only watches this system and was asked before a stop of it that stands: what it was to see is over, and it would
 * wait for that until its own time is over. What is asked after the stop is left alone.
 */
export async function endWatches(store: Store, system: string): Promise<void> {
  const stops = standingHalts(await requestsAboutHalting(store, system));
  const { found } = await openRequests(store, mostOpen);
  for (const watch of found.filter(({ request, sealed }) => watches(sealed, system) && request.state === "EXECUTING")) {
    const stop = stops.find(({ request }) => request.openedAt >= watch.request.openedAt);
    if (stop) await transact(store, (now) => attemptEnding(store, watch.request.id, { stop, now }));
  }
}

function watches({ system, plan: { targets = [] } }: Sealed, of: string): boolean {
  return system === of && targets.includes(noTarget);
}

async function attemptEnding(
  store: Store,
  id: string,
  { stop, now }: { readonly stop: ListedRequest; readonly now: number },
): Promise<Attempt<void>> {
  const read = await readRequest(store, id).catch(nothingUnreadable);
  const by = `${askedWords(stop.sealed)} by ${stop.sealed.requester.name} (request ${stop.request.code})`;
  const over = read && haltOver(read, { by, now });
  if (!over) return { result: undefined };
  const details = { why: over.request.why, fence: over.run.fence };
  const commit = await stateCommit(store, read, { ...over, now, kind: "finished", who: nobody, details });
  return { result: undefined, commit };
}
