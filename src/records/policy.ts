import { z } from "zod";
import { withRooms } from "../domain/incidents/room.ts";
import { FormerOwner, formerOwners, remembered } from "../domain/people/former-owners.ts";
import type { AccountLink } from "../domain/people/link.ts";
import { type Account, Person, permissions, Role } from "../domain/people/person.ts";
import { Channel, GroupGrant, type Policy, Tier, TierRule } from "../domain/people/policy.ts";
import { SurfaceId } from "../domain/people/surface.ts";
import type { Document, Put } from "../domain/store.ts";
import { standingRoomsIn, standingRoomsKey } from "./incident-room.ts";
import { legible } from "./legible.ts";

/** The document that holds the people and rules in force. Every decision expects the revision it was read at. */
export const policyKey = "policy/current";

const StoredLink = z.object({
  surface: SurfaceId,
  id: z.string(),
  person: z.string(),
  confirmedBy: z.string(),
  at: z.number(),
});

/** What is read to know the rules in force where rooms of incidents are channels as well. */
export const rulesKeys = [policyKey, standingRoomsKey] as const;

/** The rules in force, from the documents of `rulesKeys`. Throws as `parsePolicy` does. */
export function rulesIn([policy, rooms]: readonly (Document | undefined)[]): Policy {
  return withRooms(parsePolicy(policy), standingRoomsIn(rooms));
}

/** What a policy holds, as it is stored. */
export const PolicyContent = z.object({
  revision: z.string(),
  people: z.array(Person),
  roles: z.array(Role),
  groups: z.array(GroupGrant).default([]),
  channels: z.array(Channel),
  direct: z.object({ allow: z.array(z.enum(permissions)) }),
  tiers: z.array(Tier),
  rules: z.array(TierRule),
});

const StoredPolicy = PolicyContent.extend({
  format: z.literal(1),
  /** Accounts that were linked by a ceremony, besides those in people.yaml. */
  links: z.array(StoredLink).default([]),
  /** Ids of the requests by which people and rules came into force, the newest last. */
  requests: z.array(z.string()).default([]),
  /** Accounts that were somebody's by people and rules before these, or by a link that was taken away. */
  formerly: z.array(FormerOwner).default([]),
});
type StoredPolicy = z.output<typeof StoredPolicy>;

/** The policy with the accounts that were linked. Throws when there is none: without rules in force nobody may do anything. */
export function parsePolicy(document: Document | undefined): Policy {
  const { links, format: _, requests: __, formerly: ___, ...policy } = stored(document);
  return linkedPolicy(policy, links);
}

/** What the files say, with the accounts that are linked besides. */
export function linkedPolicy(policy: Policy, links: readonly AccountLink[]): Policy {
  return { ...policy, people: policy.people.map((person) => withLinks(person, links)) };
}

/** What a ceremony linked outlives a new file, as long as its person does and the file gives it to nobody else. */
export function keptLinks(links: readonly AccountLink[], policy: Policy): readonly AccountLink[] {
  return links.filter(
    (link) =>
      policy.people.some((person) => person.id === link.person) &&
      !policy.people.some((person) => person.accounts[link.surface]?.includes(link.id) ?? false),
  );
}

/** What files would be in force: with the accounts linked now that they keep. */
export function policyOver(document: Document | undefined, files: Policy): Policy {
  return linkedPolicy(files, keptLinks(linksIn(document), files));
}

/** The policy as its files wrote it: without the accounts that were linked. Undefined when there is none. */
export function writtenPolicy(document: Document | undefined): Policy | undefined {
  if (!document) return undefined;
  const { links: _, format: __, requests: ___, formerly: ____, ...policy } = stored(document);
  return policy;
}

function withLinks(person: Person, links: readonly AccountLink[]): Person {
  const accounts = { ...person.accounts };
  for (const { surface, id } of links.filter((link) => link.person === person.id))
    accounts[surface] = [...new Set([...(accounts[surface] ?? []), id])];
  return { ...person, accounts };
}

/** Accounts that a ceremony linked, as they stand in the policy in force. */
export function linksIn(document: Document | undefined): readonly AccountLink[] {
  return document ? stored(document).links : [];
}

/** The link of an account; undefined when no ceremony linked it. */
export function linkOf(
  document: Document | undefined,
  account: Pick<Account, "surface" | "id">,
): AccountLink | undefined {
  return linksIn(document).find((link) => isOf(link, account));
}

/** So many are remembered: the outcome of an older one has long been looked up. */
const requestsKept = 50;

/** Ids of the requests by which people and rules came into force, also where others did since. */
export function policyRequestsIn(document: Document | undefined): readonly string[] {
  return document ? stored(document).requests : [];
}

/** Accounts that were somebody's of late, by people and rules before those in force or by a link that was taken away. */
export function formerlyIn(document: Document | undefined, now: number): readonly FormerOwner[] {
  return document ? remembered(stored(document).formerly, now) : [];
}

/** What is remembered beside people and rules: by which requests they came into force, and whose accounts were whose before. */
interface PolicyPast {
  readonly requests?: readonly string[];
  readonly formerly?: readonly FormerOwner[];
}

/** Puts a policy in force, with the accounts that are linked besides. */
export function putPolicy(
  policy: Policy,
  links: readonly AccountLink[],
  { requests = [], formerly = [] }: PolicyPast = {},
): Put {
  const past = { requests: requests.slice(-requestsKept), formerly };
  return { key: policyKey, value: { format: 1, ...policy, links, ...past } };
}

/** The policy with one more linked account. Its revision stays: the rules are the same, and so are the people. */
export function putWithLink(document: Document | undefined, link: AccountLink): Put {
  const policy = stored(document);
  return { key: policyKey, value: { ...policy, links: [...policy.links, link] } };
}

/** The policy without a linked account. Whose that was until `now` is remembered, as of an account that files take away. */
export function putWithoutLink(
  document: Document | undefined,
  account: Pick<Account, "surface" | "id">,
  now: number,
): Put {
  const policy = stored(document);
  const links = policy.links.filter((link) => !isOf(link, account));
  const [before, after] = [linkedPolicy(policy, policy.links), linkedPolicy(policy, links)];
  const formerly = formerOwners(policy.formerly, { before, after, now });
  return { key: policyKey, value: { ...policy, links, formerly } };
}

function stored(document: Document | undefined): StoredPolicy {
  if (!document) throw new Error("no policy is in force in this store");
  return legible(document, (value) => StoredPolicy.parse(value));
}

function isOf(link: AccountLink, account: Pick<Account, "surface" | "id">): boolean {
  return link.surface === account.surface && link.id === account.id;
}
