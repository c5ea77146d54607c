import { changeApprovers } from "../../domain/approvals/change-approvers.ts";
import { nobody, type Who } from "../../domain/journal.ts";
import type { AdoptedPolicy } from "../../domain/people/adopted-policy.ts";
import { formerOwners } from "../../domain/people/former-owners.ts";
import type { Policy } from "../../domain/people/policy.ts";
import { policyChanges } from "../../domain/people/policy-changes.ts";
import type { Commit, Document, Owed, Put, Store } from "../../domain/store.ts";
import { putAdoption } from "../../records/adoption.ts";
import { newId } from "../../records/ids.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import {
  formerlyIn,
  keptLinks,
  linkedPolicy,
  linksIn,
  parsePolicy,
  policyKey,
  policyRequestsIn,
  putPolicy,
  writtenPolicy,
} from "../../records/policy.ts";
import { proposedPolicyKey } from "../../records/proposed-policy.ts";
import { peopleAndRulesTrouble } from "../../records/trouble.ts";
import { outdatedTimer } from "../approvals/state-commit.ts";
import { clearTrouble } from "../messages/tell-trouble.ts";
import { transact } from "../transact.ts";

/**
 * By what right other people and rules come into force: they are the first; they say the same under another revision; fewer
 * than two people could have agreed; somebody who may write the store says so; or two people agreed to the request.
 */
export type AdoptedBy =
  | { readonly how: "first" | "few" }
  | { readonly how: "offline"; readonly user: string }
  | { readonly how: "approved"; readonly request: string; readonly id: string };

/**
 * Puts people and rules in force, recorded in the journal with what is other. What two people did not agree to is owed to
 * every operator channel in the same commit. Answers what changed, or undefined when nothing did: they were in force already, or
 * others came into force meanwhile, under which they may not by this right.
 */
export async function adoptPolicy(store: Store, policy: Policy, by: AdoptedBy): Promise<readonly string[] | undefined> {
  const outcome = await transact(store, async (now) => {
    const [current, proposed] = await store.read([policyKey, proposedPolicyKey]);
    if (ruling(current, by)?.revision === policy.revision || isOvertaken(current, by)) return { result: undefined };
    const { changes, commit } = adoptionCommit({ current, proposed }, policy, { ...by, now });
    return { result: changes, commit };
  });
  if (outcome.repeated || !outcome.result) return undefined;
  await clearTrouble(store, peopleAndRulesTrouble);
  return outcome.result;
}

/** Whoever found none in force, or fewer than two people who could agree, may find others by now. */
function isOvertaken(current: Document | undefined, { how }: Pick<AdoptedBy, "how">): boolean {
  if (how === "first") return current !== undefined;
  return how === "few" && changeApprovers(parsePolicy(current)).length >= 2;
}

/** The documents that an adoption is based on, as they were read. */
interface Based {
  readonly current: Document | undefined;
  readonly proposed: Document | undefined;
}

/** The commit that puts a policy in force; whatever was proposed is settled by it. */
export function adoptionCommit(
  { current, proposed }: Based,
  policy: Policy,
  by: AdoptedBy & { readonly now: number },
): { readonly changes: readonly string[]; readonly commit: Omit<Commit, "id"> } {
  const before = ruling(current, by);
  const changes = before ? policyChanges(before, policy) : current ? [replacesUnreadable] : [];
  const told = toldOf([before, policy], by, changes);
  const links = keptLinks(before ? linksIn(current) : [], policy);
  const both = before && { before: parsePolicy(current), after: linkedPolicy(policy, links), now: by.now };
  const formerly = both ? formerOwners(formerlyIn(current, by.now), both) : [];
  const requests = [...(before ? policyRequestsIn(current) : []), ...(by.how === "approved" ? [by.id] : [])];
  return {
    changes,
    commit: {
      expect: { [policyKey]: current?.revision ?? null, [proposedPolicyKey]: proposed?.revision ?? null },
      put: [putPolicy(policy, links, { requests, formerly }), ...told.put],
      remove: proposed ? [proposedPolicyKey] : [],
      journal: [
        {
          kind: "policy.adopted",
          at: by.now,
          who: whoOf(by),
          revision: policy.revision,
          people: policy.people.length,
          before: before?.revision ?? null,
          how: by.how,
          ...(by.how === "approved" && { request: by.request }),
          changes,
        },
      ],
      notices: told.notices,
      timers: before ? [outdatedTimer(by.now)] : [],
      durable: true,
    },
  };
}

const replacesUnreadable = "What was in force before could not be read, and linked accounts are to be linked again.";

/** What is in force. Only whoever may write the store puts something else in the place of what cannot be read. */
function ruling(current: Document | undefined, { how }: Pick<AdoptedBy, "how">): Policy | undefined {
  return how === "offline" ? ifLegible(() => writtenPolicy(current)) : writtenPolicy(current);
}

function whoOf(by: AdoptedBy): Who {
  return by.how === "offline" ? { person: null, account: `os:${by.user}` } : nobody;
}

/** What two people agreed to is told by the card of their request, and the first people and rules are nobody's surprise. */
function toldOf(
  policies: readonly (Policy | undefined)[],
  by: AdoptedBy & { readonly now: number },
  changes: readonly string[],
): { readonly put: Put[]; readonly notices: Owed[] } {
  if (by.how !== "few" && by.how !== "offline") return { put: [], notices: [] };
  const id = newId();
  const adoption: AdoptedPolicy = {
    how: by.how,
    at: by.now,
    by: by.how === "offline" ? by.user : null,
    changes: [...changes],
  };
  const channels = policies.flatMap((policy) => policy?.channels ?? []).filter(({ operator }) => operator);
  const places = new Map(channels.map(({ surface, channel }) => [`${surface} ${channel}`, { surface, channel }]));
  const notices = [...places.values()].map((place) =>
    owedNotice({ subject: { kind: "adoption", adoption: id }, place }, by.now),
  );
  return { put: [putAdoption(id, adoption)], notices };
}
