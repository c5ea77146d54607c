import { endedMeanwhile } from "../../domain/approvals/request-rules.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { parsePolicy, policyKey } from "../../records/policy.ts";
import { openRequests, readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { stateCommit } from "./state-commit.ts";

/** More than people could have asked for: a few each, by the limits on asking. */
export const mostOpen = 5_000;

/**
 * Ends whatever waits and was asked under other rules than those in force. A request is bound to the rules it was sealed with,
 * so that no change of them widens who may agree to it. None is missed that is being opened meanwhile: an opening expects the
 * rules that it is sealed with.
 */
export async function endOutdated(store: Store): Promise<void> {
  for (const { request } of (await openRequests(store, mostOpen)).found) await endIfOutdated(store, request.id);
}

async function endIfOutdated(store: Store, id: string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const [document] = await store.read([policyKey]);
    const read = await readRequest(store, id).catch(nothingUnreadable);
    const ended = read && endedMeanwhile(read.request, read.sealed, { policy: parsePolicy(document), now });
    if (!ended) return { result: undefined };
    const commit = await stateCommit(store, read, { ...ended, now, who: nobody, details: { why: ended.request.why } });
    return {
      result: undefined,
      commit: { ...commit, expect: { ...commit.expect, [policyKey]: document?.revision ?? null } },
    };
  });
}
