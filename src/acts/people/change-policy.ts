import { guardLost, guardRemedy } from "../../domain/approvals/guard-kept.ts";
import { requestOfKey } from "../../domain/approvals/request.ts";
import type { Store } from "../../domain/store.ts";
import type { OwnAct } from "../../domain/systems/own-system.ts";
import type { StepEnd } from "../../domain/systems/steps.ts";
import { ifLegible } from "../../records/legible.ts";
import { parsePolicy, policyKey, policyOver, policyRequestsIn, writtenPolicy } from "../../records/policy.ts";
import { parseProposedPolicy, policyContent, proposedPolicyKey } from "../../records/proposed-policy.ts";
import { readRequest } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { adoptionCommit } from "./adopt-policy.ts";

type Given = Readonly<Record<string, string>>;

/** What a change of people and rules does once two people have agreed: exactly the policy that was sealed is in force. */
export function changePolicyAct(store: Store): OwnAct {
  const cameIntoForce = async ({ revision }: Given, key: string): Promise<boolean> => {
    const [current] = await store.read([policyKey]);
    // Others may have come into force since.
    return policyRequestsIn(current).includes(requestOfKey(key)) || writtenPolicy(current)?.revision === revision;
  };
  return {
    async run(given, key) {
      const outcome = await transact(store, (now) => attemptChange(store, { given, key, now }));
      if (outcome.repeated) throw new Error("a change of people and rules is never a delivery");
      return outcome.result;
    },
    probe: async (given, key) =>
      (await cameIntoForce(given, key))
        ? { outcome: "done", detail: "they came into force" }
        : { outcome: "refused", detail: "they did not come into force" },
  };
}

async function attemptChange(
  store: Store,
  { given, key, now }: { readonly given: Given; readonly key: string; readonly now: number },
): Promise<Attempt<StepEnd>> {
  const [current, proposed] = await store.read([policyKey, proposedPolicyKey]);
  const before = writtenPolicy(current);
  if (before?.revision === given["revision"]) return { result: { outcome: "done", detail: "they are in force" } };
  const request = await readRequest(store, requestOfKey(key));
  if (!request || request.sealed.policy.revision !== before?.revision)
    return { result: { outcome: "refused", detail: "other people and rules came into force meanwhile" } };
  const policy = ifLegible(() => parseProposedPolicy(proposed))?.policy;
  if (!policy || policy.revision !== given["revision"] || policyContent(policy) !== given["content"])
    return { result: { outcome: "refused", detail: "the files say something else by now" } };
  // Accounts may have been linked since it was asked for, which no other revision tells.
  const lost = guardLost(parsePolicy(current), policyOver(current, policy));
  if (lost !== undefined) return { result: { outcome: "refused", detail: `${lost} ${guardRemedy}` } };
  const { commit } = adoptionCommit({ current, proposed }, policy, {
    how: "approved",
    request: request.request.code,
    id: request.request.id,
    now,
  });
  return { result: { outcome: "done", detail: "they are in force" }, commit };
}
