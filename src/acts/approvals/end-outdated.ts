import { endedMeanwhile } from "../../domain/approvals/request-rules.ts";
import type { Store } from "../../domain/store.ts";
import { policyKey, rulesIn, rulesKeys } from "../../records/policy.ts";
import { endWaiting } from "./end-waiting.ts";

/**
 * Ends whatever waits and was asked under other rules than those in force. A request is bound to the rules it was sealed with,
 * so that no change of them widens who may agree to it. None is missed that is being opened meanwhile: an opening expects the
 * rules that it is sealed with.
 */
export async function endOutdated(store: Store): Promise<void> {
  await endWaiting(
    store,
    () => true,
    async ({ request, sealed }, now) => {
      const [document, rooms] = await store.read([...rulesKeys]);
      const ended = endedMeanwhile(request, sealed, { policy: rulesIn([document, rooms]), now });
      return ended && { ...ended, expect: { [policyKey]: document?.revision ?? null } };
    },
  );
}
