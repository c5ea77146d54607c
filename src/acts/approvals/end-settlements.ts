import { invalidate } from "../../domain/approvals/request-rules.ts";
import { outcomeKnown, outdatesSettlement, settlementsAmong } from "../../domain/approvals/settle-rules.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { openRequests, type ReadRequest, readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { mostOpen } from "./end-outdated.ts";
import { stateCommit } from "./state-commit.ts";

/**
 * Ends what people said of how a request ended and nobody has agreed to, once it is known how it ended, or found that it stopped half-way: what they said may be
 * false by then, and nobody is to be asked for a yes to it. One that runs is left to its own end, which says the same. None is
 * missed that is being opened meanwhile: an opening expects the outcome to be open.
 */
export async function endSettlements(store: Store, id: string): Promise<void> {
  const settled = await readRequest(store, id);
  if (!settled) return;
  const { found } = await openRequests(store, mostOpen);
  for (const { request } of settlementsAmong(found, id))
    if (outdatesSettlement(settled.request, request)) await endSettlement(store, request.id, settled);
}

async function endSettlement(store: Store, id: string, settled: ReadRequest): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, id).catch(nothingUnreadable);
    const ended = read && invalidate(read.request, outcomeKnown(settled.request), now);
    if (!read || !ended?.ok) return { result: undefined };
    const { request } = ended;
    const change = { request, now, kind: "invalidated", who: nobody, details: { why: request.why } } as const;
    return { result: undefined, commit: await stateCommit(store, read, change) };
  });
}
