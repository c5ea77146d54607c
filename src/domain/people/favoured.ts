import { Direction, Risk } from "../systems/operation.ts";
import { type FormerOwner, ownersBefore } from "./former-owners.ts";
import { accountsOf, type Permission, type Person } from "./person.ts";
import { type Policy, type Tier, tierOf } from "./policy.ts";
import { sameHumans, takenAccounts } from "./same-humans.ts";

/** Where somebody may do something: `*` is every system, undefined as a channel every channel. */
export interface RightScope {
  readonly system: string;
  readonly channel: string | undefined;
}

/** One thing that somebody may do: a permission, or a place among the approvers of a tier. */
export interface Entitlement extends RightScope {
  readonly what: Permission;
  readonly tier: string | undefined;
}

/** What somebody is given, and where they have that already. */
export interface GainedRight extends Entitlement {
  readonly except: readonly RightScope[];
}

/** What counts as a gain: what a person is given, or also what a group gives that an account of theirs may be in. */
type Gained = "grants" | "groups";

/**
 * The people who may do more by one policy than by another: more rights, another account, or a word in more decisions. Each
 * by every id that is theirs: whoever has an account under another id now, or had it of late (`formerly`), is the same human.
 */
export function favouredBy(
  before: Policy,
  after: Policy,
  by: Gained = "groups",
  formerly: readonly FormerOwner[] = [],
): (readonly string[])[] {
  return after.people
    .filter((person) => {
      const old = before.people.find(({ id }) => id === person.id);
      if (!old) return true;
      return rightsGained(person.id, { before, after, by }).length > 0 || hasOtherAccount(person, old);
    })
    .map((person) => {
      const same = before.people.filter((old) =>
        accountsOf(old).some((account) => accountsOf(person).includes(account)),
      );
      return [...new Set([person.id, ...same.map(({ id }) => id), ...formerIds(person, before, formerly)])];
    });
}

/** Ids of those who had an account of late that the person has, and of those who have one that was the person's. */
function formerIds(person: Person, { people }: Policy, formerly: readonly FormerOwner[]): string[] {
  const later = people.filter((each) => ownersBefore(each, formerly).some(({ id }) => id === person.id));
  return [...ownersBefore(person, formerly), ...later].map(({ id }) => id);
}

/** What the person of an id may do by one policy and not by another. */
export function rightsGained(
  id: string,
  { before, after, by }: { readonly before: Policy; readonly after: Policy; readonly by: Gained },
): GainedRight[] {
  const [held = [], given = []] = [before, after].map((policy) =>
    policy.people.filter((person) => person.id === id).flatMap((person) => entitlements(person, policy, by)),
  );
  return given
    .filter((each) => !held.some((one) => covers(one, each)))
    .map((each) => ({ ...each, except: held.filter((one) => covers(each, one)) }));
}

/** Has a person an account that was not theirs before? */
export function hasOtherAccount(person: Person, old: Person): boolean {
  return accountsOf(person).some((account) => !accountsOf(old).includes(account));
}

/** May the person of an id, with the rights and accounts they had, do in more places what they may do? */
export function hasMorePlaces(id: string, before: Policy, { channels, direct }: Policy): boolean {
  return before.people
    .filter((person) => person.id === id)
    .some((person) => {
      const had = placesOf(person, before);
      return placesOf(person, { ...before, channels, direct }).some((place) => !had.includes(place));
    });
}

/**
 * Ids of those who may not be among the two who agree to a change: whoever gains by it. Where all who could agree gain exactly
 * alike, nobody is kept out, or nobody could; but whoever has two ids by it is, in any case. Who gains by tiers, rules, places,
 * or a group they may be in, is kept out only while two others could agree. Whoever had an account of late that somebody has who
 * gains counts as that person (`formerly`).
 */
export function keptOutOf(
  before: Policy,
  after: Policy,
  approvers: readonly Pick<Person, "id">[],
  formerly: readonly FormerOwner[] = [],
): string[] {
  const gaining = favouredBy(before, after, "grants", formerly);
  const split = [...splitIds(before, after), ...gaining.flatMap((ids) => splitBefore(ids, after, formerly))];
  const all = [...new Set([...gaining.flat(), ...split])];
  const others = approvers.filter(({ id }) => !all.includes(id));
  // Somebody who gains and could not agree is no reason to let in who gains and could.
  const deciding = gaining.filter((ids) => approvers.some(({ id }) => ids.includes(id)));
  const kinds = new Set(deciding.map((ids) => kindOfGain(ids, before, after)));
  const alone = others.length === 0 && deciding.length > 1 && kinds.size === 1 ? split : all;
  const more = [...new Set([...alone, ...before.people.filter(gainsByRules(before, after)).map(({ id }) => id)])];
  return approvers.filter(({ id }) => !more.includes(id)).length >= 2 ? more : alone;
}

/** Every id of whoever has two by a change, also the one that was theirs before it. */
function splitIds(before: Policy, after: Policy): string[] {
  const humans = sameHumans(after.people, before).filter((ids) => ids.length > 1);
  const old = takenAccounts(before, after).flatMap(({ person, was }) =>
    humans.some((ids) => ids.includes(person)) ? was : [],
  );
  return [...new Set([...humans.flat(), ...old].map(({ id }) => id))];
}

/** The ids of somebody who gains, where some of them are of late accounts that are another's by now and both remain. */
function splitBefore(ids: readonly string[], { people }: Policy, formerly: readonly FormerOwner[]): readonly string[] {
  const mine = people.filter(({ id }) => ids.includes(id));
  const split = mine.some((one) => ownersBefore(one, formerly).some(({ id }) => mine.some((each) => each.id === id)));
  return split ? ids : [];
}

