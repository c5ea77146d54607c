import { isOpen } from "../domain/approvals/request.ts";
import type { WaitingPolicyChange } from "../domain/people/adopted-policy.ts";
import type { Store } from "../domain/store.ts";
import { ifLegible, nothingUnreadable } from "../records/legible.ts";
import { parseProposedPolicy, proposedPolicyKey } from "../records/proposed-policy.ts";
import { readRequest } from "../records/request.ts";

/** The change of people and rules that the files ask for; undefined while they say what is in force. */
export async function waitingPolicyChange(store: Store): Promise<WaitingPolicyChange | undefined> {
  const [document] = await store.read([proposedPolicyKey]);
  if (!document) return undefined;
  const proposed = ifLegible(() => parseProposedPolicy(document));
  if (!proposed) return { ended: "what they asked for cannot be read" };
  const read =
    proposed.request === null ? undefined : await readRequest(store, proposed.request).catch(nothingUnreadable);
  if (!read) return {};
  const { code, state, why } = read.request;
  return isOpen(state) ? { code } : { ended: why };
}
