import { isWaiting } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import { approversOf } from "../domain/approvals/who-could.ts";
import type { Store } from "../domain/store.ts";
import { ifLegible } from "../records/legible.ts";
import { rulesIn, rulesKeys } from "../records/policy.ts";
import type { ReadRequest } from "../records/request.ts";

/** A request with those who could still say yes, while that waits. Rules that cannot be read name nobody. */
export async function withApprovers<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  if (!isWaiting(read.request.state)) return read;
  const rules = await store.read([...rulesKeys]);
  const policy = ifLegible(() => rulesIn(rules));
  const approvers = policy && approversOf(read.request, read.sealed, policy);
  return approvers ? { ...read, approvers } : read;
}