/** What somebody gains, the same for all who gain the same. */
function kindOfGain([id = ""]: readonly string[], before: Policy, after: Policy): string {
  const rights = rightsGained(id, { before, after, by: "grants" }).map(({ what, tier, system, channel }) =>
    JSON.stringify([what, tier, system, channel]),
  );
  const old = before.people.find((each) => each.id === id);
  const accounts = after.people.some((person) => person.id === id && old && hasOtherAccount(person, old));
  return JSON.stringify([old === undefined, accounts, [...new Set(rights)].toSorted()]);
}

/** Who needs fewer others than before, whose word counts where it did not, who may do it in more places or as one of a group. */
function gainsByRules(before: Policy, after: Policy): (person: Person) => boolean {
  const inDecisions = gainInDecisions(before, after);
  return (old) => {
    const person = after.people.find(({ id }) => id === old.id);
    if (!person) return false;
    if (rightsGained(person.id, { before, after, by: "groups" }).length > 0) return true;
    if (placesOf(person, after).some((place) => !placesOf(old, before).includes(place))) return true;
    const { fewer, counts } = inDecisions(person);
    return fewer || counts;
  };
}

/**
 * What tiers and rules give somebody of `after` in some decision: that fewer others have to agree than before, and that their
 * yes counts where it did not.
 */
export function gainInDecisions(
  before: Policy,
  after: Policy,
): (person: Person) => { readonly fewer: boolean; readonly counts: boolean } {
  const decisions = decisionsOf(before, after).map((asked) => {
    return { asked, was: tierOf(asked, before), is: tierOf(asked, after) };
  });
  return ({ grants }) => {
    const gains = decisions.map(({ asked: { system }, was, is }) => {
      const roles = grants.flatMap((grant) => (reaches(grant.systems, system) ? [grant.role] : []));
      const may = new Set(roles.flatMap((role) => after.roles.find(({ id }) => id === role)?.may ?? []));
      return {
        fewer: leastOf(is) < leastOf(was) && (may.has("ask") || may.has("approve")),
        counts: may.has("approve") && roles.some((role) => countsIn(is, role) && !countsIn(was, role)),
      };
    });
    return { fewer: gains.some(({ fewer }) => fewer), counts: gains.some(({ counts }) => counts) };
  };
}

/** One operation of each kind that the rules of either tell apart; what none of them names stands for all others. */
function decisionsOf(before: Policy, after: Policy): Parameters<typeof tierOf>[0][] {
  const rules = [...before.rules, ...after.rules];
  const systems = new Set([...rules.flatMap(({ system }) => system ?? []), "*"]);
  const operations = new Set([...rules.flatMap(({ operation }) => operation ?? []), "*"]);
  return Risk.options.flatMap((risk) =>
    Direction.options.flatMap((direction) =>
      [...systems].flatMap((system) => [...operations].map((operation) => ({ risk, direction, system, operation }))),
    ),
  );
}

function reaches(systems: "*" | readonly string[], system: string): boolean {
  return systems === "*" || system === "*" || systems.includes(system);
}

/** How many have to agree at least; without a tier nobody can. */
function leastOf(tier: Tier | undefined): number {
  if (!tier) return Number.POSITIVE_INFINITY;
  const counted = tier.alternatives.map((slots) => slots.reduce((sum, { count }) => sum + count, 0));
  return counted.length === 0 ? 0 : Math.min(...counted);
}

function countsIn(tier: Tier | undefined, role: string): boolean {
  return tier?.alternatives.flat().some((slot) => slot.role === role) ?? false;
}

/** What the channels, and a conversation of two, let a person's rights do. */
function placesOf(person: Person, { channels, direct, roles }: Policy): string[] {
  return person.grants.flatMap((grant) => {
    const may: readonly Permission[] = roles.find(({ id }) => id === grant.role)?.may ?? [];
    const there = channels
      .filter(({ id, surface }) => person.accounts[surface] && (grant.channels?.includes(id) ?? true))
      .flatMap(({ surface, channel, systems, allow }) =>
        (systems === "*" ? ["*"] : systems)
          .filter((system) => reaches(grant.systems, system))
          .flatMap((system) =>
            allow.filter((each) => may.includes(each)).map((each) => `${each} ${system} ${surface} ${channel}`),
          ),
      );
    return [...there, ...(grant.channels ? [] : direct.allow.filter((each) => may.includes(each)))];
  });
}

function covers(held: Entitlement, wanted: Entitlement): boolean {
  return (
    held.what === wanted.what &&
    held.tier === wanted.tier &&
    (held.system === "*" || held.system === wanted.system) &&
    (held.channel === undefined || held.channel === wanted.channel)
  );
}

/** What their roles give them. */
function entitlements(person: Person, policy: Policy, by: Gained): Entitlement[] {
  const perhaps = by === "groups" ? policy.groups.filter(({ surface }) => person.accounts[surface]) : [];
  const grants = [...person.grants, ...perhaps];
  return grants.flatMap(({ role, systems, channels }) =>
    whatGives(role, policy).flatMap((what) =>
      (systems === "*" ? ["*"] : systems).flatMap((system) =>
        (channels ?? [undefined]).map((channel) => ({ ...what, system, channel })),
      ),
    ),
  );
}

/** The permissions of a role, and every tier in which its holders count as approvers. */
function whatGives(id: string, { roles, tiers }: Policy): Pick<Entitlement, "what" | "tier">[] {
  const may: readonly Permission[] = roles.find((role) => role.id === id)?.may ?? [];
  const slots = tiers.filter(({ alternatives }) => alternatives.flat().some(({ role }) => role === id));
  const among = may
    .filter((each) => each === "approve")
    .flatMap((what) => slots.map(({ id: tier }) => ({ what, tier })));
  return [...may.map((what) => ({ what, tier: undefined })), ...among];
}
