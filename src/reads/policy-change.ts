import { endedByPolicyChange, isKnownToAll, isWaitingPolicyChange } from "../domain/approvals/ended-by.ts";
import { guardLost } from "../domain/approvals/guard-kept.ts";
import { concernedSystem, isOpen } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { WaitingPolicyChange } from "../domain/people/adopted-policy.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Document, Store } from "../domain/store.ts";
import { ifLegible, nothingUnreadable } from "../records/legible.ts";
import { parsePolicy, policyKey, policyOver, writtenPolicy } from "../records/policy.ts";
import { parseProposedPolicy, proposedPolicyKey } from "../records/proposed-policy.ts";
import { openRequests, type ReadRequest, readRequest } from "../records/request.ts";

/** A request with the open ones that end by it, oldest first, where it is a change of people and rules that waits. */
export async function withEnds<Read extends ReadRequest>(store: Store, read: Read): Promise<Read & ShownRequest> {
  if (!isWaitingPolicyChange(read)) return read;
  const [{ found }, [current]] = await Promise.all([openRequests(store), store.read([policyKey])]);
  const policy = ifLegible(() => writtenPolicy(current));
  const ends = endedByPolicyChange(read, found).map(({ request, sealed }) => {
    return { request, sealed, known: policy !== undefined && isKnownToAll(concernedSystem(sealed), policy) };
  });
  return { ...read, ends };
}

/** The change of people and rules that the files ask for; undefined while they say what is in force. */
export async function waitingPolicyChange(store: Store): Promise<WaitingPolicyChange | undefined> {
  const [document, current] = await store.read([proposedPolicyKey, policyKey]);
  if (!document) return undefined;
  const proposed = ifLegible(() => parseProposedPolicy(document));
  if (!proposed) return { ended: "what they asked for cannot be read" };
  const read =
    proposed.request === null ? undefined : await readRequest(store, proposed.request).catch(nothingUnreadable);
  if (!read) return refusedChange(current, proposed.policy);
  const { code, state, why } = read.request;
  return isOpen(state) ? { code } : { ended: why };
}

/** Why nobody is asked, where that is so. */
function refusedChange(current: Document | undefined, files: Policy): WaitingPolicyChange {
  const rules = ifLegible(() => ({ linked: parsePolicy(current), next: policyOver(current, files) }));
  const refused = rules && guardLost(rules.linked, rules.next);
  return refused === undefined ? {} : { refused };
}
