import { settledRequest } from "../../domain/approvals/request.ts";
import { invalidated } from "../../domain/approvals/request-rules.ts";
import { outcomeKnown, outdatesSettlement } from "../../domain/approvals/settle-rules.ts";
import type { Store } from "../../domain/store.ts";
import { readRequest } from "../../records/request.ts";
import { endWaiting } from "./end-waiting.ts";

/**
 * Ends what people said of how a request ended and nobody has agreed to, once it is known how it ended, or found that it stopped
 * half-way: what they said may be false by then, and nobody is to be asked for a yes to it. One that runs is left to its own end,
 * which says the same. None is missed that is being opened meanwhile: an opening expects the outcome to be open.
 */
export async function endSettlements(store: Store, id: string): Promise<void> {
  const settled = await readRequest(store, id);
  if (!settled) return;
  await endWaiting(
    store,
    ({ request, sealed }) => settledRequest(sealed) === id && outdatesSettlement(settled.request, request),
    ({ request }, now) => invalidated(request, outcomeKnown(settled.request), now),
  );
}
