import { changeApprovers } from "../../domain/approvals/change-approvers.ts";
import { type ChangeOutlook, changeOutlook } from "../../domain/approvals/change-outlook.ts";
import { guardLost, guardRemedy } from "../../domain/approvals/guard-kept.ts";
import { isOpen, wardroomItself } from "../../domain/approvals/request.ts";
import { cancelItself, endedMeanwhile } from "../../domain/approvals/request-rules.ts";
import type { Invocation } from "../../domain/commands/command.ts";
import { nobody } from "../../domain/journal.ts";
import { operatorPlaces, type Policy } from "../../domain/people/policy.ts";
import { policyChanges } from "../../domain/people/policy-changes.ts";
import type { Document, Store } from "../../domain/store.ts";
import { changePolicyName, changePolicyOperation, ownSystem } from "../../domain/systems/own-system.ts";
import { newId } from "../../records/ids.ts";
import { ifLegible, nothingUnreadable } from "../../records/legible.ts";
import { formerlyIn, parsePolicy, policyKey, policyOver, writtenPolicy } from "../../records/policy.ts";
import {
  type ProposedPolicy,
  parseProposedPolicy,
  policyContent,
  proposedPolicyKey,
  putProposedPolicy,
} from "../../records/proposed-policy.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { peopleAndRulesTrouble } from "../../records/trouble.ts";
import { openRequest } from "../approvals/open-request.ts";
import { type PlanPorts, plan } from "../approvals/plan.ts";
import { stateCommit } from "../approvals/state-commit.ts";
import { clearTrouble, raiseTrouble } from "../messages/tell-trouble.ts";
import { type Attempt, transact } from "../transact.ts";
import { adoptPolicy } from "./adopt-policy.ts";

/** What became of the people and rules that the files hold. */
export type Governed =
  /** They are what is in force. */
  | { readonly now: "in-force" }
  /**
   * They came into force: they are the first, or fewer than two people could have agreed. `changes`: what is other.
   */
  | { readonly now: "adopted"; readonly how: "first" | "few"; readonly changes: readonly string[] }
  /** Those before them rule until the request is approved; `isNew` when it was opened just now. */
  | { readonly now: "waits"; readonly request: ReadRequest; readonly isNew: boolean }
  /** Those before them rule: the request was denied, and is not opened again by itself. */
  | { readonly now: "denied"; readonly request: ReadRequest }
  /** Those before them rule, and nobody is asked: two people could no longer agree to a change after it. `why` in words. */
  | { readonly now: "refused"; readonly why: string };

interface Governing {
  readonly store: Store;
  readonly systems: PlanPorts;
  /** Ask again for what was denied. */
  readonly again: boolean;
  /**
   * The revision that these files held before, which they take back when they say again what is in force. Another process may
   * have other files: what they ask for is theirs. `any` where there is no other process.
   */
  readonly supersedes: string | undefined;
}

/**
 * Compares the people and rules that the files hold with those in force. Where they differ, two people have to agree to a
 * request that opens by itself; what was proposed before it is superseded. As long as the rules in force know fewer than two
 * people who could agree, the files come into force. Where they know two, files that leave fewer are asked for from nobody.
 */
export async function governPolicy(by: Governing, policy: Policy): Promise<Governed> {
  const { store } = by;
  const [current, proposed] = await store.read([policyKey, proposedPolicyKey]);
  const inForce = writtenPolicy(current);
  if (!inForce) return adopted(by, policy, "first");
  if (inForce.revision === policy.revision) {
    const ours = by.supersedes === "any" || by.supersedes === proposedIn(proposed)?.policy.revision;
    if (ours) {
      await withdraw(store, "The files say again what is in force.");
      await clearTrouble(store, peopleAndRulesTrouble);
    }
    return { now: "in-force" };
  }
  // In another order it says the same: what waits under the rules in force waits on.
  if (policyChanges(inForce, policy).length === 0) return { now: "in-force" };
  const linked = parsePolicy(current);
  if (changeApprovers(linked).length < 2) return adopted(by, policy, "few");
  const before = proposedIn(proposed);
  if (before && before.policy.revision !== policy.revision)
    await withdraw(store, "Superseded: the files changed again.");
  // Whoever has a linked account gains by what the files give that account, under whatever id.
  const next = policyOver(current, policy);
  const lost = guardLost(linked, next);
  if (lost !== undefined) return refuse(store, { policy, inForce, why: lost });
  await clearTrouble(store, peopleAndRulesTrouble);
  const asked = before?.policy.revision === policy.revision ? await requestOf(store, before.request) : undefined;
  if (asked?.request.state === "DENIED" && !by.again) return { now: "denied", request: asked };
  const moment = { policy: inForce, now: await store.now() };
  if (asked && isOpen(asked.request.state) && !endedMeanwhile(asked.request, asked.sealed, moment))
    return { now: "waits", request: asked, isNew: false };
  return propose(by, policy, { inForce, outlook: changeOutlook(linked, next, formerlyIn(current, moment.now)) });
}

