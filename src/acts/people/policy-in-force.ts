import { z } from "zod";
import { nobody } from "../../domain/journal.ts";
import { type Account, Person, permissions, Role, surfaces } from "../../domain/people/person.ts";
import { Channel, GroupGrant, type Policy, Tier, TierRule } from "../../domain/people/policy.ts";
import type { Document, Storable, Store } from "../../domain/store.ts";
import { transact } from "../transact.ts";

/** The document that holds the people and rules in force. Every decision expects the revision it was read at. */
export const policyKey = "policy/current";

const Link = z.object({
  surface: z.enum(surfaces),
  id: z.string(),
  person: z.string(),
  confirmedBy: z.string(),
  at: z.number(),
});
type Link = z.output<typeof Link>;

const StoredPolicy = z.object({
  format: z.literal(1),
  revision: z.string(),
  people: z.array(Person),
  roles: z.array(Role),
  groups: z.array(GroupGrant).default([]),
  channels: z.array(Channel),
  direct: z.object({ allow: z.array(z.enum(permissions)) }),
  tiers: z.array(Tier),
  rules: z.array(TierRule),
  /** Accounts that were linked by a ceremony, besides those in people.yaml. */
  links: z.array(Link).default([]),
});

/** Throws when there is none: without rules in force nobody may do anything. */
export function parsePolicy(document: Document | undefined): Policy {
  if (!document) throw new Error("no policy is in force in this store");
  const { links, ...policy } = StoredPolicy.parse(document.value);
  return { ...policy, people: policy.people.map((person) => withLinks(person, links)) };
}

function withLinks(person: Person, links: readonly Link[]): Person {
  const accounts = { ...person.accounts };
  for (const { surface, id } of links.filter((link) => link.person === person.id))
    accounts[surface] = [...new Set([...(accounts[surface] ?? []), id])];
  return { ...person, accounts };
}

/** Accounts that a ceremony linked, as they stand in the policy in force. */
export function linksIn(document: Document | undefined): readonly Link[] {
  return document ? StoredPolicy.parse(document.value).links : [];
}

/** The policy's document with one more linked account. Its revision stays: the rules are the same, and so are the people. */
export function withLink(document: Document | undefined, link: Link): Storable {
  if (!document) throw new Error("no policy is in force in this store");
  const stored = StoredPolicy.parse(document.value);
  return { ...stored, links: [...stored.links, link] };
}

/** The document without a linked account; undefined when no ceremony linked it. */
export function withoutLink(
  document: Document | undefined,
  account: Pick<Account, "surface" | "id">,
): Storable | undefined {
  if (!document) return undefined;
  const stored = StoredPolicy.parse(document.value);
  const links = stored.links.filter((link) => link.surface !== account.surface || link.id !== account.id);
  return links.length === stored.links.length ? undefined : { ...stored, links };
}

/** Puts the configured people and rules in force, recorded in the journal. Answers whether they differed from before. */
export async function adoptPolicy(store: Store, policy: Policy): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [current] = await store.read([policyKey]);
    if (current && parsePolicy(current).revision === policy.revision) return { result: false };
    return {
      result: true,
      commit: {
        expect: { [policyKey]: current?.revision ?? null },
        // What a ceremony linked outlives a new file, as long as its person does and the file gives it to nobody else.
        put: [{ key: policyKey, value: { format: 1, ...policy, links: keptLinks(current, policy) } }],
        journal: [
          {
            kind: "policy.adopted",
            at: now,
            who: nobody,
            revision: policy.revision,
            people: policy.people.length,
            before: current ? parsePolicy(current).revision : null,
          },
        ],
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

function keptLinks(current: Document | undefined, policy: Policy): readonly Link[] {
  return linksIn(current).filter(
    (link) =>
      policy.people.some((person) => person.id === link.person) &&
      !policy.people.some((person) => person.accounts[link.surface]?.includes(link.id) ?? false),
  );
}

/** Reads the policy in force, parsing it again only when the document has changed. */
export function policyReader(store: Store): () => Promise<Policy> {
  let known: { revision: string; policy: Policy } | undefined;
  return async () => {
    const [document] = await store.read([policyKey]);
    if (!known || known.revision !== document?.revision)
      known = { revision: document?.revision ?? "", policy: parsePolicy(document) };
    return known.policy;
  };
}
