import type { EndedUndecided } from "../../domain/approvals/request.ts";
import { nobody } from "../../domain/journal.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { type ListedRequest, openRequests, type ReadRequest, readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { stateCommit } from "./state-commit.ts";

/** More than people could have asked for: a few each, by the limits on asking. */
const mostOpen = 5_000;

/** How a request is over though nobody decided that, and what that relies on. */
interface Ending extends EndedUndecided {
  readonly expect?: NonNullable<Commit["expect"]>;
}

/**
 * Ends by itself whatever is open, is concerned, and is over by how it is read then: each in a commit of its own, with the reason in
 * the journal. What cannot be read is left as it is.
 */
export async function endWaiting(
  store: Store,
  isConcerned: (listed: ListedRequest) => boolean,
  over: (read: ReadRequest, now: number) => Ending | undefined | Promise<Ending | undefined>,
): Promise<void> {
  const { found } = await openRequests(store, mostOpen);
  for (const { request } of found.filter(isConcerned))
    await transact(store, (now) => attemptEnding(store, request.id, { now, over }));
}

async function attemptEnding(
  store: Store,
  id: string,
  { now, over }: { readonly now: number; readonly over: Parameters<typeof endWaiting>[2] },
): Promise<Attempt<void>> {
  const read = await readRequest(store, id).catch(nothingUnreadable);
  const ending = read && (await over(read, now));
  if (!ending) return { result: undefined };
  const { request, kind, expect } = ending;
  const commit = await stateCommit(store, read, { request, kind, now, who: nobody, details: { why: request.why } });
  return { result: undefined, commit: { ...commit, expect: { ...commit.expect, ...expect } } };
}