/** Where others came into force meanwhile, these are held to them. */
async function adopted(by: Governing, policy: Policy, how: "first" | "few"): Promise<Governed> {
  const changes = await adoptPolicy(by.store, policy, { how });
  return changes ? { now: "adopted", how, changes } : governPolicy(by, policy);
}

/** Ends what may have been asked before it was known, and tells the operators. What the files say is kept for who asks what waits. */
async function refuse(
  store: Store,
  { policy, inForce, why }: { readonly policy: Policy; readonly inForce: Policy; readonly why: string },
): Promise<Governed> {
  const [document] = await store.read([proposedPolicyKey]);
  const before = proposedIn(document);
  if (before && before.request !== null) await withdraw(store, why);
  if (before?.policy.revision !== policy.revision || before.request !== null) await keep(store, policy, null);
  const places = operatorPlaces(inForce.channels);
  const named = { id: peopleAndRulesTrouble, surface: "files", surfaceName: "its people and rules" };
  const what = `The files hold other people and rules than those in force, which rule on. ${why}`;
  await raiseTrouble(store, { ...named, what, remedy: guardRemedy }, places);
  return { now: "refused", why };
}

/** Keeps what the files say, so that whoever carries out the request has it, and opens the request. */
async function propose(
  { store, systems }: Governing,
  policy: Policy,
  { inForce, outlook }: { readonly inForce: Policy; readonly outlook: ChangeOutlook },
): Promise<Governed> {
  await keep(store, policy, null);
  const now = await store.now();
  const planned = await plan(systems, {
    system: ownSystem,
    name: changePolicyName,
    operation: changePolicyOperation,
    arguments: { revision: policy.revision, content: policyContent(policy) },
  });
  const proposal = {
    ...planned,
    changes: policyChanges(inForce, policy),
    effects: [...outlook.effects],
    favours: [...outlook.favours],
    reason: [
      "The files hold other people and rules than those in force, which rule until two people agree.",
      outlook.agreeing,
    ].join(" "),
  };
  const { read, existing } = await openRequest(store, proposal, openedByItself(now));
  await keep(store, policy, read.request.id);
  return { now: "waits", request: read, isNew: !existing };
}

/** Nobody asks: the request is opened by Wardroom, from no place where an answer could stand. */
function openedByItself(now: number): Invocation {
  const place = { surface: "files", channel: "files", passing: true };
  return { id: `itself:${newId()}`, person: wardroomItself, account: wardroomItself.id, place, now };
}

async function keep(store: Store, policy: Policy, request: string | null): Promise<void> {
  await transact(store, async (): Promise<Attempt<void>> => {
    const [document] = await store.read([proposedPolicyKey]);
    return {
      result: undefined,
      commit: {
        expect: { [proposedPolicyKey]: document?.revision ?? null },
        put: [putProposedPolicy({ policy, request })],
      },
    };
  });
}

/** Takes back what was proposed. What is being carried out already ends by itself: it finds that the files have changed. */
async function withdraw(store: Store, why: string): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const [document] = await store.read([proposedPolicyKey]);
    const before = proposedIn(document);
    if (!document || !before) return { result: undefined };
    const read = await requestOf(store, before.request);
    const ended = read && cancelItself(read.request, why, now);
    const cancelled =
      read && ended?.ok
        ? await stateCommit(store, read, {
            request: ended.request,
            now,
            kind: "cancelled",
            who: nobody,
            details: { why },
          })
        : {};
    return {
      result: undefined,
      commit: {
        ...cancelled,
        expect: { ...("expect" in cancelled ? cancelled.expect : {}), [proposedPolicyKey]: document.revision },
        remove: [...("remove" in cancelled ? (cancelled.remove ?? []) : []), proposedPolicyKey],
      },
    };
  });
}

/** What was proposed and cannot be read is as good as not proposed: the files say it again. */
function proposedIn(document: Document | undefined): ProposedPolicy | undefined {
  return ifLegible(() => parseProposedPolicy(document));
}

/** One that cannot be read can be decided by nobody, so another is opened. */
async function requestOf(store: Store, id: string | null): Promise<ReadRequest | undefined> {
  return id === null ? undefined : readRequest(store, id).catch(nothingUnreadable);
}
